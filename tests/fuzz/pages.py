"""Pages, packages, contents and sheets to begin fuzzing EPUBs from: one of every kind that the reader tells apart."""

HEAD = (
    '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e "x">]><html xmlns="http://www.w3.org/1999/xhtml" '
    'xmlns:epub="http://www.idpf.org/2007/ops" xml:lang="en"><head><title>T</title><link rel="stylesheet" href="s.css"/>'
    "<style>.h{display:none}</style></head>"
)

CONTAINER = (
    b'<container><rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/>'
    b"</rootfiles></container>"
)
OPF = (
    b'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A Book</dc:title>'
    b'<dc:creator id="a">A. Writer</dc:creator><meta refines="#a" property="role">aut</meta><dc:language>'
    b"en</dc:language></metadata><manifest>"
    b'<item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><item id="n" href="nav.xhtml" properties="nav" '
    b'media-type="application/xhtml+xml"/><item id="b" href="b.xhtml" media-type="application/xhtml+xml"/>'
    b'<item id="c" href="s.css" media-type="text/css"/><item id="l" href="l.pls" media-type="application/pls+xml"/>'
    b'<item id="x" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
    b'<spine toc="x"><itemref idref="a"/><itemref idref="n" linear="no"/><itemref idref="b"/></spine>'
    b'<guide><reference type="text" href="a.xhtml#x"/></guide></package>'
)
OPF2 = (
    b'<opf:package xmlns:opf="http://www.idpf.org/2007/opf" version="2.0" unique-identifier="i"><opf:metadata '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="i" opf:scheme="ISBN">9780000000002'
    b'</dc:identifier><dc:title id="t">One</dc:title><dc:title>Two</dc:title><dc:creator opf:role="ill">B</dc:creator>'
    b'<dc:creator opf:role="aut">C</dc:creator><dc:language>de-DE</dc:language><opf:meta name="cover" content="c"/>'
    b'<opf:meta name="calibre:series" content="S"/><dc:description>&lt;p&gt;x&lt;/p&gt;</dc:description>'
    b'</opf:metadata><opf:manifest><opf:item id="b" href="./B.xhtml" media-type="text/html"/><opf:item id="a" '
    b'href="a%2Exhtml" media-type="application/xhtml+xml"/><opf:item id="t" href="toc.ncx" '
    b'media-type="application/x-dtbncx+xml"/></opf:manifest><opf:spine toc="t"><opf:itemref idref="a"/><opf:itemref '
    b'idref="gone"/><opf:itemref idref="b" linear="no"/><opf:itemref idref="a"/></opf:spine><opf:guide>'
    b'<opf:reference type="copyright-page" href="b.xhtml"/></opf:guide></opf:package>'
)
NAV = (
    b'<html><body><nav epub:type="toc"><ol><li><a href="a.xhtml">One</a><ol><li><a href="a.xhtml#x">Two</a></li>'
    b'</ol></li><li><span>Part</span></li><li><a href="b.xhtml">Three</a></li></ol></nav><nav epub:type="landmarks">'
    b'<ol><li><a epub:type="bodymatter" href="a.xhtml">x</a></li><li><a epub:type="colophon" href="b.xhtml">y</a></li>'
    b"</ol></nav></body></html>"
)
NCX = (
    b'<ncx><navMap><navPoint id="p1" playOrder="1"><navLabel><text>One</text></navLabel><content src="a.xhtml"/>'
    b'<navPoint><navLabel><text>Two</text></navLabel><content src="a.xhtml#x"/></navPoint></navPoint><navPoint>'
    b"<navLabel><text>Three</text></navLabel><content src='b.xhtml'/></navPoint></navMap></ncx>"
)
ENCRYPTION = (
    b"<encryption><EncryptedData><EncryptionMethod Algorithm='x'/><CipherData><CipherReference URI='b'/></CipherData>"
    b"</EncryptedData></encryption>"
)
SHEET = (
    b"@import 'x.css';.h,p.gone{display:none}@media print{.c{display:none}}.break{margin-top:2em;text-indent:0}"
    b"/* c */ .q{margin-left:2em}.v{visibility:hidden}.d\\65 ad{display:none}"
)
LEXICON = (
    b'<lexicon alphabet="ipa"><lexeme><grapheme>Siobhan</grapheme><alias>Shivawn</alias></lexeme><lexeme>'
    b"<grapheme>mill</grapheme><phoneme>mIl</phoneme></lexeme></lexicon>"
)

PROSE = """<body epub:type="bodymatter"><section epub:type="chapter"><hgroup><h1
id="x">One</h1><p>Two</p></hgroup><p class="drop"><span class="dropcap">H</span>e
said<a href="#n1" epub:type="noteref">1</a>, <i xml:lang="fr">mot<br/>juste</i> &amp; &nbsp;&e;<sup>2</sup>
m<sup>2</sup>.</p><hr/><p>* * *</p><div class="poem"><div>Roses are red</div><div>violets</div></div>
<table><tr><td epub:type="z3998:persona">Ann</td><td>Hello. <i
epub:type="z3998:stage-direction">Goes.</i></td></tr></table><p><ruby>漢<rt>かん</rt></ruby>字</p><p>
</p><ul><li>a<p>b</p>c</li></ul>
<aside epub:type="footnote" id="n1"><p><a href="#x">1</a> Note.</p></aside><figure><img src="a.png" alt="A
cat"/><figcaption>Cap</figcaption></figure><!-- c --><pre>a
b</pre><svg><text>t</text></svg><span class="pagenum">[12]</span>loose<p class="h">gone</p><h2>Notes</h2><p>1. A
note</p></section></body>"""

BODIES = (
    """<body><h2>Chapter 1</h2><p>“Well,” said Ann, “not <em>to</em>night.” ‘No?’</p><p class="break">Later — much
later — it rained… Dr. Bell left at 6:30.</p><h2>Chapter 2</h2><p>Siobhan’s mill.</p></body>""",
    """<body epub:type="frontmatter"><section epub:type="titlepage"><h1>A Book</h1></section><section
epub:type="copyright-page"><p>© 1999 Nobody. ISBN 978-0-00-000000-2</p></section><section epub:type="dedication"><p>To
M.</p></section><section epub:type="toc"><ol><li><a href="a.xhtml">One</a></li></ol></section></body>""",
    """<body><div class="poem"><p class="line">One line<span class="lnum">5</span></p><p class="i2">and another<br/>and
a third</p></div><div class="stanza"><span>a</span><br/><span>b</span></div><blockquote class="epigraph"><p>So it
goes.</p><cite>— K.</cite></blockquote></body>""",
    """<body epub:type="z3998:drama"><p class="speaker">HAMLET</p><p>To be<i class="stagedir">(pause)</i> or not.</p>
<p><span class="persona">Ann.</span> Yes.</p><table class="drama"><tr><td>BOB</td><td>No.</td></tr></table></body>""",
    """<body><p>Text<sup><a id="r1" href="#f1">1</a></sup> more<a class="noteref" href="b.xhtml#f2">*</a>.</p><div
class="footnotes"><hr/><p id="f1"><a href="#r1">1</a>. First.</p><p id="f2">* Second<p>on.</p></p></div><ol
role="doc-endnotes"><li role="doc-endnote" id="f3">Third <a role="doc-backlink" href="#r1">↩</a></li></ol></body>""",
    """<body><table><caption>Cap</caption><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1<td>2</tr><tr><td
colspan="2"><p>three</p><ul><li>x</ul></td></tr></tbody></table><dl><dt>t<dd>d</dl><details><summary>s</summary>d</details>
</body>""",
    """<body dir="rtl" xml:lang="ar"><h1>فصل</h1><p>ذهب الولد إلى المدرسة. «نعم»، قال.</p><p lang="he">שלום</p><p
xml:lang="zh">山路を登りながら。こう考えた。</p><p lang="hi">वह घर गया। हाँ।</p></body>""",
    """<body class="x-ebookmaker"><section class="pg-boilerplate pgheader" id="pg-header"><h2>The Project Gutenberg
eBook</h2><p>*** START OF THE PROJECT GUTENBERG EBOOK X ***</p></section><p class="tnote">Transcriber’s note.</p>
<h1>CHAPTER I</h1><p>It was.</p><p>[Illustration: x]</p><p>*** END OF THE PROJECT GUTENBERG EBOOK X ***</p></body>""",
    """<body><p/><p></p><div><div><div>a</div>b</div>c<p>d<div>e</div>f</p></div><a name="x"/><p>g<a id="y"></a></p>text
<b>bold<i>both</b>italic</i><p style="display:none">h</p><p hidden="">i</p><span aria-hidden="true">j</span></body>""",
    """<body><p>a<script>b</script>c<noscript>d</noscript><iframe>e</iframe><math><mi>x</mi><mo>=</mo><mn>2</mn></math>
<object>f</object><audio>g</audio><input value="h"/><wbr/>&shy;&#8203;&#x202e;&#xad;</p><pre class="sourcecode">x = 1
</pre><select><option>k</option></select></body>""",
    """<frameset><noframes><p>old</p></noframes></frameset>""",
)
PAGE = (HEAD + PROSE + "</html>").encode()
PAGES = [PAGE, *((HEAD + body + "</html>").encode() for body in BODIES)]

"""What of an XHTML page is read: every paragraph once, and nothing that isn't the author's sentence."""

import pytest

from dotsbook.book import Kind

PROSE = "He walked down to the harbour and looked at the ships for a long while."


def texts(book):
    return [
        book.sources[paragraph.source].text[paragraph.start : paragraph.end]
        for chapter in book.chapters
        for paragraph in chapter.paragraphs
    ]


def paragraphs(book):
    return [
        (paragraph, book.sources[paragraph.source].text)
        for chapter in book.chapters
        for paragraph in chapter.paragraphs
    ]


def reasons(book):
    return {skip.reason for skip in book.skipped}


@pytest.mark.parametrize(
    "body, expected",
    [
        (
            "<p>One.</p><div>Bare div.</div>Loose text.<ul><li><p>Item.</p></li><li>Bare item</li></ul><blockquote>"
            "Quoted.</blockquote><p>After.</p>",
            ["One.", "Bare div.", "Loose text.", "Item.", "Bare item", "Quoted.", "After."],
        ),
        ("<div>Before <p>inner</p> after</div>", ["Before", "inner", "after"]),
        ("<p>a <b>bold</b>, <i>it</i>alic,\n  and   spaces</p>", ["a bold, italic, and spaces"]),
        ("<table><tr><th>Head</th><td>Cell <p>two</p></td></tr></table>", ["Head", "Cell", "two"]),
        ("<dl><dt>Term</dt><dd>Meaning</dd></dl>", ["Term", "Meaning"]),
        ("<p>soft\u00adhyphen and nb\u00a0space</p>", ["soft\u00adhyphen and nb\u00a0space"]),
        ("<p>AT&amp;T &lt;3 caf&eacute; &mdash; &nbsp;x</p>", ["AT&T <3 café — \u00a0x"]),
        (
            "<p><span class='dropcap'>T</span>he end. <span class='dropcap'>A</span> man.</p>",
            ["The end. A man."],
        ),
        ("<p><span class='dropcap'>T</span>\n<span class='smallcaps'>he end</span></p>", ["The end"]),
        ("<p><span class='dropcap'>A</span> man came.</p>", ["A man came."]),
        ("<p><img src='t.png' alt='T'/>here was a king.</p>", ["There was a king."]),
        ("<p>漢字が\n続く</p><p>two\nlines</p>", ["漢字が続く", "two lines"]),
        ("<p>One.<br/><br/>Two.<br/><br/><br/>Three.</p>", ["One.", "Two.", "Three."]),
        ("<p>He went<!-- a comment --> on<?pi x?> and on.</p>", ["He went on and on."]),
        (
            "<p>Hangar A10 and B2B<a href='#n1' id='r1'><sup>1</sup></a> and MP3.</p><aside epub:type='footnote' "
            "id='n1'><p>Note.</p></aside>",
            ["Hangar A10 and B2B and MP3."],
        ),
        (
            "<p>The 10<sup>th</sup> of 5 m<sup>2</sup>, x<sup>2</sup> + 10<sup>6</sup>, E = mc<sup>2</sup>.</p>",
            ["The 10th of 5 m2, x2 + 106, E = mc2."],
        ),
        (
            "<p>See <a href='#ch2'>chapter 2</a> and page <a href='#p12'>12</a>.</p>",
            ["See chapter 2 and page 12."],
        ),
        ("<pre>one\ntwo</pre>", ["one\ntwo"]),
        (
            "<p>He paid $5 for the hat and $10 for the coat.</p><p>Run! Run! Run! They ran. Tom. Dick. Harry.</p>",
            ["He paid $5 for the hat and $10 for the coat.", "Run! Run! Run! They ran. Tom. Dick. Harry."],
        ),
        (
            '<p>He looked up. "No." She waited. "Why?" he said. Silence.</p>',
            ['He looked up. "No." She waited. "Why?" he said. Silence.'],
        ),
        ("<p>Élodie said — naïve café (aside)</p>", ["Élodie said — naïve café (aside)"]),
        (
            "<p>R2D2 drank B12 from an MP3 player in Hangar A10.</p>",
            ["R2D2 drank B12 from an MP3 player in Hangar A10."],
        ),
        ("<p>He said 'No.' in the '60s.</p>", ["He said 'No.' in the '60s."]),
    ],
)
def test_text_comes_through_whole(maker, body, expected):
    assert texts(maker.read({"a.xhtml": body})) == expected


@pytest.mark.parametrize(
    "body, expected, reason",
    [
        ("<p>Word.<a href='#fn1' id='r1'>[1]</a> More.</p>", "Word. More.", "note mark"),
        ("<p>Word<a href='notes.xhtml#n1'><sup>12</sup></a>, more.</p>", "Word, more.", "note mark"),
        ("<p>Word<sup><a href='#n1'>*</a></sup> more.</p>", "Word more.", "note mark"),
        ("<p>Word <a epub:type='noteref' href='#n1'>see the note</a>.</p>", "Word.", "note mark"),
        ("<p>Word <a role='doc-noteref' href='#n1'>a</a>.</p>", "Word.", "note mark"),
        (
            "<p>A sentence ends.<sup>3</sup> Another begins.</p>",
            "A sentence ends. Another begins.",
            "note mark",
        ),
        ("<p>The harbour<sup>3</sup> was full.</p>", "The harbour was full.", "note mark"),
        ("<p>Word<span class='footnote-ref'>7</span> more.</p>", "Word more.", "note mark"),
        ("<p>शब्द<a href='#cite_note-1'>[१]</a> आगे।</p>", "शब्द आगे।", "note mark"),
        ("<p>本文<a href='#fn1'>［注1］</a>続き。</p>", "本文続き。", "note mark"),
        ("<p>Word <span epub:type='pagebreak' id='p1'>12</span> more.</p>", "Word more.", "page number"),
        ("<p>Word <a id='Page_12' class='pagenum'>[Pg 12]</a> more.</p>", "Word more.", "page number"),
        ("<p>Word <a name='page12'>[12]</a>more.</p>", "Word more.", "page number"),
        ("<p>A line of verse <span class='linenum'>10</span></p>", "A line of verse", "line number"),
        ("<p>Seen <span style='display:none'>unseen</span> seen.</p>", "Seen seen.", "hidden text"),
        ("<p>Seen <span hidden=''>unseen</span> seen.</p>", "Seen seen.", "hidden text"),
        ("<p><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>字</p>", "漢字", "ruby reading"),
        ("<h2>Title<a class='headerlink' href='#t'>¶</a></h2>", "Title", "link mark"),
    ],
)
def test_what_is_no_sentence_is_left_out_with_its_reason(maker, body, expected, reason):
    book = maker.read({"a.xhtml": body + f"<p>{PROSE}</p>"})
    assert texts(book)[0] == expected
    assert reason in reasons(book)


def test_headings_and_groups(maker):
    book = maker.read(
        {
            "a.xhtml": f"<hgroup><h2>IV</h2><p epub:type='subtitle'>The Sea</p></hgroup><p>{PROSE}</p><div "
            f"role='heading' aria-level='3'>Sub</div><p>{PROSE}</p>"
        }
    )
    assert [paragraph.kind for paragraph, _ in paragraphs(book)] == [
        Kind.HEADING,
        Kind.HEADING,
        Kind.PROSE,
        Kind.HEADING,
        Kind.PROSE,
    ]


def test_a_title_drawn_as_a_picture_is_read_by_its_alt_text(maker):
    for alt, title in (
        ("Chapter One: The Ferry", "Chapter One: The Ferry"),
        ("Chapter heading", "Chapter 1"),
        ("t1.png", "Chapter 1"),
    ):
        pages = {
            name: f"<h1><img src='t.png' alt='{alt}'/></h1><p>{PROSE}</p>" for name in ("a.xhtml", "b.xhtml")
        }
        book = maker.read(pages)
        assert book.chapters[0].title == title
        assert texts(book)[:2] == ([title, PROSE] if title == alt else [PROSE, PROSE])
    assert texts(maker.read({"a.xhtml": f"<h1>One <img src='t.png' alt='A rose'/></h1><p>{PROSE}</p>"})) == [
        "One",
        PROSE,
    ]


def test_figures_set_high_are_told_from_notes_and_fractions(maker):
    body = (
        "<p>It is 10<sup>6</sup>, the 5<sup>th</sup>, 1<sup>1</sup>/2, mc<sup>2</sup>, H<sub>2</sub>O at 3,<sup>19</sup> "
        "or 3<sup>30</sup> and a harbour<sup>3</sup>.</p>"
    )
    [(paragraph, text)] = paragraphs(maker.read({"a.xhtml": body}))
    assert [text[mark.start : mark.end] for mark in paragraph.marks if mark.kind == "high"] == ["6", "2"]


def test_a_table_of_long_cells_and_empty_ones_only_frames_text(maker):
    body = f"<table><tr><td></td><td><p>{PROSE * 4}</p></td><td>&#160;</td></tr></table>"
    assert [paragraph.kind for paragraph, _ in paragraphs(maker.read({"a.xhtml": body}))] == [Kind.PROSE]


def test_headings_by_policy(maker):
    book = maker.read({"a.xhtml": f"<h1>Title</h1><p>{PROSE}</p>"}, reading={"headings": "skip"})
    assert texts(book) == [PROSE]
    assert "heading" in reasons(book)


@pytest.mark.parametrize(
    "between",
    [
        "<hr/>",
        "<p>* * *</p>",
        "<p>⁂</p>",
        "<p class='center'>~</p>",
        "<p>***</p>",
        "<p>—</p>",
        "<p>#</p>",
        "<div class='scene-break'> </div>",
        "<p>&#160;</p>",
        "<p><br/></p>",
        "<p class='ornament'>❦</p>",
        "<p>◆　◆　◆</p>",
        "<div class='separator'><img src='x.png' alt=''/></div>",
        "<h4>* * *</h4>",
        "<p>- - -</p>",
        "<p>•</p>",
    ],
)
def test_scene_breaks(maker, between):
    book = maker.read({"a.xhtml": f"<p>{PROSE}</p>" * 6 + between + f"<p>After. {PROSE}</p><p>{PROSE}</p>"})
    assert [number for number, (paragraph, _) in enumerate(paragraphs(book)) if paragraph.scene_before] == [6]
    assert len(texts(book)) == 8


def test_empty_paragraphs_everywhere_are_spacing_and_no_scenes(maker):
    book = maker.read({"a.xhtml": f"<p>{PROSE}</p><p>&#160;</p>" * 8})
    assert not any(paragraph.scene_before for paragraph, _ in paragraphs(book))


@pytest.mark.parametrize("body", ["<p>...</p>", "<p>X</p>", "<p>— No.</p>", "<p>5</p>", "<p>“…”</p>"])
def test_short_paragraphs_are_no_ornaments(maker, body):
    book = maker.read({"a.xhtml": f"<p>{PROSE}</p>{body}<p>{PROSE}</p>"})
    assert len(texts(book)) == 3


def test_verse_keeps_its_lines_as_breaths(maker):
    stanza = (
        "<div class='poem'><div class='stanza'><div class='line'>Roses are red,</div><div class='line'>violets are "
        "blue,</div></div>"
        "<div class='stanza'><div class='line'>sugar is sweet.</div></div></div>"
    )
    book = maker.read(
        {"a.xhtml": f"<p>{PROSE}</p>{stanza}<p>Tyger, tyger,<br/>burning bright<br/>in the forests</p>"}
    )
    found = paragraphs(book)[1:]
    assert [text[paragraph.start : paragraph.end] for paragraph, text in found] == [
        "Roses are red,\nviolets are blue,",
        "sugar is sweet.",
        "Tyger, tyger,\nburning bright\nin the forests",
    ]
    assert all(paragraph.kind is Kind.VERSE for paragraph, _ in found)
    assert all(
        text[mark.start] == "\n" and mark.start == mark.end
        for paragraph, text in found
        for mark in paragraph.marks
    )


def test_long_lines_set_apart_by_breaks_are_paragraphs(maker):
    book = maker.read({"a.xhtml": f"<div>{PROSE} {PROSE}<br/>{PROSE} And on.<br/>{PROSE} {PROSE}</div>"})
    assert len(texts(book)) == 3
    aozora = (
        "<div>　山路を登りながら、こう考えた。智に働けば角が立つ。情に棹させば流される。<br/>"
        "　住みにくさが高じると、安い所へ引き越したくなる。どこへ越しても。<br/></div>"
    )
    assert len(texts(maker.read({"a.xhtml": aozora}))) == 2


def test_languages_phrase_by_phrase(maker):
    book = maker.read(
        {
            "a.xhtml": "<p>He had <i xml:lang='fr'>la grippe</i> and <span lang='en-GB'>tea</span>.</p><p "
            "xml:lang='la'>Gallia est divisa.</p>"
        }
    )
    (first, text), (second, _) = paragraphs(book)
    assert [(mark.kind, mark.value, text[mark.start : mark.end]) for mark in first.marks] == [
        ("language", "fr", "la grippe")
    ]
    assert second.language == "la" and first.language is None


def test_a_template_s_language_is_not_believed(maker):
    html = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en"><body><p>{}</p></body></html>'
    book = maker.read(
        {"a.xhtml": html.format("Guten Tag."), "b.xhtml": html.format("Gute Nacht.")}, language="de"
    )
    assert all(paragraph.language is None for paragraph, _ in paragraphs(book))
    assert any("the book is believed" in warning for warning in book.warnings)


PLAY = """<table epub:type="z3998:drama"><tr><td epub:type="z3998:persona">Hamlet</td><td>To be. <i
epub:type="z3998:stage-direction">He stops.</i></td></tr>
<tr><td/><td><i epub:type="z3998:stage-direction">Enter a ghost.</i></td></tr><tr><td
epub:type="z3998:persona">Ghost.</td><td><p>Boo.</p><p>Mark me.</p></td></tr></table>"""


@pytest.mark.parametrize(
    "policy, expected",
    [
        (
            "voice",
            [
                ("Hamlet", "To be. He stops."),
                (None, "Enter a ghost."),
                ("Ghost", "Boo."),
                ("Ghost", "Mark me."),
            ],
        ),
        (
            "silent",
            [(None, "To be. He stops."), (None, "Enter a ghost."), (None, "Boo."), (None, "Mark me.")],
        ),
        (
            "spoken",
            [
                (None, "Hamlet"),
                (None, "To be. He stops."),
                (None, "Enter a ghost."),
                (None, "Ghost."),
                (None, "Boo."),
                (None, "Mark me."),
            ],
        ),
    ],
)
def test_a_play_in_a_table(maker, policy, expected):
    book = maker.read({"a.xhtml": PLAY}, reading={"speakers": policy})
    assert [
        (paragraph.speaker, text[paragraph.start : paragraph.end]) for paragraph, text in paragraphs(book)
    ] == expected


def test_stage_directions_in_a_speech_are_the_narrator_s(maker):
    (first, text), *_ = paragraphs(maker.read({"a.xhtml": PLAY}))
    assert [(mark.kind, mark.value, text[mark.start : mark.end]) for mark in first.marks] == [
        ("speaker", "default", "He stops.")
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<p><b epub:type='z3998:persona'>Anna.</b> Not tonight.</p>",
        "<p><span class='speaker'>ANNA.</span> Not tonight.</p>",
        "<p class='speaker'>Anna</p><p>Not tonight.</p>",
        "<dl class='drama'><dt class='speaker'>Anna:</dt><dd>Not tonight.</dd></dl>",
    ],
)
def test_plays_in_other_markup(maker, body):
    (paragraph, text), *_ = paragraphs(maker.read({"a.xhtml": body}))
    assert (paragraph.speaker.title(), text[paragraph.start : paragraph.end]) == ("Anna", "Not tonight.")


@pytest.mark.parametrize(
    "policy, expected", [("cells", ["a", "b", "c", "d"]), ("note", ["[Sizes]"]), ("skip", [])]
)
def test_tables_by_policy(maker, policy, expected):
    table = (
        "<table><caption>Sizes</caption><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
    )
    assert (
        texts(maker.read({"a.xhtml": f"<p>{PROSE}</p>{table}"}, reading={"tables": policy}))[1:] == expected
    )


def test_captions_and_alt_text_by_policy(maker):
    figure = "<figure><img src='x.png' alt='A cat'/><figcaption>Our cat.</figcaption></figure>"
    assert texts(maker.read({"a.xhtml": f"<p>{PROSE}</p>{figure}"}))[1:] == []
    assert texts(
        maker.read({"a.xhtml": f"<p>{PROSE}</p>{figure}"}, reading={"captions": "read", "alt": "read"})
    )[1:] == ["A cat", "Our cat."]


def test_ruby_by_reading(maker):
    (paragraph, text), *_ = paragraphs(
        maker.read(
            {"a.xhtml": "<p>この<ruby>山路<rt>やまみち</rt></ruby>を</p>"},
            reading={"ruby": "reading"},
            language="ja",
        )
    )
    assert [(mark.kind, mark.value, text[mark.start : mark.end]) for mark in paragraph.marks] == [
        ("say", "やまみち", "山路")
    ]


def test_code_blocks_and_forms_are_left_out(maker):
    book = maker.read(
        {
            "a.xhtml": f"<p>{PROSE}</p><pre><code>x = 1\n</code></pre><form><button>Go</button></form><p>Use <code>"
            f"ls</code>.</p>"
        }
    )
    assert texts(book) == [PROSE, "Use ls."]
    assert {"code", "form"} <= reasons(book)


def test_what_a_style_sheet_hides(maker):
    css = "/* x */ .gone, p.away { display: none } @media amzn-mobi { .kept { display: none } }"
    pages = {
        "a.xhtml": f"<p class='gone'>Gone.</p><p class='kept'>Kept.</p><p class='away'>Away.</p><p>{PROSE}</p>"
    }
    book = maker.read(
        pages, heads={"a.xhtml": "<link rel='stylesheet' href='s.css'/>"}, files={"OEBPS/s.css": css}
    )
    assert texts(book) == ["Kept.", PROSE]


NOTED = {
    "a.xhtml": f"<p>{PROSE}<a href='#fn1' id='r1'>1</a></p><p>Second.<a href='b.xhtml#n2' id='r2'><sup>2</sup></a></p>"
    f"<p>Third.</p>"
    "<p id='fn1'><a href='#r1'>1</a> First note.</p>",
    "b.xhtml": "<p id='n2'>[2] <a href='a.xhtml#r2'>↩</a>Second note.</p>",
}


@pytest.mark.parametrize(
    "policy, expected",
    [
        ("skip", [PROSE, "Second.", "Third."]),
        ("inline", [PROSE, "First note.", "Second.", "Second note.", "Third."]),
        ("chapter-end", [PROSE, "Second.", "Third.", "First note.", "Second note."]),
    ],
)
def test_older_books_notes_by_policy(maker, policy, expected):
    assert texts(maker.read(NOTED, reading={"footnotes": policy})) == expected


@pytest.mark.parametrize(
    "notes",
    [
        "<aside epub:type='footnote' id='n1'><p>A note.</p></aside>",
        "<section role='doc-endnotes'><h2>Notes</h2><ol><li id='n1'>A note. <a href='#r1' role='doc-backlink'>↩︎</a>"
        "</li></ol></section>",
        "<h2>Notes</h2><p id='n1'>1. A note.</p>",
        "<div class='footnotes'><div class='footnote' id='n1'><p>A note.</p></div></div>",
    ],
)
def test_notes_in_many_markups(maker, notes):
    body = f"<h1>One</h1><p>{PROSE}<a epub:type='noteref' id='r1' href='#n1'>1</a></p>{notes}"
    assert texts(maker.read({"a.xhtml": body})) == ["One", PROSE]
    inline = texts(maker.read({"a.xhtml": body}, reading={"footnotes": "inline"}))
    assert len(inline) == 3 and inline[2].endswith("A note.")


def test_a_paragraph_that_a_style_sheet_sets_apart_opens_a_scene(maker):
    css = (
        ".first { text-indent: 0; margin-top: 2em } .quote { margin: 1em 2em; text-indent: 0 } .tight { "
        "text-indent: 0; margin-top: 0.2em }"
    )
    body = (
        f"<p>{PROSE}</p>" * 5
        + f"<p class='first'>{PROSE}</p><p class='quote'>{PROSE}</p><p class='tight'>{PROSE}</p>"
    )
    book = maker.read(
        {"a.xhtml": body},
        heads={"a.xhtml": "<link rel='stylesheet' href='s.css'/>"},
        files={"OEBPS/s.css": css},
    )
    assert [number for number, (paragraph, _) in enumerate(paragraphs(book)) if paragraph.scene_before] == [5]


def test_pronunciations_that_respell(maker):
    pls = (
        '<lexicon xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa"><lexeme><grapheme>'
        "Siobhan</grapheme><alias>shi-vawn</alias></lexeme>"
        "<lexeme><grapheme>Bath</grapheme><phoneme>bɑːθ</phoneme></lexeme></lexicon>"
    )
    book = maker.read(
        {"a.xhtml": "<p>Siobhan and Siobhana.</p>"},
        items='<item id="p" href="p.pls" media-type="application/pls+xml"/>',
        files={"OEBPS/p.pls": pls},
    )
    ((paragraph, text),) = paragraphs(book)
    assert [(mark.value, text[mark.start : mark.end]) for mark in paragraph.marks] == [
        ("shi-vawn", "Siobhan")
    ]
    assert any("phonetic" in warning for warning in book.warnings)


def test_a_note_s_way_back_makes_no_note_of_the_text(maker):
    pages = {
        "a.xhtml": f"<p id='t1'>{PROSE}<a id='r1' href='b.xhtml#n1'>[1]</a></p><p>{PROSE}</p>",
        "b.xhtml": "<p id='n1'>The note stands here. <a href='a.xhtml#t1'>[1]</a></p>",
    }
    assert texts(maker.read(pages)) == [PROSE, PROSE]

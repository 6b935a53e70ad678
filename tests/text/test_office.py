"""Word, OpenDocument, FictionBook, Rich Text and HTML: chapters, notes, looks, changes, and nothing lost."""

import zipfile

import pytest
from bookmaking import unaccounted
from officemaking import opendocument, paragraph, run, style, word

from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.reader import read_book

LONG = "He walked down to the harbour and looked at the ships for a long while, as he did every day."
STYLES = (
    style("berschrift1", "heading 1")
    + style("Kapitel", "Kapitel", "berschrift1")
    + style("Titel", "Title")
    + style("Zitat", "Quote")
    + style("Verz", "toc 1")
)


def said(book) -> str:
    return "\n".join(
        book.sources[one.source].text[one.start : one.end]
        for chapter in book.chapters
        for one in chapter.paragraphs
    )


def whole(path, **reading):
    book = read_book([path], Reading(**reading))
    assert not unaccounted(book)
    return book


# ── Word ──


def test_headings_by_their_styles_in_any_language(tmp_path):
    body = (
        paragraph("The Salt Road", "Titel")
        + paragraph("One\t3", "Verz")
        + paragraph("One", "berschrift1")
        + paragraph(LONG)
        + paragraph("Two", "Kapitel")
        + paragraph(LONG)
        + paragraph("Three", more='<w:outlineLvl w:val="0"/>')
        + paragraph(LONG)
    )
    book = whole(word(tmp_path / "a.docx", body, styles=STYLES, core="<dc:creator>A. Writer</dc:creator>"))
    assert [chapter.title for chapter in book.chapters] == ["One", "Two", "Three"]
    assert (book.title, book.author) == ("The Salt Road", "A. Writer")
    assert said(book).count(LONG) == 3


def test_changes_are_accepted_and_comments_left_out(tmp_path):
    body = paragraph(
        run(LONG + " It was ")
        + "<w:del><w:r><w:delText>cold</w:delText></w:r></w:del>"
        + f"<w:ins>{run('warm')}</w:ins>"
        + "<w:r><w:commentReference w:id='1'/></w:r>"
        + run(".")
    )
    book = whole(word(tmp_path / "a.docx", body, comments=paragraph("Is this right?")))
    assert "It was warm." in said(book) and "cold" not in said(book) and "right?" not in said(book)
    assert "1 tracked deletions" in " ".join(book.warnings) and "1 comments" in " ".join(book.warnings)


@pytest.mark.parametrize("notes", ["skip", "inline", "chapter-end"])
def test_footnotes_follow_the_manifest(tmp_path, notes):
    body = paragraph("One", "berschrift1") + paragraph(
        run(LONG + " He smiled") + '<w:r><w:footnoteReference w:id="2"/></w:r>' + run(".")
    )
    kept = (
        '<w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("At nobody in particular.")}</w:footnote>'
    )
    book = whole(word(tmp_path / "a.docx", body, styles=STYLES, footnotes=kept), footnotes=notes)
    assert ("At nobody" in said(book)) == (notes != "skip")
    assert "He smiled." in said(book)


def test_numbers_that_word_writes_before_headings(tmp_path):
    numbering = (
        '<w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>'
        '<w:lvlText w:val="Chapter %1."/></w:lvl></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>'
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    body = "".join(
        paragraph(name, "berschrift1", listed) + paragraph(LONG) for name in ("Loomings", "The Bag")
    )
    book = whole(word(tmp_path / "a.docx", body, styles=STYLES, numbering=numbering))
    assert [chapter.title for chapter in book.chapters] == ["Chapter I. Loomings", "Chapter II. The Bag"]


def test_looks_tables_boxes_and_hidden_text(tmp_path):
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>"
        + paragraph("In a box.")
        + "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
        + paragraph("In a box.")
        + "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = (
        paragraph(
            run(LONG + " It was ")
            + run("very", "<w:i/>")
            + run(" late")
            + run(" secret", "<w:vanish/>")
            + box
        )
        + f"<w:tbl><w:tr><w:tc>{paragraph('Left')}</w:tc><w:tc>{paragraph('Right')}</w:tc></w:tr></w:tbl>"
        + paragraph("A quoted line.", "Zitat")
    )
    book = whole(word(tmp_path / "a.docx", body, styles=STYLES))
    text = said(book)
    assert "secret" not in text and text.count("In a box.") == 1 and "Left" in text and "Right" in text
    marks = [mark for chapter in book.chapters for one in chapter.paragraphs for mark in one.marks]
    assert any(mark.kind == "emphasis" for mark in marks)


@pytest.mark.parametrize(
    ("xml", "what"),
    [
        ("<w:document", "can't be read"),
        (
            '<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b SYSTEM "file:///etc/passwd">]><d>&b;</d>',
            "no text to narrate",
        ),
        ("<d>" * 3000 + "</d>" * 3000, "can't be read"),
    ],
)
def test_hostile_xml_is_refused_in_a_sentence(tmp_path, xml, what):
    for name, part in (("a.docx", "word/document.xml"), ("a.odt", "content.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(part, xml)
        with pytest.raises(SourceError, match=what) as caught:
            read_book([tmp_path / name])
        assert "\n" not in str(caught.value)


def test_a_bomb_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 70_000_000)
    with pytest.raises(SourceError, match="would unpack"):
        read_book([tmp_path / "a.docx"])


# ── OpenDocument ──


def test_opendocument_headings_notes_spans_and_changes(tmp_path):
    styles = '<style:style style:name="T1"><style:text-properties fo:font-style="italic"/></style:style>'
    text = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>cold</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p text:style-name="Title">The Salt Road</text:p>'
        "<text:table-of-content><text:index-body><text:p>One<text:tab/>3</text:p></text:index-body>"
        "</text:table-of-content>"
        f'<text:h text:outline-level="1">One</text:h><text:p>{LONG}<text:s text:c="2"/>It was '
        '<text:span text:style-name="T1">very</text:span> late'
        '<text:note text:id="n1"><text:note-citation>1</text:note-citation><text:note-body><text:p>Past ten.</text:p>'
        "</text:note-body></text:note>.<office:annotation><text:p>Check!</text:p></office:annotation></text:p>"
        f'<text:h text:outline-level="1">Two</text:h><text:list><text:list-item><text:p>{LONG}</text:p>'
        "</text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Left</text:p></table:table-cell></table:table-row>"
        "</table:table>"
    )
    path = opendocument(tmp_path / "a.odt", text, styles, "<dc:creator>A. Writer</dc:creator>")
    book = whole(path)
    assert [chapter.title for chapter in book.chapters] == ["One", "Two"]
    assert (book.title, book.author) == ("The Salt Road", "A. Writer")
    text = said(book)
    assert "It was very late." in text and "Left" in text and "Past ten." not in text
    assert "cold" not in text and "Check!" not in text
    assert "Past ten." in said(whole(path, footnotes="inline"))


# ── FictionBook ──

FB2 = """<?xml version="1.0" encoding="{coding}"?>
<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0" xmlns:l="http://www.w3.org/1999/xlink"><description>
<title-info><author><first-name>Лев</first-name><last-name>Толстой</last-name></author>
<book-title>Соль</book-title><lang>ru</lang></title-info></description>
<body><title><p>Лев Толстой</p><p>Соль</p></title>
<section><title><p>Глава первая</p></title><p>Он шёл к морю и смотрел на корабли<a type="note" l:href="#n1">[1]</a>.
И <emphasis>долго</emphasis> молчал.</p><empty-line/>
<poem><stanza><v>Белеет парус одинокий</v><v>В тумане моря голубом</v></stanza></poem></section>
<section><title><p>Глава вторая</p></title><p>На другой день он снова пришёл к морю и снова молчал до самой ночи.</p>
</section></body>
<body name="notes"><section id="n1"><title><p>1</p></title><p>Их было три.</p></section></body></FictionBook>"""


@pytest.mark.parametrize("coding", ["utf-8", "windows-1251", "koi8-r"])
def test_fictionbook_chapters_verse_and_notes(tmp_path, coding):
    path = tmp_path / "a.fb2"
    path.write_bytes(FB2.format(coding=coding).encode(coding))
    book = whole(path)
    assert [chapter.title for chapter in book.chapters] == ["Глава первая", "Глава вторая"]
    assert (book.title, book.author, book.language) == ("Соль", "Лев Толстой", "ru")
    text = said(book)
    assert (
        "корабли. И долго молчал." in " ".join(text.split()) and "Белеет парус" in text and "три" not in text
    )
    assert "Их было три." in said(whole(path, footnotes="inline"))


def test_a_fictionbook_that_is_not_well_formed_is_read_as_far_as_it_can_be(tmp_path):
    path = tmp_path / "a.fb2"
    path.write_text(
        FB2.format(coding="utf-8").replace("</emphasis>", "").replace("<p>На другой", "<p>A & B. На другой")
    )
    book = whole(path)
    assert [chapter.title for chapter in book.chapters] == ["Глава первая", "Глава вторая"]
    assert "isn't well-formed" in " ".join(book.warnings) and "снова молчал" in said(book)
    path.write_bytes(b"<FictionBook \xff\xfe<<<")
    with pytest.raises(SourceError):
        read_book([path])


def test_a_zipped_fictionbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "book.fb2.zip", "w") as archive:
        archive.writestr("book.fb2", FB2.format(coding="utf-8"))
    assert len(whole(tmp_path / "book.fb2.zip").chapters) == 2


def test_a_fictionbook_nested_without_end_is_refused(tmp_path):
    deep = (
        FB2.format(coding="utf-8")
        .replace("<poem>", "<cite>" * 900 + "<poem>")
        .replace("</poem>", "</poem>" + "</cite>" * 900)
    )
    (tmp_path / "a.fb2").write_text(deep)
    with pytest.raises(SourceError, match="nests"):
        read_book([tmp_path / "a.fb2"])


# ── Rich Text ──

RTF = rb"""{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Times CYR;}}
{\stylesheet{\s0 Normal;}{\s1 heading 1;}{\s2 \sbasedon0 Body;}}{\info{\title The Salt Road}{\author A. Writer}}
{\header Salt Road}\pard\s1 One\par\pard\s2 He walked to the caf\'e9 \emdash  and said \ldblquote No.\rdblquote\par
It was {\i very} late{\super\chftn{\footnote\pard\plain{\super\chftn} Past ten.}}.
 {\v secret}{\deleted cold}\u8364 ?5 were left.{\*\unknown junk}\par
\pard\outlinelevel0 Two\par\pard {\f1\'cf\'f0\'e8\'e2\'e5\'f2}, he said, and it was the only word he knew of it all.\par
\trowd\pard\intbl Left\cell Right\cell\row\pard{\field{\*\fldinst HYPERLINK "x"}{\fldrslt a link}} at the end.\par}"""


def test_rich_text_headings_notes_looks_and_code_pages(tmp_path):
    path = tmp_path / "a.rtf"
    path.write_bytes(RTF)
    book = whole(path)
    assert [chapter.title for chapter in book.chapters] == ["One", "Two"]
    assert (book.title, book.author) == ("The Salt Road", "A. Writer")
    text = said(book)
    assert "café — and said “No.”" in text and "It was very late.\u0020€5 were left." in text.replace(
        "\n", " "
    )
    assert "Привет, he said" in text and "Left" in text and "a link at the end." in text
    for absent in ("secret", "cold", "junk", "HYPERLINK", "Past ten", "Times"):
        assert absent not in text
    assert "Past ten." in said(whole(path, footnotes="inline"))


def test_control_codes_in_damaged_rich_text_are_no_text(tmp_path):
    path = tmp_path / "a.rtf"
    path.write_bytes(RTF.replace(b"said", b"sa\x01\x07id").replace(b"knew", rb"kn\u3 ?ew"))
    assert "and said" in said(whole(path)) and "he knew of it" in said(whole(path))


# ── HTML ──


def test_a_saved_page_is_its_main_part(tmp_path):
    (tmp_path / "a.html").write_text(
        "<!doctype html><html lang=en><head><title>The Salt Road</title><meta name=author content='A. Writer'></head>"
        "<body><div class=menu>Home Shop Login</div><main><h1>One</h1><p>"
        + LONG
        + "</p><h1>Two</h1><p>"
        + LONG
        + "</p>"
        "</main><div>More stories for you</div><script>var x = 1;</script></body></html>"
    )
    book = whole(tmp_path / "a.html")
    assert [chapter.title for chapter in book.chapters] == ["One", "Two"]
    assert (book.title, book.author, book.language) == ("The Salt Road", "A. Writer", "en")
    assert "Login" not in said(book) and "More stories" not in said(book) and "var x" not in said(book)
    assert {skip.reason for skip in book.skipped} >= {"page frame"}


def test_a_document_that_stands_elsewhere_in_its_package(tmp_path):
    path = word(tmp_path / "a.docx", paragraph(LONG))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.docx", "w") as new:
        for name in old.namelist():
            new.writestr(name.replace("document.xml", "document2.xml"), old.read(name))
        new.writestr(
            "_rels/.rels",
            '<Relationships xmlns="r"><Relationship Type="http://x/relationships/officeDocument" '
            'Target="/word/document2.xml"/></Relationships>',
        )
    assert LONG in said(whole(tmp_path / "b.docx"))

"""Which parts of a book are read, in which chapters, under which titles, whoever made the file."""

import pytest

from dotsbook.errors import SourceError

PROSE = "<p>" + "He walked down to the harbour and looked at the ships for a long while. " * 6 + "</p>"
MORE = "<p>" + "She had never seen the sea so quiet, nor the town behind it so loud. " * 6 + "</p>"


def titles(book):
    return [chapter.title for chapter in book.chapters]


def first_words(book):
    return [
        " ".join(book.sources[paragraph.source].text[paragraph.start : paragraph.end].split()[:3])
        for chapter in book.chapters
        for paragraph in chapter.paragraphs[:1]
    ]


def why(book):
    return {skip.source.rpartition("/")[2]: skip.reason for skip in book.skipped if not skip.inline}


def chapters(*names):
    return {name: f"<h2>{name.rpartition('.')[0].title()}</h2>{PROSE}{MORE}" for name in names}


@pytest.mark.parametrize("old", [False, True])
def test_nested_contents_parts_and_anchors_inside_files(maker, old):
    pages = {
        "p1.xhtml": "<h1>Part One</h1>",
        "c1.xhtml": f"<h2 id='a'>Alpha</h2>{PROSE}<h2 id='b'>Beta</h2>{MORE}",
        "c1b.xhtml": PROSE,
        "p2.xhtml": "<h1>Part Two</h1>",
        "c2.xhtml": f"<h2><a id='c'></a>Gamma</h2>{PROSE}",
    }
    toc = [
        ("Part One", "p1.xhtml", [("Alpha", "c1.xhtml#a"), ("Beta", "c1.xhtml#b")]),
        ("Part Two", "p2.xhtml", [("Gamma", "c2.xhtml#c")]),
    ]
    book = maker.read(pages, toc, old=old)
    assert titles(book) == ["Alpha", "Beta", "Gamma"]
    assert [chapter.part for chapter in book.chapters] == ["Part One", "Part One", "Part Two"]
    assert [chapter.depth for chapter in book.chapters] == [1, 1, 1]
    assert first_words(book) == ["Part One", "Beta", "Part Two"]
    assert len({paragraph.source for paragraph in book.chapters[1].paragraphs}) == 2


def test_labels_without_links_are_parts(maker):
    book = maker.read(
        chapters("one.xhtml", "two.xhtml"), [("Tales", None, [("One", "one.xhtml"), ("Two", "two.xhtml")])]
    )
    assert titles(book) == ["One", "Two"] and book.chapters[0].part == "Tales"


def test_spine_order_not_manifest_order(maker):
    book = maker.read(
        chapters("two.xhtml", "one.xhtml"),
        [("One", "one.xhtml"), ("Two", "two.xhtml")],
        spine=["one.xhtml", "two.xhtml"],
    )
    assert titles(book) == ["One", "Two"]


def test_an_anchor_under_its_heading_takes_the_heading_along(maker):
    pages = {
        "a.xhtml": f"<h2>One</h2><p id='x'>First.</p>{PROSE}<p class='num'>II</p><h2>Two</h2><div id='y'>{MORE}</div>"
    }
    book = maker.read(pages, [("One", "a.xhtml#x"), ("Two", "a.xhtml#y")])
    assert first_words(book) == ["One", "Two"]


def test_wrong_paths_and_missing_anchors_are_lived_with(maker):
    book = maker.read(
        chapters("one.xhtml", "two.xhtml"),
        [("One", "wrong/place/one.xhtml#nowhere"), ("Two", "two.xhtml#nowhere"), ("Three", "three.xhtml")],
    )
    assert titles(book) == ["One", "Two"]
    assert any("aren't there" in warning for warning in book.warnings)


def test_without_a_table_of_contents_headings_make_chapters(maker):
    assert titles(maker.read(chapters("one.xhtml", "two.xhtml"))) == ["One", "Two"]
    pages = {"a.xhtml": f"<h1>A Book</h1><h2>One</h2>{PROSE}<h3>Inner</h3>{PROSE}<h2>Two</h2>{MORE}"}
    assert titles(maker.read(pages)) == ["One", "Two"]


def test_a_chapter_s_number_over_its_title_is_no_chapter(maker):
    body = "<h3>Chapter {0}</h3><h1>{1}</h1>" + PROSE
    pages = {"a.xhtml": body.format(1, "The Ferry"), "b.xhtml": body.format(2, "The Bridge")}
    assert titles(maker.read(pages)) == ["Chapter 1: The Ferry", "Chapter 2: The Bridge"]


def test_paragraphs_that_say_chapter_are_headings_where_nothing_is_marked(maker):
    pasted = f"<p><b>Chapter 1</b></p>{PROSE}<p>Chapter 3 of my life began here.</p><p><b>Chapter 2: The Ferry</b></p>{MORE}"
    assert titles(maker.read({"a.xhtml": pasted})) == ["Chapter 1", "Chapter 2: The Ferry"]
    assert titles(maker.read({"a.xhtml": pasted}, [("Whole", "a.xhtml")])) == ["Whole"]
    assert titles(maker.read({"a.xhtml": f"<p>Chapter 1</p>{PROSE}"})) == ["A Book"]


def test_without_contents_and_headings_files_are_numbered(maker):
    assert titles(maker.read({"a.xhtml": PROSE, "b.xhtml": MORE})) == ["Chapter 1", "Chapter 2"]


def test_a_title_paragraph_is_a_heading_by_the_contents(maker):
    pages = {"a.xhtml": f"<p class='c1'>Chapter 1</p><p class='c2'>The Sea</p>{PROSE}"}
    book = maker.read(pages, [("Chapter 1: The Sea", "a.xhtml")])
    assert [paragraph.kind.value for paragraph in book.chapters[0].paragraphs] == [
        "heading",
        "heading",
        "prose",
    ]


@pytest.mark.parametrize(
    "body, name, reason",
    [
        (
            "<body epub:type='frontmatter titlepage'><h1>A Book</h1></body>",
            "a1.xhtml",
            "title page (epub:type)",
        ),
        (
            "<body><section role='doc-colophon'><p>Set in Garamond.</p></section></body>",
            "a1.xhtml",
            "colophon (role)",
        ),
        (
            "<body><section epub:type='copyright-page'><p>All rights.</p></section></body>",
            "a1.xhtml",
            "imprint (epub:type)",
        ),
        ("<p>All rights.</p>", "copyright.xhtml", "imprint (file name)"),
        ("<p>A Book</p>", "005_titlepage.xhtml", "title page (file name)"),
        ("<h1>Impressum</h1><p>Verlag Muster.</p>", "a1.xhtml", "imprint (title)"),
        (
            "<h1>Other Books by A. Writer</h1><ul><li>Another Book</li></ul>",
            "a1.xhtml",
            "advertisement (title)",
        ),
        (
            "<p>Copyright © 2020 A. Writer</p><p>All rights reserved.</p><p>ISBN 978-3-16-148410-0</p>",
            "a1.xhtml",
            "imprint (shape)",
        ),
        ("<h1>A BOOK</h1><p>A. Writer</p><p>Northern Press · London</p>", "a1.xhtml", "title page (shape)"),
        (
            "<ul><li><a href='one.xhtml'>One</a></li><li><a href='two.xhtml'>Two</a></li><li><a href='x.xhtml'>"
            "Three</a></li></ul>",
            "a1.xhtml",
            "contents (shape)",
        ),
        ("<div class='copyright'><p>© A. Writer</p></div>", "a1.xhtml", "imprint (class)"),
    ],
)
def test_front_matter_is_left_out_with_who_said_so(maker, body, name, reason):
    book = maker.read(
        {name: body, **chapters("one.xhtml", "two.xhtml")}, [("One", "one.xhtml"), ("Two", "two.xhtml")]
    )
    assert titles(book) == ["One", "Two"]
    assert why(book)[name] == reason


@pytest.mark.parametrize(
    "title",
    [
        "Copyright",
        "Impressum",
        "Mentions légales",
        "Créditos",
        "Ficha técnica",
        "Colofon",
        "Prawa autorskie",
        "Tiráž",
        "Выходные данные",
        "Авторські права",
        "Künye",
        "Drepturi de autor",
        "Impresszum",
        "奥付",
        "版权页",
        "판권",
        "حقوق النشر",
        "Bản quyền",
        "ลิขสิทธิ์",
        "Hak Cipta",
        "सर्वाधिकार",
        "Πνευματικά δικαιώματα",
        "Tekijänoikeudet",
        "Table of Contents",
        "Inhaltsverzeichnis",
        "Sommaire",
        "Índice",
        "Inhoud",
        "Spis treści",
        "Obsah",
        "Оглавление",
        "Зміст",
        "İçindekiler",
        "Cuprins",
        "目次",
        "目录",
        "목차",
        "المحتويات",
        "Mục lục",
        "สารบัญ",
        "Daftar Isi",
        "विषय सूची",
        "Περιεχόμενα",
        "Sisällys",
        "Innehåll",
    ],
)
def test_front_matter_by_its_title_in_many_languages(maker, title):
    book = maker.read(
        {"x1.xhtml": f"<h1>{title}</h1><p>Some words stand here.</p>", **chapters("one.xhtml", "two.xhtml")},
        [(title, "x1.xhtml"), ("One", "one.xhtml"), ("Two", "two.xhtml")],
    )
    assert titles(book) == ["One", "Two"]


@pytest.mark.parametrize(
    "title",
    [
        "About the Author",
        "Über den Autor",
        "À propos de l’auteur",
        "Sobre el autor",
        "L'autore",
        "Over de auteur",
        "O autorze",
        "O autorovi",
        "Об авторе",
        "Про автора",
        "Yazar Hakkında",
        "Despre autor",
        "A szerzőről",
        "著者紹介",
        "作者简介",
        "저자 소개",
        "عن المؤلف",
        "Về tác giả",
        "Tentang Penulis",
        "लेखक परिचय",
        "Endnotes",
        "Anmerkungen",
        "Notas",
        "Noten",
        "Przypisy",
        "Poznámky",
        "Примечания",
        "Σημειώσεις",
        "Notlar",
        "注释",
        "脚注",
        "각주",
        "الهوامش",
        "Bibliography",
        "Literaturverzeichnis",
        "Bibliographie",
        "Kaynakça",
        "参考文献",
        "Index",
        "Register",
        "索引",
        "찾아보기",
        "Also by A. Writer",
        "Weitere Bücher",
        "Du même auteur",
        "Другие книги автора",
        "The Full Project Gutenberg License",
        "Transcriber’s Note",
    ],
)
def test_back_matter_by_its_title_in_many_languages(maker, title):
    book = maker.read(
        {**chapters("one.xhtml", "two.xhtml"), "x9.xhtml": f"<h1>{title}</h1><p>Some words stand here.</p>"},
        [("One", "one.xhtml"), ("Two", "two.xhtml"), (title, "x9.xhtml")],
    )
    assert titles(book) == ["One", "Two"]


@pytest.mark.parametrize(
    "title",
    [
        "Prologue",
        "Vorwort",
        "Dedication",
        "Epilogue",
        "Nachwort",
        "Introduction",
        "Author’s Note",
        "Пролог",
        "あとがき",
        "前言",
        "Acknowledgments",
    ],
)
def test_what_the_author_wrote_around_the_book_is_read(maker, title):
    book = maker.read(
        {"x.xhtml": f"<h1>{title}</h1>{PROSE}", **chapters("one.xhtml")},
        [(title, "x.xhtml"), ("One", "one.xhtml")],
    )
    assert titles(book) == [title, "One"]


def test_a_chapter_s_markup_is_believed_before_its_title(maker):
    pages = {
        "a.xhtml": f"<body epub:type='bodymatter chapter'><h1>Notes</h1>{PROSE}</body>",
        **chapters("one.xhtml"),
    }
    assert titles(maker.read(pages, [("Notes", "a.xhtml"), ("One", "one.xhtml")])) == ["Notes", "One"]


def test_a_chapter_in_the_middle_may_be_called_the_author(maker):
    names = [f"c{number}.xhtml" for number in range(9)]
    pages = chapters(*names)
    pages["c4.xhtml"] = f"<h2>The Author</h2>{PROSE}{MORE}"
    assert "The Author" in titles(
        maker.read(pages, [("The Author" if name == "c4.xhtml" else name, name) for name in names])
    )


def test_guide_and_landmarks(maker):
    guide = "<guide><reference type='copyright-page' href='x.xhtml'/></guide>"
    book = maker.read(
        {"x.xhtml": "<p>Words of law.</p>", **chapters("one.xhtml")}, [("One", "one.xhtml")], guide=guide
    )
    assert why(book)["x.xhtml"] == "imprint (guide)"


def test_linear_no_is_left_out(maker):
    book = maker.read(
        {**chapters("one.xhtml"), "extra.xhtml": PROSE}, [("One", "one.xhtml")], linear=("extra.xhtml",)
    )
    assert why(book)["extra.xhtml"] == "not in the reading order (linear=no)"


def test_the_user_says_otherwise(maker):
    pages = {
        "copyright.xhtml": "<h1>Copyright</h1><p>By me.</p>",
        **chapters("one.xhtml", "two.xhtml", "three.xhtml"),
        "colophon.xhtml": "<h1>Colophon</h1><p>Set in lead.</p>",
    }
    toc = [(name.rpartition(".")[0].title(), name) for name in pages]
    assert titles(maker.read(pages, toc)) == ["One", "Two", "Three"]
    assert titles(maker.read(pages, toc, keep=["Colophon"], skip=["two"])) == ["One", "Three", "Colophon"]
    assert titles(maker.read(pages, toc, keep=["copyright.xhtml"], skip=["*/t*.xhtml"])) == [
        "Copyright",
        "One",
    ]
    assert titles(maker.read(pages, toc, keep=["imprint"])) == ["Copyright", "One", "Two", "Three"]
    book = maker.read(pages, toc, skip=["Two", "Nowhere"])
    assert why(book)["two.xhtml"] == "skip: Two (the manifest)"
    assert any("Nowhere" in warning for warning in book.warnings)


def test_part_of_a_file_is_left_out(maker):
    body = (
        f"<h2 id='a'>Last Chapter</h2>{PROSE}<p>THE END</p><h2 id='n'>Notes</h2><p>1. A note.</p><h3>To chapter "
        f"two</h3><p>2. Another.</p>"
    )
    book = maker.read({"a.xhtml": body}, [("Last Chapter", "a.xhtml#a")])
    assert titles(book) == ["Last Chapter"]
    assert why(book)["a.xhtml"] == "notes (title)"


PG_HEAD = (
    "<pre>The Project Gutenberg EBook of A Book\n\nTitle: A Book\n\n*** START OF THIS PROJECT GUTENBERG EBOOK "
    "A BOOK ***\n\nProduced by Some One</pre>"
)
PG_TAIL = (
    "<p>End of the Project Gutenberg EBook of A Book</p><p>*** END OF THIS PROJECT GUTENBERG EBOOK A BOOK "
    "***</p><h2>THE FULL LICENSE</h2><p>1.A. By reading</p>"
)


def test_project_gutenberg_s_frame(maker):
    pages = {
        "a.xhtml": f"{PG_HEAD}<h1>A BOOK</h1><p>by A. WRITER</p><h2 id='c1'>CHAPTER I</h2>{PROSE}",
        "b.xhtml": f"<h2 id='c2'>CHAPTER II</h2>{MORE}{PG_TAIL}",
    }
    book = maker.read(
        pages, [("A BOOK", "a.xhtml"), ("CHAPTER I", "a.xhtml#c1"), ("CHAPTER II", "b.xhtml#c2")], old=True
    )
    assert titles(book) == ["CHAPTER I", "CHAPTER II"]
    assert not any("Gutenberg" in source.text or "License" in source.text for source in book.sources.values())


def test_calibre_s_split_files_and_plain_classes(maker):
    pages = {
        "titlepage.xhtml": "<div><svg><text>x</text></svg></div>",
        "index_split_000.html": "<p class='calibre1'>A Book</p><p class='calibre1'>A. Writer</p>",
        "index_split_001.html": f"<p class='calibre2'>Chapter 1</p>{PROSE}",
        "index_split_002.html": PROSE,
        "index_split_003.html": f"<p class='calibre2'>Chapter 2</p>{MORE}",
    }
    book = maker.read(
        pages, [("Chapter 1", "index_split_001.html"), ("Chapter 2", "index_split_003.html")], old=True
    )
    assert titles(book) == ["Chapter 1", "Chapter 2"]
    assert len(book.chapters[0].paragraphs) == 3


def test_an_ao3_export(maker):
    pages = {
        "w_split_000.xhtml": "<h1>A Work</h1><p>Posted originally on the <a href='http://archiveofourown.org/'>"
        "Archive of Our Own</a> at http://archiveofourown.org/works/1.</p>"
        "<dl class='tags'><dt>Rating:</dt><dd>General</dd></dl>",
        "w_split_001.xhtml": f"<h2>First Meeting</h2>{PROSE}",
        "w_split_002.xhtml": "<h2>Afterword</h2><p>Please drop by the Archive and comment to let the creator know!</p>",
    }
    book = maker.read(
        pages,
        [
            ("Preface", "w_split_000.xhtml"),
            ("First Meeting", "w_split_001.xhtml"),
            ("Afterword", "w_split_002.xhtml"),
        ],
        old=True,
    )
    assert titles(book)[0] == "First Meeting"


def test_a_pandoc_book(maker):
    pages = {
        "title_page.xhtml": "<body epub:type='frontmatter'><section epub:type='titlepage'><h1 class='title'>A "
        "Book</h1><p class='author'>A. Writer</p></section></body>",
        "ch001.xhtml": f"<body epub:type='bodymatter'><section id='one' class='level1'><h1>One</h1>{PROSE}<p>Noted.<a "
        f"href='#fn1' class='footnote-ref' id='fnref1' epub:type='noteref'>1</a></p></section>"
        "<section class='footnotes' epub:type='footnotes'><hr/><ol><li id='fn1'><p>A note.<a href='#fnref1' "
        "role='doc-backlink'>↩︎</a></p></li></ol></section></body>",
    }
    book = maker.read(pages, [("A Book", "title_page.xhtml"), ("One", "ch001.xhtml")])
    assert titles(book) == ["One"] and "note" not in book.sources["OEBPS/ch001.xhtml"].text.lower().split()


def test_several_sources_are_one_book(maker, tmp_path):
    from dotsbook.text.reader import read_book

    first = maker.write(chapters("one.xhtml"), [("One", "one.xhtml")]).rename(tmp_path / "first.epub")
    second = maker.write(chapters("one.xhtml"), [("Again", "one.xhtml")]).rename(tmp_path / "second.epub")
    book = read_book([first, second])
    assert titles(book) == ["One", "Again"] and len(book.sources) == 2 + 0


def test_metadata(maker):
    from dotsbook.text.reader import read_details

    extra = (
        '<dc:publisher>North</dc:publisher><dc:date>2020-01-02T00:00</dc:date><dc:identifier opf:scheme="ISBN" '
        'xmlns:opf="http://www.idpf.org/2007/opf">978-3-16-148410-0</dc:identifier>'
        '<dc:creator id="t">T. Ranslator</dc:creator><meta refines="#t" property="role">trl</meta><meta '
        'name="calibre:series" content="Salt"/><meta name="cover" content="c"/>'
    )
    path = maker.write(
        chapters("one.xhtml"),
        [],
        metadata=extra,
        items='<item id="c" href="c.png" media-type="image/png"/>',
        files={"OEBPS/c.png": b"\x89PNG..."},
        language="de-AT",
    )
    book = read_details(path)
    assert (book.title, book.author, book.language) == ("A Book", "A. Writer", "de-AT")
    assert book.details == {
        "publisher": "North",
        "date": "2020-01-02",
        "isbn": "9783161484100",
        "series": "Salt",
    }
    assert book.cover.media_type == "image/png" and not book.chapters


def test_nothing_to_narrate(maker):
    with pytest.raises(SourceError, match="no text to narrate"):
        maker.read({"a.xhtml": "<p><img src='x.png' alt=''/></p>"})


def test_matter_alone_is_read_when_only_its_looks_say_so(maker):
    assert len(maker.read({"toc.xhtml": PROSE}).chapters) == 1


def test_an_anchor_at_a_paragraph_s_end_means_the_next(maker):
    pages = {
        "a.xhtml": f"<p>Chapter 1</p>{PROSE}<p>The end of one.<a id='filepos2'></a></p><p>Chapter 2</p>{MORE}"
    }
    book = maker.read(pages, [("Chapter 1", "a.xhtml"), ("Chapter 2", "a.xhtml#filepos2")], old=True)
    assert first_words(book) == ["Chapter 1", "Chapter 2"]


def test_entries_without_anchors_are_found_by_their_headings(maker):
    pages = {"a.xhtml": f"<h2>One</h2>{PROSE}<h2>Two</h2>{MORE}<h2>Three</h2>{MORE}"}
    assert titles(maker.read(pages, [("One", "a.xhtml"), ("Two", "a.xhtml"), ("Three", "a.xhtml#gone")])) == [
        "One",
        "Two",
        "Three",
    ]


def test_a_poor_table_of_contents_is_helped_by_headings(maker):
    pages = chapters("one.xhtml", "two.xhtml", "three.xhtml", "four.xhtml")
    assert titles(maker.read({"s.xhtml": PROSE, **pages}, [("Start", "s.xhtml")])) == [
        "Start",
        "One",
        "Two",
        "Three",
        "Four",
    ]


def test_a_line_break_in_a_title_is_a_space(maker):
    assert titles(maker.read(chapters("one.xhtml"), [("Chapter 1<br/>The <i>Sea</i>", "one.xhtml")])) == [
        "Chapter 1 The Sea"
    ]


def test_title_page_lines_that_an_old_table_of_contents_lists(maker):
    front = "<h1 id='t'>LE LIVRE</h1><h2 id='a'>PAR A. WRITER</h2><h3 id='p'>PARIS<br/>LIBRAIRIE MUSTER, 1880</h3>"
    book = maker.read(
        {"a.xhtml": f"{front}<h2 id='c'>I</h2>{PROSE}{MORE}"},
        [
            ("LE LIVRE", "a.xhtml#t"),
            ("PAR A. WRITER", "a.xhtml#a"),
            ("PARIS", "a.xhtml#p"),
            ("I", "a.xhtml#c"),
        ],
        old=True,
        title="Le Livre",
    )
    assert titles(book) == ["I"]


def test_the_files_language_serves_where_the_package_has_none(maker):
    html = (
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><body><p>Bonjour.</p>'
        "</body></html>"
    )
    assert maker.read({"a.xhtml": html}, language="").language == "fr"


def test_a_remark_called_note_is_no_notes_section_in_english(maker):
    body = f"<h1>One</h1>{PROSE}<div><h3>Note</h3>{PROSE}</div>{MORE}"
    assert len(maker.read({"a.xhtml": body}, [("One", "a.xhtml")]).chapters[0].paragraphs) == 5
    italian = maker.read(
        {"a.xhtml": f"<h1>Uno</h1>{PROSE}<h2>Note</h2><p>1. Una nota.</p>"},
        [("Uno", "a.xhtml")],
        language="it",
    )
    assert len(italian.chapters[0].paragraphs) == 2


def test_docbook_s_title_blocks_are_headings(maker):
    body = (
        f"<div class='chapter'><div class='titlepage'><div><div><h2 class='title'>One</h2></div></div></div>"
        f"{PROSE}</div><div class='navfooter'><a href='b.xhtml'>Next</a></div>"
    )
    book = maker.read(
        {"a.xhtml": body, "b.xhtml": body.replace("One", "Two")}, [("One", "a.xhtml"), ("Two", "b.xhtml")]
    )
    assert [paragraph.kind.value for paragraph in book.chapters[0].paragraphs] == ["heading", "prose"]


def test_a_first_chapter_in_japanese_is_no_title_page(maker):
    text = "<p>" + "山路を登りながら、こう考えた。智に働けば角が立つ。" * 8 + "</p>"
    book = maker.read(
        {"a.xhtml": f"<h1>草枕 一</h1>{text}", "b.xhtml": f"<h1>二</h1>{text}"},
        [("草枕 一", "a.xhtml"), ("二", "b.xhtml")],
        language="ja",
        title="草枕",
    )
    assert titles(book) == ["草枕 一", "二"]


def test_a_section_called_notes_in_the_middle_must_hold_notes(maker):
    remarks = f"<h1>One</h1>{PROSE}<h3>Notes</h3>{MORE}{PROSE}"
    listed = f"<h1>Two</h1>{PROSE}<h3>Notes</h3><p>1. A note.</p><p>2. Another.</p>"
    toc = [(x, f"{x}.xhtml") for x in "abcd"]
    book = maker.read({"a.xhtml": remarks, "b.xhtml": listed, **chapters("c.xhtml", "d.xhtml")}, toc)
    assert len(book.chapters[0].paragraphs) == 5 and len(book.chapters[1].paragraphs) == 2

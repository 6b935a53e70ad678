"""Read-alongs: sentences found again, spans around them, a book made inert and valid, the file proved."""

import zipfile
from contextlib import nullcontext
from dataclasses import replace

import pytest
from lxml import etree
from made import RATE, piece, produced

from dotsbook.book import Mark, Pause
from dotsbook.errors import EncodeError
from dotsbook.manifest import Pacing
from dotsbook.master.about import About
from dotsbook.master.layout import lay_out
from dotsbook.master.mastering import Settings
from dotsbook.master.readalong import read_along
from dotsbook.master.readalong.inert import inert, sheet
from dotsbook.master.readalong.manuscript import Heading, Original
from dotsbook.master.readalong.overlay import clips, smil
from dotsbook.master.readalong.places import align, squeezed
from dotsbook.master.readalong.reopened import clips_of, seconds
from dotsbook.master.readalong.settle import settle
from dotsbook.master.readalong.spans import OpenedBody
from dotsbook.master.readalong.typeset import plain_original

X = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'


def body(markup: str):
    return etree.fromstring(f"<body {X}>{markup}</body>")


def spanned(markup: str, *sentences: str) -> str:
    """The markup with spans around the sentences, each a paragraph's."""
    tree = body(markup)
    page = OpenedBody(tree)
    page.mark(
        align(page.text, [(0, text) for text in sentences]),
        [f"s{number}" for number in range(1, len(sentences) + 1)],
    )
    return (
        etree.tostring(tree, encoding="unicode")
        .partition(">")[2]
        .removesuffix("</body>")
        .replace(f" {X}", "")
    )


def test_a_sentence_over_an_element_cuts_it_and_the_id_stays_first():
    assert spanned('<p>Go <em id="e">on. Now</em> stop.</p>', "Go on.", "Now stop.") == (
        '<p><span id="s1">Go <em id="e">on. </em></span><span id="s2"><em>Now</em> stop.</span></p>'
    )


def test_sentences_inside_one_element_stay_inside_it():
    assert (
        spanned("<p><em>One. Two.</em></p>", "One.", "Two.")
        == '<p><em><span id="s1">One.</span> <span id="s2">Two.</span></em></p>'
    )


def test_no_span_goes_around_a_block():
    assert spanned("<div><p>First line,</p><p>second line.</p></div>", "First line,\nsecond line.") == (
        '<div><p><span id="s1">First line,</span></p><p><span id="s1-2">second line.</span></p></div>'
    )


def test_ruby_stays_whole_and_its_reading_is_not_looked_for():
    assert spanned("<p>山<ruby>路<rt>みち</rt></ruby>を行く。</p>", "山路を行く。") == (
        '<p><span id="s1">山<ruby>路<rt>みち</rt></ruby>を行く。</span></p>'
    )


def test_marks_and_page_numbers_are_skipped():
    markup = '<p>It was so<sup><a href="#n">12</a></sup> and not<span>p. 7</span> otherwise. He knew.</p>'
    assert spanned(markup, "It was so and not otherwise.", "He knew.").count("<span id=") == 2


def test_text_is_kept_whatever_is_wrapped():
    markup = "<p>A <b>b <i>c. D</i> e</b> f. <q>Go. Stay</q> here.</p><ul><li>One.</li></ul>"
    made = spanned(markup, "A b c.", "D e f.", "Go.", "Stay here.", "One.")
    whole = "".join(body(made).itertext())
    assert whole == "".join(body(markup).itertext()) and made.count("<q>") == 1


def test_a_title_is_found_above_its_chapter_not_in_the_list_of_titles():
    document = squeezed(
        "CHAPTER I CHAPTER II CHAPTER I It was the best of times, it was the worst of times. "
        "CHAPTER II Another long beginning stands here now."
    )
    places = align(
        document,
        [
            (1, "CHAPTER I"),
            (2, "It was the best of times, it was the worst of times."),
            (3, "CHAPTER II"),
            (4, "Another long beginning stands here now."),
        ],
    )
    assert document[places[0][1] + 1 :].startswith("Itwas") and document[places[2][1] + 1 :].startswith(
        "Another"
    )


def test_what_is_not_there_has_no_place():
    assert align("onetwothree", [(1, "four score")]) == [None]


def test_what_runs_sends_or_fetches_is_gone():
    root = etree.fromstring(
        f'<html {X}><head><title>t</title><script>alert(1)</script><meta http-equiv="refresh" content="0;url=http://x"/>'
        '<link rel="stylesheet" href="http://x/a.css"/><base href="http://x/"/></head><body onload="alert(2)">'
        '<p onclick="x()" style="background:url(http://x/b.png);color:red">Text <a href=" java&#10;script:alert(3)">link</a> <a href="https://example.org/">web</a></p>'
        '<img src="//x/t.gif"/><img src="in.png"/><iframe src="http://x">in</iframe>'
        '<form action="http://x"><p>Say <input name="q"/>so</p></form>'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<a xlink:href="javascript:alert(4)"><text>t</text></a>'
        '<image xlink:href="http://x/c.png"/><set attributeName="href" to="javascript:1"/></svg>'
        '<object data="data:text/html,x">o</object></body></html>'
    )
    inert(root, lambda href: href == "in.png")
    text = etree.tostring(root, encoding="unicode")
    for bad in (
        "alert",
        "script",
        "http://x",
        "//x",
        "onload",
        "onclick",
        "refresh",
        "<form",
        "<iframe",
        "<object",
        "<input",
        "<base",
        "data:text",
    ):
        assert bad not in text, bad
    assert (
        "https://example.org/" in text
        and "in.png" in text
        and "color:red" in text
        and "Say so" in "".join(root.itertext())
    )


@pytest.mark.parametrize(
    "css",
    [
        "@import url(http://x/a.css);",
        "@import '//x/a.css';",
        "p { background: url('https://x/a.png') }",
        "p { background: u\\72l(//x/a.png) }",
        "p { behavior: url(x.htc) }",
        "p { width: expression(alert(1)) }",
        "@font-face { src: url(//x/f.woff) }",
    ],
)
def test_style_sheets_fetch_nothing(css):
    clean = sheet(css, lambda href: href.endswith((".png", ".woff", ".htc", ".css")))
    assert "//x" not in clean and "expression" not in clean and "htc" not in clean


def test_a_style_sheet_keeps_what_is_the_books():
    css = "@font-face { font-family: X; src: url(f.otf) format('opentype'), url(http://x/f.woff); } p { color: red }"
    assert "url(f.otf) format('opentype')" in sheet(
        css, lambda href: href == "f.otf"
    ) and "color: red" in sheet(css, lambda href: True)


def test_old_markup_becomes_todays():
    root = etree.fromstring(
        f'<html {X}><body bgcolor="#fff"><center><font color="red">A</font></center><p align="center"><a name="n">B</a><big>C</big></p>'
        '<ul><ul><li>D</li></ul></ul><p><div>E</div></p><p id="n2" tag="x"/><p id="n2"/><img src="a" width="50%"/></body></html>'
    )
    text = etree.tostring(settle(root, "Title"), encoding="unicode")
    for bad in (
        "center>",
        "<font",
        "<big",
        "align=",
        "bgcolor",
        "tag=",
        'name="n"',
        'width="50%"',
        "<ul><ul>",
        "<p><div>",
    ):
        assert bad not in text, bad
    assert (
        'id="n"' in text
        and "<title>Title</title>" in text
        and text.count('id="n2"') == 1
        and "width:50%" in text
    )


@pytest.fixture
def told(tmp_path):
    """Two chapters of real sentences in two documents, laid out, and the EPUB 2 they are from."""
    texts = [
        ("a.html", ["Chapter One", "It was late in the small house by the sea.", "She said so."]),
        ("b.html", ["Two", "He went away quietly at last."]),
    ]
    chapters = []
    for number, (name, sentences) in enumerate(texts, 1):
        pieces = []
        for index, text in enumerate(sentences, 1):
            one = piece(tmp_path, number, index, 0.8, Pause.SENTENCE)
            pieces.append(
                replace(one, chunk=replace(one.chunk, source=name, text=text, paragraph=min(index, 2)))
            )
        chapters.append((number, sentences[0], pieces))
    files = {
        "book.opf": b'<package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata/><manifest>'
        b'<item id="a" href="a.html" media-type="application/xhtml+xml"/>'
        b'<item id="b" href="b.html" media-type="application/xhtml+xml"/><item id="j" href="x.js" media-type="text/javascript"/></manifest>'
        b'<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "a.html": (
            f"<html {X}><head/><body><h1>Chapter One</h1>"
            "<p>It was late <em>in the small house by the sea. She</em> said so.</p></body></html>"
        ).encode(),
        "b.html": (
            f"<html {X}><head/><body><h1>Two</h1><p>He went away quietly at last.</p><script>alert(1)</script></body></html>"
        ).encode(),
        "x.js": b"alert(1)",
    }
    original = Original(
        "book.opf",
        frozenset(files),
        files.get,
        lambda data, name: etree.fromstring(data),
        ("a.html", "b.html"),
        (Heading("Chapter One", "a.html"), Heading("Two", "b.html", "gone", 3)),
        lambda chunk: chunk.source,
    )
    return lay_out(chapters, Pacing(), RATE), original


def test_a_read_along_is_whole_and_its_times_are_the_timelines(told, tmp_path):
    timeline, original = told
    made = produced(
        timeline,
        "epub",
        About("A <Book> & more", "N.N.", "Voice"),
        Settings(workers=1),
        tmp_path,
        original=lambda: nullcontext(original),
    )[0]
    assert made.proof.ok and made.path.name == "A Book & more (read-along).epub"
    with zipfile.ZipFile(made.path) as archive:
        names = archive.namelist()
        assert names[0] == "mimetype" and "x.js" not in names and "dotsbook/nav.xhtml" in names
        assert all(archive.getinfo(name).compress_type == 0 for name in names if name.endswith(".mp3"))
        assert b"alert" not in archive.read("b.html")
        heard = clips_of(
            etree.fromstring(archive.read("dotsbook/overlay/0001.smil")), "dotsbook/overlay/0001.smil"
        )
        package = archive.read("book.opf").decode()
    assert [begin for *_, begin, _ in heard][1:] == [
        pytest.approx(placed.speech[0] / RATE, abs=0.001) for placed in timeline.tracks[0].placements[1:]
    ]
    assert heard[0][3] == 0 and all(one[4] == two[3] for one, two in zip(heard, heard[1:], strict=False))
    for part in (
        'version="3.0"',
        "media:active-class",
        "media:narrator",
        "synchronizedAudioText",
        "synthetic voice",
        "dcterms:modified",
        'media-overlay="',
    ):
        assert part in package


def test_chapters_that_the_book_has_no_text_of_are_left_out(told, tmp_path):
    timeline, original = told
    credit = replace(
        piece(tmp_path, 9, 1, 0.8), chunk=replace(piece(tmp_path, 9, 1, 0.8).chunk, source="credits")
    )
    end = lay_out([(9, "Credits", [credit])], Pacing(), RATE).tracks[0]
    longer = replace(timeline, tracks=(*timeline.tracks, replace(end, start=timeline.samples)))
    made = produced(
        longer, "epub", About("T"), Settings(workers=1), tmp_path, original=lambda: nullcontext(original)
    )[0]
    assert made.proof.ok and made.encoded == len(timeline.tracks)


def test_a_file_that_does_not_prove_right_is_not_kept(told, tmp_path, monkeypatch):
    timeline, original = told
    old = tmp_path / "out" / "T (read-along).epub"
    old.parent.mkdir()
    old.write_bytes(b"old")
    monkeypatch.setattr(
        read_along,
        "smil",
        lambda name, document, heard: smil(
            name, document, [replace(clip, anchor="nowhere") for clip in heard]
        ),
    )
    with pytest.raises(EncodeError):
        produced(
            timeline,
            "epub",
            About("T"),
            Settings(workers=1),
            tmp_path,
            original=lambda: nullcontext(original),
        )
    assert old.read_bytes() == b"old" and [path.name for path in old.parent.iterdir()] == [old.name]


def test_a_book_without_markup_is_set_from_its_chunks(told, tmp_path):
    timeline, _ = told
    chapters = [
        (track.number, track.title, [placed.voiced.chunk for placed in track.placements])
        for track in timeline.tracks
    ]
    about = About('Plain "&" <simple>', "N.N.")
    made = produced(
        timeline,
        "epub",
        about,
        Settings(workers=1),
        tmp_path,
        original=lambda: nullcontext(plain_original(about, chapters)),
    )[0]
    assert (
        made.proof.ok
        and {row.what: row.found for row in made.proof.rows}["sentences found in the text"] == "5"
    )


def test_clips_have_no_gap_and_share_a_sentence_by_characters(small_book):
    track = small_book.tracks[0]
    ids = [placed.voiced.chunk.id for placed in track.placements]
    made = clips(track, RATE, "a.mp3", {ids[0]: [("d", "x", 10)], ids[2]: [("d", "y", 30), ("e", "z", 10)]})
    assert (
        [clip.anchor for clip in made] == ["x", "y", "z"]
        and made[0].begin == 0
        and made[-1].end == track.samples * 1000 // RATE
    )
    assert all(one.end == two.begin for one, two in zip(made, made[1:], strict=False))
    assert (
        made[1].end - made[1].begin == pytest.approx(3 * (made[2].end - made[2].begin), abs=3)
        and seconds("1:02:03.004") == 3723.004
    )


def test_a_book_set_from_its_chunks_keeps_what_the_manuscript_said(tmp_path):
    texts = [
        ("She had read it twice.", "en", Pause.SENTENCE, 0),
        ("Tant pis!", "fr", Pause.SCENE, 0),
        ("Il pleut.", "fr", Pause.CHAPTER, 1),
    ]
    lines, place = [], 0
    for index, (text, language, pause, paragraph) in enumerate(texts):
        one = piece(tmp_path, 1, index, 0.8, pause)
        chunk = replace(
            one.chunk,
            text=text,
            spoken=text,
            language=language,
            paragraph=paragraph,
            start=place,
            end=place + len(text),
        )
        lines.append(replace(one, chunk=chunk))
        place += len(text) + 1
    marks = {"book.md": [Mark(8, 12, "emphasis"), Mark(18, 27, "strong"), Mark(0, 3, "language", "xx")]}
    about = About(
        "Rain", "Ann A.; Ben B.", "Nora", subtitle="A Night", series="Salt", part="2", isbn="9780000000002"
    )
    original = plain_original(about, [(1, "One", [line.chunk for line in lines])], marks)
    timeline = lay_out([(1, "One", lines)], Pacing(), RATE)
    made = produced(
        timeline, "epub", about, Settings(workers=1), tmp_path, original=lambda: nullcontext(original)
    )[0]
    with zipfile.ZipFile(made.path) as archive:
        text = archive.read("EPUB/text/0001.xhtml").decode()
        package = etree.fromstring(archive.read("EPUB/package.opf"))
    body = etree.fromstring(text.encode())
    assert ["".join(node.itertext()) for node in body.iter("{*}em")] == ["read"]
    assert "".join("".join(node.itertext()) for node in body.iter("{*}strong")) == "ice.Tant"
    assert len(list(body.iter("{*}hr"))) == 1 and text.index("Tant") < text.index("<hr") < text.index(
        "Il pleut"
    )
    assert [node.get("lang") for node in body.iter("{*}p")] == [None, "fr"]
    assert any(
        node.get("lang") == "fr" and "pis!" in "".join(node.itertext()) for node in body.iter("{*}span")
    )
    assert [node.text for node in package.iter("{*}title")] == ["Rain", "A Night"]
    assert [node.text for node in package.iter("{*}creator")] == ["Ann A.", "Ben B."]
    said = [(node.get("property"), node.text) for node in package.iter("{*}meta") if node.get("refines")]
    assert [text for prop, text in said if prop == "role"] == ["aut", "aut", "nrt"]
    assert ("title-type", "subtitle") in said and ("group-position", "2") in said
    assert ("collection-type", "series") in said
    ids = {node.get("id") for node in package.iter("*")}
    assert all(
        node.get("refines").lstrip("#") in ids for node in package.iter("{*}meta") if node.get("refines")
    )


def test_takes_of_different_rates_join(tmp_path):
    slow, fast = piece(tmp_path, 1, 1, 1.0, rate=22050), piece(tmp_path, 1, 2, 1.0, rate=24000)
    timeline = lay_out([(1, "One", [slow, fast, piece(tmp_path, 1, 3, 1.0)])], Pacing(), RATE)
    for format in ("m4b", "mp3"):
        made = produced(timeline, format, About("Mixed"), Settings(workers=1), tmp_path)[0]
        rows = {row.what: row for row in made.proof.rows}
        assert made.proof.ok and rows["takes heard in their places"].found == "3"
        assert abs(float(rows["loudness"].found.split()[0]) + 19) < 0.5

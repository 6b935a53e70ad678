"""No story is skipped on a guess: what may be left out grows with the evidence, and no kind of title takes a story along."""

import pytest

from dotsbook.book import Grounds
from dotsbook.text.reader import read_book
from tests.text.bookmaking import unaccounted

STORY = "It was late, and the ferry had not come back. Mara stood at the rail and counted the lamps on the far shore."
SENTENCES = "\n\n".join([STORY] * 60)


@pytest.fixture
def read(tmp_path):
    def reader(text, **options):
        path = tmp_path / "book.txt"
        path.write_text(text, "utf-8")
        book = read_book([path], **options)
        assert not any(unaccounted(book).values())
        return book

    return reader


def said(book):
    return "".join(source.text for source in book.sources.values())


def whole(book, count):
    """Whether every paragraph of the story is narrated."""
    return said(book).count("counted the lamps") == count


@pytest.mark.parametrize(
    "title",
    [
        "ADVERTISEMENT",
        "LICENCE",
        "COPYRIGHT",
        "CONTENTS",
        "INDEX",
        "NOTES",
        "TITLE",
        "COVER",
        "COLOPHON",
        "ANMERKUNGEN",
    ]
    + [
        "INDICE",
        "PORTADA",
        "ABOUT THE AUTHOR",
        "TRANSCRIBER'S NOTE",
        "BIBLIOGRAPHY",
        "LIST OF ILLUSTRATIONS",
        "REGISTER",
    ],
)
@pytest.mark.parametrize("place", ["front", "middle", "back"])
def test_a_story_under_any_title_is_narrated(read, title, place):
    parts = {"front": ("", SENTENCES), "middle": (SENTENCES, SENTENCES), "back": (SENTENCES, "")}[place]
    before, after = (f"CHAPTER {number}\n\n{part}" if part else "" for number, part in enumerate(parts, 1))
    book = read(f"{before}\n\n\n{title}\n\n{SENTENCES}\n\n\n{after}\n")
    assert whole(book, 60 * (1 + bool(before) + bool(after)))


def test_a_note_ends_where_the_story_begins(read):
    note = "Obvious typographical errors have been corrected; the spelling of the original was kept."
    book = read(f"TRANSCRIBER'S NOTE\n\n{note}\n\n{SENTENCES}")
    assert whole(book, 60) and note not in said(book)
    assert [skip.evidence for skip in book.skipped] == [Grounds.SIGNS]


HEADER = "The Project Gutenberg EBook of Lamps, by A. Writer\n\n*** START OF THIS PROJECT GUTENBERG EBOOK LAMPS ***\n\n\n"
LICENCE = (
    "\n\n*** END OF THIS PROJECT GUTENBERG EBOOK LAMPS ***\n\nYou may use this Project Gutenberg eBook.\n\n"
)


def test_two_texts_with_their_frames_are_both_read(read):
    one = f"{HEADER}CHAPTER I\n\n{SENTENCES}{LICENCE}"
    book = read(one + one)
    assert whole(book, 120) and "Gutenberg" not in said(book)


def test_a_licence_ends_where_a_long_text_follows(read):
    book = read(f"{HEADER}CHAPTER I\n\n{SENTENCES}{LICENCE}CHAPTER II\n\n{SENTENCES * 6}")
    assert whole(book, 60 * 7) and "Gutenberg" not in said(book)


def test_a_list_of_the_chapters_titles_is_contents(read):
    titles = ["I. The Ferry", "II. A Lamp on the Shore", "III. Nobody Waves", "IV. The Mill by Night"]
    chapters = "".join(f"\n\n\n{title}\n\n{SENTENCES}" for title in titles)
    book = read("LAMPS\n\nby A. Writer\n\n\n" + "\n".join(titles) + chapters)
    assert [skip.reason for skip in book.skipped if "contents" in skip.reason] == ["contents (its lines)"]
    assert whole(book, 240)


def test_aozora_s_key_and_colophon(read):
    rule = "-" * 55
    story = "\n".join(
        ["　私はその人を常に先生と呼んでいた。だからここでもただ先生と書くだけで本名は打ち明けない。"] * 40
    )
    book = read(
        f"灯\n山田太郎\n\n{rule}\n【テキスト中に現れる記号について】\n\n《》：ルビ\n（例）私《わたし》\n{rule}\n\n{story}\n\n\n"
        "底本：「灯」山田文庫、山田書房\n　　　1991（平成3）年2月25日第1刷\n入力：山田\n校正：山田\n青空文庫作成ファイル：\n"
    )
    assert {"key to signs (its marks)", "colophon (its marks)"} <= {skip.reason for skip in book.skipped}
    assert said(book).count("先生と呼んでいた") == 40 and "底本" not in said(book)


def test_much_by_signs_is_asked_about_and_the_manifest_settles_it(read):
    notes = "\n\n".join(f"[{number}] A note on the ferry and its lamps." for number in range(1, 60))
    text = f"CHAPTER 1\n\n{SENTENCES}\n\n\nNOTES\n\n{notes}"
    asked = [skip for skip in read(text).skipped if skip.doubtful]
    assert [skip.title for skip in asked] == ["NOTES"] and asked[0].opening.startswith("[1] A note on")
    assert not any(skip.doubtful for skip in read(text, skip=("NOTES",)).skipped)
    assert "[59]" in said(read(text, keep=("NOTES",)))


@pytest.mark.parametrize(
    "words", ["He died in 1901. The publisher wept.", "In 1899 the books of the company closed."]
)
def test_a_short_first_chapter_is_no_title_page(maker, words):
    files = {"one.xhtml": f"<h1>One</h1><p>{words}</p>", "two.xhtml": f"<h1>Two</h1><p>{STORY * 9}</p>"}
    assert words in said(maker.read(files, [("One", "one.xhtml"), ("Two", "two.xhtml")]))


def test_a_japanese_colophon_is_told_by_its_words(maker):
    story = f"<h1>一</h1><p>{'私はその人を常に先生と呼んでいた。' * 200}</p>"
    lines = [
        "灯",
        "2020年1月25日 初版発行",
        "著者 山田太郎",
        "発行者 田中一郎",
        "発行所 山田書房",
        "ISBN978-4-00-000000-0",
    ]
    files = {"one.xhtml": story, "two.xhtml": "".join(f"<p>{line}</p>" for line in lines)}
    book = maker.read(files, [("一", "one.xhtml"), ("灯", "two.xhtml")], title="灯", language="ja")
    assert [chapter.title for chapter in book.chapters] == ["一"]


def test_markup_may_leave_out_much(maker):
    files = {
        "one.xhtml": f"<h1>One</h1><p>{STORY}</p>",
        "notes.xhtml": f'<section epub:type="endnotes"><h1>Notes</h1><p>{STORY * 20}</p></section>',
    }
    book = maker.read(files, [("One", "one.xhtml"), ("Notes", "notes.xhtml")])
    assert [(skip.evidence, skip.doubtful) for skip in book.skipped] == [(Grounds.MARKUP, False)]


CATALOGUE = [
    f"A. Writer. _The Lamps of Port {name}_. One volume, cloth. L. {at},50"
    for at, name in enumerate("ABCDEFGHIJ")
]


def titled(*names):
    return "\n\n\n\n".join(f"{name}\n\n{SENTENCES}" for name in names)


def test_a_catalogue_after_the_last_chapter_is_left_out_by_its_lines(read):
    catalogue = "\n\n".join(CATALOGUE)
    book = read(f"{titled('THE FERRY', 'THE LAMPS', 'THE RAIL')}\n\n\n\nTHE PRINTER\n\n{catalogue}\n")
    assert whole(book, 180) and "volume, cloth" not in said(book)
    assert [skip.reason for skip in book.skipped if not skip.inline] == ["advertisement (its lines)"]
    many = "\n\n".join(CATALOGUE * 8)
    book = read(f"{titled('THE FERRY', 'THE LAMPS', 'THE RAIL')}\n\n\n\nTHE PRINTER\n\n{many}\n")
    assert [skip.doubtful for skip in book.skipped if not skip.inline] == [True]


def test_chapters_listed_with_their_pages_at_the_end_are_contents(read):
    names = ["THE FÉRRY", "THE LAMPS", "THE RAIL", "THE SHORE", "THE WAY BACK", "THE MOLE"]
    listed = "\n".join(f"{name.title().replace('é', 'e')} {9 + 40 * at}" for at, name in enumerate(names))
    book = read(f"{titled(*names)}\n\n\n\nCONTENTS\n\n{listed}\n")
    assert whole(book, 360) and "Lamps 49" not in said(book)


def test_a_dictionary_at_the_end_is_asked_about(read):
    entries = [
        f"{first}{second}{third}a, f. a word that means the {second} of {third}."
        for first in "abcdefghilmnoprstuvz"
        for second in "aeiou"
        for third in "blr"
    ]
    words = "\n\n".join(entries)
    book = read(f"{titled('THE FERRY', 'THE LAMPS', 'THE RAIL', 'THE SHORE')}\n\n\n\nTHE WORDS\n\n{words}\n")
    assert whole(book, 240)
    assert [skip.doubtful for skip in book.skipped if skip.reason == "index (its lines)"] == [True]

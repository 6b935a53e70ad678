"""Chapters of plain texts: headings that prove each other by being alike, in any language's words for numbers."""

import pytest
from bookmaking import unaccounted

from dotsbook.text.reader import read_book

TEXT = {
    "en": "He walked down to the harbour and looked at the ships for a long while, and nobody spoke to him there.",
    "de": "Er ging zum Hafen hinunter und sah lange auf die Schiffe, und niemand sprach ihn dort an, bis es dunkel war.",
    "fr": "Il descendit vers le port et regarda longtemps les bateaux, et personne ne lui parla avant la nuit tombée.",
    "fi": "Hän käveli satamaan ja katseli laivoja kauan aikaa, eikä kukaan puhunut hänelle ennen kuin tuli pimeä ja ilta.",
    "nl": "Hij liep naar de haven en keek lang naar de schepen, en niemand sprak hem daar aan tot het donker werd.",
    "ru": "Он пошёл к гавани и долго смотрел на корабли, и никто не заговорил с ним, пока не стало совсем темно вокруг.",
    "ja": "彼は港まで歩いて行って、長いあいだ船を眺めていた。誰も彼に話しかけなかった。やがて日が暮れて、空は暗くなった。",
}


def book_of(tmp_path, headings: list[str], language: str, gap: str = "\n\n\n", paragraphs: int = 25):
    body = "\n\n".join([TEXT[language]] * paragraphs)
    path = tmp_path / "a.txt"
    path.write_text(gap.join(f"{heading}\n\n{body}" for heading in headings), "utf-8")
    book = read_book([path])
    assert not unaccounted(book)
    return book


@pytest.mark.parametrize(
    ("language", "headings"),
    [
        ("en", ["CHAPTER ONE", "CHAPTER TWO", "CHAPTER THREE"]),
        ("en", ["I.--THE SHIPS", "II.--THE QUAY", "III.--THE NIGHT"]),
        ("en", ["-I-", "-II-", "-III-", "-IV-"]),
        ("en", ["Chapter 1", "Chapter 2", "Epilogue"]),
        ("fr", ["UN", "DEUX", "TROIS"]),
        ("fr", ["Chapitre 1: Un matin", "Chapitre 2: Deux soirs", "Chapitre 3: Une nuit"]),
        ("de", ["Erstes Kapitel", "Zweites Kapitel", "Drittes Kapitel"]),
        ("de", ["Zwölftes Kapitel", "Dreizehntes Kapitel", "Vierzehntes Kapitel"]),
        ("fr", ["CHAPITRE PREMIER", "CHAPITRE DEUXIÈME", "CHAPITRE TROISIÈME"]),
        ("fi", ["ENSIMMÄINEN LUKU", "TOINEN LUKU", "KOLMAS LUKU"]),
        ("nl", ["EERSTE HOOFDSTUK", "TWEEDE HOOFDSTUK", "DERDE HOOFDSTUK"]),
        ("ru", ["ГЛАВА ПЕРВАЯ", "ГЛАВА ВТОРАЯ", "ГЛАВА ТРЕТЬЯ"]),
        ("ja", ["一", "二", "三", "四"]),
        ("ja", ["第一章", "第二章", "第三章"]),
    ],
)
def test_headings_alike_are_chapters(tmp_path, language, headings):
    book = book_of(tmp_path, headings, language)
    assert [chapter.title for chapter in book.chapters] == headings
    assert book.language == language


def test_a_list_of_contents_is_no_chapters(tmp_path):
    names = [f"CHAPTER {number}" for number in ("I", "II", "III", "IV", "V")]
    body = "\n\n".join([TEXT["en"]] * 40)
    path = tmp_path / "a.txt"
    path.write_text(
        "CONTENTS\n\n" + "\n\n".join(names) + "\n\n\n" + "\n\n\n".join(f"{one}\n\n{body}" for one in names)
    )
    assert [chapter.title for chapter in read_book([path]).chapters] == names


def test_lines_of_a_dialogue_and_one_number_are_no_chapters(tmp_path):
    text = "\n\n".join(
        [TEXT["en"], "“No,” he said.", "IV", TEXT["en"], "STOP!", TEXT["en"], "1914", TEXT["en"]]
    )
    (tmp_path / "a.txt").write_text(text)
    assert len(read_book([tmp_path / "a.txt"]).chapters) == 1


def test_words_parted_at_line_ends(tmp_path):
    (tmp_path / "a.txt").write_text(
        "CHAPTER ONE\n\nThe man came down to the har-\nbour, which was a well-known\nplace, and a well-\nknown harbour.\n"
    )
    book = read_book([tmp_path / "a.txt"])
    said = " ".join(source.text for source in book.sources.values())
    assert "to the harbour, which was a well-known place, and a well-known harbour." in " ".join(said.split())
    assert not unaccounted(book)

import pytest

from dotsbook.casting.dialogue import dialogue, spoken_in
from dotsbook.casting.outer_marks import marking
from tests.casting.test_cast_of import book

CASES = [  # language, paragraphs, what is spoken in the last of them
    ("en", ["“Yes,” said he, “I will.”"], ["“Yes,”", "“I will.”"]),
    ("en", ["'Don't,' said Mr. Toots, 'touch the boys' coats.'"], ["'Don't,'", "'touch the boys' coats.'"]),
    ("en", ["'Is it you?' she cried."], ["'Is it you?'"]),
    ("en", ["“He said ‘no’ to me,” said Ann."], ["“He said ‘no’ to me,”"]),
    ("en", ["“A speech that goes on.", "“And here it ends.”"], ["“And here it ends.”"]),
    ("en", ['"I knew (turning to her sister) that it would rain."'], ['"I knew', 'that it would rain."']),
    ("en", ['"I have (you know me) no patience."'], ['"I have (you know me) no patience."']),
    ("en", ["'Twas late, and nobody spoke.", "“Come in.”"], ["“Come in.”"]),
    (
        "en",
        ['"He sees a Post, and says "that is a Post," and goes."'],
        ['"He sees a Post, and says "that is a Post," and goes."'],
    ),
    ("en", ['"I saw it," he said "and I know."'], ['"I saw it,"', '"and I know."']),
    (
        "en",
        ['"I asked him, "Where?"  He said, "Here!"  So I went."', '"Yes," said he. "I will."'],
        ['"Yes,"', '"I will."'],
    ),
    (
        "en",
        ['"I asked him, "Where?"  He said, "Here!"  So I went."'],
        ['"I asked him, "Where?"  He said, "Here!"  So I went."'],
    ),
    ("en", ['"Why, sir," said he, ""it is a muddle."'], ['"Why, sir,"', '""it is a muddle."']),
    ("de", ["»Ja«, sagte er, »gewiß.«"], ["»Ja«", "»gewiß.«"]),
    ("de", ["„Nein“, rief sie."], ["„Nein“"]),
    ("fr", ["« Oui, dit-il, j’irai. »"], ["« Oui,", "j’irai. »"]),
    ("ja", ["「はい」と彼は言った。「行く」"], ["「はい」", "「行く」"]),
]
DASHED = [
    ("es", "—Sí —dijo él—. Vamos.", ["—Sí", "Vamos."]),
    ("ru", "— Да, — сказал он. — Пойдём.", ["— Да,", "Пойдём."]),
    ("pl", "— Tak — powiedział Jan. — Chodź.", ["— Tak", "Chodź."]),
    ("it", "— Sì — disse Lucia — andiamo.", ["— Sì", "andiamo."]),
    ("fr", "— Oui, dit-il, j’irai.", ["— Oui,", "j’irai."]),
    ("fr", "— Partez ! s’écria Anne.", ["— Partez !"]),
    ("fr", "— Viendra-t-il demain ?", ["— Viendra-t-il demain ?"]),
    ("pt", "— Quem é? — perguntou ele.", ["— Quem é?"]),
]


def spoken(language: str, texts: list[str]) -> list[str]:
    found = spoken_in(texts[-1], marking(texts, language), language)
    return [texts[-1][start:end] for start, end in found.spans]


@pytest.mark.parametrize(("language", "texts", "expected"), CASES)
def test_speech_between_marks(language, texts, expected):
    assert spoken(language, texts) == expected


@pytest.mark.parametrize(("language", "text", "expected"), DASHED)
def test_speech_after_a_dash_without_the_tag_in_it(language, text, expected):
    assert spoken(language, [text] * 4) == expected


def test_a_dash_in_an_english_book_with_marks_opens_nothing():
    assert spoken("en", ["“Yes,” said he.", "“No.”", "— and so on it went, day after day."]) == []


def test_an_english_book_that_speaks_after_dashes():
    texts = [f"—Good morning, Stephen, said Buck {k}." for k in range(9)]
    assert spoken("en", texts) != []


def test_a_quotation_left_open_goes_on_in_the_next_paragraph():
    texts = ["“A speech that goes on.", "“And here it ends.”"]
    marks = marking(texts, "en")
    assert spoken_in(texts[0], marks, "en").left_open and spoken_in(texts[1], marks, "en").opens


def test_a_speech_goes_on_after_the_poem_in_it():
    text = (
        "“He wrote me this:\n\nThe rose is red, the sky is blue.\n\nNow what do you say to that?” asked Ann.\n\n"
        "The sky was blue indeed.\n\n“Nothing,” said Tom."
    )
    _, (lines,) = dialogue(book(text))
    assert [[line.text[start:end] for start, end in line.spans] for line in lines] == [
        ["“He wrote me this:"],
        ["The rose is red, the sky is blue."],
        ["Now what do you say to that?”"],
        [],
        ["“Nothing,”"],
    ]
    assert [line.follows for line in lines] == [False, True, True, False, False]


def test_a_mark_forgotten_at_an_end_gives_no_narration_away():
    _, (lines,) = dialogue(book("“He wrote me this.\n\nThe sky was blue.\n\n“Nothing,” said Tom, “at all.”"))
    assert not lines[1].spans and len(lines[2].spans) == 2


SONG = "How sweet to be a Cloud\n  Floating in the Blue!\n\n  Every little cloud\n  Always sings aloud."


def test_a_song_without_marks_is_its_singers():
    _, (lines,) = dialogue(book(f"“Listen,” said Pooh, and he sang this:\n\n{SONG}\n\nThe bees were still."))
    assert [bool(line.spans) for line in lines] == [True, True, True, False]
    assert [line.follows for line in lines] == [False, False, True, False]


def test_verse_that_nobody_sings_is_the_narrators():
    _, (lines,) = dialogue(
        book(f"“Listen,” said Pooh. There stood on the door:\n\n{SONG}\n\nThe bees hummed.")
    )
    assert [bool(line.spans) for line in lines] == [True, False, False, False]

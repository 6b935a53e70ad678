"""Words that are heard as something else in take after take: told once, and no take is doubted for them."""

import pytest

import dotsbook
from dotsbook.ears.usual_hearing import TakeWords, UsualHearing
from dotsbook.production.events import Remark
from dotsbook.render.opinions import Opinion, SpokenWord
from tests.ears.test_check_a_book import ON, ScriptedWords, asked, rendered
from tests.production.conftest import make


def take(number: int, heard: str, doubt: float, text: str = "Then Winterbourne rose.") -> TakeWords:
    words, at = [], 0
    for word in text.split():
        said, how = (heard, doubt) if word.startswith("Winter") else (word, 0.01)
        words.append(SpokenWord(at, at + len(word), at / 10, (at + len(word)) / 10, said, how))
        at += len(word) + 1
    doubted = [word for word in words if word.doubt > 0.5]
    reasons = tuple(f"“{word.heard}” is heard" for word in doubted)
    spans = tuple((word.start, word.end) for word in doubted)
    opinion = Opinion(
        1 - max(word.doubt for word in words), reasons, {"clear": 0.9, "at": 0.5}, spans, tuple(words)
    )
    return TakeWords(f"k{number}", "narrator", "en", text, opinion)


def weighed(takes: list[TakeWords], which: int = 0) -> Opinion:
    usual = UsualHearing(takes)
    for one in takes:
        usual.add(one)
    return usual.weighed(takes[which])[0]


USUAL = [take(number, "winter born,", 0.2 + 0.1 * number) for number in range(8)]


def test_a_name_that_is_always_heard_otherwise_doubts_no_take():
    opinion = weighed(USUAL, 7)
    assert opinion.score > 0.5 and opinion.reasons == () and opinion.spans == ()
    assert "at" not in opinion.figures and opinion.figures["clear"] == 0.9
    assert opinion.words[1].heard == "winter born,"


@pytest.mark.parametrize("heard", ["", "Harold", "Winterbourne"])
def test_a_take_in_which_it_is_heard_otherwise_than_usual_stays_doubted(heard):
    takes = [*USUAL, take(8, heard, 0.9)]
    assert weighed(takes, 8) == takes[8].opinion


def test_one_other_take_is_too_little():
    takes = [
        take(0, "winter born", 0.9),
        take(1, "winter born", 0.9),
        *(take(2 + at, "Winterbourne", 0.02) for at in range(6)),
    ]
    assert weighed(takes).score < 0.5


def test_another_doubt_of_the_take_stays():
    words = [*USUAL[7].opinion.words[:2], SpokenWord(18, 23, 1.8, 2.2, "", 0.8)]
    opinion = Opinion(
        0.1, ("“winter born” is heard", "“rose” isn't heard"), {"at": 0.5}, ((5, 17), (18, 23)), tuple(words)
    )
    both = TakeWords("k7", "narrator", "en", USUAL[7].text, opinion)
    found = weighed([*USUAL[:7], both], 7)
    assert found.score == pytest.approx(0.2) and found.reasons == ("“rose” isn't heard",)
    assert found.spans == ((18, 23),) and found.figures["at"] == 1.8


@pytest.mark.parametrize("heard", ["Harold", ""])
def test_a_word_that_is_heard_right_elsewhere_is_doubted_sooner(heard):
    takes = [take(0, heard, 0.2), *(take(1 + at, "Winterbourne", 0.02) for at in range(5))]
    opinion = weighed(takes)
    assert opinion.score < 0.5 and opinion.spans == ((5, 17),)
    assert opinion.reasons[0].endswith("which is heard right in other takes")
    assert weighed(takes[:4]) == takes[0].opinion, "too few others"
    assert weighed([take(0, heard, 0.01), *takes[1:]]).score > 0.5, "the recogniser is sure of it"


STORY = "# Names\n\n## One\n\n" + "\n\n".join(
    f"Then Winterbourne rose {word}." for word in ("up", "down", "out", "again")
)


def unknown_name(heard, before) -> Opinion:
    start = heard.text.find("Winterbourne")
    if start < 0:
        return Opinion(0.9)
    word = SpokenWord(start, start + 12, 0.5, 1.1, "winter born", 0.9)
    return Opinion(
        0.1, ("“winter born” is heard for “Winterbourne”",), {"at": 0.5}, ((start, start + 12),), (word,)
    )


def test_a_book_asks_once_and_hears_nothing_again(tmp_path, monkeypatch):
    folder = make(tmp_path / "book", STORY, ON.replace("ears: {words: on}\n", ""))
    rendered(folder)
    (folder / "book.yaml").write_text(ON, "utf-8")
    judge = asked(monkeypatch, ScriptedWords(unknown_name))
    with dotsbook.open(folder) as book:
        told = [event.text for event in book.check() if isinstance(event, Remark)]
        assert sum("“Winterbourne” is heard as “winter born” in 4 takes" in text for text in told) == 1
        assert book.status().doubtful == ()
        heard = len(judge.heard)
        told = [event.text for event in book.check() if isinstance(event, Remark)]
        assert len(judge.heard) == heard and any("“Winterbourne”" in text for text in told)
    assert "“Winterbourne” is heard as" in (folder / "out" / "report.html").read_text("utf-8")


def test_a_render_asks_too(tmp_path, monkeypatch):
    asked(monkeypatch, ScriptedWords(unknown_name))
    folder = make(tmp_path / "book", STORY, ON)
    rendered(folder)
    with dotsbook.open(folder) as book:
        assert book.status().doubtful == ()

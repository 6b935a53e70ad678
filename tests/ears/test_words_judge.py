"""The Words judge with a scripted recogniser: what it doubts, where, why, and what it lets be."""

import pytest

from dotsbook.ears.evidence import words_of
from dotsbook.ears.words_judge import WordsJudge, as_spoken, as_written, pattern_of
from tests.ears.scripted import ScriptedRecogniser, take_of

LINE = "The lamp on the old harbour wall had burned for seven years."


def judged(text: str, heard: str, scores: bool = True, **more):
    return WordsJudge(ScriptedRecogniser(heard, scores), **more).hear(take_of(text, heard))


@pytest.mark.parametrize("scores", [True, False])
def test_a_line_heard_as_it_is_written_is_kept(scores):
    opinion = judged(LINE, LINE, scores)
    assert opinion.score >= WordsJudge.threshold and not opinion.reasons and not opinion.spans
    assert opinion.figures["clear"] == 1.0
    assert [LINE[word.start : word.end] for word in opinion.words] == LINE.split()


@pytest.mark.parametrize("scores", [True, False])
@pytest.mark.parametrize(
    ("heard", "where", "why"),
    [
        (LINE.replace("harbour", "kitchen"), "harbour", "“kitchen” is heard for “harbour”"),
        (LINE.replace(" burned", ""), "burned", "“burned” isn't heard"),
        (LINE.replace("years.", "years marvellous"), "years.", "“marvellous” is heard"),
    ],
)
def test_a_fault_is_found_and_pointed_at(scores, heard, where, why):
    opinion = judged(LINE, heard, scores)
    assert opinion.score < WordsJudge.threshold
    start, end = opinion.spans[0]
    assert LINE[start:end] == where and why in opinion.reasons[0]
    assert 0 <= opinion.figures["at"] <= len(heard.split()) * 0.3


def test_a_word_said_twice():
    opinion = judged(LINE, LINE.replace("burned", "burned burned"))
    assert opinion.score < WordsJudge.threshold
    assert any(LINE[start:end] in ("burned", "had", "for") for start, end in opinion.spans)


@pytest.mark.parametrize(
    "heard",
    [
        LINE.replace("harbour", "harbor"),
        LINE.replace("seven", "7"),
        LINE.lower().replace(".", ""),
    ],
)
def test_another_spelling_is_no_fault(heard):
    assert judged(LINE, heard, scores=False).score >= WordsJudge.threshold


def test_a_name_is_judged_by_its_respelling():
    text, heard = "Then her-my-oh-nee went down to the sea.", "Then Hermione went down to the sea."
    plain, told = judged(text, heard), judged(text, heard, respelled={"her-my-oh-nee": "Hermione"})
    assert plain.score < WordsJudge.threshold <= told.score


def test_words_of_the_written_text_stand_where_they_are_spoken():
    respelled = {"her-my-oh-nee": "Hermione", "kuh-nute": "Cnut"}
    text = "Her-my-oh-nee met kuh-nute, and left."
    written, spans = as_written(text, pattern_of(respelled), respelled)
    assert written == "Hermione met Cnut, and left."
    places = [as_spoken(word, spans) for word in words_of(written)]
    assert [text[place.start : place.end] for place in places] == text.split()


def test_a_respelling_excuses_no_other_word():
    text, heard = "Then her-my-oh-nee went down to the sea.", "Then Hermione went down to the kitchen."
    opinion = judged(text, heard, respelled={"her-my-oh-nee": "Hermione"})
    assert opinion.score < WordsJudge.threshold
    start, end = opinion.spans[0]
    assert text[start:end] == "sea."


def test_a_language_that_the_recogniser_lacks_is_not_judged():
    recogniser = ScriptedRecogniser("nichts", languages=("en",))
    assert WordsJudge(recogniser).hear(take_of("Der Leuchtturm brannte.", "nichts", "de")) is None
    assert recogniser.listened == 0


def test_a_take_that_is_too_long_for_it_is_not_judged():
    assert WordsJudge(ScriptedRecogniser("so")).hear(take_of(LINE, "so " * 120)) is None


def test_a_text_without_words_is_not_judged():
    assert judged("— … —", "hm") is None


def test_another_recogniser_is_another_version():
    one, other = (WordsJudge(ScriptedRecogniser("", identity=name)).version for name in ("a:1", "a:2"))
    assert one != other

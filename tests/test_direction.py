"""How a direction is written and what can't be one: a sentence for each."""

import pytest

from dotsbook.direction import checked, delivered, marks_of, parted, read, unknown_emotion, written


@pytest.mark.parametrize(
    "key, value, kept",
    [
        ("rate", "0.9", "0.9"),
        ("rate", 2, "2"),
        ("pause-after", "0.8s", "0.8"),
        ("pause-before", 0, "0"),
        ("emo", "sad/2", "sad/2"),
        ("emo", " calm ", "calm"),
        ("instruct", "to  herself,\nlow", "to herself, low"),
    ],
)
def test_what_can_be(key, value, kept):
    assert checked(key, value) == kept


@pytest.mark.parametrize(
    "key, value, said",
    [
        ("rate", "9", "half as fast"),
        ("rate", "-1", "half as fast"),
        ("rate", "fast", "write a number"),
        ("rate", True, "write a number"),
        ("rate", float("nan"), "write a number"),
        ("pause-after", "-1", "0 to 30 seconds"),
        ("pause-before", "1e9", "0 to 30 seconds"),
        ("emo", "sad/9", "1 to 3"),
        ("emo", "", "write an emotion"),
        ("emo", ["sad"], "write an emotion"),
        ("instruct", "", "200 characters"),
        ("instruct", "a" * 201, "200 characters"),
        ("instruct", "say {x}", "without braces"),
        ("pause_after", "1", "did you mean `pause-after`"),
        ("volume", "1", "no direction"),
    ],
)
def test_what_cannot(key, value, said):
    with pytest.raises(ValueError, match=said):
        checked(key, value)


def test_a_delivery_stands_behind_its_voice_and_is_read_again():
    wanted = {"instruct": "to herself, low", "rate": "0.9", "emo": "out of breath/2"}
    text = written(wanted)
    assert text == 'rate=0.9 emo="out of breath/2" instruct="to herself, low"'
    assert read(text) == wanted
    assert parted(delivered("mara", text)) == ("mara", text)
    assert parted(delivered("mara", "")) == ("mara", "") and parted("a {b") == ("a {b", "")


def test_a_pause_stands_on_one_character():
    marks = marks_of(4, 9, {"pause-before": "1", "pause-after": "2", "rate": "0.9"})
    assert [(mark.start, mark.end) for mark in marks] == [(4, 5), (8, 9), (4, 9)]


def test_emotions_that_nobody_knows():
    assert unknown_emotion("sad/3", ()) == "" == unknown_emotion("hoarse", ["hoarse"])
    assert "did you mean `sad`" in unknown_emotion("sadd", ())
    assert "melancholic" in unknown_emotion("qqq", ())

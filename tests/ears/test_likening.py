"""Words made alike: what sounds the same is the same, what is another word isn't."""

import pytest

from dotsbook.ears.likening import difference, likened, matched


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("colour", "color"),
        ("Mister", "Mr."),
        ("twelve", "12"),
        ("twenty-first", "21st"),
        ("realised", "realized"),
        ("grey", "gray"),
        ("night", "knight"),
        ("their", "there"),
        ("two", "to"),
        ("sea", "see"),
        ("don’t", "don't"),
    ],
)
def test_the_same_by_another_spelling(written, heard):
    assert difference(likened(written), likened(heard)) == 0


@pytest.mark.parametrize(
    ("written", "heard"), [("house", "river"), ("enable", "whelp"), ("world", "professional")]
)
def test_another_word(written, heard):
    assert difference(likened(written), likened(heard)) > 0.5


def beside(written: str, heard: str) -> list[tuple]:
    left, right = [likened(word) for word in written.split()], [likened(word) for word in heard.split()]
    return [
        ("" if one.written is None else left[one.written], " ".join(right[at] for at in one.heard))
        for one in matched(left, right)
    ]


def test_one_word_heard_as_two_and_two_as_one():
    assert beside("in Coketown a mill", "in coke town a mill")[1] == ("coketown", "coke town")
    assert beside("the salt road ran", "the saltroad ran")[1:3] == [
        ("salt", "saltroad"),
        ("road", "saltroad"),
    ]


def test_missing_and_added_words_stand_alone():
    assert beside("she ran along the sea", "she ran the sea")[2] == ("along", "")
    assert ("", "sea") in beside("by the sea and back", "by the sea sea and back")


def test_accents_are_no_fault_in_english():
    assert likened("Rostóv", "en-GB") == "rostov" and likened("Café") == "cafe"
    assert likened("été", "fr") == "été"

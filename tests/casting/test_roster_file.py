"""cast.yaml: read strictly, brought up to date without losing a hand-made line."""

import pytest

from dotsbook.casting.character import Character
from dotsbook.casting.roster import Member
from dotsbook.casting.roster_file import load_roster, merged, updated
from dotsbook.errors import ManifestError

HAND = """\
# my cast
Mara: {voice: mara, gender: f}   # the ferryman's daughter
Anselm:
  also: [the old man, Mr. Hale]
  voice: anselm
narrator: {is: Hastings}
"""


def read(tmp_path, text):
    path = tmp_path / "cast.yaml"
    path.write_text(text, "utf-8")
    return load_roster(path)


def test_a_roster_is_read(tmp_path):
    assert read(tmp_path, HAND).members == (
        Member("Mara", (), "f", "mara"),
        Member("Anselm", ("the old man", "Mr. Hale"), "", "anselm"),
        Member("Hastings", is_narrator=True),
    )
    assert read(tmp_path, "# nothing yet\n").members == ()
    assert load_roster(tmp_path / "none.yaml").members == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mara: {vioce: mara}", "line 1: unknown key `vioce`; did you mean `voice`"),
        ("Mara: {gender: x}", "line 1.*gender"),
        ("A: {also: [Bob]}\nB: {also: [bob]}", "line 2: both A and B are called 'bob'.*cast merge A B"),
        ("Mara: {is: Anna}", "line 1: only `narrator`"),
        ("- Mara", "must be a list of names"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, text, said):
    with pytest.raises(ManifestError, match=said):
        read(tmp_path, text)


def test_an_update_keeps_every_hand_made_line(tmp_path):
    found = [
        Character("Mr. Hale", ("Anselm",), "m", 40, 500),
        Character("Mara", (), "f", 30, 400),
        Character("Old: Tom", ("Tom",), "m", 1, 7),
    ]
    text = updated(HAND, found, {"Old: Tom": "a-man"})
    for line in HAND.splitlines():
        assert any(line in new for new in text.splitlines()), line
    assert "Anselm:" in text and "# 40 lines, 500 words" in text
    members = {one.name: one for one in read(tmp_path, text).members}
    assert members["Old: Tom"] == Member("Old: Tom", ("Tom",), "m", "a-man")
    assert members["Mara"].voice == "mara" and set(members) == {"Mara", "Anselm", "Old: Tom", "Hastings"}
    assert updated(text, found, {}) == text
    grown = updated(text, [Character("Anselm", (), "m", 41, 510)], {})
    assert "# 41 lines, 510 words" in grown and "# 40 lines" not in grown


def test_a_voice_is_dealt_to_an_entry_that_has_none(tmp_path):
    for text in (
        "Mara: {gender: f}\n",
        "Mara:\n  gender: f\n",
        "Mara:\n",
        "Mara: {}\n",
        "Mara:  # hers\nAnna: {}\n",
    ):
        new = updated(text, [Character("Mara", (), "f", 1, 1)], {"Mara": "m1"})
        assert {one.name: one.voice for one in read(tmp_path, new).members}["Mara"] == "m1", new


def test_two_names_become_one_person(tmp_path):
    text = "# head\nMara:   # 3 lines, 9 words\n  voice: mara\nMiss Hale: {gender: f, also: [the girl]}\n# tail\nAnselm: {}\n"
    new = merged(text, "Mara", "miss hale")
    assert read(tmp_path, new).members == (
        Member("Mara", ("Miss Hale", "the girl"), "f", "mara"),
        Member("Anselm"),
    )
    assert "# head" in new and "# tail" in new
    with pytest.raises(ManifestError, match="nobody called Bob"):
        merged(text, "Mara", "Bob")
    with pytest.raises(ManifestError, match="one person"):
        merged(new, "Mara", "the girl")
    lists = "Mara:\n  also:\n    - M.\n  voice: mara\nAnna:\n  also:\n    - A.\n    - B.\nTom: {}\n"
    assert read(tmp_path, merged(lists, "Mara", "Anna")).members == (
        Member("Mara", ("M.", "Anna", "A.", "B."), "", "mara"),
        Member("Tom"),
    )


def test_a_long_name_leaves_room_for_its_comment(tmp_path):
    name = "Herr Sesemann Fräulein Rottenmeier"
    path = tmp_path / "cast.yaml"
    path.write_text(updated("", [Character(name, gender="m", lines=2, words=9)], {}), "utf-8")
    assert [one.name for one in load_roster(path).members] == [name]

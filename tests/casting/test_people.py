from collections import Counter

import pytest

from dotsbook.casting.people import people_of
from dotsbook.casting.roster import Member, Roster


def people(counts: dict[str, int], roster: Roster | None = None):
    return people_of(Counter(counts), set(counts), roster)


def test_names_of_one_person_are_one():
    found = people({"Emma": 80, "Emma Woodhouse": 9, "Mr Woodhouse": 30, "Mr Knightley": 40, "Knightley": 6})
    assert found.of["Emma"] == found.of["Emma Woodhouse"] != found.of["Mr Woodhouse"]
    assert found.of["Knightley"] == found.of["Mr Knightley"]
    assert (
        found.people[found.of["Emma"]].gender == "f" and found.people[found.of["Mr Knightley"]].gender == "m"
    )


def test_a_married_title_is_not_a_miss():
    found = people({"Miss Bates": 30, "Mrs Bates": 12})
    assert found.of["Miss Bates"] != found.of["Mrs Bates"]


def test_members_of_a_roster_stay_apart_and_take_their_names():
    roster = Roster((Member("Mrs. Weston", ("Miss Taylor",), "f"), Member("Hercule Poirot", gender="m")))
    found = people({"Miss Taylor": 20, "Mrs Weston": 50, "Poirot": 70, "Mr Weston": 10}, roster)
    assert found.of["Miss Taylor"] == found.of["Mrs Weston"] == 0
    assert found.of["Poirot"] == 1 and found.of["Mr Weston"] > 1


def test_a_closed_roster_gains_nobody():
    found = people({"Emma": 20, "Harriet": 9}, Roster((Member("Emma", gender="f"),), closed=True))
    assert len(found.people) == 1 and "Harriet" not in found.of


FAMILIES = [  # how often a book has each name; two of them that mean two people
    ({"Charles": 200, "Charles Wilcox": 7, "Mr Wilcox": 170}, "Charles", "Mr Wilcox"),
    ({"Mr Knightley": 290, "Mr John Knightley": 30, "John Knightley": 14}, "John Knightley", "Mr Knightley"),
    ({"Daisy": 130, "Daisy Miller": 11, "Miss Miller": 33, "Mrs Miller": 42}, "Daisy", "Mrs Miller"),
    ({"General Tilney": 24, "Captain Tilney": 26, "Henry Tilney": 12}, "General Tilney", "Captain Tilney"),
    ({"Mrs John Dashwood": 25, "John Dashwood": 9}, "John Dashwood", "Mrs John Dashwood"),
]


@pytest.mark.parametrize(("counts", "one", "other"), FAMILIES)
def test_a_family_is_told_apart_by_how_a_book_names_it(counts, one, other):
    found = people(counts)
    assert found.of[one] != found.of[other]


def test_a_heroine_is_the_miss_of_her_family():
    found = people({"Emma": 850, "Emma Woodhouse": 4, "Miss Woodhouse": 170, "Miss Emma": 1})
    assert len({found.of[name] for name in ("Emma", "Emma Woodhouse", "Miss Woodhouse")}) == 1


def test_capitals_alone_make_no_other_person():
    people = people_of(Counter({"Queen": 5, "QUEEN": 3}), {"Queen", "QUEEN"})
    assert people.of["Queen"] == people.of["QUEEN"]
    assert [person.names for person in people.people] == [{"Queen": 5, "QUEEN": 3}]

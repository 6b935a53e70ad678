from dotsbook.casting.age import age_of, ages
from dotsbook.casting.people import People


def test_a_book_says_who_is_old_and_who_is_young():
    people = People()
    for name in ("Mr Emerson", "Pearl", "Lucy"):
        people.add(name)
    texts = [
        "Here came old Mr. Emerson.",
        "And old Mr. Emerson sat, little Pearl by him.",
        "Then little Pearl ran to Lucy.",
    ]
    assert ages(texts, people) == {0: 1.0, 1: -1.0}


def test_a_phrase_says_how_old_somebody_is():
    assert (age_of("the old man"), age_of("the girl"), age_of("the landlord")) == (1.0, -1.0, 0.0)

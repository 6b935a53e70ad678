"""Names and odd words of a book, found without a dictionary."""

import sys
from pathlib import Path
from types import SimpleNamespace

from dotsbook.book import Chunk, Kind, Pause
from dotsbook.text.lexicon import odd_words as odd_words_file
from dotsbook.text.lexicon.lexicon_file import LexiconEntry, build
from dotsbook.text.lexicon.odd_words import example_sentence, odd_words, respelled
from dotsbook.text.lexicon.spelling import Spelling, table


def chunks(*lines, language="en"):
    return [
        Chunk(
            f"1.{number}",
            1,
            "a",
            0,
            len(line),
            line,
            line,
            "narrator",
            language,
            Pause.SENTENCE,
            0,
            Kind.PROSE,
        )
        for number, line in enumerate(lines, 1)
    ]


def found(*lines, language="en", lexicon=None):
    return {odd.word: odd.reason for odd in odd_words(chunks(*lines, language=language), language, lexicon)}


def test_names_are_known_by_their_capitals_inside_sentences():
    words = found(
        "When Siobhan came, the river was high.",
        "The river saw Siobhan’s boat.",
        "River water is cold, and the River knew.",
        "Then the bell rang for Siobhan.",
    )
    assert words == {"Siobhan": "name"}


def test_the_most_frequent_comes_first_with_its_first_place():
    odd = odd_words(chunks("We met Adair.", "So Siobhan and Adair left.", "The boat of Adair."), "en")
    assert [(each.word, each.count, each.chunk) for each in odd] == [
        ("Adair", 3, "1.1"),
        ("Siobhan", 1, "1.2"),
    ]
    assert odd[1].context == "So Siobhan and Adair left."


def test_other_oddities():
    words = found("The R2D2 of NASA had a naïve McAdam and a привет in its 1st café at 3pm.")
    assert words == {
        "R2D2": "mixed",
        "NASA": "initialism",
        "naïve": "foreign letters",
        "McAdam": "mixed",
        "café": "foreign letters",
    } | ({"привет": "foreign letters"} if "привет" in words else {})


def test_german_nouns_are_not_names_but_names_are():
    words = found(
        "Der Hund sah Siobhan.",
        "Ein Hund bellte, und Siobhan lief.",
        "Als Siobhan kam, schlief der Hund.",
        language="de",
    )
    assert words == {"Siobhan": "name"}


def test_katakana_and_titled_names():
    assert set(found("そこで田中さんはアントニオに会った。", language="ja")) == {"田中", "アントニオ"}


def test_an_entry_is_shown():
    odd = odd_words(chunks("We met Adair there."), "en", build([LexiconEntry("Adair", "a-DARE")]))
    assert odd[0].entry == "a-DARE"


def test_an_example_holds_the_whole_word_and_is_of_middling_length():
    lines = chunks(
        "Adairs.",
        "Adair!",
        "It was on that very evening that Adair came down to the harbour again.",
        "Adair " * 60,
    )
    assert example_sentence(lines, "adair").id == "1.3"
    assert example_sentence(lines, "Siobhan") is None
    assert respelled(lines[1], "Adair", "a-DARE") == "a-DARE!"


ORDINARY = str.split(
    """people sphinx frenzy sexes voyage cycle fabrics fixed optics puffs sixth vigour bicycle cynic exodus liquid
    proxy pseudonyms utmost muzzle corpse physic azure zephyr gypsy oxygen zigzag autumn canopy injury abrupt gauze
    hookah judgment opaque pacify pygmies rhymes sylph vulgar larynx rhythm psyche mnemonic phthisis"""
)
ODDITIES = str.split(
    "ulyulyu awistocwacy conscwiption quahtehmasteh offahd puhse borzoi bwango muezzins cthulhu themthelvth"
)


def test_ordinary_english_spelling_is_not_odd_whatever_the_book():
    for words in (set(), {"the", "boat", "river", "lamp"}, set(ORDINARY)):
        spelling = Spelling(words)
        assert [word for word in ORDINARY if spelling.odd(word, "en")] == []


def test_dialect_and_foreign_words_are():
    spelling = Spelling({"the", "boat", "river", "lamp"})
    assert [word for word in ODDITIES if not spelling.odd(word, "en")] == []
    assert not Spelling({"cwoss", "cwossed", "cwosses", "stwuck", "stwing", "stwong"}).odd("cwoss", "en"), (
        "a book's own habit, met often, is no oddity of one word"
    )


def test_a_word_of_two_words_is_not_odd():
    assert not Spelling({"earth", "gives"}).odd("earthquake", "en") and Spelling({"gives"}).odd(
        "earthquake", "en"
    )
    common = {
        f"{a}{b}{c}"
        for a in "bdgklmnrst"
        for b in "aeiou"
        for c in ("ben", "den", "gen", "len", "nen", "ten")
    }
    assert Spelling(common | {"wo"}).odd("wohipf", "de") and not Spelling(common | {"wo", "hipf"}).odd(
        "wohipf", "de"
    )


def test_accents_make_no_word_odd():
    words = {
        f"{a}{b}{c}o" for a in ("r", "rap", "oc", "qu") for b in "aeiou" for c in ("id", "ean", "iz", "ul")
    }
    spelling = Spelling({*words, "rápido", "océano", "quizá"})
    assert not any(spelling.odd(word, "es") for word in ("rápido", "océano", "quizá"))
    assert spelling.odd("xxvii", "es") and Spelling({"фют"}).odd("обюспючюн", "ru")


def test_a_table_of_spelling_is_letters_and_edges():
    for file in (Path(odd_words_file.__file__).parent / "data").glob("??.txt"):
        triples = table(file.stem)
        assert 1000 < len(triples) < 20_000 and all(len(triple) == 3 for triple in triples)
        assert all(letter == "_" or letter.islower() for triple in triples for letter in triple)
    assert table("xx") == table("../en") == frozenset()


def test_the_find_lists_odd_spellings_of_a_book_that_is_long_enough(monkeypatch):
    lines = (
        "He asked the people of the sphinx for autumn fruit.",
        "It was an offahd of the master of rhymes.",
    )
    assert found(*lines) == {}
    monkeypatch.setattr(odd_words_file, "ODD_BOOK", 10)
    assert found(*lines) == {"offahd": "odd spelling"}


def a_list_of_words(monkeypatch, *known):
    """wordfreq, knowing these words of English."""
    rated = SimpleNamespace(
        available_languages=lambda kind: {"en": ""},
        zipf_frequency=lambda word, language: 4.0 if word in known else 0.0,
    )
    monkeypatch.setitem(sys.modules, "wordfreq", rated)


def test_rare_words_are_listed_where_a_list_of_words_is_installed(monkeypatch):
    words = [f"word{chr(97 + at // 26)}{chr(97 + at % 26)}" for at in range(100)]
    line = f"They saw {' '.join(words)} and amorini there, which oughtn’t to be."
    monkeypatch.setitem(sys.modules, "wordfreq", None)
    assert found(line) == {}
    a_list_of_words(monkeypatch, "there", "which", "ought", *words)
    assert found(line) == {"amorini": "rare"}
    assert found(line, language="sv") == {}, "a language without a list"
    a_list_of_words(monkeypatch, "there", "which", "ought", *words[:90])
    assert found(line) == {}, "a book of which the list knows too little"


def test_words_read_in_two_ways_are_listed_with_both():
    [odd] = odd_words(chunks("She had read it twice.", "They walked."), "en")
    assert (odd.word, odd.reason, odd.readings) == ("read", "two readings", ("reed", "red"))
    assert found("Sie haben das read nicht.", language="de") == {}


def test_words_of_a_passage_in_another_language_are_foreign():
    [odd] = odd_words(chunks("le bateau", language="fr"), "en")
    assert (odd.word, odd.reason) == ("bateau", "foreign")

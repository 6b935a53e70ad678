"""Names and odd words of a book, found without a dictionary."""

from dotsbook.book import Chunk, Kind, Pause
from dotsbook.text.lexicon.lexicon_file import LexiconEntry, build
from dotsbook.text.lexicon.odd_words import example_sentence, odd_words, respelled


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

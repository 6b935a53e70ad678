"""The script as a whole: voices, pauses, languages, the receipt."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.book import Book, Chapter, Kind, Mark, Paragraph, Pause, Skip, Source, visible
from dotsbook.errors import SourceError
from dotsbook.manifest import Manifest
from dotsbook.text.lexicon.lexicon_file import LexiconEntry, build
from dotsbook.text.script.receipt import require_whole, take_stock
from dotsbook.text.script.script_writer import SILENT, make_script, words


def book_of(*chapters, language="en"):
    """A book of one source; a paragraph is its text, or (text, what else Paragraph takes)."""
    text, made = "", []
    for number, paragraphs in enumerate(chapters, 1):
        placed = []
        for item in paragraphs:
            line, more = (item, {}) if isinstance(item, str) else item
            start = len(text)
            marks = tuple(Mark(a + start, b + start, *rest) for a, b, *rest in more.get("marks", ()))
            text += line + "\n\n"
            placed.append(Paragraph("a", start, start + len(line), **{**more, "marks": marks}))
        made.append(Chapter(number, f"Chapter {number}", tuple(placed)))
    return Book("T", "A", language, {"a": Source("a", text, visible(text))}, tuple(made), ())


def manifest(**more):
    return Manifest(
        **(
            {
                "title": "T",
                "language": "en",
                "source": ["a"],
                "normalise": "off",
                "voices": {"narrator": {}, "mara": {}, "tom": {}},
                "cast": {"Mara Quill": "mara", "Tom": "tom"},
            }
            | more
        )
    )


def test_pauses_follow_structure():
    book = book_of(
        [
            ("One", {"kind": Kind.HEADING}),
            "It was late in the year. The lamps were lit.",
            "The last boat was in.",
            ("Nobody saw it come.", {"scene_before": True}),
            ("“Who is there?”", {"speaker": "Tom"}),
            ("“It is only me.”", {"speaker": " mara  QUILL "}),
            "She came in.",
        ],
        ["The end of it."],
    )
    script = make_script(book, manifest())
    assert [chunk.pause for chunk in script.chunks] == [
        Pause.HEADING,
        Pause.SENTENCE,
        Pause.PARAGRAPH,
        Pause.SCENE,
        Pause.SPEAKER,
        Pause.SPEAKER,
        Pause.SPEAKER,
        Pause.CHAPTER,
        Pause.CHAPTER,
    ]
    assert [chunk.voice for chunk in script.chunks] == ["narrator"] * 5 + [
        "tom",
        "mara",
        "narrator",
        "narrator",
    ]
    assert [chunk.id for chunk in script.chunks][:3] == ["1.1", "1.2", "1.3"] and script.chunks[
        -1
    ].id == "2.1"
    assert script.warnings == () and script.receipt.unaccounted == 0


def test_an_unknown_speaker_is_read_by_the_default_voice_with_a_warning():
    script = make_script(
        book_of([("“Me.”", {"speaker": "Mara Qill"}), ("“Me too.”", {"speaker": "default"})]), manifest()
    )
    assert {chunk.voice for chunk in script.chunks} == {"narrator"}
    assert len(script.warnings) == 1 and "did you mean Mara Quill?" in script.warnings[0]


def test_offsets_are_exact():
    script = make_script(book_of(["One two three. Four five six and seven.", "Eight nine."]), manifest())
    book = book_of(["One two three. Four five six and seven.", "Eight nine."])
    assert all(
        book.sources[chunk.source].text[chunk.start : chunk.end] == chunk.text for chunk in script.chunks
    )


def test_an_ornament_is_skipped_with_a_reason_and_counted():
    script = make_script(book_of(["It was over.", "* * *", "It began again."]), manifest())
    assert [chunk.text for chunk in script.chunks] == ["It was over.", "It began again."]
    assert [(skip.reason, skip.chars) for skip in script.skipped] == [(SILENT, 3)]
    assert script.receipt.unaccounted == 0 and script.receipt.skipped_chars == 3
    assert script.chunks[0].pause is Pause.PARAGRAPH


def test_verse_gets_a_breath_at_its_line_ends():
    script = make_script(
        book_of([("The moon is up\nThe boats are in;\nAll still", {"kind": Kind.VERSE})]), manifest()
    )
    assert script.chunks[0].spoken == "The moon is up, The boats are in; All still"
    assert "\n" in script.chunks[0].text


def test_figures_set_high_are_exponents():
    line = ("There are 106 of them.", {"marks": [(12, 13, "high", "")]})
    script = make_script(book_of([line]), manifest(normalise="on"))
    assert script.chunks[0].spoken == "There are ten to the power of six of them."
    assert [change.before for change in script.changes] == ["106"] and script.receipt.unaccounted == 0
    assert make_script(book_of([line]), manifest()).chunks[0].spoken == "There are 106 of them."


def test_no_gap_is_left_where_a_picture_sign_stood():
    assert (
        make_script(book_of(["He left \u2764\ufe0f. Yes \U0001f642!"]), manifest(normalise="on"))
        .chunks[0]
        .spoken
        == "He left. Yes!"
    )


def test_marks_of_the_source_are_said_unless_the_lexicon_says_otherwise():
    line = ("Siobhan met Niamh.", {"marks": [(0, 7, "say", "Chevonne"), (12, 17, "say", "Neeve")]})
    script = make_script(book_of([line]), manifest(), build([LexiconEntry("Siobhan", "shi-VAWN")]))
    assert script.chunks[0].spoken == "shi-VAWN met Neeve."
    assert [(change.before, change.after, change.rule) for change in script.changes] == [
        ("Siobhan", "shi-VAWN", "lexicon"),
        ("Niamh", "Neeve", "source"),
    ]
    assert all(
        book_of([line]).sources["a"].text[change.start : change.end] == change.before
        for change in script.changes
    )


def test_the_manifests_language_counts_for_more_than_the_books():
    book = book_of(
        [("Guten Tag, sagte er.", {"language": "en-US"}), ("Bonjour, dit-il en riant.", {"language": "fr"})],
        language="en",
    )
    assert [chunk.language for chunk in make_script(book, manifest(language="Deutsch")).chunks] == [
        "de",
        "fr",
    ]


def test_some_chapters_alone_have_a_receipt_of_their_own():
    book = book_of(["One line here."], ["Another line."], ["A third."])
    script = make_script(book, manifest(), chapters={2})
    assert [chunk.id for chunk in script.chunks] == ["2.1"]
    assert script.receipt.unaccounted == 0 and script.receipt.source_chars == visible("Another line.")


def test_an_entry_changes_exactly_the_chunks_that_hold_the_word():
    book = book_of(
        [
            "Siobhan came down to the harbour early. Nobody else was there yet that day. The gulls cried over it all."
        ]
    )
    before, after = (
        make_script(book, manifest()),
        make_script(book, manifest(), build([LexiconEntry("Siobhan", "shi-VAWN")])),
    )
    changed = [now.id for was, now in zip(before.chunks, after.chunks, strict=True) if was != now]
    assert changed == [change.chunk for change in after.changes] == ["1.1"]


def test_the_receipt_finds_a_lost_a_doubled_and_a_foreign_chunk():
    book = book_of(["One two three.", "Four five six."])
    chunks = make_script(book, manifest()).chunks
    assert take_stock(book, chunks).unaccounted == 0
    assert take_stock(book, chunks[:1]).unaccounted == visible("Four five six.")
    assert take_stock(book, [*chunks, chunks[0]]).unaccounted == visible(chunks[0].text)
    with pytest.raises(SourceError, match="neither spoken nor skipped"):
        require_whole(take_stock(book, chunks[1:]))


def test_a_surplus_in_one_source_does_not_hide_a_lack_in_another():
    book = book_of(["One two."])
    book.sources["b"] = Source("b", "", 5)
    padded = Book(
        book.title, book.author, book.language, book.sources, book.chapters, (Skip("a", "x", "imprint", 5),)
    )
    assert take_stock(padded, make_script(padded, manifest()).chunks).unaccounted == 10


def test_words_are_counted_in_every_script():
    assert (words("Two words, don’t"), words("你好 world"), words("あいう")) == (3, 3, 3)


LINE = st.text(st.sampled_from("abcXYZ .!?…,—“”'()123\n。你あ*☺ "), max_size=150)


@settings(max_examples=150)
@given(
    st.lists(
        st.lists(
            st.tuples(LINE, st.sampled_from([None, "Tom", "Nobody"]), st.sampled_from(list(Kind))), max_size=5
        ),
        max_size=3,
    )
)
def test_every_character_is_spoken_or_skipped(chapters):
    book = book_of(
        *[
            [(line, {"speaker": speaker, "kind": kind}) for line, speaker, kind in chapter]
            for chapter in chapters
        ]
    )
    script = make_script(book, manifest())
    assert script.receipt.unaccounted == 0
    assert script.receipt.source_chars == script.receipt.spoken_chars + script.receipt.skipped_chars
    assert all(any(letter.isalnum() for letter in chunk.spoken) for chunk in script.chunks)
    assert len({chunk.id for chunk in script.chunks}) == len(script.chunks)
    assert script == make_script(book, manifest())


def test_a_speakers_quotations_are_theirs_and_the_rest_is_the_narrators():
    from dotsbook.book import Paragraph
    from dotsbook.text.script.speakers import quotes_only

    text = 'x "No," she said. "Not ‘now’." Then she left.'
    paragraph = quotes_only(Paragraph("a", 2, len(text), speaker="Mara"), text)
    assert paragraph.speaker is None
    assert [text[mark.start : mark.end] for mark in paragraph.marks] == ['"No,"', '"Not ‘now’."']
    speech = Paragraph("a", 0, len(text), speaker="Mara")
    assert quotes_only(speech, text) == speech, "as in a play: it does not open with a quotation"


def test_another_voice_in_a_sentence_that_goes_on_takes_a_breath_only():
    from types import SimpleNamespace

    from dotsbook.book import Pause
    from dotsbook.text.script.script_writer import within

    def line(said):
        return SimpleNamespace(said=said)

    assert within(line("“Why?”"), line("she said.")) is Pause.CLAUSE
    assert within(line("“No,”"), line("Ines said.")) is Pause.CLAUSE
    assert within(line("she said."), line("“Then go.”")) is Pause.SPEAKER


def test_a_line_outside_the_book_is_read_like_its_own():
    """Spoken credits: the lexicon, the rules, the book's language and default voice."""
    from dotsbook.text.script.spoken import SourceChange, spoken_line

    lexicon = build([LexiconEntry("Siobhan", "shi-VAWN")])
    text = "Siobhan's tale,\n read in 1999  by Dr. Smith for $5."
    said, made = spoken_line(text, manifest(normalise="on"), lexicon, chunk="opening", source="book.yaml")
    assert said == "shi-VAWN's tale, read in nineteen ninety-nine by Doctor Smith for five dollars."
    assert made[0] == SourceChange("opening", "book.yaml", 0, 7, "Siobhan", "shi-VAWN", "lexicon")
    assert [text[change.start : change.end] for change in made] == [change.before for change in made]
    assert [change.before for change in made] == ["Siobhan", "1999", "Dr.", "$5"]
    assert spoken_line(text, manifest(normalise="off"), chunk="opening") == (
        "Siobhan's tale, read in 1999 by Dr. Smith for $5.",
        (),
    )


def test_a_language_without_rules_is_told():
    script = make_script(
        book_of(["Det kostade 15 %."], language="sv"), manifest(language="sv", normalise="on")
    )
    assert script.chunks[0].spoken == "Det kostade femton procent."
    assert any("Swedish has no rules of its own" in line for line in script.warnings)

"""Paragraphs in pieces: sizes, voices, languages; and that nothing is lost, whatever the text."""

from hypothesis import given, settings
from hypothesis import strategies as st

from dotsbook.book import Kind, Mark, Paragraph, Pause
from dotsbook.text.script.chunks import LENGTHS, pieces
from dotsbook.text.script.clauses import parts

BROKEN_ELSEWHERE = [  # lines that other tools lost words of, in our own words where they were long
    'He looked up. "No." She waited. "Why?" he said. Silence.',
    "He paid $5 for the hat and $10 for the coat.",
    "Run! Run! Run! They ran. Tom. Dick. Harry.",
    "R2D2 drank B12 from an MP3 player in Hangar A10.",
    "Élodie said — naïve café (aside)",
    "He said 'No.' in the '60s.",
]


def cut(
    text,
    language="en",
    marks=(),
    speaker=None,
    kind=Kind.PROSE,
    speakable=lambda code: True,
    start=0,
    end=None,
):
    paragraph = Paragraph(
        "a",
        start,
        len(text) if end is None else end,
        kind,
        None,
        speaker,
        tuple(Mark(*mark) for mark in marks),
    )
    return pieces(text, paragraph, language, lambda name: name.lower() if name else "narrator", speakable)


def texts(text, *rest, **more):
    return [text[piece.start : piece.end] for piece in cut(text, *rest, **more)]


def test_lines_that_broke_others_come_through_whole():
    for line in BROKEN_ELSEWHERE:
        assert "".join("".join(texts(line)).split()) == "".join(line.split())


def test_a_sentence_is_a_piece_and_a_tiny_one_joins():
    text = "The rain had stopped before they came. “No.” She waited for the bell to ring again. The street was empty."
    assert texts(text) == [
        "The rain had stopped before they came. “No.”",
        "She waited for the bell to ring again.",
        "The street was empty.",
    ]


def test_a_name_with_a_verb_of_saying_stays_with_its_quote():
    assert texts("“Where have you put the lantern?” Mara asked. The hall was dark and very cold.") == [
        "“Where have you put the lantern?” Mara asked.",
        "The hall was dark and very cold.",
    ]


def test_a_long_sentence_is_parted_at_clauses_and_says_so():
    text = (
        "The road, which had been mended in the spring by men from the next valley, ran down to the water; there it "
        "stopped, because nobody had ever thought of building a bridge, and because the ferry, old as it was, had "
        "always come when it was called."
    )
    found = cut(text)
    assert len(found) == 2 and [piece.pause for piece in found] == [Pause.CLAUSE, Pause.SENTENCE]
    assert text[found[0].end - 1] in ",;"


def test_a_long_speech_is_parted_at_its_sentences():
    text = "“" + " ".join(["I have told you about the boat before, and I shall tell you again."] * 5) + "”"
    found = cut(text)
    assert len(found) == 5 and {piece.pause for piece in found} == {Pause.SENTENCE}


def test_figures_names_and_brackets_are_not_parted():
    text = (
        "It was 1 000 000 or, as Anna Maria Quill and Jean Paul Roux (who had counted them twice, and then again) "
        "said, 2 000 000 and some more of them " * 2
    )
    for at in parts(text, "en", 120):
        assert not (text[at - 2].isdigit() and text[at].isdigit())
        assert text[:at].count("(") == text[:at].count(")")
        assert not text[:at].endswith(("Anna ", "Maria ", "Jean ", "Paul "))


def test_marks_of_speakers_cut_by_voice():
    text = "“Stay here,” he said. “I will not stay in this house.”"
    found = cut(text, marks=[(0, 13, "speaker", "Tom"), (22, len(text), "speaker", "Mara")])
    assert [(text[piece.start : piece.end], piece.voice) for piece in found] == [
        ("“Stay here,”", "tom"),
        ("he said.", "narrator"),
        ("“I will not stay in this house.”", "mara"),
    ]


def test_a_foreign_word_stays_and_a_foreign_sentence_goes():
    text = "He liked the word Weltschmerz. “Das Leben ist ein langer Weg.” So he said, and left us."
    word, start = text.index("Weltschmerz"), text.index("Das")
    found = cut(text, marks=[(word, word + 11, "language", "de"), (start, start + 29, "language", "de")])
    assert [piece.language for piece in found] == ["en", "de", "en"]
    assert text[found[1].start : found[1].end] == "“Das Leben ist ein langer Weg.”"


def test_a_language_that_cannot_be_spoken_is_not_switched_to():
    text = "Gallia est omnis divisa in partes tres."
    assert {
        piece.language
        for piece in cut(text, marks=[(0, len(text), "language", "la")], speakable=lambda code: code != "la")
    } == {"en"}


def test_short_lines_of_verse_are_not_parted():
    text = "The moon is up\nthe boats are in\nthe nets are hung to dry"
    assert texts(text, kind=Kind.VERSE, marks=[(14, 14, "breath"), (31, 31, "breath")]) == [text]


def test_what_has_nothing_to_say_joins_its_neighbour():
    assert texts("“…” The lamp went out at last. — —") == ["“…” The lamp went out at last. — —"]


ALPHABET = st.sampled_from("abcXYZ .!?…,;:—-\"'“”‘’()[]12345\n。！？「」、éя你あاकไ  ")
MARK = st.tuples(
    st.integers(0, 300),
    st.integers(0, 60),
    st.sampled_from(["speaker", "language", "say"]),
    st.sampled_from(["Mara", "de", "fr", "Tom"]),
)


@settings(max_examples=300)
@given(
    st.text(ALPHABET, min_size=1, max_size=600),
    st.lists(MARK, max_size=5),
    st.integers(0, 20),
    st.sampled_from(["en", "zh", "th", "de"]),
    st.sampled_from(list(Kind)),
)
def test_pieces_cover_a_paragraph_in_order_without_overlap(text, marks, lead, language, kind):
    source = "x" * lead + text + "y"
    inside = [
        (lead + min(at, len(text)), lead + min(at + more, len(text)), what, value)
        for at, more, what, value in marks
    ]
    found = cut(source, language, inside, kind=kind, start=lead, end=lead + len(text))
    assert "".join("".join(source[piece.start : piece.end].split()) for piece in found) == "".join(
        text.split()
    )
    assert all(lead <= piece.start < piece.end <= lead + len(text) for piece in found)
    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))
    assert found == cut(source, language, inside, kind=kind, start=lead, end=lead + len(text))


@settings(max_examples=100)
@given(
    st.lists(
        st.sampled_from(
            ["and", "the", "boat,", "came;", "when", "it—was", "late", "(so", "far)", "“he", "said”"]
        ),
        min_size=40,
        max_size=200,
    )
)
def test_no_piece_of_plain_prose_is_far_too_long(words):
    text = " ".join(words) + "."
    assert max(piece.end - piece.start for piece in cut(text)) <= LENGTHS["latin"].comfortable * 1.4


def test_an_engine_may_have_a_word_on_how_long_its_lines_are():
    text = (
        "He went down to the harbour, past the nets and the lamps, and sat by the water until the last boat was in. "
        * 3
    )
    paragraph = Paragraph("a", 0, len(text), marks=(Mark(0, len(text) // 3, "speaker", "robot"),))

    def lengths_by_voice(comfortable):
        found = pieces(text, paragraph, "en", lambda name: name or "narrator", comfortable=comfortable)
        assert "".join(text[piece.start : piece.end] for piece in found).replace(" ", "") == text.replace(
            " ", ""
        )
        return {
            voice: max(piece.end - piece.start for piece in found if piece.voice == voice)
            for voice in ("robot", "narrator")
        }

    usual = lengths_by_voice(None)
    assert usual == lengths_by_voice({}) == lengths_by_voice({"robot": {"han": 20}, "mara": {"latin": 10}})
    short = lengths_by_voice({"robot": {"latin": 60}})
    assert short["robot"] <= 60 < usual["robot"] and short["narrator"] == usual["narrator"]
    assert short["narrator"] <= LENGTHS["latin"].comfortable
    long = "Something is said here, and then some more of it, " * 8 + "and that is all."
    assert [piece.end - piece.start for piece in cut(long)] != [len(long)]
    whole = pieces(
        long, Paragraph("a", 0, len(long)), "en", lambda name: "v", comfortable={"v": {"latin": 1000}}
    )
    assert [piece.end - piece.start for piece in whole] == [len(long)]

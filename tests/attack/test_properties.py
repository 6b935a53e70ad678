"""What must hold for any text: the receipt, the chunks' places, the keys, the join's arithmetic, the cues' escaping."""

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dotsbook.book import Chunk, Pause, Take, visible
from dotsbook.errors import SourceError
from dotsbook.manifest import Manifest, Pacing
from dotsbook.master.cues import Cue, clock, lrc, srt, vtt
from dotsbook.master.layout import FRAME, lay_out
from dotsbook.master.naming import file_name
from dotsbook.master.page import inert
from dotsbook.master.timeline import VoicedChunk
from dotsbook.render.jobs import Jobs
from dotsbook.text.reader import read_book
from dotsbook.text.script.script_writer import make_script
from dotsbook.voices.engine import Voice

FEW = settings(max_examples=60)
MANY = settings(max_examples=300)
MARKS = st.sampled_from(
    list("#*_`[]()<>&!?.,:;-—“”\"'\n|\\{}=~^ \t")
    + ["\n\n", "# ", "**Mara:** ", "---\n", "…", "é", "漢字。", "‮", "\0", "1,234"]
)
MARKDOWN = st.lists(
    st.one_of(MARKS, st.text(max_size=12), st.sampled_from(["word", "Dr.", "He said", "x"])), max_size=80
).map("".join)
MANIFEST = Manifest(
    title="T", language="en", source=("book.md",), voices={"narrator": {}, "mara": {}}, cast={"Mara": "mara"}
)
VOICES = {name: Voice(name, fingerprint=name) for name in ("narrator", "mara")}


def script_of(text: str):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.md"
        path.write_text("# One\n\nThere is always a line.\n\n" + text, "utf-8", errors="surrogatepass")
        try:
            book = read_book([path], MANIFEST.reading, language="en")
        except SourceError as refusal:
            assert re.search("[\0-\x1f]", text), refusal
            assume(False)
        return book, make_script(book, MANIFEST, None)


@FEW
@given(MARKDOWN.filter(lambda text: text.isprintable() or "\ud800" not in text))
def test_every_character_is_accounted_for_and_every_chunk_lies_where_it_says(text):
    book, script = script_of(text)
    receipt = script.receipt
    assert receipt.unaccounted == 0
    assert receipt.source_chars == receipt.spoken_chars + receipt.skipped_chars
    reach: dict[str, int] = {}
    for chunk in script.chunks:
        source = book.sources[chunk.source].text
        assert source[chunk.start : chunk.end] == chunk.text and visible(chunk.text)
        assert chunk.start >= reach.get(chunk.source, 0)
        reach[chunk.source] = chunk.end
    assert len({chunk.id for chunk in script.chunks}) == len(script.chunks)


LINES = st.lists(
    st.tuples(st.sampled_from(["Yes.", "No.", "Run!", "So it was.", "漢"]), st.sampled_from(list(VOICES))),
    min_size=1,
    max_size=30,
)


def chunks_of(lines) -> list[Chunk]:
    return [
        Chunk(f"1.{number}", 1, "b.md", 0, len(text), text, text, voice, "en", Pause.SENTENCE)
        for number, (text, voice) in enumerate(lines, 1)
    ]


def keys(chunks, **more) -> list[str]:
    return [
        job.key for job in Jobs(lambda: iter(chunks), VOICES, dict.fromkeys(VOICES, "engine:1"), 42, **more)
    ]


@MANY
@given(LINES, st.data())
def test_a_key_is_its_own_and_only_an_edit_changes_it(lines, data):
    chunks = chunks_of(lines)
    before = keys(chunks)
    assert len(set(before)) == len(before) and keys(chunks) == before
    moved = [replace(chunk, id=f"9.{chunk.id}", chapter=9, source="other", start=7) for chunk in chunks]
    assert keys(moved) == before
    at = data.draw(st.integers(0, len(chunks) - 1))
    edited = [*chunks[:at], replace(chunks[at], spoken="Never said before."), *chunks[at + 1 :]]
    after = keys(edited)
    assert len(set(after) - set(before)) == 1 and len(set(before) - set(after)) == 1
    inserted = keys([*chunks[:at], replace(chunks[at], spoken="New here."), *chunks[at:]])
    assert set(before) < set(inserted) and len(inserted) == len(before) + 1


TAKES = st.tuples(
    st.integers(1, 200_000),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from([8000, 16000, 22050, 24000, 44100, 48000]),
    st.sampled_from(list(Pause)),
)
PACINGS = st.builds(
    Pacing,
    clause=st.floats(0, 3),
    sentence=st.floats(0, 3),
    paragraph=st.floats(0, 3),
    head=st.floats(0, 5),
    tail=st.floats(0, 5),
    pace=st.floats(0.25, 4),
    jitter=st.floats(0, 0.5),
)


def piece(number: int, samples: int, one: float, other: float, rate: int, pause: Pause) -> VoicedChunk:
    first, last = sorted((int(one * (samples - 1)), int(other * samples)))
    take = Take(
        f"r1:{number}",
        f"{number}.flac",
        "",
        samples,
        rate,
        first,
        max(last, first + 1),
        0.5,
        1,
        True,
        {},
        b"",
    )
    return VoicedChunk(Chunk(f"1.{number}", 1, "b", 0, 1, "a", "a", "narrator", "en", pause), take, Path("x"))


@MANY
@given(
    st.lists(st.lists(TAKES, min_size=1, max_size=8), min_size=1, max_size=4),
    PACINGS,
    st.sampled_from([22050, 44100, 48000]),
)
def test_the_joins_arithmetic(chapters, pacing, rate):
    made = [
        (number, f"C{number}", [piece(100 * number + i, *take) for i, take in enumerate(takes)])
        for number, takes in enumerate(chapters, 1)
    ]
    timeline = lay_out(made, pacing, rate)
    assert timeline.samples == sum(track.samples for track in timeline.tracks)
    start = 0
    for track, (_, _, pieces) in zip(timeline.tracks, made, strict=True):
        assert track.start == start and track.samples % FRAME == 0
        start += track.samples
        assert [placed.voiced for placed in track.placements] == pieces
        speech = [placed.speech for placed in track.placements]
        assert all(before[1] <= after[0] + 1 for before, after in zip(speech, speech[1:], strict=False)), (
            "said over another"
        )
        for placed in track.placements:
            take = placed.voiced.take
            assert 0 <= placed.first <= take.first < take.last <= placed.last <= take.samples
            assert placed.start >= 0 and placed.end <= track.samples - FRAME


CUES = st.lists(st.tuples(st.floats(0, 400_000), st.floats(0.001, 60), st.text(max_size=40)), max_size=8)
STAMP = re.compile(r"\d\d+:\d\d:\d\d[.,]\d{3} --> \d\d+:\d\d:\d\d[.,]\d{3}")


def cues_of(rows) -> list[Cue]:
    from dotsbook.master.cues import line

    return [
        Cue(start, start + length, line(text), f"1.{number}", 1)
        for number, (start, length, text) in enumerate(rows, 1)
    ]


@MANY
@given(CUES)
def test_no_text_becomes_a_cue(rows):
    cues = cues_of(rows)
    for written in (vtt(cues), srt(cues)):
        stamps = [line for line in re.split(r"[\n\r]", written) if "-->" in line]
        assert len(stamps) == len(cues) and all(STAMP.fullmatch(stamp) for stamp in stamps)
    assert "<" not in vtt(cues)
    assert lrc(cues).count("\n") == len(cues)


@MANY
@given(st.floats(0, 1e6))
def test_a_clock_never_shows_sixty(seconds):
    hours, minutes, rest = clock(seconds).split(":")
    assert (
        abs(int(hours) * 3600 + int(minutes) * 60 + float(rest) - seconds) < 0.00051
        and int(minutes) < 60
        and float(rest) < 60
    )


@MANY
@given(st.text(alphabet=st.characters(codec=None), max_size=300))
def test_a_title_is_always_a_name_and_data_is_always_inert(title):
    name = file_name(title)
    assert name and name not in (".", "..") and len(name.encode()) <= 255 and not set(name) & set("/\\\0\n:")
    assert not set(inert({"title": title})) & set("<>&")

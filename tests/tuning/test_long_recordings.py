"""Long recordings are split at pauses, as a stream, and their texts placed by length or by ear."""

import tracemalloc
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tuning_sounds import voice

from dotsbook.tuning.clip_checks import ClipLimits
from dotsbook.tuning.long_recordings import FRAME, SoundStretch, levels_of, sounds_of, split_at_pauses
from dotsbook.tuning.pace_placing import placed_texts
from dotsbook.tuning.prepare_plan import PreparePlan
from dotsbook.tuning.preparing import prepare
from dotsbook.tuning.text_hearing import TextHearing, TextThread

RATE = 16_000
SENTENCES = [
    "The old captain walked along the harbour wall before the sun came up.",
    "Nobody saw him.",
    "His daughter carried a lantern and a basket of bread down the narrow stairs.",
    "They waited for the weather to change, and it did not.",
    "At noon a boat came in from the islands.",
    "It was empty.",
    "Everybody on the quay knew whose boat it was, and nobody said his name aloud.",
    "The captain went home.",
] * 3


@dataclass(frozen=True)
class Recorded:
    path: Path
    ends: list  # (begins, ends) of each sentence, in seconds


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """Each sentence about as long as its letters want, with pauses between them."""
    path, dice, parts, ends, at = (
        tmp_path_factory.mktemp("long") / "book.flac",
        np.random.default_rng(1),
        [],
        [],
        0.0,
    )
    for number, sentence in enumerate(SENTENCES):
        seconds = 0.7 + sum(map(str.isalnum, sentence)) * 0.065 * dice.uniform(0.9, 1.1)
        pause = dice.uniform(0.1, 0.5)
        parts += [voice(seconds, RATE, number), np.zeros(round(pause * RATE), np.float32)]
        ends.append((at + 0.35, at + seconds - 0.35))
        at += seconds + pause
    samples = np.concatenate(parts)
    soundfile.write(path, samples + 1e-4 * dice.standard_normal(len(samples)), RATE)
    path.with_suffix(".txt").write_text(" ".join(SENTENCES))
    return Recorded(path, ends)


@pytest.fixture
def recording(recorded):
    return recorded.path


def test_pieces_lie_apart_and_within_the_limits(recording):
    levels, limits = levels_of(recording), ClipLimits()
    pieces = split_at_pauses(levels, limits)
    assert all(one.last <= other.first for one, other in zip(pieces, pieces[1:], strict=False))
    assert all(one.seconds <= limits.longest for one in pieces) and len(pieces) > 5
    assert sum(levels.speech[one.first : one.last].sum() for one in pieces) == levels.speech.sum()


def test_the_stream_gives_what_the_file_holds(recording):
    samples, _ = soundfile.read(recording, dtype="float32")
    hop = round(FRAME * RATE)
    wanted = [SoundStretch(3, 100), SoundStretch(100, 220), SoundStretch(2000, 2600)]
    for one, found in zip(wanted, sounds_of(recording, wanted), strict=True):
        assert np.array_equal(found, samples[one.first * hop : one.last * hop])


def test_whole_sentences_by_their_lengths(recorded):
    found = placed_texts(levels_of(recorded.path), " ".join(SENTENCES), "en", ClipLimits())
    first = 0
    for one in found:
        last = next(n for n in range(first, len(SENTENCES)) if " ".join(SENTENCES[first : n + 1]) == one.text)
        assert abs(one.stretch.first * FRAME - recorded.ends[first][0]) < 0.6, one.text
        assert abs(one.stretch.last * FRAME - recorded.ends[last][1]) < 0.6, one.text
        first = last + 1
    assert first == len(SENTENCES) and len(found) > 8


def test_a_long_recording_becomes_clips_and_a_stop_costs_one_piece(recording, tmp_path):
    plan = PreparePlan(tmp_path / "set", [recording], "mine")
    asked = iter(range(99))
    assert len(list(prepare(plan, lambda: next(asked) == 2))) == 3
    *_, last = prepare(plan)
    texts = [line.text for line in last.data.all_lines]
    assert len(texts) > 5 and set(" ".join(texts).split()) <= set(" ".join(SENTENCES).split())
    assert any("lengths of sentences" in sentence for sentence in last.remarks)
    assert last.data.all_lines[0].id == "book-0001"


def test_memory_does_not_grow_with_the_recording(monkeypatch):
    """An hour and a half, as a stream of blocks: what is kept is its levels and a piece."""
    from dotsbook.tuning import long_recordings

    block = np.concatenate([voice(5.0, 4000), np.zeros(2400, np.float32)])

    def blocks(path):
        for _ in range(1000):
            yield block, 4000

    monkeypatch.setattr(long_recordings, "blocks_of", blocks)
    tracemalloc.start()
    pieces = split_at_pauses(levels_of("-"), ClipLimits())
    heard = sum(len(samples) for samples in sounds_of("-", pieces))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert heard > 1000 * 4 * 4000 and peak < 25e6


# ── by ear ──


def test_a_thread_takes_what_is_heard_off_the_text():
    thread = TextThread("This preface is read by nobody. " + " ".join(SENTENCES[:5]), "en")
    assert thread.take(["the", "old", "captain", "walked", "along", "the", "harbor", "wall"]) == (
        "The old captain walked along the harbour wall"
    )
    assert (
        thread.take(["before", "the", "sun", "came", "up", "no", "body", "saw", "him"])
        == "before the sun came up. Nobody saw him."
    )
    assert (
        thread.take(
            ["quite", "another", "story", "about", "a", "fox", "and", "some", "geese", "in", "winter"]
        )
        == ""
    )
    assert thread.take(["his", "daughter", "carried", "a", "lamp", "and", "a", "basket"]).startswith(
        "His daughter carried"
    )


class Scripted:
    def __init__(self, said):
        self.said, self.identity = said, "scripted:1"

    def hears(self, language):
        return language.startswith("en")

    def listen(self, samples, rate, language):
        from tests.ears.scripted import ScriptedListening

        return ScriptedListening(self.said.split(), len(samples) / rate, False)


@pytest.mark.parametrize(
    ("heard", "wrong"),
    [
        ("the old captain walked along the harbor wall before the sun came up", False),
        ("the old Captain, walked along the harbour while before the sun came up.", False),
        ("his daughter carried a lantern and a basket of bread", True),
        ("the old captain walked along the harbour wall before the", True),
        ("and then said the old captain walked along the harbour wall before the sun came up", True),
    ],
)
def test_a_text_that_is_not_what_is_heard(heard, wrong):
    hearing = TextHearing(Scripted(heard))
    fault = hearing.fault(np.zeros(RATE, np.float32), RATE, SENTENCES[0], "en")
    assert (fault is not None) == wrong

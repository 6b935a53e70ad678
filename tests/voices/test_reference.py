"""References: each fault by its name and figure, every good one passed, long ones cut where they breathe."""

import numpy as np
import pytest

from dotsbook.audio import write_flac
from dotsbook.errors import VoiceError
from dotsbook.voices.reference import cleaned, cut, examine, read_reference, refusal
from dotsbook.voices.syllables import RATE, draw

SENTENCE = "The lamp on the hill had burned, it is said, for a hundred years, before anyone thought to count the oil. "
GOOD = draw("mara", SENTENCE, 1)
PLAIN = "The lamp on the hill had burned for a hundred years before anyone thought to count the oil. "
LONG_TEXT = (PLAIN * 6).strip()
LONG = np.concatenate(
    [np.concatenate([draw("mara", PLAIN, n), np.zeros(RATE // 3, np.float32)]) for n in range(6)]
)
DICE = np.random.default_rng(1)


def verdict(name, samples, rate=RATE, transcript=None):
    return {finding.name: finding for finding in examine(samples, rate, transcript).findings}[name].verdict


def test_a_good_one_is_fit_and_every_figure_is_there():
    reference = examine(GOOD, RATE, SENTENCE)
    assert reference.fit
    assert all(finding.verdict == "ok" for finding in reference.findings)
    assert [finding.name for finding in reference.findings] == [
        "speech",
        "rate",
        "level",
        "clipping",
        "speech over noise",
        "offset",
        "silence inside",
        "transcript",
    ]
    assert reference.seconds == pytest.approx(len(GOOD) / RATE - 0.1, abs=0.1)


@pytest.mark.parametrize(
    ("name", "samples", "answer"),
    [
        ("speech", GOOD[: RATE // 2], "refuse"),
        ("speech", GOOD[: 2 * RATE], "warn"),
        ("speech", LONG, "refuse"),
        ("level", GOOD * np.float32(0.004), "refuse"),
        ("level", GOOD * np.float32(0.05), "warn"),
        ("clipping", np.clip(GOOD * 12, -1, 1), "refuse"),
        ("clipping", np.clip(GOOD * 12, -1, 1) * np.float32(0.3), "refuse"),
        ("speech over noise", GOOD + 0.15 * DICE.standard_normal(len(GOOD)).astype(np.float32), "refuse"),
        ("speech over noise", GOOD + 0.02 * DICE.standard_normal(len(GOOD)).astype(np.float32), "warn"),
        ("offset", GOOD * np.float32(0.5) + np.float32(0.3), "warn"),
        ("silence inside", np.concatenate([GOOD, np.zeros(3 * RATE, np.float32), GOOD]), "warn"),
        ("speech", np.zeros(5 * RATE, np.float32), "refuse"),
        ("broken samples", np.full(RATE, np.nan, np.float32), "refuse"),
    ],
)
def test_faults(name, samples, answer):
    assert verdict(name, samples.astype(np.float32)) == answer


def test_rates():
    assert verdict("rate", GOOD, 6000) == "refuse"
    assert verdict("rate", GOOD[::3].copy(), 8000) == "warn"


def test_a_transcript_of_something_else():
    assert verdict("transcript", GOOD, transcript="Yes.") == "warn"
    assert verdict("transcript", GOOD, transcript=SENTENCE * 9) == "warn"


def test_an_offset_is_no_speech_and_is_taken_away():
    silent = np.full(3 * RATE, 0.3, np.float32)
    assert not examine(silent, RATE).fit
    assert abs(cleaned(examine(GOOD * np.float32(0.5) + np.float32(0.3), RATE)).mean()) < 1e-6


def test_the_refusal_says_what_and_what_to_do(tmp_path):
    file = tmp_path / "a.flac"
    write_flac(file, LONG, RATE)
    sentence = str(refusal(file, read_reference(file)))
    assert str(file) in sentence
    assert "--cut" in sentence
    assert refusal(file, examine(GOOD, RATE)) is None


def test_a_long_one_is_cut_at_a_breath_that_the_transcript_shares():
    reference = examine(LONG, RATE, LONG_TEXT)
    piece = cut(reference, LONG_TEXT)
    sentences = piece.transcript.count("oil.")
    assert piece.transcript == (PLAIN * sentences).strip()
    assert 5 < piece.seconds <= 15
    each = len(LONG) / 6
    assert piece.end == pytest.approx(sentences * each - RATE / 3, abs=0.1 * RATE)
    assert examine(cleaned(reference, piece.end), RATE, piece.transcript).fit


def test_one_without_a_breath_is_left_to_the_user():
    text = "word " * 100
    with pytest.raises(VoiceError, match="by hand"):
        cut(examine(draw("mara", text, 1), RATE), text)


@pytest.mark.parametrize("data", [b"", b"no sound", b"RIFF\xff\xff\xff\x7fWAVEfmt "])
def test_broken_files_get_a_sentence(tmp_path, data):
    file = tmp_path / "a.wav"
    file.write_bytes(data)
    with pytest.raises(VoiceError, match=r"a\.wav"):
        read_reference(file)

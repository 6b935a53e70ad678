"""Takes made for tests: something like speech, quick to make, in files with the measures a ledger would have."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from dotsbook.audio import write_flac
from dotsbook.book import Chunk, Pause, Take
from dotsbook.master.mastering import Made
from dotsbook.master.produce import produce
from dotsbook.master.timeline import VoicedChunk
from dotsbook.measure import measure

RATE = 48000


def speech(seconds: float, seed: int = 1, rate: int = RATE, level: float = -26.0) -> np.ndarray:
    """Voiced syllables with a little noise before and after: 0.15 s and 0.2 s. level: dBFS RMS of the voiced part."""
    dice = np.random.default_rng(seed)
    count = round(seconds * rate)
    time = np.arange(count) / rate
    pitch = 110 * 2 ** dice.uniform(0, 1) * (1 + 0.04 * np.sin(2 * np.pi * 0.7 * time + dice.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    voiced = sum(np.sin(n * phase + n) / n for n in range(1, 18))
    voiced *= 0.15 + np.sin(np.pi * 3.7 * time) ** 2
    voiced *= 10 ** (level / 20) / max(1e-9, np.sqrt(np.mean(np.square(voiced))))
    samples = np.concatenate((np.zeros(round(0.15 * rate)), voiced, np.zeros(round(0.2 * rate))))
    return (samples + dice.standard_normal(len(samples)) * 10 ** (-76 / 20)).astype(np.float32)


def take_of(path: Path, samples: np.ndarray, rate: int = RATE, key: str = "") -> Take:
    """Write a take and say of it what the ledger would."""
    write_flac(path, samples, rate)
    found = measure(samples, rate)
    return Take(
        key or f"r1:{path.stem}",
        path.name,
        hashlib.sha256(path.read_bytes()).hexdigest(),
        len(samples),
        rate,
        found.first,
        found.last,
        found.peak,
        1,
        True,
        {},
        found.energies,
    )


def piece(
    folder: Path,
    chapter: int,
    index: int,
    seconds: float = 1.0,
    pause: Pause = Pause.SENTENCE,
    voice: str = "narrator",
    rate: int = RATE,
    level: float = -26.0,
    seed: int | None = None,
) -> VoicedChunk:
    path = folder / f"{chapter}-{index}-{voice}-{rate}.flac"
    take = take_of(
        path, speech(seconds, seed if seed is not None else chapter * 1000 + index, rate, level), rate
    )
    text = f"Sentence {index} of chapter {chapter}."
    chunk = Chunk(f"{chapter}.{index}", chapter, "book.md", 0, len(text), text, text, voice, "en", pause)
    return VoicedChunk(chunk, take, path)


def again(one: VoicedChunk, chapter: int, index: int, pause: Pause | None = None) -> VoicedChunk:
    """The same take, said once more elsewhere."""
    chunk = replace(one.chunk, id=f"{chapter}.{index}", chapter=chapter, pause=pause or one.chunk.pause)
    return VoicedChunk(chunk, replace(one.take, key=f"{one.take.key}#{chapter}.{index}"), one.file)


def book(
    folder: Path, chapters: int = 3, sentences: int = 3, seconds: float = 1.0, **options
) -> list[tuple[int, str, list[VoicedChunk]]]:
    """Chapters as lay_out takes them."""
    pauses = [Pause.SENTENCE, Pause.PARAGRAPH, Pause.SPEAKER, Pause.SCENE]
    made = []
    for number in range(1, chapters + 1):
        pieces = [piece(folder, number, i, seconds, pauses[i % 4], **options) for i in range(1, sentences)]
        pieces.append(piece(folder, number, sentences, seconds, Pause.CHAPTER, **options))
        made.append((number, f"Chapter the {number}", pieces))
    return made


def produced(timeline, format: str, about, settings, folder: Path, **more) -> list[Made]:
    """The files of one format, under `folder`/out."""
    return list(produce(timeline, [format], about, settings, folder / "out", folder / "cache", **more))

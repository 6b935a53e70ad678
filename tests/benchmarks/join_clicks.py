"""Whether joins click: `python -m tests.benchmarks.join_clicks [--joins 1000]`.

Takes of the nastiest kind (tones cut in mid-wave, a constant offset, noise to the edge, rates that must be resampled)
are joined with random gaps. At every edge of every take the stream is looked at without its bed, which has no joins,
and with it. A step is what a sample differs from the line its two neighbours before it draw. Prints the highest, in
dBFS, and how many are over −60; with the bed, the highest beside what the bed alone has.
"""

import argparse
import math
import tempfile
from pathlib import Path

import numpy as np

RATE = 48000


def nasty(dice: np.random.Generator, rate: int) -> np.ndarray:
    from tests.master.made import speech

    count = round(dice.uniform(0.2, 0.7) * rate)
    time = np.arange(count) / rate
    kind = dice.integers(4)
    if kind == 0:
        samples = dice.uniform(0.1, 0.9) * np.sin(
            2 * np.pi * dice.uniform(60, 4000) * time + dice.uniform(0, 6)
        )
    elif kind == 1:
        samples = dice.standard_normal(count) * dice.uniform(0.01, 0.2)
    else:
        samples = speech(count / rate, int(dice.integers(1 << 30)), rate)
        samples = samples[: len(samples) - int(dice.integers(0, rate // 3))]
    return (samples + (dice.uniform(-0.05, 0.05) if kind == 3 else 0)).astype(np.float32)


def steps(samples: np.ndarray, places: list[int]) -> np.ndarray:
    """How far samples at some places, and the one after, are from the line drawn by the two before."""
    padded = np.pad(samples, 3)
    at = np.concatenate([np.array(places) + 3 + shift for shift in (-1, 0, 1)])
    return np.abs(padded[at] - (2 * padded[at - 1] - padded[at - 2]))


def decibels(value: float) -> float:
    return 20 * math.log10(max(value, 1e-9))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--joins", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    from dotsbook.book import Chunk, Pause
    from dotsbook.manifest import Pacing
    from dotsbook.master.join import Sound, joined
    from dotsbook.master.layout import lay_out
    from dotsbook.master.room_tone import make_bed
    from dotsbook.master.timeline import VoicedChunk
    from tests.master.made import take_of

    dice = np.random.default_rng(options.seed)
    pauses = [Pause.CLAUSE, Pause.SENTENCE, Pause.SPEAKER, Pause.PARAGRAPH, Pause.SCENE]
    with tempfile.TemporaryDirectory(prefix="clicks-") as name:
        pieces = []
        for index in range(options.joins + 1):
            rate = int(dice.choice([RATE, RATE, 24000, 22050, 44100]))
            path = Path(name) / f"{index}.flac"
            take = take_of(path, nasty(dice, rate), rate)
            chunk = Chunk(f"1.{index}", 1, "", 0, 0, "a", "a", "narrator", "en", pauses[dice.integers(5)])
            if take.last > take.first:
                pieces.append(VoicedChunk(chunk, take, path))
        track = lay_out([(1, "Clicks", pieces)], Pacing(pace=float(dice.uniform(0.25, 1.0))), RATE).tracks[0]
        edges = [edge for placement in track.placements for edge in (placement.start, placement.end)]
        for label, room in (("without the bed", False), ("with the bed", True)):
            sound = Sound(RATE, {}, make_bed(room, RATE), None)
            found = steps(np.concatenate(list(joined(track, sound, 0, track.samples))), edges)
            bed = steps(sound.bed.under(0, track.samples, track.samples), edges).max()
            print(
                f"{label}: {len(pieces) - 1} joins, highest step {decibels(found.max()):.1f} dBFS (the bed alone "
                f"{decibels(bed):.1f}), over −60 dBFS: {int((found > 10**-3).sum())}"
            )


if __name__ == "__main__":
    main()

"""How long a book will sound, how long it will take and what it will fill, from what this machine has measured."""

from collections.abc import Sequence
from dataclasses import dataclass

from dotsbook.book import Chunk, Pause
from dotsbook.manifest import Pacing


@dataclass(frozen=True)
class Estimate:
    chunks: int  # still to be rendered
    audio_seconds: float  # of the whole, pauses and all
    render_seconds: float | None  # for what is still to be rendered; None: not measured yet
    disk_bytes: int  # takes still to be made


def estimate(chunks: Sequence[Chunk], pending: Sequence[Chunk], pacing: Pacing, rate, sample_rate: int) -> Estimate:
    """`rate` is what was last measured of this engine here (render.calibration.Rate), or None."""
    from dotsbook.render.calibration import audio_seconds, expected_seconds
    from dotsbook.render.disk import bytes_needed

    speeds = rate.speeds if rate else {}
    speech = audio_seconds([(chunk.spoken, chunk.language) for chunk in chunks], speeds)
    left = [(chunk.spoken, chunk.language) for chunk in pending]
    return Estimate(
        len(pending),
        speech + sum(silence(chunk.pause, pacing) for chunk in chunks),
        expected_seconds(left, rate) if left else 0.0,
        bytes_needed(left, sample_rate, speeds),
    )


def silence(pause: Pause, pacing: Pacing) -> float:
    """Seconds after a chunk, as the manifest has them."""
    if pause is Pause.CHAPTER:
        return pacing.head + pacing.tail
    return getattr(pacing, pause.value) * pacing.pace

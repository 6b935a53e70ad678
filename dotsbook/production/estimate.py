"""How long a book will sound, how long it will take and what it will fill, from what this machine has measured."""

from dataclasses import dataclass

from dotsbook.book import Chunk, Pause
from dotsbook.manifest import Pacing


@dataclass(frozen=True)
class Estimate:
    chunks: int  # still to be rendered
    audio_seconds: float  # of all that was added, pauses and all
    render_seconds: float | None  # for what is still to be rendered; None: not measured yet
    disk_bytes: int  # takes still to be made


class Sums:
    """What an estimate is made of, fed with every chunk."""

    def __init__(self, pacing: Pacing, rate, sample_rate: int):
        """`rate` is what was last measured of this engine here (render.calibration.Rate), or None."""
        self.pacing, self.rate, self.sample_rate = pacing, rate, sample_rate
        self.speech = self.silence = self.left = 0.0  # seconds
        self.pending = 0

    def add(self, chunk: Chunk, pending: bool) -> None:
        from dotsbook.render.calibration import audio_seconds

        seconds = audio_seconds([(chunk.spoken, chunk.language)], self.rate.speeds if self.rate else {})
        self.speech += seconds
        self.silence += silence(chunk.pause, self.pacing)
        if pending:
            self.left += seconds
            self.pending += 1

    def estimate(self) -> Estimate:
        from dotsbook.render.calibration import expected_seconds
        from dotsbook.render.disk import bytes_needed

        return Estimate(
            self.pending,
            self.speech + self.silence,
            expected_seconds(self.left, self.rate) if self.pending else 0.0,
            bytes_needed(self.left, self.pending, self.sample_rate),
        )


def silence(pause: Pause, pacing: Pacing) -> float:
    """Seconds after a chunk, as the manifest has them."""
    if pause is Pause.CHAPTER:
        return pacing.head + pacing.tail
    return getattr(pacing, pause.value) * pacing.pace

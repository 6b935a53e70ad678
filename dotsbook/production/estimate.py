"""How long a book will sound, how long it will take and what it will fill, from what this machine has measured."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.book import Chunk, Pause
from dotsbook.direction import delivered
from dotsbook.manifest import Pacing

if TYPE_CHECKING:
    from dotsbook.render.calibration import Rate


@dataclass(frozen=True)
class Estimate:
    chunks: int  # still to be rendered
    audio_seconds: float  # of all that was added, pauses and all
    render_seconds: float | None  # for what is still to be rendered; None: not measured yet
    disk_bytes: int  # takes still to be made


class Sums:
    """What an estimate is made of, fed with every chunk."""

    def __init__(self, pacing: Pacing, rates: "Mapping[str, Rate | None]", sample_rates: Mapping[str, int]):
        """rates: {voice: what was last measured here of its engine}; sample_rates: {voice: Hz of its engine's sound}."""
        self.pacing, self.rates, self.sample_rates = pacing, rates, sample_rates
        self.speech = self.silence = 0.0  # seconds
        self.left: dict[str, float] = defaultdict(float)  # {voice: seconds still to be made}
        self.pending: dict[str, int] = defaultdict(int)

    def add(self, chunk: Chunk, pending: bool) -> None:
        from dotsbook.render.calibration import audio_seconds

        voice = delivered(chunk.voice, chunk.delivery)
        rate = self.rates.get(voice)
        seconds = audio_seconds([(chunk.spoken, chunk.language)], rate.speeds if rate else {})
        self.speech += seconds
        self.silence += silence(chunk.pause, self.pacing) + sum(seconds for _, seconds in chunk.inside)
        if pending:
            self.left[voice] += seconds
            self.pending[voice] += 1

    def estimate(self) -> Estimate:
        from dotsbook.render.calibration import expected_seconds
        from dotsbook.render.disk import bytes_needed

        times = [expected_seconds(seconds, self.rates.get(voice)) for voice, seconds in self.left.items()]
        known = [time for time in times if time is not None]
        return Estimate(
            sum(self.pending.values()),
            self.speech + self.silence,
            sum(known) if len(known) == len(times) else None,
            sum(
                bytes_needed(self.left[voice], count, self.sample_rates[voice])
                for voice, count in self.pending.items()
            ),
        )


def silence(pause: Pause, pacing: Pacing) -> float:
    """Seconds after a chunk, as the manifest has them."""
    if pause is Pause.CHAPTER:
        return pacing.head + pacing.tail
    return getattr(pacing, pause.value) * pacing.pace

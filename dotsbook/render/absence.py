"""How long a run waits for an engine that is away, and tries again. Pure but for its clock."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from dotsbook.voices.engine import EngineUnavailable


@dataclass(frozen=True)
class Waits:
    """Seconds to wait for an engine that is away."""

    first: float = 2.0  # where it doesn't say how long; twice as long each time it is still away
    longest: float = 60.0  # of those
    most: float = 3600.0  # however long it says


class Absence:
    """Nothing new is handed over before its end; then one batch is tried, and the first answer ends it."""

    def __init__(self, waits: Waits, clock: Callable[[], float] = time.monotonic):
        self.waits, self.clock = waits, clock
        self.began: float | None = None  # None: no pause
        self.until = 0.0
        self.tries = 0
        self.paused = 0.0  # seconds in pauses that are over

    @property
    def on(self) -> bool:
        """The engine has said that it is away, and nothing since."""
        return self.began is not None

    @property
    def waiting(self) -> bool:
        """It isn't the time yet to try again."""
        return self.on and self.clock() < self.until

    def begin(self, error: EngineUnavailable) -> float | None:
        """The engine is away: the seconds to wait, or None if they are being waited already."""
        now = self.clock()
        if self.waiting:
            if error.retry_after is not None:
                self.until = max(self.until, now + min(error.retry_after, self.waits.most))
            return None
        seconds = min(self.waits.first * 2.0**self.tries, self.waits.longest)
        if error.retry_after is not None:
            seconds = min(max(0.0, error.retry_after), self.waits.most)
        self.tries += 1
        self.began = now if self.began is None else self.began
        self.until = now + seconds
        return seconds

    def end(self, begun: float) -> float | None:
        """It has answered something it was asked at `begun`: how long the pause was, if that ends one."""
        if self.began is None or begun < self.until:
            return None
        seconds = self.clock() - self.began
        self.began, self.tries = None, 0
        self.paused += seconds
        return seconds


class Absences:
    """Of each engine of a book by itself, by what `Voice.engine` says: where one is away, the others speak on."""

    def __init__(self, waits: Waits, clock: Callable[[], float] = time.monotonic):
        self.waits, self.clock = waits, clock
        self.each: dict[str, Absence] = {}

    def of(self, engine: str) -> Absence:
        if engine not in self.each:
            self.each[engine] = Absence(self.waits, self.clock)
        return self.each[engine]

    @property
    def on(self) -> bool:
        return any(absence.on for absence in self.each.values())

    @property
    def paused(self) -> float:
        """Seconds in pauses that are over, of the engine that was away for longest."""
        return max((absence.paused for absence in self.each.values()), default=0.0)

    def away(self, busy: Collection[str]) -> set[str]:
        """Engines that get nothing now: they are waited for, or have (they are `busy`) the batch that shows whether they
        are there again."""
        return {
            engine
            for engine, absence in self.each.items()
            if absence.waiting or (absence.on and engine in busy)
        }

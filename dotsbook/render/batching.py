"""What to speak together: batches of one voice and like length that fit in memory, chapters early first. Pure.

Within a window of a few chapters the longest goes first, so that a batch wastes little on padding and a retried line,
being among the longest left, joins the next batch. Windows follow the book, so a listener can begin. Where voices are
spoken by several engines, the one that spoke last goes on until the window has nothing left for it, so that models
don't take turns in memory.
"""

import bisect
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

WINDOW = 3  # chapters
AHEAD = 2  # windows from which a rare voice's batch may be filled


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """Something to speak, as far as batching cares. Sorts by length, then the later one first."""

    length: int  # characters to speak
    order: int  # −(its place in the script)
    voice: str = field(compare=False)
    window: float = field(compare=False)  # a half before its chapters': what should be spoken before them
    what: Any = field(compare=False, default=None)
    engine: str = field(compare=False, default="")  # which speaks it


class Pool:
    """What is still to be spoken."""

    def __init__(self, waiting: Iterable[Waiting] = ()):
        self.windows: dict[float, dict[str, list[Waiting]]] = {}  # window → voice → lines, shortest first
        self.queue: list[float] = []  # heap of windows
        self.count = 0
        self.engine = ""  # that of the last batch
        self.add(waiting)

    def __len__(self) -> int:
        return self.count

    def voices(self, window: float) -> dict[str, list[Waiting]]:
        if window not in self.windows:
            self.windows[window] = {}
            heappush(self.queue, window)
        return self.windows[window]

    def add(self, waiting: Iterable[Waiting]) -> None:
        """Add many at once."""
        grown: dict[tuple[float, str], list[Waiting]] = {}
        for one in waiting:
            queue = self.voices(one.window).setdefault(one.voice, [])
            queue.append(one)
            grown[one.window, one.voice] = queue
            self.count += 1
        for queue in grown.values():
            queue.sort()

    def put(self, one: Waiting) -> None:
        """Add one, e.g. to be tried again."""
        bisect.insort(self.voices(one.window).setdefault(one.voice, []), one)
        self.count += 1

    def batch(
        self, fits: Callable[[Sequence[Waiting]], bool], largest: int, away: Collection[str] = ()
    ) -> list[Waiting]:
        """Take out the next lines to speak together: one at least, at most `largest`, as many as `fits` is true of.
        Nothing for engines that are `away`.

        `fits` must not turn true again as more are added.
        """
        found = self.place(away)
        if found is None:
            return []
        window, voice = found
        voices = self.windows[window]
        self.engine = voices[voice][-1].engine
        chosen = take(voices[voice], largest, voices[voice][-1].length)
        near = sorted(other for other in self.windows if window <= other <= window + AHEAD)
        for later in near[1:]:
            queue = self.windows[later].get(voice)
            if queue and len(chosen) < largest:
                chosen += take(queue, largest - len(chosen), chosen[0].length)
        fitting = most_that_fit(chosen, fits)
        self.count -= len(chosen)
        for one in chosen[fitting:]:
            self.put(one)
        self.tidy(voice, near)
        return chosen[:fitting]

    def place(self, away: Collection[str]) -> tuple[float, str] | None:
        """(window, voice) of what comes next: the earliest window's, the last engine's before others, the longest first."""
        if self.first() is None:
            return None
        for window in sorted(self.windows) if away else [self.queue[0]]:
            queues = {
                name: queue[-1]
                for name, queue in self.windows[window].items()
                if queue and queue[-1].engine not in away
            }
            if queues:
                same = [name for name, longest in queues.items() if longest.engine == self.engine]
                return window, max(same or queues, key=lambda name: queues[name])
        return None

    def first(self) -> float | None:
        """The earliest window with something in it."""
        while self.queue and not self.windows[self.queue[0]]:
            del self.windows[heappop(self.queue)]
        return self.queue[0] if self.queue else None

    def tidy(self, voice: str, windows: Iterable[float]) -> None:
        """Forget a voice where nothing of it is left."""
        for window in windows:
            voices = self.windows.get(window, {})
            if voice in voices and not voices[voice]:
                del voices[voice]


def take(queue: list[Waiting], count: int, longest: int) -> list[Waiting]:
    """Remove up to `count`, the longest first, none longer than `longest` characters."""
    end = bisect.bisect_right(queue, longest, key=lambda one: one.length)
    start = max(0, end - count)
    taken = queue[start:end][::-1]
    del queue[start:end]
    return taken


def most_that_fit(waiting: Sequence[Waiting], fits: Callable[[Sequence[Waiting]], bool]) -> int:
    """How many of the first fit; one at least, since nothing smaller can be tried."""
    low, high = 1, len(waiting)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(waiting[:middle]):
            low = middle
        else:
            high = middle - 1
    return low


class Windows(dict):
    """{chapter number: its window}, for chapters in the order in which they are asked for."""

    def __init__(self, size: int = WINDOW):
        self.size = size  # chapters

    def __missing__(self, chapter: int) -> int:
        self[chapter] = len(self) // self.size
        return self[chapter]

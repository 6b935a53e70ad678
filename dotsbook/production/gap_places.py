"""Where the gap behind a word should be in a take that no ears have heard: by the letters of the text, and by the silences
that its stops and commas explain. It knows no files."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

Gap = tuple[int, int]  # samples [first, last)

LONG = 0.08  # s of a silence that a stop or a comma may stand for
UNHEARD = (
    0.25  # s that a comma without a silence costs, against the seconds by which another would be misplaced
)
UNEXPLAINED = 0.15  # s, beside its length, that a silence without a comma costs
JOINERS = "'’-‐‑_"


@dataclass(frozen=True)
class GapPlaces:
    """A line's letters and silences, laid over each other."""

    letters: list[int]  # how many stand before each offset of the text
    known: list[tuple[int, float]]  # (letters, s of speech before) of what is certain, the line's ends too
    silences: Sequence[Gap]  # all, in order
    rate: int
    first: int  # sample at which speech begins
    at: dict[int, Gap]  # {offset behind a word: the silence that the text explains by it}

    def seconds(self, place: int) -> float:
        """When an offset of the text is reached."""
        count = self.letters[place]
        after = min(max(1, bisect_left([known for known, _ in self.known], count)), len(self.known) - 1)
        (left, begin), (right, end) = self.known[after - 1], self.known[after]
        spoken = begin + (end - begin) * (count - left) / max(1, right - left)
        clock = self.first / self.rate
        for first, last in self.silences:
            if clock + spoken <= first / self.rate:
                break
            spoken -= first / self.rate - clock
            clock = last / self.rate
        return clock + spoken

    @property
    def unexplained(self) -> list[Gap]:
        taken = set(self.at.values())
        return [gap for gap in self.silences if gap not in taken]


def gap_places(text: str, first: int, last: int, silences: Sequence[Gap], rate: int) -> GapPlaces:
    """text: as spoken, between samples `first` and `last`."""
    letters = [0]
    for letter in text:
        letters.append(letters[-1] + letter.isalnum())
    spoken = (last - first - sum(end - begin for begin, end in silences)) / rate
    total = max(1, letters[-1])
    places = stops_in(text)
    wanted = [spoken * letters[place] / total for place in places]
    found = dict(zip_alike(wanted, silences, rate, first))
    known = [
        (letters[places[stop]], heard_before(silences[gap], silences, rate, first))
        for stop, gap in found.items()
    ]
    ends = [(0, 0.0), *sorted(known), (letters[-1], spoken)]
    return GapPlaces(
        letters, ends, silences, rate, first, {places[stop]: silences[gap] for stop, gap in found.items()}
    )


def stops_in(text: str) -> list[int]:
    """The offsets behind words after which a mark stands, but for the last word's."""
    found = [
        at
        for at in range(1, len(text))
        if text[at - 1].isalnum()
        and not text[at].isalnum()
        and not text[at].isspace()
        and text[at] not in JOINERS
    ]
    return [at for at in found if any(letter.isalnum() for letter in text[at:])]


def heard_before(gap: Gap, silences: Sequence[Gap], rate: int, first: int) -> float:
    """Seconds of speech before a silence."""
    return (gap[0] - first - sum(end - begin for begin, end in silences if end <= gap[0])) / rate


def zip_alike(
    wanted: Sequence[float], silences: Sequence[Gap], rate: int, first: int
) -> list[tuple[int, int]]:
    """(number of a stop, number of its silence), in order, so that least is misplaced."""
    long = [at for at, gap in enumerate(silences) if gap[1] - gap[0] >= LONG * rate]
    heard = [heard_before(silences[at], silences, rate, first) for at in long]
    lengths = [(silences[at][1] - silences[at][0]) / rate for at in long]
    costs = [[0.0] * (len(long) + 1) for _ in range(len(wanted) + 1)]
    for stop in range(len(wanted) + 1):
        for gap in range(len(long) + 1):
            options = []
            if stop and gap:
                options.append(costs[stop - 1][gap - 1] + abs(wanted[stop - 1] - heard[gap - 1]))
            if stop:
                options.append(costs[stop - 1][gap] + UNHEARD)
            if gap:
                options.append(costs[stop][gap - 1] + UNEXPLAINED + lengths[gap - 1])
            costs[stop][gap] = min(options, default=0.0)
    pairs, stop, gap = [], len(wanted), len(long)
    while stop and gap:
        if costs[stop][gap] == costs[stop - 1][gap] + UNHEARD:
            stop -= 1
        elif costs[stop][gap] == costs[stop][gap - 1] + UNEXPLAINED + lengths[gap - 1]:
            gap -= 1
        else:
            stop, gap = stop - 1, gap - 1
            pairs.append((stop, long[gap]))
    return pairs[::-1]

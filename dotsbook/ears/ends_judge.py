"""The judge `ends`: whether a take's first or last sound is cut off, or clicks. It needs no recogniser and knows no words.

Speech rises out of quiet and dies away into it, over some hundredths of a second. What is cut stands at its full height at the
file's edge, or falls into silence at once.
"""

from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples
from dotsbook.measure import AFTER, BEFORE, speech_edges
from dotsbook.render.judges import HeardTake
from dotsbook.render.opinions import Opinion

RECIPE = 1
STEP = 0.004  # s of a level
SPEAKS = -30.0  # dB under the loud parts: what is louder is speech
# dB, of the first and last steps of a file that begins or ends in speech: louder is cut. A voice may begin at once with an
# "s", at -20; none ends so
AT_START, AT_END = -16.0, -30.0
# dB by which speech may rise, or fall, within 12 ms: none of 207 takes of a neural voice rose by 49 or fell by 28
RISES, FALLS = 50.0, 31.0
CLICK = 28.0  # dB over what is around it; the burst of a last "t" stands out by 22
AUDIBLE = -50.0  # dB under the loud parts: softer clicks are nothing
SHORTEST = 20  # steps
APART = 9  # steps between speech and a click that isn't its beginning
QUIET = 1e-12


@dataclass(frozen=True)
class TakeEdge:
    """One side of a take, in dB under its loud parts."""

    cut: bool  # the file begins in speech
    rises: float  # by how much, where speech begins
    click: float  # over what is around it, the loudest before speech; 0 for none


class EndsJudge:
    name = "ends"
    version = str(RECIPE)
    threshold = 0.5
    parallel = True

    def hear(self, take: HeardTake) -> Opinion | None:
        """None for a take in which nothing is heard."""
        first, last = speech_edges(take.samples, take.rate)
        levels, size = levels_of(take.samples, take.rate), round(take.rate * STEP)
        if len(levels) < SHORTEST:
            return None
        # what lies before the breath around speech isn't put into a book
        start = edge_of(levels, max(0, first - round(BEFORE * take.rate)) // size, AT_START)
        end = edge_of(
            levels[::-1], max(0, len(take.samples) - last - round(AFTER * take.rate)) // size, AT_END
        )
        found = [
            *told(start, "beginning", RISES),
            *told(end, "end", FALLS),
        ]
        figures = {
            "start_rises": start.rises,
            "end_falls": end.rises,
            "click": max(start.click, end.click),
        }
        return Opinion(
            0.2 if found else 1.0, tuple(found), {name: round(figure, 1) for name, figure in figures.items()}
        )


def told(edge: TakeEdge, where: str, most: float) -> list[str]:
    found = []
    if edge.cut or edge.rises > most:
        found.append(f"its {where} is cut off")
    if edge.click > CLICK:
        found.append(f"a click is heard at its {where}")
    return found


def levels_of(samples: Samples, rate: int) -> np.ndarray:
    """dB of each step against the loud parts; () for silence."""
    size = max(1, round(rate * STEP))
    count = len(samples) // size
    levels = 10 * np.log10((samples[: count * size].reshape(count, size) ** 2).mean(axis=1) + QUIET)
    return levels - np.percentile(levels, 95) if count and levels.max() > -90 else levels[:0]


def edge_of(levels: np.ndarray, placed: int, most: float) -> TakeEdge:
    """The beginning of these levels; their end, if they come backwards. placed: the first step that is put into a book;
    most: dB of one that is cut."""
    begins = beginning(levels)
    cut = begins == 0 and float(levels[:2].max()) > most
    before, after = levels[max(0, begins - 2)], levels[begins + 1 : begins + 3].mean()
    return TakeEdge(
        cut, float(after - before) if begins else 0.0, click_in(levels[placed : max(0, begins - APART)])
    )


def beginning(levels: np.ndarray) -> int:
    """The step with which speech begins: one that lasts."""
    loud = levels > SPEAKS
    lasting = loud[:-4] & (loud[1:-3].astype(int) + loud[2:-2] + loud[3:-1] + loud[4:] >= 3)
    return int(lasting.argmax()) if lasting.any() else int(loud.argmax())


def click_in(levels: np.ndarray) -> float:
    """By how much the loudest short sound stands out of the quiet before speech."""
    if len(levels) < 7:
        return 0.0
    at = int(levels.argmax())
    around = np.concatenate([levels[max(0, at - 8) : max(0, at - 2)], levels[at + 3 : at + 9]])
    if levels[at] < AUDIBLE or not len(around):
        return 0.0
    return float(levels[at] - np.percentile(around, 90))

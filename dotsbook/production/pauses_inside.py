"""Where in a take the silences go that a direction asks for within its line: at a word that the ears have found, else by
the longest silence near where the word should be."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dotsbook.production.gap_places import gap_places
from dotsbook.production.session import Session
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.master.timeline import VoicedChunk
    from dotsbook.render.opinions import SpokenWord
    from dotsbook.splice import SplicePoint

WORDS = "words"  # the judge whose opinions have the words' times
REACH = 0.35  # s from where the text alone puts a gap to a silence that is it
UNSURE = 0.5  # of a word's doubt, from which its time is no more than a guess


def with_pauses(session: Session, lines: Sequence["VoicedChunk"]) -> tuple[list["VoicedChunk"], list[str]]:
    """(the lines, with their inner silences placed; a sentence where some are placed by the sound alone)."""
    from dotsbook.render.opinions import latest

    keys = [voiced.take.key for voiced in lines if voiced.chunk.inside]
    if not keys:
        return list(lines), []
    with session.reading() as ledger:
        heard = {key: opinion.words for key, opinion in latest(ledger, keys, WORDS).items()}
    rate = session.project.manifest.output.rate
    placed = [placed_in(voiced, heard, rate) if voiced.chunk.inside else voiced for voiced in lines]
    unheard = len({key for key in keys if not heard.get(key)})
    if not unheard:
        return placed, []
    return placed, [
        f"the pauses inside {count(unheard, 'line')} are put at the longest silence near; with `ears: {{words: on}}` and "
        "`dotsbook check` they stand at their words"
    ]


def placed_in(voiced: "VoicedChunk", heard: Mapping[str, Sequence["SpokenWord"]], rate: int) -> "VoicedChunk":
    """A line with its silences. Where its take can't be read they are left out: assembling it says why."""
    import soundfile

    from dotsbook.audio import read_flac

    try:
        samples, take_rate = read_flac(voiced.file)
    except (soundfile.LibsndfileError, OSError):
        return voiced
    finder = GapFinder(samples, take_rate, voiced, heard.get(voiced.take.key, ()))
    points: list[SplicePoint] = []
    for place, seconds in voiced.chunk.inside:
        points.append(finder.point(place, seconds, rate, points[-1].into if points else 0))
    return replace(voiced, splices=tuple(points))


class GapFinder:
    """The gaps between a take's words."""

    def __init__(self, samples: "Samples", rate: int, voiced: "VoicedChunk", words: Sequence["SpokenWord"]):
        from dotsbook.splice import silences_in

        self.samples, self.rate, self.words = samples, rate, words
        self.silences = silences_in(samples, rate)
        take = voiced.take
        self.expected = gap_places(voiced.chunk.spoken, take.first, take.last, self.silences, rate)

    def point(self, place: int, seconds: float, out_rate: int, after: int) -> "SplicePoint":
        """Where a silence goes that stands behind the word that ends at `place` in the text as spoken, and after a sample."""
        from dotsbook.splice import NEAR, gap_between, opened, parted, quietest

        if times := times_at(self.words, place):
            ends, begins = times
            gap = gap_between(self.later(self.silences, after), self.rate, ends, begins)
        else:
            ends = begins = self.expected.seconds(place)
            gap = self.expected.at.get(place)
            if gap is None or gap[0] < after:
                gap = gap_between(
                    self.later(self.expected.unexplained, after), self.rate, ends, begins, REACH
                )
        if gap:
            return opened(self.samples, self.rate, gap, seconds, out_rate)
        first = max(after, round((min(ends, begins) - NEAR / 2) * self.rate))
        last = max(first, round((max(ends, begins) + NEAR / 2) * self.rate))
        return parted(
            self.samples, self.rate, quietest(self.samples, self.rate, first, last), seconds, out_rate
        )

    def later(self, silences: Sequence[tuple[int, int]], after: int) -> list[tuple[int, int]]:
        return [gap for gap in silences if gap[0] >= after]


def times_at(words: Sequence["SpokenWord"], place: int) -> tuple[float, float] | None:
    """(when the word before a place in the text ends, when the one after it begins)."""
    spoken = [word for word in words if word.start < word.end]
    before = [word for word in spoken if word.start < place]
    after = [word for word in spoken if word.start >= place]
    if not before or not after or max(before[-1].doubt, after[0].doubt) > UNSURE:
        return None
    return before[-1].ends, after[0].begins

"""Where in a take the silences go that a direction asks for within its line: at a word that the ears have found, else by
the longest silence near where the word should be."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError, OutputError
from dotsbook.files import write_whole
from dotsbook.production.gap_places import gap_places
from dotsbook.production.session import Session
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.ears.recogniser import Recogniser
    from dotsbook.master.timeline import VoicedChunk
    from dotsbook.render.opinions import SpokenWord
    from dotsbook.splice import SplicePoint

    # (samples, rate, the line, offset in the text, what is known of the two words' times) → the second at which they part
    Listener = Callable[[Samples, int, VoicedChunk, int, tuple[float, float]], float | None]

WORDS = "words"  # the judge whose opinions have the words' times
PAUSE = 0.05  # s between two words that count as a pause the ears have heard
LONG = 0.1  # s of a silence that is no part of a word, the closure before a p or a t
NEAR = 0.07  # s from where two words are heard to part to a silence that is it
CLOSE = 0.03  # s, the same of a shorter one, which may be the closure of a consonant
HALF = 0.05  # s either way of where two words part
LAG = 0.12  # s by which a word may be later by the ears than it is
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
    listener = KeptPlaces(session) if session.project.manifest.ears.words == "on" else None
    placed = [
        placed_in(voiced, heard.get(voiced.take.key, ()), rate, listener) if voiced.chunk.inside else voiced
        for voiced in lines
    ]
    if listener:
        listener.keep()
    unheard = len({key for key in keys if not heard.get(key)})
    if not unheard:
        return placed, []
    return placed, [
        f"the pauses inside {count(unheard, 'line')} are put at the longest silence near; with `ears: {{words: on}}` and "
        "`dotsbook check` they stand at their words"
    ]


def placed_in(
    voiced: "VoicedChunk", words: Sequence["SpokenWord"], rate: int, listener: "Listener | None" = None
) -> "VoicedChunk":
    """A line with its silences. Where its take can't be read they are left out: assembling it says why."""
    import soundfile

    from dotsbook.audio import read_flac

    try:
        samples, take_rate = read_flac(voiced.file)
    except (soundfile.LibsndfileError, OSError):
        return voiced
    finder = GapFinder(samples, take_rate, voiced, words, listener)
    points: list[SplicePoint] = []
    for place, seconds in voiced.chunk.inside:
        points.append(finder.point(place, seconds, rate, points[-1].into if points else 0))
    return replace(voiced, splices=tuple(points))


class GapFinder:
    """The gaps between a take's words."""

    def __init__(
        self,
        samples: "Samples",
        rate: int,
        voiced: "VoicedChunk",
        words: Sequence["SpokenWord"],
        listener: "Listener | None" = None,
    ):
        from dotsbook.splice import silences_in

        self.samples, self.rate, self.words = samples, rate, words
        self.voiced, self.listener = voiced, listener
        self.silences = silences_in(samples, rate)
        take = voiced.take
        self.expected = gap_places(voiced.chunk.spoken, take.first, take.last, self.silences, rate)

    def point(self, place: int, seconds: float, out_rate: int, after: int) -> "SplicePoint":
        """Where a silence goes that stands behind the word that ends at `place` in the text as spoken, and after a sample."""
        from dotsbook.splice import opened, parted, quietest

        gap, first, last = self.gap(place, after)
        if gap:
            return opened(self.samples, self.rate, gap, seconds, out_rate)
        begin = max(after, round(first * self.rate))
        end = max(begin, round(last * self.rate))
        return parted(
            self.samples, self.rate, quietest(self.samples, self.rate, begin, end), seconds, out_rate
        )

    def gap(self, place: int, after: int) -> tuple[tuple[int, int] | None, float, float]:
        """(the silence at a place of the text, or None; the seconds between which the words part)."""
        from dotsbook.splice import gap_between

        times = times_at(self.words, place)
        if times is None:
            second = self.expected.seconds(place)
            gap = self.expected.at.get(place)
            if gap is None or gap[0] < after:
                gap = gap_between(
                    self.later(self.expected.unexplained, after), self.rate, second, second, REACH
                )
            return gap, second - HALF, second + HALF
        silences = self.later(self.silences, after)
        ends, begins = times
        gap = gap_between(silences, self.rate, ends, begins, 0.0) if begins - ends >= PAUSE else None
        if gap and gap[1] - gap[0] >= LONG * self.rate:
            return gap, ends, begins
        ask = self.listener
        heard = ask(self.samples, self.rate, self.voiced, place, times) if ask else None
        if heard is not None:
            long = [one for one in silences if one[1] - one[0] >= PAUSE * self.rate]
            gap = gap_between(long, self.rate, heard, heard, NEAR)
            gap = gap or gap_between(silences, self.rate, heard, heard, CLOSE)
            return gap, heard - HALF / 2, heard + HALF / 2
        if begins - ends < PAUSE:
            ends -= LAG
        return gap_between(silences, self.rate, ends, begins, HALF), ends, begins

    def later(self, silences: Sequence[tuple[int, int]], after: int) -> list[tuple[int, int]]:
        return [gap for gap in silences if gap[0] >= after]


class KeptPlaces:
    """A listener to where words part, who remembers it in .dotsbook/cache/: a pause that changes is no reason to listen
    again."""

    def __init__(self, session: Session):
        self.session = session
        self.file = session.project.cache / "word-partings.json"
        self.known: dict[str, float | None] = read_json(self.file)
        self.before = len(self.known)

    @cached_property
    def recogniser(self) -> "Recogniser":
        from dotsbook.ears.recognisers import recogniser_of

        project = self.session.project
        ears = project.manifest.ears
        return recogniser_of(ears.recogniser, project.folder, project.manifest.language, ears.allow_remote)

    def __call__(
        self, samples: "Samples", rate: int, voiced: "VoicedChunk", place: int, times: tuple[float, float]
    ) -> float | None:
        """The second at which the words part. None where the recogniser can't tell, or isn't there."""
        from dotsbook.ears.parting import RECIPE, parts_at

        chunk = voiced.chunk
        name = f"{RECIPE} {voiced.take.sha256} {place} {times[0]:.3f} {times[1]:.3f}"
        if name not in self.known:
            try:
                self.known[name] = parts_at(
                    self.recogniser, samples, rate, chunk.language, chunk.spoken, place, times
                )
            except ModelError:
                return None
        return self.known[name]

    def keep(self) -> None:
        if len(self.known) > self.before:
            with suppress(OutputError):  # a folder that can't be written costs only time
                write_whole(self.file, json.dumps(self.known).encode())


def read_json(file: Path) -> dict[str, float | None]:
    try:
        data = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def times_at(words: Sequence["SpokenWord"], place: int) -> tuple[float, float] | None:
    """(when the word before a place in the text ends, when the one after it begins)."""
    spoken = [word for word in words if word.start < word.end]
    before = [word for word in spoken if word.start < place]
    after = [word for word in spoken if word.start >= place]
    if not before or not after or max(before[-1].doubt, after[0].doubt) > UNSURE:
        return None
    return before[-1].ends, after[0].begins

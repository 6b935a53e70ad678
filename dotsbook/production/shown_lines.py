"""A stretch of lines as a page shows and plays them: text, state, the take to hear, when its words are spoken."""

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from dotsbook.book import Chunk, Take
from dotsbook.production.estimate import silence
from dotsbook.production.heard_words import heard_words
from dotsbook.production.line_board import BoardLine, LineBoard
from dotsbook.production.line_direction import directed_record
from dotsbook.production.line_story import word_row

if TYPE_CHECKING:
    from dotsbook.manifest import Pacing
    from dotsbook.master.timeline import TimedWord
    from dotsbook.render.ledger import Ledger

MOST = 500  # lines at a time


@dataclass(frozen=True)
class ShownLine:
    """A line with what is known of it; `line` is None while the book is still being gone through."""

    chunk: Chunk
    line: BoardLine | None
    take: Take | None  # what can be heard of it: the take that stands, or while there is none the last before
    words: tuple["TimedWord", ...]
    gap: float  # s of silence after it

    def record(self) -> dict:
        """As other programs read it."""
        chunk, line, take = self.chunk, self.line, self.take
        told = {
            "id": chunk.id,
            "chapter": chunk.chapter,
            "paragraph": chunk.paragraph,
            "kind": chunk.kind.value,
            "text": chunk.text,
            "language": chunk.language,
            "voice": chunk.voice,
            "gap": self.gap,
        }
        if chunk.spoken != chunk.text:
            told["spoken"] = chunk.spoken
        if directed := directed_record(chunk):
            told["directed"] = directed
        if line is not None:
            told |= state_record(line)
        if take is not None:
            told["sound"] = take.key
            told["begins"], told["ends"] = round(take.first / take.rate, 3), round(take.last / take.rate, 3)
        if self.words:
            told["words"] = [word_row(word) for word in self.words]
        return told


def state_record(line: BoardLine) -> dict:
    """A line's state alone, as it is told when it changes."""
    told: dict = {"id": line.id, "place": line.place, "state": line.state, "key": line.key}
    if line.locked:
        told["locked"] = True
    if line.notes:
        told["notes"] = line.notes
    return told


def shown_lines(board: LineBoard, first: int, count: int) -> list[ShownLine]:
    """So many lines from a place on, at most MOST."""
    count = min(count, MOST)
    stretch = board.stretch(
        first, count + 1
    )  # and the one after, whose direction may ask for silence before it
    gaps = gaps_after([chunk for chunk, _ in stretch], board.session.project.manifest.pacing)
    stretch = stretch[:count]
    keys = [line.key for _, line in stretch if line]
    with board.session.reading() as ledger:
        takes = ledger.finished(keys)
        former = former_takes(ledger, [line for _, line in stretch if line and line.state == "stale"])
        jobs = board.session.jobs(ledger)
        heard = heard_words(ledger, [jobs.at(line.place, chunk) for chunk, line in stretch if line])
    return [
        ShownLine(
            chunk,
            line,
            (takes.get(line.key) or former.get(line.base)) if line else None,
            heard.get(line.key, ()) if line else (),
            round(gap, 3),
        )
        for (chunk, line), gap in zip(stretch, gaps, strict=False)
    ]


def gaps_after(chunks: list[Chunk], pacing: "Pacing") -> list[float]:
    """Seconds of silence after each: what it or the next asks for, the longer of both, else what its pause is long."""
    found = []
    for chunk, after in zip_longest(chunks, chunks[1:]):
        before = after.before if after and after.chapter == chunk.chapter else None
        asked = [seconds for seconds in (chunk.after, before) if seconds is not None]
        found.append(max(asked) if asked else silence(chunk.pause, pacing))
    return found


def former_takes(ledger: "Ledger", lines: list[BoardLine]) -> dict[str, Take]:
    """{base: the take made last} of lines whose new take isn't there yet."""
    found = {line.base: ledger.takes_of(line.base) for line in lines}
    return {base: takes[-1] for base, takes in found.items() if takes}

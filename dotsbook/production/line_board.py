"""Every line of a book with the state it is in, kept up to date with the ledger: what a face shows while a book is made.

It is loaded a little at a time, so that whoever asks for text needn't wait for it, and looks at the ledger only when
another program or thread has written there. Use it from one thread.
"""

import contextlib
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from dotsbook.book import Chunk
from dotsbook.errors import ManifestError
from dotsbook.production.credits import TITLES
from dotsbook.production.doubts import UNHEALTHY, HeldAgainst
from dotsbook.production.session import Session
from dotsbook.render.progress import RECENT

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger

STATES = ("new", "stale", "failed", "made", "doubtful", "accepted")  # of a line; a lock stands beside it
UNMADE = STATES[:3]  # those without a take
FACTS = "key, samples, rate, healthy, base"  # of a take
MANY = 100_000  # takes that may be made in the time that a rate is told of


@dataclass(slots=True)
class BoardLine:
    """A line as the board has it."""

    place: int  # in the book: 0 is its first line
    id: str
    chapter: int
    base: str
    key: str  # of the take that stands for it, or that is to be made
    expected: float  # s of sound, by its text
    state: str = ""  # one of STATES; "" until it is settled
    locked: bool = False
    notes: int = 0  # open ones
    score: float = 1.0  # of a doubtful take; 0 is worst
    seconds: float = 0.0  # of its take
    told: str = ""  # the key when its state was settled last


@dataclass(slots=True)
class BoardChapter:
    """A chapter's lines by state."""

    number: int
    title: str
    depth: int
    first: int  # the place of its first line
    lines: int
    states: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0  # of its takes

    def record(self) -> dict:
        """As other programs read it."""
        return {
            "number": self.number,
            "title": self.title,
            "depth": self.depth,
            "first": self.first,
            "lines": self.lines,
            "states": {state: self.states[state] for state in STATES if self.states[state]},
            "seconds": round(self.seconds, 1),
        }


class LineBoard:
    """The lines of a book and what is known of each. `load` until it is whole; ask for `changes` as often as you like."""

    def __init__(self, session: Session):
        self.session = session
        narration = session.narration
        listed = {one.number: (one.title, one.depth) for one in narration.chapters}
        listed |= {number: (title, 0) for number, title in TITLES.items()}
        self.chapters = {
            number: BoardChapter(number, *listed[number], first, count)
            for number, (first, count) in sorted(narration.places().items(), key=lambda row: row[1])
        }
        self.lines: list[BoardLine] = []
        self.by_base: dict[str, BoardLine] = {}
        self.by_id: dict[str, BoardLine] = {}
        self.by_key: dict[str, BoardLine] = {}
        self.whole = False
        self.connection: Any = None  # a ledger that stays open, to be asked whether anything changed
        self.seen: tuple = ()  # what the ledger said of itself when it was looked at last
        self.takes: dict[
            str, tuple[float, bool]
        ] = {}  # {key: seconds, healthy} of loaded lines, and of what came since
        self.with_takes: set[str] = set()  # bases of which there is any take, of lines without their own
        self.last = (0, "")  # the row and the key of the newest take
        self.count = 0  # of all takes
        self.failures: set[str] = set()
        self.wishes: tuple[dict[str, Any], ...] = (
            {},
            {},
            {},
            {},
            {},
        )  # retakes, choices, approvals, locks, notes by base
        self.heard: tuple = ()  # of which opinions `held` is made
        self.held: HeldAgainst | None = None  # what speaks against takes
        self.ahead = 0.0  # s of sound still to be made, as expected
        self.recent: tuple[float, float] = (0.0, 0.0)  # s of sound made lately, and in how many s
        self._coming: Iterator[Job] | None = None
        self._changed: set[int] = set()  # the places of lines that changed since `changes` was asked last
        self._unsettled: set[int] = set()  # of lines that were shown before they were loaded
        self.refresh()

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()

    # loading

    def load(self, seconds: float = 0.1) -> bool:
        """Take in more lines, for so long at most; whether all of the book is there."""
        if self.whole:
            return True
        with self.session.reading() as ledger:
            until = time.monotonic() + seconds
            if self._coming is None:
                self._coming = iter(self.session.jobs(ledger))
            while not self.whole and time.monotonic() < until:
                batch = list(islice(self._coming, 500))
                self._add(batch, ledger)
                self.whole = not batch
        return self.whole

    def _add(self, jobs: "list[Job]", ledger: "Ledger") -> None:
        from dotsbook.render.progress import seconds

        first = len(self.lines)
        for job in jobs:
            chunk = job.chunk
            line = BoardLine(len(self.lines), chunk.id, chunk.chapter, job.base, job.key, seconds(job))
            self.lines.append(line)
            self.by_base[line.base] = self.by_id[line.id] = self.by_key[line.key] = line
            if job.retake or line.key != line.base or line.base in self.wishes[0]:
                self._rename(line)  # what was wanted since the jobs were made
        self._look_up(self.lines[first:], ledger)
        for line in self.lines[first:]:
            self._settle(line)
            if line.place in self._unsettled:
                self._unsettled.remove(line.place)
                self._changed.add(line.place)

    # what the ledger says

    def changes(self) -> list[BoardLine]:
        """The lines that changed since this was asked last, or got their state after they were shown without it."""
        self.refresh()
        changed, self._changed = self._changed, set()
        return [self.lines[place] for place in sorted(changed)]

    def refresh(self) -> None:
        """Look at what was written to the ledger since the last look; costs next to nothing where nothing was."""
        told = self._told()
        if told == self.seen:
            return
        self.seen = told
        touched = self._read()
        lines = {self.by_base[base].place for base in touched & self.by_base.keys()}
        lines |= {self.by_key[key].place for key in touched & self.by_key.keys()}
        self._changed |= {place for place in lines if self._settle(self.lines[place])}

    def _read(self) -> set[str]:
        """Look at all that a line's state is made of; the bases and keys of which anything changed."""
        with self.session.reading() as ledger:
            touched = self._read_takes(ledger)
            touched |= self._read_wishes(ledger)
            touched |= self._read_opinions(ledger)
        return touched

    def _read_takes(self, ledger: "Ledger") -> set[str]:
        """The takes that came since the last look; all of the loaded lines' anew where some are gone."""
        number, key = self.last
        [(count,)] = ledger.rows("SELECT count(*) FROM takes")
        if not self.lines:  # those of lines to come are looked up with them
            self.count, touched = count, set[str]()
            self.last = (*ledger.rows("SELECT rowid, key FROM takes ORDER BY rowid DESC LIMIT 1"), (0, ""))[0]
        else:
            rows = ledger.rows(f"SELECT rowid, {FACTS} FROM takes WHERE rowid >= ? ORDER BY rowid", [number])
            more = sum(row[0] > number and row[1] not in self.takes for row in rows)
            gone = count != self.count + more or (number and (number, key) not in [row[:2] for row in rows])
            touched = {*self.takes, *self.with_takes} if gone else set()
            if gone:
                self.takes, self.with_takes = {}, set()
                self._look_up(self.lines, ledger)
            touched |= self._know(row[1:] for row in rows)
            self.count, self.last = count, rows[-1][:2] if rows else (0, "")
        failures = set(ledger.failures())
        touched |= failures ^ self.failures
        self.failures = failures
        now = time.time()
        [(audio, begun)] = ledger.rows(
            "SELECT coalesce(sum(samples * 1.0 / rate), 0), min(made) FROM takes WHERE rowid > ? AND made > ?",
            [self.last[0] - MANY, now - RECENT],
        )
        self.recent = (audio, max(now - begun, 1.0) if begun else 0.0)
        return touched

    def _look_up(self, lines: "list[BoardLine]", ledger: "Ledger") -> None:
        """Know what takes there are of these lines."""
        from dotsbook.render.ledger import batches

        for batch in batches({key for line in lines for key in (line.key, line.base)}):
            self._know(ledger.chosen(f"SELECT {FACTS} FROM takes", batch))
        for batch in batches(line.base for line in lines if line.key not in self.takes):
            marks = ",".join("?" * len(batch))
            rows = ledger.rows(f"SELECT DISTINCT base FROM takes WHERE base IN ({marks})", batch)
            self.with_takes |= {base for (base,) in rows}

    def _know(self, rows: "Iterable[tuple]") -> set[str]:
        """Take up takes, as FACTS has them; their keys and bases."""
        touched = set()
        for key, samples, rate, healthy, base in rows:
            self.takes[key] = (samples / rate, bool(healthy))
            self.with_takes.add(base or key)
            touched |= {key, base}
        return touched

    def _read_wishes(self, ledger: "Ledger") -> set[str]:
        from dotsbook.render.review import Review

        review = Review(ledger)
        former = self.wishes
        now: tuple[dict[str, Any], ...] = (
            ledger.retakes(),
            ledger.choices(),
            {base: one.key for base, one in review.approvals().items()},
            dict.fromkeys(review.locks(), True),
            dict(Counter(note.base for note in review.notes(open_only=True))),
        )
        self.wishes = now
        pairs = zip(now, former, strict=True)
        differ = [
            {base for base in new.keys() | old.keys() if new.get(base) != old.get(base)} for new, old in pairs
        ]
        renamed = [self.by_base[base] for base in (differ[0] | differ[1]) & self.by_base.keys()]
        for line in renamed:
            self._rename(line)
        self._look_up(renamed, ledger)
        return {base for each in differ for base in each}

    def _read_opinions(self, ledger: "Ledger") -> set[str]:
        [(told,)] = ledger.rows("SELECT count(*) || ' ' || coalesce(max(at), 0) FROM opinions")
        if (told, self.wishes[2]) == self.heard:
            return set()
        self.heard = (told, self.wishes[2])
        former, self.held = self.held, HeldAgainst(self.session, ledger)
        before, now = (set(held.said) | set(held.objected) if held else set() for held in (former, self.held))
        return before | now

    def _score(self, line: BoardLine, healthy: bool) -> float | None:
        """How good a doubtful take is, from 0; None for one that isn't doubtful."""
        assert self.held is not None, "the ledger was looked at"
        if scores := [one.score for one in self.held.opinions(line.key)]:
            return min(scores)
        if healthy:
            return None
        [chunk] = self.session.narration.stretch(line.place, 1)
        with self.session.reading() as ledger:
            self.held.ledger = ledger
            job = self.session.jobs(ledger).at(line.place, chunk)
            return None if self.held.liked_now(job) else UNHEALTHY

    def _told(self) -> tuple:
        """What changes whenever something is committed to the ledger."""
        path = self.session.project.ledger
        try:
            file = path.stat().st_ino
        except OSError:
            return ("no ledger",)
        with contextlib.suppress(sqlite3.Error):
            if self.connection is None or self.seen[:1] != (file,):
                self.close()
                address = f"{path.absolute().as_uri()}?mode=ro"
                self.connection = sqlite3.connect(address, uri=True, check_same_thread=False)
            return file, *self.connection.execute("PRAGMA data_version").fetchone()
        return ("unreadable",)

    def _rename(self, line: BoardLine) -> None:
        """Give a line the key that it has now."""
        retakes, choices, *_ = self.wishes
        number, chosen = retakes.get(line.base, 0), choices.get(line.base)
        self.by_key.pop(line.key, None)
        line.key = chosen or line.base
        if number and not chosen:
            [chunk] = self.session.narration.stretch(line.place, 1)
            line.key = self.session.all_jobs.bases.key(line.place, chunk, retake=number)
        self.by_key[line.key] = line

    def _settle(self, line: BoardLine) -> bool:
        """Find a line's state anew; whether anything of it changed."""
        _, _, approved, locks, notes = self.wishes
        seconds, healthy = self.takes.get(line.key, (0.0, True))
        score = 1.0
        if line.key not in self.takes:
            failed = line.key in self.failures
            state = "failed" if failed else "stale" if line.base in self.with_takes else "new"
        elif approved.get(line.base) == line.key:
            state = "accepted"
        elif (doubt := self._score(line, healthy)) is not None:
            state, score = "doubtful", doubt
        else:
            state = "made"
        now = (line.key, state, line.base in locks, notes.get(line.base, 0), score, seconds)
        if now == (line.told, line.state, line.locked, line.notes, line.score, line.seconds):
            return False
        chapter = self.chapters[line.chapter]
        if line.state:
            chapter.states[line.state] -= 1
            self.ahead -= line.expected if line.state in UNMADE else 0.0
        chapter.states[state] += 1
        chapter.seconds += seconds - line.seconds
        self.ahead += line.expected if state in UNMADE else 0.0
        line.told, line.state, line.locked, line.notes, line.score, line.seconds = now
        return True

    # what is shown

    def line(self, id_: str) -> BoardLine:
        """A line by its id. Raises ManifestError."""
        while id_ not in self.by_id and not self.whole:
            self.load()
        if id_ not in self.by_id:
            raise ManifestError(f"There is no chunk {id_[:40]}; `dotsbook plan --text` shows them all.")
        return self.by_id[id_]

    def stretch(self, first: int, count: int) -> list[tuple[Chunk, BoardLine | None]]:
        """So many lines from a place on, with their states as far as they are loaded."""
        chunks = self.session.narration.stretch(first, count)
        self._unsettled |= {*range(max(first, len(self.lines)), first + len(chunks))}
        return [
            (chunk, self.lines[place] if place < len(self.lines) else None)
            for place, chunk in enumerate(chunks, first)
        ]

    def doubtful(self) -> list[BoardLine]:
        """The lines that want an ear: without a take after failing, or doubted; the worst first."""
        found = [line for line in self.lines if line.state in ("doubtful", "failed")]
        return sorted(found, key=lambda line: (line.state != "failed", line.score, line.place))

    @property
    def rate(self) -> float | None:
        """Seconds of audio a second, of whatever rendered in the last minutes; None if nothing did."""
        audio, seconds = self.recent
        return audio / seconds if audio and seconds else None

    @property
    def eta(self) -> float | None:
        """Seconds until all is made at that rate."""
        return self.ahead / self.rate if self.rate else None

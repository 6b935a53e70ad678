"""All that is known of one line: its takes, why one is doubted, what was heard, what people said of it and when."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import LedgerError
from dotsbook.production.doubts import HeldAgainst, reasons_against
from dotsbook.production.heard_words import heard_words
from dotsbook.production.selection import jobs_named
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.book import Chunk, Take
    from dotsbook.master.timeline import TimedWord
    from dotsbook.render.review import ReviewChange, ReviewNote

BARS = 240  # of a take's waveform
RECORDED = "recording"  # what such takes have for an engine


@dataclass(frozen=True)
class LineTake:
    """One of a line's takes."""

    key: str
    seconds: float
    begins: float  # s at which speech begins and ends in it
    ends: float
    made: float  # Unix time
    attempts: int
    healthy: bool
    retake: int
    recorded: bool  # by a microphone
    edited: bool  # made from another take: docs/repair.md
    loudness: float  # LUFS, so that takes can be heard at one level
    stands: bool  # it is the line's take now
    chosen: bool  # because someone chose it
    reasons: tuple[str, ...]  # what is held against it


@dataclass(frozen=True)
class LineStory:
    """A line and all that is known of it."""

    chunk: "Chunk"
    takes: tuple[LineTake, ...]  # the first made first
    words: tuple["TimedWord", ...]  # of the take that stands, where ears heard it
    notes: tuple["ReviewNote", ...]  # open ones, the oldest first
    history: tuple["ReviewChange", ...]
    approved: bool
    locked: bool

    def record(self) -> dict:
        """As other programs read it."""
        chunk = self.chunk
        return {
            "id": chunk.id,
            "text": chunk.text,
            "spoken": chunk.spoken,
            "voice": chunk.voice,
            "language": chunk.language,
            "takes": [asdict(take) for take in self.takes],
            "words": [word_row(word) for word in self.words],
            "notes": [
                {"id": note.id, "text": note.text, "category": note.category, "by": note.by, "at": note.at}
                for note in self.notes
            ],
            "history": [
                {
                    "at": change.at,
                    "by": change.by,
                    "what": change.what,
                    "detail": change.detail,
                    "key": change.key,
                }
                for change in self.history
            ],
            "approved": self.approved,
            "locked": self.locked,
        }


def story_of(session: Session, name: str) -> LineStory:
    """All that is known of a line. Raises ManifestError for one that isn't there."""
    from dotsbook.render.judgement import norms_for
    from dotsbook.render.review import Review

    [job] = jobs_named(session, [name])
    with session.reading() as ledger:
        review = Review(ledger)
        takes = ledger.takes_of(job.base)
        rows = "SELECT key, made, retake, engine, health FROM takes WHERE base = ? OR key = ?"
        facts = {key: told for key, *told in ledger.rows(rows, (job.base, job.base))}
        held, norms = HeldAgainst(session, ledger), norms_for(ledger, [job])
        chosen = ledger.choices().get(job.base)
        heard = heard_words(ledger, [job]).get(job.key, ())
        notes = [note for note in review.notes(open_only=True) if note.base == job.base]
        history, approval = review.history(job.base), review.approvals().get(job.base)
        locked = job.base in review.locks()
    norm = norms.get((job.voice.name, job.chunk.language))
    told = []
    for take in takes:
        made, retake, engine, health = facts[take.key]
        reasons = [reason for opinion in held.opinions(take.key) for reason in opinion.reasons]
        reasons += [] if take.healthy else list(reasons_against(take, norm))
        origin = made, retake, engine == RECORDED, "edited" in json.loads(health)
        told.append(line_take(take, origin, take.key == job.key, take.key == chosen, reasons))
    return LineStory(
        job.chunk,
        tuple(told),
        heard,
        tuple(notes),
        tuple(history),
        bool(approval and approval.key == job.key),
        locked,
    )


def line_take(
    take: "Take", origin: tuple[float, int, bool, bool], stands: bool, chosen: bool, reasons: Sequence[str]
) -> LineTake:
    from dotsbook.measure import loudness_of

    made, retake, recorded, edited = origin
    return LineTake(
        take.key,
        round(take.seconds, 3),
        round(take.first / take.rate, 3),
        round(take.last / take.rate, 3),
        made,
        take.attempts,
        take.healthy,
        retake,
        recorded,
        edited,
        round(loudness_of([take.energies]), 2),
        stands,
        chosen,
        tuple(dict.fromkeys(reasons)),
    )


def word_row(word: "TimedWord") -> list:
    """A word as other programs read it: where it is written, when it is spoken, what was heard, whether that is doubted."""
    return [word.start, word.end, round(word.begins, 3), round(word.ends, 3), word.heard, word.doubted]


def take_file(session: Session, key: str) -> Path:
    """A take's file. Raises LedgerError for a key that no take has."""
    with session.reading() as ledger:
        take = ledger.finished([key]).get(key)
    if take is None:
        raise LedgerError(f"There is no take {key[:80]}.")
    return session.project.takes / take.file


def peaks_of(session: Session, key: str, bars: int = BARS) -> tuple[list[float], float]:
    """(a take's waveform as so many peaks, 0 … 1, over all of it; its seconds)."""
    import numpy as np

    from dotsbook.render.store import read

    path = take_file(session, key)
    samples, rate = read(session.project.takes, str(path.relative_to(session.project.takes)))
    edges = np.linspace(0, len(samples), bars + 1).astype(int)
    heights = [float(np.abs(samples[a:b]).max(initial=0.0)) for a, b in zip(edges, edges[1:], strict=False)]
    return [round(height, 3) for height in heights], len(samples) / rate

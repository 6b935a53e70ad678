"""Whether every take is in its voice, and where a voice drifts: a pass over a book's takes, each heard once.

A voice's model is made of takes from all over the book and kept in the cache, so that the next pass hears only what is
new. Opinions are kept in the ledger, as any judge's.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.files import write_through
from dotsbook.production.rendering import Stop, wish
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.ears.voice_model import VoiceModel
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger

MODELLED = 120  # takes of a voice, spread evenly, that its model is made of


@dataclass(frozen=True)
class UnlikeLine:
    """A take that isn't in its voice."""

    chunk: str
    key: str
    voice: str
    likeness: float  # spreads from the voice's usual; more negative is less like
    reason: str

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "chunk": self.chunk,
            "key": self.key,
            "voice": self.voice,
            "likeness": round(self.likeness, 2),
            "reason": self.reason,
        }


@dataclass(frozen=True)
class DriftingVoice:
    """A voice that goes away from what it was."""

    voice: str
    chunk: str  # where it begins
    changes: dict[str, float]  # by its last take: pitch in semitones, brightness in dB, pace as a share

    def record(self) -> dict:
        return {"voice": self.voice, "chunk": self.chunk, "changes": self.changes}


@dataclass
class LikenessPass:
    """What a pass over a book found. Go through `heard` to make it: how many takes have been heard so far."""

    takes: int = 0
    unlike: list[UnlikeLine] = field(default_factory=list)
    drifting: list[DriftingVoice] = field(default_factory=list)
    without: list[str] = field(default_factory=list)  # voices with too few takes to be known


def likeness_pass(session: Session, stop: Stop = None) -> Iterator[LikenessPass]:
    """The pass as it goes: the same object again and again, the last time with all that was found.

    Holds the project's write lock until it ends, is stopped or closed.
    """
    from dotsbook.ears.likeness_judge import LikenessJudge
    from dotsbook.render import opinions
    from dotsbook.render.judges import GuardedJudge, check

    found = LikenessPass()
    with session.writing() as ledger:
        by_voice: dict[str, list[Job]] = defaultdict(list)
        for job, take in ledger.briefed(session.jobs(ledger)):
            if take is not None:
                by_voice[job.voice.name].append(job)
        models = {}
        for name, jobs in by_voice.items():
            model = model_of(session, name, jobs, ledger)
            if model is None:
                found.without.append(name)
            else:
                models[name] = model
        judge = GuardedJudge(LikenessJudge(models))
        every = [job for jobs in by_voice.values() for job in jobs]
        for _ in check(every, ledger, session.project.takes, [judge], wish(stop)):
            found.takes += 1
            yield found
        for name, jobs in by_voice.items():
            said = {
                one.key: one.opinion
                for one in opinions.kept(ledger, [job.key for job in jobs])
                if one.judge == judge.name and one.version == judge.version and one.opinion
            }
            look_over(found, name, [job for job in jobs if job.key in said], said, judge.threshold)
    yield found


def look_over(found: LikenessPass, name: str, jobs: "list[Job]", said: dict, threshold: float) -> None:
    """What a voice's opinions come to."""
    from dotsbook.ears.drift import drift_of

    for job in jobs:
        opinion = said[job.key]
        if opinion.score < threshold:
            far = opinion.figures.get("likeness", 0.0)
            found.unlike.append(UnlikeLine(job.chunk.id, job.key, name, far, "; ".join(opinion.reasons)))
    drift = drift_of([said[job.key].figures for job in jobs])
    if drift is not None:
        found.drifting.append(DriftingVoice(name, jobs[drift.start].chunk.id, drift.changes))


def model_of(session: Session, name: str, jobs: "list[Job]", ledger: "Ledger") -> "VoiceModel | None":
    """A voice's model: the one that is kept, or one made of its takes. None for too few."""
    from dotsbook.ears.voice_measures import cepstra_of, powers_of, speech_frames
    from dotsbook.ears.voice_model import fitted, model_from
    from dotsbook.render import store

    kept = place_of(session, name)
    with contextlib.suppress(OSError, ValueError, KeyError):
        return model_from(kept.read_bytes())
    step = max(1, len(jobs) // MODELLED)
    chosen = jobs[::step][:MODELLED]
    rows = ledger.finished([job.key for job in chosen])
    takes = []
    for job in chosen:
        frames = speech_frames(*store.read(session.project.takes, rows[job.key].file))
        if len(frames):
            takes.append(cepstra_of(powers_of(frames)))
    model = fitted(takes)
    if model is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_through(kept, model.as_bytes())
    return model


def place_of(session: Session, name: str) -> Path:
    """Where a voice's model is kept: by all that makes its sound, so that a changed voice is learnt anew."""
    return session.project.cache / "likeness" / f"{session.entry(name)[:32]}.npz"


def ask_for_retakes(session: Session, found: LikenessPass) -> int:
    """Ask for new takes of all that isn't in its voice; how many."""
    from dotsbook.production.line_review import ask_retakes

    lines = [one.chunk for one in found.unlike]
    return ask_retakes(session, lines, "not in its voice", "likeness") if lines else 0

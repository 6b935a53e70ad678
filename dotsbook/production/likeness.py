"""Whether every take is in its voice, and where a voice drifts: a pass over a book's takes, each heard once.

Opinions are kept in the ledger, as any judge's, so that the next pass hears only what is new.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dotsbook.production.book_judges import timbre_of
from dotsbook.production.rendering import Stop, wish
from dotsbook.production.session import Session
from dotsbook.production.voice_learning import MODELLED, VoiceLearner, learned_voice

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job


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
        likeness = LikenessJudge(timbre=timbre_of(session))
        learner = VoiceLearner(session, ledger, session.jobs(ledger), likeness)
        for name, jobs in by_voice.items():
            # one that isn't wholly there yet is judged by what is there of it, and learned anew the next time
            if name in learner.waiting and (
                known := learned_voice(session, spread(jobs), ledger, likeness.timbre)
            ):
                likeness.learn(name, known)
        found.without = [name for name in by_voice if name not in likeness.known]
        judge = GuardedJudge(likeness)
        every = [job for name, jobs in by_voice.items() if name in likeness.known for job in jobs]
        for _ in check(every, ledger, session.project.takes, [judge], wish(stop)):
            found.takes += 1
            yield found
        for name, jobs in by_voice.items():
            said = {
                one.key: one.opinion
                for one in opinions.kept(ledger, [job.key for job in jobs])
                if one.judge == judge.name and one.version == judge.version_of(name) and one.opinion
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
    drift = drift_of([said[job.key].figures for job in jobs], [job.chunk.spoken for job in jobs])
    if drift is not None:
        found.drifting.append(DriftingVoice(name, jobs[drift.start].chunk.id, drift.changes))


def spread(jobs: "list[Job]") -> "list[Job]":
    """As many of a voice's lines as make a model, evenly from all over the book."""
    return jobs[:: max(1, len(jobs) // MODELLED)][:MODELLED]


def ask_for_retakes(session: Session, found: LikenessPass) -> int:
    """Ask for new takes of all that isn't in its voice; how many."""
    from dotsbook.production.line_review import ask_retakes

    lines = [one.chunk for one in found.unlike]
    return ask_retakes(session, lines, "not in its voice", "likeness") if lines else 0

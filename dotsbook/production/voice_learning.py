"""What the likeness judge knows of each voice: a model made of the voice's first lines, learned once and kept in the cache.

Which lines make it is decided by the book alone, so what is rendered first changes no judgement.
"""

import contextlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.files import write_through
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.ears.likeness_judge import LikenessJudge
    from dotsbook.ears.timbre import KnownVoice, Timbre
    from dotsbook.production.events import RenderEvent
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger

MODELLED = 120  # lines of a voice that its model is made of


class VoiceLearner:
    """Teaches a judge the book's voices: those known before at once, the others when the last of their lines is decided."""

    def __init__(self, session: Session, ledger: "Ledger", jobs: "Iterable[Job]", judge: "LikenessJudge"):
        """jobs: all of the book's, gone through once."""
        self.session, self.ledger, self.judge = session, ledger, judge
        self.lines: dict[str, list[Job]] = {}
        for job in jobs:
            own = self.lines.setdefault(job.voice.name, [])
            if len(own) < MODELLED:
                own.append(job)
        decided = set(ledger.finished([job.key for own in self.lines.values() for job in own]))
        decided |= set(ledger.failures())
        self.waiting: dict[str, set[str]] = {}  # {voice: keys of its lines that aren't decided}
        for voice, own in self.lines.items():
            if known := kept_voice(session, voice, judge.timbre):
                judge.learn(voice, known)
            else:
                self.waiting[voice] = {job.key for job in own} - decided
                self.teach(voice)

    @property
    def first(self) -> set[str]:
        """Keys of the lines that models wait for."""
        return set().union(*self.waiting.values())

    def take_in(self, event: "RenderEvent") -> None:
        """See what became of a line."""
        from dotsbook.render.progress import Done, Failed

        if isinstance(event, Done | Failed):
            keys = self.waiting.get(event.job.voice.name, set())
            if event.job.key in keys:
                keys.remove(event.job.key)
                self.teach(event.job.voice.name)

    def teach(self, voice: str) -> None:
        """Learn a voice, if all its lines are decided. One with too little speech is never judged."""
        if self.waiting[voice]:
            return
        del self.waiting[voice]
        known = learned_voice(self.session, self.lines[voice], self.ledger, self.judge.timbre)
        if known is not None:
            keep_voice(self.session, voice, self.judge.timbre, known)
            self.judge.learn(voice, known)


def learned_voice(
    session: Session, jobs: "Sequence[Job]", ledger: "Ledger", timbre: "Timbre"
) -> "KnownVoice | None":
    """A voice, learned from the takes that these lines have; None for too little speech."""
    from dotsbook.ears.voice_measures import HeardSpeech
    from dotsbook.render import store

    rows = ledger.finished([job.key for job in jobs])
    takes = []
    for job in jobs:
        if job.key in rows:
            features = timbre.features(HeardSpeech(*store.read(session.project.takes, rows[job.key].file)))
            takes += [] if features is None else [features]
    return timbre.learned(takes)


def kept_voice(session: Session, voice: str, timbre: "Timbre") -> "KnownVoice | None":
    with contextlib.suppress(OSError, ValueError, KeyError):
        return timbre.known(place_of(session, voice, timbre).read_bytes())
    return None


def keep_voice(session: Session, voice: str, timbre: "Timbre", known: "KnownVoice") -> None:
    path = place_of(session, voice, timbre)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_through(path, known.as_bytes())


def place_of(session: Session, voice: str, timbre: "Timbre") -> Path:
    """Where what is known of a voice is kept: by all that makes its sound, so that a changed voice is learned anew."""
    name = "-".join(filter(None, (session.entry(voice)[:32], timbre.identity)))
    return session.project.cache / "likeness" / f"{name}.npz"

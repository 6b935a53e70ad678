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
    from dotsbook.ears.voice_model import VoiceModel
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
            if known := kept_model(session, voice):
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
        """Make a voice's model, if all its lines are decided. One with too little speech is never judged."""
        if self.waiting[voice]:
            return
        del self.waiting[voice]
        model = model_of(self.session, self.lines[voice], self.ledger)
        if model is not None:
            keep_model(self.session, voice, model)
            self.judge.learn(voice, model)


def model_of(session: Session, jobs: "Sequence[Job]", ledger: "Ledger") -> "VoiceModel | None":
    """A voice's model, made of the takes that these lines have; None for too little speech."""
    from dotsbook.ears.voice_measures import cepstra_of, powers_of, speech_frames
    from dotsbook.ears.voice_model import fitted
    from dotsbook.render import store

    rows = ledger.finished([job.key for job in jobs])
    takes = []
    for job in jobs:
        if job.key in rows:
            frames = speech_frames(*store.read(session.project.takes, rows[job.key].file))
            takes += [cepstra_of(powers_of(frames))] if len(frames) else []
    return fitted(takes)


def kept_model(session: Session, voice: str) -> "VoiceModel | None":
    from dotsbook.ears.voice_model import model_from

    with contextlib.suppress(OSError, ValueError, KeyError):
        return model_from(place_of(session, voice).read_bytes())
    return None


def keep_model(session: Session, voice: str, model: "VoiceModel") -> None:
    path = place_of(session, voice)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_through(path, model.as_bytes())


def place_of(session: Session, voice: str) -> Path:
    """Where a voice's model is kept: by all that makes its sound, so that a changed voice is learned anew."""
    return session.project.cache / "likeness" / f"{session.entry(voice)[:32]}.npz"

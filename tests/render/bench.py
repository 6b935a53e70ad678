"""A project's state to render into, with the scripted engine."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from fakes import VOICES, ScriptedEngine, jobs_of

from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.jobs import Job, Jobs
from dotsbook.render.progress import Finished


def told(events, on_event=lambda event: None):
    """The outcome of a run, whose events are handed on."""
    with contextlib.closing(events):
        for event in events:
            if isinstance(event, Finished):
                break
            on_event(event)
    return event.outcome


@dataclass
class Bench:
    """A project's state folder, and rendering in it."""

    state: Path

    @property
    def ledger(self) -> Path:
        return self.state / "ledger.db"

    @property
    def takes(self) -> Path:
        return self.state / "takes"

    def jobs(self, chunks, retakes=None) -> list[Job]:
        return jobs_of(chunks, retakes=retakes)

    def all_jobs(self, chunks) -> Jobs:
        return Jobs(lambda: iter(chunks), VOICES, dict.fromkeys(VOICES, ScriptedEngine.identity), 42)

    def render(self, chunks, engine=None, on_event=lambda event: None, **options):
        """(outcome, engine) of rendering chunks under the lock; `on_event` is handed each event but the last."""
        engine = engine or ScriptedEngine()
        with write_lock.writing(self.state), ledger.writer(self.ledger, self.takes) as book:
            jobs = self.jobs(chunks, book.retakes())
            return told(loop.render(jobs, engine, book, self.takes, **options), on_event), engine

    @contextlib.contextmanager
    def reading(self):
        with ledger.reader(self.ledger, self.takes) as book:
            yield book

    def finished(self):
        with self.reading() as book:
            return book.finished()

    def pcm(self) -> dict:
        """{key: (rate, PCM bytes)} of all finished takes, read from disk."""
        import soundfile

        found = {}
        for key, take in self.finished().items():
            samples, rate = soundfile.read(self.takes / take.file, dtype="int16")
            found[key] = (rate, samples.tobytes())
        return found

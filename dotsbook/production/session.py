"""A project being worked on: its narration, voices, engine, jobs and ledger, each made when first asked for.

The one place where the rooms meet; commands ask it and print.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.book import Chunk
from dotsbook.cli.arguments import chapter_numbers
from dotsbook.machine import memory_bytes
from dotsbook.production.narration import Narration, narration_of
from dotsbook.project import Project, open_project

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job, Jobs

SEED = 42
SHARE = 0.6  # of the machine's memory that an engine may use


class Again:
    """Jobs that are gone through anew each time, so that a large book's are never all there at once."""

    def __init__(self, each: "Callable[[], Iterator[Job]]"):
        self.each = each

    def __iter__(self) -> "Iterator[Job]":
        return self.each()


class Session:
    def __init__(self, path: Path, memory: float | None = None):
        self.project: Project = open_project(path)
        self.memory = round(memory * 2**30) if memory else round(SHARE * memory_bytes())

    @cached_property
    def narration(self) -> Narration:
        return narration_of(self.project)

    @cached_property
    def voices(self) -> dict:
        """{name: Voice} of those that speak in the book."""
        from dotsbook.voices.catalogue import voice_of

        return {name: voice_of(self.project, name) for name in self.languages}

    @property
    def script(self) -> Iterator[Chunk]:
        """Every chunk there is to speak: the book's, then the credits'."""
        return chain(self.narration.chunks, self.credits)

    @cached_property
    def credits(self) -> list[Chunk]:
        from dotsbook.production.credits import spoken_chunks

        return spoken_chunks(self.project)

    @property
    def languages(self) -> dict[str, set[str]]:
        """{voice: the languages it speaks}, in the order in which they come."""
        spoken = {voice: set(languages) for voice, languages in self.narration.voices.items()}
        for chunk in self.credits:
            spoken.setdefault(chunk.voice, set()).add(chunk.language)
        return spoken

    @cached_property
    def engine(self):
        return self.new_engine()

    def new_engine(self):
        """Another engine like the manifest's; the caller closes it."""
        from dotsbook.voices.catalogue import open_engines

        return open_engines(self.project, memory=self.memory)

    def check_voices(self) -> list[str]:
        """Raise VoiceError, before any rendering, if a voice can't speak what the script gives it; else warnings."""
        warnings = [
            self.engine.check(self.voices[name], sorted(spoken)) for name, spoken in self.languages.items()
        ]
        notes = self.project.manifest.notes
        return list(dict.fromkeys((*notes, *(warning for told in warnings for warning in told or ()))))

    def chapters(self, text: str | None) -> set[int] | None:
        """What --chapter names."""
        return chapter_numbers(text, len(self.narration.chapters))

    def jobs(self, ledger, chapters: set[int] | None = None) -> Iterable:
        """A job a chunk, of all chapters or some; occurrences are counted over the whole book either way."""
        jobs = self.all_jobs.with_retakes(ledger.retakes(), ledger.choices())
        return Again(lambda: jobs.of(chapters))

    @cached_property
    def all_jobs(self) -> "Jobs":
        """The same before any retake."""
        from dotsbook.render.jobs import Jobs

        seed = self.project.manifest.sampling.seed
        identities = dict.fromkeys(self.voices, self.engine.identity)
        return Jobs(lambda: self.script, self.voices, identities, SEED if seed is None else seed)

    @contextmanager
    def reading(self) -> Iterator:
        """The ledger, to read; a render going on is no hindrance."""
        from dotsbook.render.ledger import reader

        with reader(self.project.ledger, self.project.takes) as ledger:
            yield ledger

    @contextmanager
    def writing(self) -> Iterator:
        """The ledger, to write, under the project's lock."""
        from dotsbook.render.ledger import writer
        from dotsbook.render.write_lock import writing

        with writing(self.project.state), writer(self.project.ledger, self.project.takes) as ledger:
            yield ledger

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.close()
        if "narration" in self.__dict__:
            self.narration.rows.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_) -> None:
        self.close()

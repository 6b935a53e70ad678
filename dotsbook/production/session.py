"""A project being worked on: its narration, voices, pins, jobs, engines and ledger, each made when first asked for.

What every part of this room composes with; it prints nothing and may be used from any one thread at a time.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import DotsbookError, VoiceError
from dotsbook.files import sha256_of
from dotsbook.machine import memory_bytes, user_cache
from dotsbook.production.narration import Narration
from dotsbook.production.narration_copy import copy_of, narration_of
from dotsbook.production.pins import Pins, entry_hash, read_pins
from dotsbook.project import Project, open_project
from dotsbook.wording import first_few

if TYPE_CHECKING:
    from dotsbook.render.calibration import Rate
    from dotsbook.render.jobs import Job, Jobs
    from dotsbook.render.ledger import Ledger
    from dotsbook.voices.catalogue import EngineChoice
    from dotsbook.voices.engine import Engine, Voice

SEED = 42
SHARE = 0.6  # of the machine's memory that an engine may use
UNKNOWN_RATE = 24000  # Hz assumed of an engine that isn't here and never was


def check_options(project: Project) -> None:
    """ManifestError, with its line, for an option that an engine doesn't take. Engines that aren't installed are let be."""
    from dotsbook.voices.catalogue import check_engines

    with suppress(VoiceError):
        check_engines(project)


class Session:
    def __init__(self, path: Path, memory: float | None = None):
        """path: a project's folder or its manifest; memory: GiB that engines may use."""
        self.project: Project = open_project(path)
        self.memory = round(memory * 2**30) if memory else round(SHARE * memory_bytes())
        self.singles: dict[str, Engine] = {}
        self.opener: Callable[[EngineChoice], Engine] | None = None  # another way to open an engine than here
        self.on_reading: Callable[[float], None] = lambda share: (
            None
        )  # told how much of the manuscript is read, 0 … 1
        check_options(self.project)

    @cached_property
    def narration(self) -> Narration:
        return narration_of(self.project, self.on_reading)

    @property
    def seed(self) -> int:
        """The book's, of voices that have none of their own."""
        seed = self.project.manifest.sampling.seed
        return SEED if seed is None else seed

    def keep_narration(self) -> None:
        """See that a copy of the narration lies on disk, so that a later reader can say what it reads otherwise."""
        if not copy_of(self.project).is_file():
            narration_of(self.project).close()

    # voices and the engines that speak them

    @cached_property
    def engine_keys(self) -> dict[str, str]:
        """{voice that speaks in the book: which engine speaks it, as text}."""
        return {name: voice.engine for name, voice in self.voices.items()}

    @cached_property
    def voices(self) -> "dict[str, Voice]":
        """{name, with the delivery behind it: Voice} of those that speak in the book."""
        return {name: self.voice(name) for name in self.narration.voices}

    def voice(self, name: str) -> "Voice":
        """A voice of the manifest. Where its engine isn't installed, and the voice is as it was, the lock says what it is."""
        from dotsbook.voices.catalogue import voice_of
        from dotsbook.voices.engine import Voice

        try:
            return voice_of(self.project, name)
        except VoiceError:
            pinned = self.pins.voices.get(name)
            if pinned is None or pinned.entry != self.entry(name):
                raise
            reference, words = self.project.reference(name), self.project.transcript(name)
            seed = self.project.voice(name).sampling.seed  # stands in keys beside the fingerprint
            own = {} if seed is None else {"seed": seed}
            return Voice(name, reference, words, None, own, pinned.fingerprint, pinned.engine)

    def entry(self, name: str) -> str:
        """A hash of all that the manifest says of a voice, the recording's bytes included."""
        manifest, reference = self.project.manifest, self.project.reference(name)
        said = manifest.model_dump(
            mode="json", include={"engine", "model", "options", "sampling", "language"}
        )
        entry = self.project.voice(name)
        unheard = {"consent", "gender", "references"}
        own = entry.model_dump(mode="json", exclude_none=True, exclude=unheard)
        if entry.instruct:
            own["instruct"] = entry.instruct
        adapter = self.project.adapter(name)
        facts = [said, own, self.project.transcript(name), sha256_of(reference) if reference else None]
        return entry_hash([*facts, sha256_of(adapter)] if adapter else facts)

    @cached_property
    def choices(self) -> "dict[str, EngineChoice]":
        """{key: an engine that the manifest's voices name}, of those that are known here."""
        from dotsbook.voices.catalogue import engine_of

        found: dict[str, EngineChoice] = {}
        for name in self.project.manifest.voices:
            with suppress(VoiceError):
                choice = engine_of(self.project, name)
                found[choice.key] = choice
        return found

    @cached_property
    def engine(self) -> "Engine":
        """One engine over all that the book's voices need."""
        return self.new_engine()

    def new_engine(self) -> "Engine":
        """Another; the caller closes it."""
        from dotsbook.voices.catalogue import open_engines

        return open_engines(self.project, self.narration.voices, self.memory, self.opener)

    def single(self, key: str) -> "Engine":
        """One of the engines; costs little until it is asked something. Raises VoiceError if it isn't installed."""
        from dotsbook.voices.catalogue import open_engine

        if key not in self.choices:
            raise VoiceError(f"The engine {key} isn't installed here.")
        if key not in self.singles:
            self.singles[key] = (
                self.opener(self.choices[key])
                if self.opener
                else open_engine(self.choices[key], self.project.profiles, self.memory)
            )
        return self.singles[key]

    @contextmanager
    def spoken_by(self, opener: "Callable[[EngineChoice], Engine]") -> Iterator[None]:
        """The book's engines are opened by this while it lasts; those that were opened here stay as they are."""
        singles, engine = self.singles, self.__dict__.pop("engine", None)
        self.singles, self.opener = {}, opener
        try:
            yield
        finally:
            for opened in [*self.singles.values(), *([self.engine] if "engine" in self.__dict__ else [])]:
                opened.close()
            self.__dict__.pop("engine", None)
            self.singles, self.opener = singles, None
            if engine is not None:
                self.engine = engine

    def check_voices(self) -> list[str]:
        """Raise VoiceError, before any rendering, if a voice can't speak what the script gives it; else remarks."""
        told: list[Sequence[str]] = [self.project.manifest.notes]
        told += [
            self.single(self.engine_keys[name]).check(self.voices[name], sorted(spoken)) or ()
            for name, spoken in self.narration.voices.items()
        ]
        return list(dict.fromkeys(remark for remarks in told for remark in remarks))

    # pins: which identities keys are made with

    @cached_property
    def pins(self) -> Pins:
        return read_pins(self.project.lock_file)

    def identity_here(self, key: str) -> str | None:
        """The identity of an engine as it is installed here; None if it can't be opened."""
        from dotsbook.voices.catalogue import identity_with_recipe, spec_of

        with suppress(DotsbookError):
            return identity_with_recipe(self.single(key), spec_of(self.choices[key].name))
        return None

    def identities_before(self, key: str, identity: str) -> Collection[str]:
        """What an engine of this identity called itself in earlier versions of dotsbook."""
        from dotsbook.voices.catalogue import spec_of

        return spec_of(self.choices[key].name).identities_before(identity)

    @cached_property
    def identities(self) -> dict[str, str | None]:
        """{voice that speaks in the book: the identity its takes' keys are made with}."""
        return {name: self.identity_of(voice) for name, voice in self.voices.items()}

    def identity_of(self, voice: "Voice") -> str | None:
        """What a voice is pinned to, or what made most of its takes, or what is installed here; None if nothing is."""
        if pin := self.pins.engines.get(voice.engine):
            return pin.identity
        most = self.of_most_takes(voice.engine, self.made_by_voice.get(voice.name, Counter()))
        return most or self.identity_here(voice.engine)

    @cached_property
    def made_by_voice(self) -> dict[str, Counter[str]]:
        """{voice: {engine identity in its takes' keys: how many}}, as the ledger has it now."""
        with self.reading() as ledger:
            return ledger.engines_by_voice()

    def of_most_takes(self, key: str, made: Counter[str]) -> str | None:
        """The identity that most takes of a voice have, of those that can be this engine's: so a lost lock loses no take."""
        here = self.identity_here(key) or key.partition(" ")[0]
        family = here.partition(":")[0] + ":"
        elsewhere = {pin.identity for pin in self.pins.engines.values()}
        possible = Counter(
            {who: count for who, count in made.items() if who.startswith(family) and who not in elsewhere}
        )
        return possible.most_common(1)[0][0] if possible else None

    def is_known(self, name: str) -> bool:
        """Whether it is known which engine's identity a voice's keys are made with."""
        return self.identities[name] is not None

    def identities_pinned(self) -> set[str]:
        return {identity for identity in self.identities.values() if identity}

    @property
    def licences(self) -> dict[str, str]:
        """{licence: the engine whose voices have it}, of those that speak in the book and say one."""
        from dotsbook.voices.weights import licence_of_weights

        found: dict[str, str] = {}
        for key in dict.fromkeys(self.engine_keys.values()):
            licence = self.pins.engines[key].licence if key in self.pins.engines else ""
            if not licence and key in self.choices:
                licence = licence_of_weights(self.choices[key], self.project.cache)
            if licence:
                found.setdefault(licence, key.partition(" ")[0])
        return found

    # what was measured here

    def rates(self, cluster: str | None = None) -> "dict[str, Rate | None]":
        """{voice: how fast this machine, or a cluster, renders with its engine}, for this book or in a bench; None: not
        measured."""
        from dotsbook.render.calibration import known

        caches = (self.project.cache, user_cache())
        return {
            name: next(filter(None, (known(cache, identity or "", cluster) for cache in caches)), None)
            for name, identity in self.identities.items()
        }

    def sample_rates(self) -> dict[str, int]:
        """{voice: Hz of its takes}."""
        return {name: self.rate_of(key) for name, key in self.engine_keys.items()}

    def rate_of(self, key: str) -> int:
        if pin := self.pins.engines.get(key):
            return pin.rate
        with suppress(DotsbookError):
            return self.single(key).rate
        return UNKNOWN_RATE

    def note_rate(self, rate: "Rate", cluster: str | None = None) -> None:
        """Remember how fast a run was, here or on a cluster, if one engine made all of it."""
        from dotsbook.render.calibration import note

        identities = self.identities_pinned()
        if len(identities) == 1:
            note(self.project.cache, identities.pop(), rate, cluster)

    def reread_note(self, missing: int) -> list[str]:
        """A sentence where a newer program reads the manuscript otherwise and `missing` lines of those have no take yet."""
        news = self.narration.news
        if not news or not missing:
            return []
        return [
            f"{news.count:,} lines are spoken otherwise than before ({first_few(news.lines, 8, news.count)}), "
            f"because of {', '.join(news.because)}; "
            f"{missing:,} of them are to be made anew, the takes of all other lines stay."
        ]

    # jobs and ledger

    def jobs(self, ledger: "Ledger") -> "Jobs":
        """A job for every chunk of the book, with the retakes and choices that the ledger holds."""

        return self.all_jobs.with_retakes(ledger.retakes(), ledger.choices())

    @cached_property
    def all_jobs(self) -> "Jobs":
        """The same before any retake."""
        from dotsbook.render.jobs import Jobs

        identities = {name: identity or "" for name, identity in self.identities.items()}
        return Jobs(lambda: iter(self.narration), self.voices, identities, self.seed)

    def asked_since(self, book: "Jobs", ledger: "Ledger", chapters: Collection[int] | None) -> "list[Job]":
        """Jobs of these chapters whose retake was asked for after `book` was made."""
        return [job for job in self.jobs(ledger).of(chapters) if job.retake > book.retakes.get(job.base, 0)]

    @contextmanager
    def reading(self) -> "Iterator[Ledger]":
        """The ledger, to read; a render going on is no hindrance."""
        from dotsbook.render.ledger import reader

        with reader(self.project.ledger, self.project.takes) as ledger:
            yield ledger

    @contextmanager
    def writing(self) -> "Iterator[Ledger]":
        """The ledger, to write, under the project's lock."""
        from dotsbook.render.ledger import writer
        from dotsbook.render.write_lock import writing

        with writing(self.project.state), writer(self.project.ledger, self.project.takes) as ledger:
            yield ledger

    def audition(
        self,
        text: str,
        voice: str,
        language: str,
        target: Path,
        *,
        seed: int | None = None,
        key: str | None = None,
    ) -> float:
        """Speak a line as a render's first attempt would, into a FLAC file; its seconds. No take is made or touched.

        seed: another than the book's; key: of the take that the line has or would have, if it is one of the book's.
        """
        from dotsbook.audio import write_flac
        from dotsbook.files import replacing
        from dotsbook.render.audition import request_as_rendered, speak_once
        from dotsbook.render.jobs import seed_for
        from dotsbook.voices.engine import Request

        speaker = self.voice(voice)
        engine = self.single(speaker.engine)
        engine.check(speaker, [language])
        if key:
            request = Request(text, speaker, language, seed_for(key, 1))
        else:
            identity = self.identity_of(speaker) or engine.identity
            request = request_as_rendered(
                text, speaker, language, identity=identity, seed=self.seed, chosen=seed
            )
        [(spoken, rate)] = speak_once(engine, [request])
        assert spoken.samples is not None, "speak_once raises what has no sound"
        with replacing(target, ".flac") as temporary:
            write_flac(temporary, spoken.samples, rate)
        return len(spoken.samples) / rate

    def close(self) -> None:
        for engine in [*self.singles.values(), *([self.engine] if "engine" in self.__dict__ else [])]:
            engine.close()
        if "narration" in self.__dict__:
            self.narration.close()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

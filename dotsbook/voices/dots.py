"""The engine `dots`: dots.tts as an `Engine`, its voices enrolled once and kept by content. It knows no books.

The model is loaded by the first `speak`, on the thread that calls it; `identity`, `rate` and `check` read the folder's
headers only. A profile's file is named by all it is made of (model, recording, transcript, language, speaker scale),
so that it is remade when any of it changes and never mistaken for another.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import DotsbookError, ModelError, VoiceError
from dotsbook.files import sha256_of
from dotsbook.manifest import LineSampling
from dotsbook.voices.dots_adapters import AdaptedModels, adapter_mark
from dotsbook.voices.dots_edits import DotsEdits
from dotsbook.voices.dots_words import (
    EDITED,
    SPEAKER_SCALE,
    SPOKEN,
    bring,
    folder_of,
    identities_before,
    licence_of,
    profile_key,
    remarks_on,
    sampling_of,
)
from dotsbook.voices.edits import EditedLine, EditRequest
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, Request, Spoken, Streamed, Voice, letters_of
from dotsbook.voices.mlx_guards import mlx_guards
from dotsbook.voices.mlx_memory import is_out_of_memory
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.opening import Checkpoint
    from dotsbook.model.dots import Dots, Utterance
    from dotsbook.model.peak_memory import RowSize
    from dotsbook.model.profile import Profile
    from dotsbook.model.sampling import SamplingOptions
    from dotsbook.voices.dots_live import DotsLive

# Raised by whoever changes what this code or model/ makes of the same text, voice and weights: the prompt's form, the
# onset trim, resampling of references, decoding. Speed and backend are no reason.
RECIPE = 1
SLOWEST = 0.12  # s of speech a character, at most, in an estimate
# s of speech at the very most, to begin with and a character: after a short line it may babble on
CEILING = (1.5, 0.2)
LONG_REFERENCE = 15.0  # s, assumed of a reference in an estimate
FLOAT = 4  # bytes of a number in the caches, at most


class DotsEngine:
    """`model` is a folder, or a hub name whose files are in the cache already."""

    slots = 1

    def __init__(self, model: str, profiles: Path, memory: int | None = None):
        self.name, self.folder_of_profiles, self.memory = model, profiles, memory
        self.model: Dots | None = None  # once loaded
        self.adapted: AdaptedModels | None = None
        self.adaptable = False  # the model keeps the checkpoint's layers, over which adapters are laid
        self.enrolled: dict[str, Profile] = {}
        self.editor: DotsEdits | None = None  # once asked for
        self.closed = False

    @cached_property
    def folder(self) -> Path:
        """The model's files; ModelError if they aren't on this machine."""
        return folder_of(self.name)

    @cached_property
    def checkpoint(self) -> "Checkpoint":
        from dotsbook.model.checkpoint.opening import open_checkpoint
        from dotsbook.model.startup import prepare_mlx

        prepare_mlx()
        from dotsbook.model.network.elementary import on_cpu

        return open_checkpoint(str(self.folder), dtype="float32" if on_cpu() else None)

    @property
    def identity(self) -> str:
        """The weights' hash: the same on every backend and in every precision of computing, which are facts."""
        return f"dots:{self.checkpoint.identity}"

    def facts(self) -> Mapping[str, str]:
        from dotsbook.model.device import run_facts

        return run_facts(self.checkpoint)

    @property
    def rate(self) -> int:
        return self.checkpoint.config.vocoder.sample_rate

    @cached_property
    def together(self) -> int | None:
        """As many lines as `model bench` found best here; None: as many as there is memory for."""
        from dotsbook.model.bench.findings import found

        return finding.together if (finding := found(self.checkpoint.identity)) else None

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse an unfit reference, settings this model hasn't, and a voice that has only tongues it never heard."""
        from dotsbook.model.sampling import resolve

        if self.checkpoint.config.streaming is not None:
            raise VoiceError(
                f"{self.name} is a model for talking while text still comes; for books take another, such as "
                "shraey/dots-tts-mlx/mf-int4."
            )
        resolve(sampling_of(voice), self.checkpoint.config)
        if voice.reference:
            from dotsbook.voices.reference import read_reference, refusal

            unfit = refusal(voice.reference, read_reference(voice.reference, voice.transcript))
            if unfit:
                raise unfit
        remarks = remarks_on(languages, voice.name)
        if voice.reference and not voice.transcript:
            remarks.append(
                f"Voice `{voice.name}` has a reference and no transcript: its timbre is taken, its manner isn't, and "
                "very short lines may run on; write down what is spoken in it under `transcript:`."
            )
        return remarks + self.guards

    @cached_property
    def guards(self) -> list[str]:  # asked once for all voices
        return mlx_guards(self.weight_bytes, self.memory)

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """Weights, caches and working memory of these lines at their longest likely length, by model/peak_memory.py.

        Reads headers only. A voice not enrolled yet counts as a long reference.
        """
        from dotsbook.model.peak_memory import MemoryEstimator, RowSize
        from dotsbook.model.sampling import resolve
        from dotsbook.model.solvers import solver_for

        config = self.checkpoint.config
        solver = solver_for(config, resolve(sampling_of(requests[0].voice), config))
        voices = {request.voice.name: self.prompt_of(request.voice) for request in requests}
        rows = []
        for request in requests:
            letters = letters_of(request.text)
            patches = 1 + int(letters * SLOWEST * self.rate / config.patch_samples)
            rows.append(
                RowSize(
                    voices[request.voice.name].text + letters, voices[request.voice.name].prompted, patches
                )
            )
        return MemoryEstimator(config, self.checkpoint.llm_config, solver, self.weight_bytes, FLOAT).peak(
            rows, list(voices.values())
        )

    def prompt_of(self, voice: Voice) -> "RowSize":
        """A voice's share of the prompt, in text tokens and patches of reference."""
        from dotsbook.model.peak_memory import RowSize

        if not voice.reference:
            return RowSize(0, 0, 0)
        return RowSize(
            len(voice.transcript or ""),
            int(LONG_REFERENCE * self.rate / self.checkpoint.config.patch_samples),
            0,
        )

    @cached_property
    def weight_bytes(self) -> int:
        """Of the weights in memory: as stored, or on a CPU as float32, packed ones unpacked."""
        from dotsbook.model.network.elementary import on_cpu

        tensors = [tensor for header in self.checkpoint.headers.values() for tensor in header.values()]
        stored = sum(tensor.end - tensor.begin for tensor in tensors)
        if not on_cpu():
            return stored
        packed = 32 // self.checkpoint.quantization.bits if self.checkpoint.quantization else 1
        return FLOAT * sum(tensor.count * (packed if tensor.dtype == "U32" else 1) for tensor in tensors)

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each line as it is done. MemoryError and its kin become EngineOutOfMemory."""
        with self.memory_told():
            for model, some in self.by_model(batch):
                asked, lines, errors = self.utterances(some, model)
                yield from (Spoken(request, error=error) for request, error in errors)
                for index, sound in model.speak_batch(lines):
                    self.alive()
                    if isinstance(sound, DotsbookError):
                        yield Spoken(asked[index], error=sound)
                    else:
                        yield Spoken(asked[index], samples=sound)

    def stream(self, batch: Sequence[Request]) -> Iterator[Streamed]:
        """Yield each line's sound as it is made, a patch at a time; errors as `speak`."""
        with self.memory_told():
            for model, some in self.by_model(batch):
                asked, lines, errors = self.utterances(some, model)
                yield from (Streamed(request, error=error, last=True) for request, error in errors)
                for index, sound, last in model.stream_batch(lines):
                    self.alive()
                    if isinstance(sound, DotsbookError):
                        yield Streamed(asked[index], error=sound, last=True)
                    else:
                        yield Streamed(asked[index], samples=sound, last=last)

    def by_model(self, batch: Sequence[Request]) -> "Iterator[tuple[Dots, list[Request]]]":
        """The requests of each model in turn: the base's, and those of each adapter."""
        self.alive()
        groups: dict[tuple, list[Request]] = {}
        for request in batch:
            groups.setdefault((request.voice.adapter, request.voice.strength), []).append(request)
        # All of a batch is spoken from one loading.
        adaptable = any(request.voice.adapter is not None for request in batch)
        for some in groups.values():
            yield self.models(adaptable).of(some[0].voice), some

    @property
    def live(self) -> "Callable[[Request], DotsLive] | None":
        """For a model that was made to speak a text while it comes."""
        return self.begin_live if self.checkpoint.config.streaming is not None else None

    def begin_live(self, request: Request) -> "DotsLive":
        from dotsbook.model.live_speech import LiveSpeech
        from dotsbook.voices.dots_live import DotsLive

        with self.memory_told():
            self.alive()
            voice = request.voice
            model = self.models(voice.adapter is not None).of(voice)
            sampling, profile = sampling_of(voice), self.profile_of(voice, model)
            return DotsLive(LiveSpeech(model, profile, sampling=sampling, seed=request.seed))

    edits = EDITED

    def edit(self, batch: Sequence[EditRequest]) -> Iterator[EditedLine]:
        """Say takes otherwise; for a model that edits. No file says whether a model does: others speak at random."""
        from dotsbook.model.editing.editor import Editor

        with self.memory_told():
            self.alive()
            self.editor = self.editor or DotsEdits(Editor(self.loaded()))
            for edited in self.editor.edit(batch):
                self.alive()
                yield edited

    def utterances(
        self, batch: Sequence[Request], model: "Dots"
    ) -> "tuple[list[Request], list[Utterance], list[tuple[Request, DotsbookError]]]":
        """The lines as the model takes them, their voices enrolled; and those whose voice can't be."""
        from dotsbook.model.dots import Utterance

        self.alive()
        asked: list[Request] = []
        lines: list[Utterance] = []
        errors: list[tuple[Request, DotsbookError]] = []
        for request in batch:
            try:
                profile = self.profile_of(request.voice, model)
            except (VoiceError, ModelError) as error:
                errors.append((request, error))
                continue
            sampling = self.sampling_for(request, profile.patches if profile else 0)
            lines.append(Utterance(request.text, profile, request.language, sampling, request.seed))
            asked.append(request)
        return asked, lines, errors

    @contextmanager
    def memory_told(self) -> Iterator[None]:
        """What MLX says of memory, as EngineOutOfMemory."""
        try:
            yield
        except (MemoryError, RuntimeError) as error:
            if is_out_of_memory(error):
                raise self.out_of_memory() from error
            raise

    def sampling_for(self, request: Request, prompted: int) -> "SamplingOptions":
        """The voice's, with no more room than the text can need."""
        sampling, config = sampling_of(request.voice), self.checkpoint.config
        seconds = CEILING[0] + CEILING[1] * letters_of(request.text)
        patches = prompted + 1 + int(seconds * self.rate / config.patch_samples)
        return replace(sampling, max_patches=min(sampling.max_patches, patches))

    def loaded(self, adaptable: bool = False) -> "Dots":
        """The model; loaded anew, once, where an adapter comes to be laid over a model that is fused for decoding."""
        if self.model is None or (adaptable and not self.adaptable):
            from dotsbook.model.dots import Dots

            self.model = self.adapted = self.editor = None
            self.model, self.adaptable = Dots.load(str(self.folder), fused=not adaptable), adaptable
        return self.model

    def models(self, adaptable: bool) -> AdaptedModels:
        base = self.loaded(adaptable)
        if self.adapted is None:
            self.adapted = AdaptedModels(base)
        return self.adapted

    def profile_of(self, voice: Voice, model: "Dots | None" = None) -> "Profile | None":
        """The voice enrolled: from memory, from its file, or anew. None without a reference: the model's own voice."""
        if voice.reference is None:
            return None
        made_of = profile_key(self.checkpoint.identity, voice, adapter_mark(voice))
        if made_of not in self.enrolled:
            file = self.folder_of_profiles / f"{made_of}.safetensors"
            self.enrolled[made_of] = self.read_or_enrol(
                voice, voice.reference, file, model or self.models(voice.adapter is not None).of(voice)
            )
        return self.enrolled[made_of]

    def read_or_enrol(self, voice: Voice, recording: Path, file: Path, model: "Dots") -> "Profile":
        from dotsbook.model.profile import read_profile
        from dotsbook.voices.reference import read_reference, refusal

        if file.is_file():
            try:
                return read_profile(file)
            except ModelError:  # damaged: what follows replaces it
                pass
        reference = read_reference(recording, voice.transcript)
        unfit = refusal(recording, reference)
        if unfit:
            raise unfit
        samples = reference.samples - reference.samples.mean()
        scale = voice.settings.get("speaker_scale", SPEAKER_SCALE)
        profile = model.enroll(samples, reference.rate, voice.transcript, voice.language, speaker_scale=scale)
        profile.save(file)
        return profile

    def alive(self) -> None:
        if self.closed:
            raise EngineDied("The dots engine was closed.")

    def out_of_memory(self) -> EngineOutOfMemory:
        return EngineOutOfMemory(
            "There was no memory for this batch; lower `--memory`, or close other programs."
        )

    def close(self) -> None:
        """Let go of the model. A `speak` that runs raises EngineDied at its next line."""
        self.closed = True
        self.model = self.adapted = self.editor = None
        self.enrolled.clear()


# ── the spec ──


class DotsOptions(EngineOptions, LineSampling):
    """What `options:` may hold: the same as `sampling:`, but the seed."""


def open_dots(setup: EngineSetup) -> DotsEngine:
    return DotsEngine(named(setup), setup.profiles, setup.memory)


def named(setup: EngineSetup) -> str:
    if not setup.model:
        raise VoiceError(
            "`engine: dots` needs a `model:` in book.yaml: a folder, or a name on the hub such as "
            "shraey/dots-tts-mlx/mf-int4."
        )
    return setup.model


def fingerprint(voice: Voice) -> dict[str, object]:
    """All but the seed, which stands in the key by itself."""
    return {
        "reference": sha256_of(voice.reference) if voice.reference else None,
        "transcript": voice.transcript,
        "language": voice.language,
        "tempo": voice.settings["tempo"],
        "sampling": {
            name: voice.settings[name] for name in DotsOptions.model_fields if name in voice.settings
        },
    } | adapter_mark(voice)


SPEC = EngineSpec(
    "dots",
    open_dots,
    options=DotsOptions,
    of_voice=frozenset(DotsOptions.model_fields),
    fingerprint=fingerprint,
    recipe=RECIPE,
    files=lambda setup: folder_of(named(setup)),
    bring=lambda setup: bring(named(setup)),
    licence=lambda setup: licence_of(named(setup)),
    languages=SPOKEN,
    identities_before=identities_before,
    about="dots.tts in MLX: your own voice from a short recording",
    can=frozenset({"clone", "batch", "edit", "adapt"}),
    modules=("mlx", "mlx_lm"),
    begins_with=lambda language: {"model": "shraey/dots-tts-mlx/mf-int4"},
)

"""The engine `mlx-audio`: any speech model that the package mlx-audio runs, from a folder or the hub. It knows no books.

A model is asked by the names of its own `generate`: what a voice says that this model has no name for is refused before
rendering. Lines are spoken one after another and the generator of random numbers is seeded before each: the batched
calls that some models have draw for all lines from one generator, so a take would depend on its neighbours.

mlx_audio.tts.generate is never imported: it needs PortAudio, which only plays sound.
"""

import contextlib
import hashlib
import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.files import sha256_of
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, Request, Spoken, Voice
from dotsbook.voices.mlx_audio_files import config_of, folder_of, licence_of, preset_names, revision_of
from dotsbook.voices.mlx_memory import is_out_of_memory
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec, all_of_it, none_of
from dotsbook.wording import first_few

RECIPE = 1  # raised by whoever changes what this code asks of the same text, voice and weights
RATE = 24_000  # Hz, of most models; each line says its own
WORKING = 1_500_000  # bytes a character, assumed of caches and sound: models differ
# what a new book begins with: ten languages, and no phonemiser to install
USUAL = "mlx-community/Qwen3-TTS-12Hz-1.7B-CustomVoice-bf16"
OURS = (
    "text",
    "voice",
    "ref_audio",
    "ref_text",
    "instruct",
    "speed",
    "lang_code",
    "seed",
    "rng_seed",
    "stream",
)
# what models raise for a text or a setting they can't do
FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    OSError,
    ImportError,
)


class MlxAudioEngine:
    """One model. It is loaded by the first `speak`, on the thread that calls it."""

    slots = 1
    together = 1

    def __init__(self, setup: EngineSetup):
        self.setup = setup
        self.model: Any = None  # once loaded
        self.references: dict[Path, Any] = {}  # recordings at the model's rate
        self.versions: dict[str, str] = {}  # of libraries, once loaded
        self.closed = False

    @cached_property
    def folder(self) -> Path:
        return folder_of(self.setup.model)

    @cached_property
    def config(self) -> Mapping[str, Any]:
        return config_of(self.folder)

    @cached_property
    def identity(self) -> str:
        """`mlx-audio:REPO@COMMIT` for what lies in the hub's cache, else the hash of all files of the folder."""
        if known := revision_of(self.folder):
            return f"mlx-audio:{known}"
        digest = hashlib.sha256()
        for file in sorted(file for file in self.folder.rglob("*") if file.is_file()):
            name = file.relative_to(self.folder).as_posix()
            if not name.startswith("."):
                digest.update(f"{name} {sha256_of(file)}\n".encode())
        return f"mlx-audio:{digest.hexdigest()[:16]}"

    @property
    def rate(self) -> int:
        said = self.config.get("sample_rate")
        return said if isinstance(said, int) and 8000 <= said <= 192_000 else RATE

    def facts(self) -> Mapping[str, str]:
        return {"model": str(self.setup.model), **self.versions}

    @cached_property
    def takes(self) -> frozenset[str]:
        """What the model's `generate` has a name for. VoiceError if mlx-audio or the model's kind isn't there."""
        get_model_and_args = package().get_model_and_args
        from mlx_audio.utils import get_model_name_parts

        parts = get_model_name_parts(self.folder)
        kind = self.config.get("model_type") or self.config.get("architecture") or parts[0]
        if kind == "llama" and "acoustic_dim" in self.config:  # as mlx-audio tells the two apart
            kind = "tada"
        with self.told(f"mlx-audio has no model of the kind {kind!r}, which {self.setup.model} is"):
            found, _ = get_model_and_args(str(kind), parts)
            return frozenset(inspect.signature(found.Model.generate).parameters) - {"self", "kwargs"}

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse what this model has no name for and a preset it hasn't. Loads no weights."""
        settings, takes = voice.settings, self.takes
        for name in ("voice", "instruct", "speed", "lang_code"):
            if settings.get(name) is not None and name not in takes:
                raise VoiceError(
                    f"Voice `{voice.name}`: {self.setup.model} takes no `{name}:`; take it away, or choose another model."
                )
        if voice.reference and "ref_audio" not in takes:
            raise VoiceError(
                f"Voice `{voice.name}`: {self.setup.model} doesn't clone; take `reference:` away, or choose a model that does."
            )
        known = preset_names(self.folder, self.config)
        for name in str(settings.get("voice") or "").split(","):
            if name and known and name.strip().lower() not in {one.lower() for one in known}:
                raise VoiceError(
                    f"Voice `{voice.name}`: {self.setup.model} has no voice {name.strip()!r}; it has {first_few(known, 8)}."
                )
        if voice.reference and not voice.transcript and "ref_text" in takes:
            return [
                f"Voice `{voice.name}` has a reference and no transcript, which {self.setup.model} would use; write down "
                "what is spoken in it under `transcript:`."
            ]
        return []

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        weights = sum(file.stat().st_size for file in self.folder.rglob("*.safetensors"))
        return weights + WORKING * max((len(request.text) for request in requests), default=0)

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each line as it is done, one after another."""
        self.alive()
        model = self.loaded()
        for request in batch:
            self.alive()
            try:
                samples, rate = self.said(model, request)
            except (EngineDied, EngineOutOfMemory):
                raise
            except VoiceError as error:
                yield Spoken(request, error=error)
            else:
                yield Spoken(request, samples=samples, rate=rate)

    def loaded(self) -> Any:
        if self.model is None:
            import importlib.metadata as packages

            import mlx.core as mx

            load_model = package().load_model
            with self.told(f"mlx-audio can't load {self.setup.model}"):
                self.model = load_model(self.folder)
            self.versions = {
                "device": mx.default_device().type.name,
                "mlx": packages.version("mlx"),
                "mlx-audio": packages.version("mlx-audio"),
            }
        return self.model

    def said(self, model: Any, request: Request) -> tuple[Samples, int]:
        """The sound of a line, mono float32, and its rate."""
        import mlx.core as mx
        import numpy as np

        with self.told(f"{self.setup.model} can't say {request.text[:40]!r}"):
            named = self.arguments(model, request)
            mx.random.seed(request.seed)
            results = list(model.generate(**named))
            pieces = [mono(np.array(mx.array(one.audio).astype(mx.float32))) for one in results]
        rates = {int(one.sample_rate) for one in results}
        if len(rates) > 1:
            raise VoiceError(
                f"{self.setup.model} speaks {request.text[:40]!r} at several rates; choose another model."
            )
        if not any(map(len, pieces)):
            raise VoiceError(f"{self.setup.model} finds nothing to say in {request.text[:40]!r}.")
        return np.clip(np.nan_to_num(np.concatenate(pieces)), -1.0, 1.0), rates.pop()

    def arguments(self, model: Any, request: Request) -> dict[str, object]:
        """What `generate` is called with, by its own names."""
        settings, voice = request.voice.settings, request.voice
        wanted: dict[str, object] = {
            name: settings[name]
            for name in ("voice", "instruct", "speed", "lang_code")
            if settings.get(name) is not None
        }
        if "lang_code" not in wanted and self.config.get("model_type") == "kokoro":
            voice_name = str(settings.get("voice") or "af_heart")
            wanted["lang_code"] = voice_name[0]  # a voice's first letter is its language
        if voice.reference:
            wanted["ref_audio"] = self.recording(model, voice.reference)
            if voice.transcript:
                wanted["ref_text"] = voice.transcript
        small = request.seed % 2**31  # some models seed themselves, and not by more than 32 bits
        wanted |= {"seed": small, "rng_seed": small}
        extra = settings.get("extra")
        return {
            "text": request.text,
            **{name: value for name, value in wanted.items() if name in self.takes},
            **(extra if isinstance(extra, dict) else {}),
        }

    def recording(self, model: Any, file: Path) -> Any:
        """A recording as this model takes it: its path, or its samples at the model's rate."""
        if getattr(model, "preserve_ref_audio_path", False) is True:
            return str(file)
        if file not in self.references:
            from mlx_audio.utils import load_audio

            self.references[file] = load_audio(str(file), sample_rate=int(model.sample_rate))
        return self.references[file]

    @contextlib.contextmanager
    def told(self, what: str) -> Iterator[None]:
        """What mlx-audio and its models raise, as sentences; what they print goes to the standard error."""
        try:
            with contextlib.redirect_stdout(sys.stderr):
                yield
        except VoiceError:
            raise
        except (*FAULTS, RuntimeError, MemoryError) as error:
            if is_out_of_memory(error):
                raise self.no_memory() from error
            why = " ".join(str(error).split()) or type(error).__name__
            raise VoiceError(f"{what}: {why[:300].rstrip('.')}.") from error

    def no_memory(self) -> EngineOutOfMemory:
        return EngineOutOfMemory(
            f"There was no memory for {self.setup.model}; close other programs, or choose a smaller model."
        )

    def alive(self) -> None:
        if self.closed:
            raise EngineDied("The mlx-audio engine was closed.")

    def close(self) -> None:
        """Let go of the model. A `speak` that runs raises EngineDied at its next line."""
        self.closed = True
        self.model = None
        self.references.clear()


def package() -> Any:
    """The module mlx_audio.tts.utils. VoiceError where it isn't installed."""
    try:
        import mlx_audio.tts.utils as utils
    except ImportError as error:
        raise VoiceError(
            f'The engine mlx-audio isn\'t installed here ({error}): pip install "dotsbook[mlx-audio]".'
        ) from error
    return utils


def mono(sound: Samples) -> Samples:
    """(samples), (channels, samples) or (samples, channels) as (samples)."""
    if sound.ndim == 2 and 2 in sound.shape:
        return sound.mean(axis=sound.shape.index(2), dtype=sound.dtype)
    return sound.reshape(-1)


# ── the spec ──


class MlxAudioOptions(EngineOptions):
    """What `options:` may hold. All are a voice's; None: the model's own idea."""

    voice: str | None = Field(default=None, min_length=1, max_length=200)  # one of the model's presets
    instruct: str | None = Field(default=None, max_length=4000)  # how it should speak, or who
    speed: float | None = Field(default=None, ge=0.25, le=4)
    lang_code: str | None = Field(default=None, max_length=40)  # as the model writes languages
    # what else its `generate` takes, such as temperature
    extra: Annotated[dict[str, object], AfterValidator(none_of(OURS))] | None = None


SPEC = EngineSpec(
    "mlx-audio",
    MlxAudioEngine,
    options=MlxAudioOptions,
    of_voice=frozenset(MlxAudioOptions.model_fields),
    fingerprint=all_of_it,
    recipe=RECIPE,
    files=lambda setup: folder_of(setup.model),
    licence=lambda setup: licence_of(folder_of(setup.model)),
    about="any model of mlx-audio, on Apple silicon or, slowly, any processor",
    can=frozenset({"clone", "preset", "design"}),
    modules=("mlx_audio",),
    extra="mlx-audio",
    described_by="instruct",
    designs_with="mlx-community/Qwen3-TTS-12Hz-1.7B-VoiceDesign-bf16",
    begins_with=lambda language: {"model": USUAL, "options": {"voice": "Ryan"}},
)

"""The engine `openai`: any server that speaks by POST /v1/audio/speech. It knows no models, only what it asks for.

SGLang-Omni, vLLM-Omni, mlx-audio's server, Kokoro-FastAPI, LocalAI, OpenAI, and `dotsbook serve`. A text leaves this
machine only with `allow_remote: true`, unless the server's address is this machine's own. The key comes from the
environment and stands in no file and no message.
"""

import base64
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from dotsbook.audio import Samples
from dotsbook.errors import VoiceError
from dotsbook.voices.engine import EngineDied, Request, Spoken, Voice
from dotsbook.voices.side_by_side import spoken_side_by_side
from dotsbook.voices.spec import EngineOptions, EngineSetup, EngineSpec, all_of_it, none_of
from dotsbook.voices.speech_server import Answer, LineRefused, ServerFault, SpeechServer
from dotsbook.voices.wave_answer import CutShort, read_wave, samples_of

RECIPE = 1  # raised by whoever changes what is asked for of the same text and voice
RATE = 24000  # Hz, OpenAI's, of raw PCM
# seconds before a line whose answer was cut or was an error of the server is asked for again
PAUSES = (0.2, 1.0)
SHORTEST = 0.02  # seconds: less is no speech
LARGEST_REFERENCE = 20_000_000  # bytes of a recording that goes along with each line
OURS = ("model", "input", "voice", "response_format", "stream")  # fields that `extra` can't set


def an_address(text: str) -> str:
    server = SpeechServer(text, "")
    try:
        port_is_one = server.parts.port is None or server.parts.port > 0
    except ValueError:
        port_is_one = False
    if server.parts.scheme not in ("http", "https") or not server.parts.hostname or not port_is_one:
        raise ValueError("it is no address: write it as http://127.0.0.1:8000/v1")
    if "@" in server.parts.netloc:
        raise ValueError(
            "it holds a password: put a key into the environment, and name the variable as `key_from`"
        )
    if server.parts.query or server.parts.fragment or not text.isascii() or not text.isprintable():
        raise ValueError("it is an address with more than a path: write it as http://127.0.0.1:8000/v1")
    return text


class OpenAIOptions(EngineOptions):
    """What `options:` may hold for `engine: openai`."""

    base_url: Annotated[str, AfterValidator(an_address)] = "http://127.0.0.1:8000/v1"
    allow_remote: bool = False  # the text, and a reference if there is one, may leave this machine
    # an environment variable
    key_from: str = Field(default="OPENAI_API_KEY", pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    format: Literal["wav", "pcm"] = "wav"
    rate: int | None = Field(default=None, ge=8000, le=192_000)  # Hz: of PCM; of WAV, refuse another
    slots: int = Field(default=4, ge=1, le=64)  # requests in flight
    seed: bool = True  # send one; off for servers that refuse it
    # how a voice's reference goes along: references: [{…, text}], or ref_audio and ref_text
    clone: Literal["references", "ref_audio"] | None = None
    recording: Literal["data", "path"] = "data"  # its bytes, or its path where the server sees the same disk
    # of a voice
    voice: str | None = Field(default=None, max_length=200)  # as the server calls it; None: as the book does
    instructions: str | None = Field(default=None, max_length=4000)  # how it should speak
    # fields to send as they stand
    extra: Annotated[dict[str, object], AfterValidator(none_of(OURS))] | None = None


OF_VOICE = frozenset({"voice", "instructions", "extra", "clone"})


class OpenAIEngine:
    """One server and one of its models. Called from `slots` threads, with a line each."""

    together = 1  # lines a batch: more would only wait for one another

    def __init__(self, model: str, options: OpenAIOptions):
        self.model, self.options = model, options
        self.server = SpeechServer(options.base_url, options.key_from)
        self.slots = options.slots
        self.leaving = threading.Event()
        self.recordings: dict[str, str] = {}  # {path: base64}

    @property
    def identity(self) -> str:
        """The model's name, not the host's: a book may go on with another server of the same model."""
        return f"openai:{self.model}"

    @property
    def rate(self) -> int:
        return self.options.rate or RATE

    def facts(self) -> Mapping[str, str]:
        return {"server": self.server.host}

    def check(self, voice: Voice, languages: Sequence[str]) -> list[str]:
        """Refuse a server elsewhere that wasn't allowed; say once that the text goes there. Asks the server nothing."""
        self.allowed()
        remarks = []
        if not self.server.is_here:
            what = "its text and its recording" if self.cloned(voice) else "its text"
            remarks.append(
                f"Voice `{voice.name}` is spoken by {self.server.host}: {what} will be sent there."
            )
        if voice.reference and not self.cloned(voice):
            remarks.append(
                f"Voice `{voice.name}` has a reference that isn't sent; `clone: references` in its options does."
            )
        if voice.reference and self.cloned(voice) and voice.reference.stat().st_size > LARGEST_REFERENCE:
            raise VoiceError(
                f"{voice.reference} is too long to be sent with every line; cut it to 15 seconds."
            )
        return remarks

    def allowed(self) -> None:
        if not (self.server.is_here or self.options.allow_remote):
            raise VoiceError(
                f"The book's text would be sent to {self.server.host}; write `allow_remote: true` under `options:` "
                "if that is wanted."
            )

    def cloned(self, voice: Voice) -> bool:
        return bool(voice.reference and voice.settings.get("clone"))

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        return sum(len(request.text) for request in requests) * 100_000

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield each as it comes; what a server that is away left out is EngineUnavailable, and asked for again."""
        self.allowed()
        if len(batch) == 1:
            yield self.spoken(batch[0])
            return
        yield from spoken_side_by_side(batch, self.spoken, self.slots, len(batch), "openai")

    def spoken(self, request: Request) -> Spoken:
        """One line, asked for again where its answer was cut or the server met an error of its own."""
        body = self.body(request)
        for pause in (*PAUSES, None):
            try:
                samples, rate = self.sound(self.server.speech(body))
                return Spoken(request, samples=samples, rate=rate)
            except (CutShort, LineRefused) as error:
                if pause is None or not isinstance(error, CutShort | ServerFault):
                    return Spoken(request, error=error)
            if self.leaving.wait(pause):
                raise EngineDied("The openai engine was closed.")
        raise AssertionError("the last try returns")

    def body(self, request: Request) -> dict[str, object]:
        """The fields of a request, `extra` among them."""
        settings, voice = request.voice.settings, request.voice
        found: dict[str, object] = {
            "model": self.model,
            "input": request.text,
            "voice": settings.get("voice") or voice.timbre,
            "response_format": self.options.format,
            "language": request.language,
        }
        if self.options.seed:
            found["seed"] = request.seed
        if said := settings.get("instructions"):
            found["instructions"] = said
        if self.cloned(voice):
            found |= self.reference(voice)
        extra = settings.get("extra")
        return found | (extra if isinstance(extra, dict) else {})

    def reference(self, voice: Voice) -> dict[str, object]:
        """A voice's recording and its words, as servers that clone take them."""
        assert voice.reference is not None, "only a cloned voice has one to send"
        path, words = str(voice.reference), voice.transcript or ""
        if self.options.recording == "path":
            sent: dict[str, object] = {"audio_path": path}
        else:
            if path not in self.recordings:
                self.recordings[path] = base64.b64encode(voice.reference.read_bytes()).decode("ascii")
            sent = {"data": self.recordings[path], "media_type": media_type(voice.reference.suffix)}
        if voice.settings["clone"] == "references":
            return {"references": [{**sent, "text": words}]}
        audio = sent.get("audio_path") or f"data:{sent['media_type']};base64,{sent['data']}"
        return {"ref_audio": audio, "ref_text": words}

    def sound(self, answer: Answer) -> tuple[Samples, int]:
        """The samples of an answer, mono float32, and their rate. Raises CutShort, LineRefused, VoiceError."""
        host, data = self.server.host, answer.data
        if data[:1] in (b"<", b"{") and data[:4] != b"RIFF" and is_text(answer.kind, data):
            what = "a web page" if data[:1] == b"<" else "JSON"
            raise VoiceError(
                f"{host} answers with {what} where sound belongs; see whether `base_url` ends in /v1 as its makers say."
            )
        if not data:
            raise CutShort(f"{host} sent nothing")
        if self.options.format == "wav":
            try:
                samples, rate = read_wave(data)
            except CutShort as error:
                raise CutShort(f"{host} sent a WAV file that is cut: {error}") from error
            except VoiceError as error:
                raise VoiceError(f"What {host} sent as WAV can't be read: {error}.") from error
        else:
            samples, rate = samples_of(data), answer.rate or self.rate
        if self.options.rate and rate != self.options.rate:
            raise VoiceError(
                f"{host} speaks at {rate} Hz and `rate:` says {self.options.rate}; correct it under `options:`."
            )
        if len(samples) < SHORTEST * rate:
            raise LineRefused(f"{host} sent no sound.")
        return samples, rate

    def close(self) -> None:
        """Let go of every connection; what waits for an answer raises EngineDied."""
        self.leaving.set()
        self.server.close()


def is_text(kind: str, data: bytes) -> bool:
    """Whether an answer is words: by its content type, or because it reads as such."""
    if kind.startswith(("text/", "application/json")):
        return True
    return data[:500].isascii() and data[:1] + data[1:500].lstrip()[:1] in (b"<!", b"<h", b"<?", b'{"')


def media_type(suffix: str) -> str:
    return {".mp3": "audio/mpeg", ".flac": "audio/flac", ".ogg": "audio/ogg", ".m4a": "audio/mp4"}.get(
        suffix.lower(), "audio/wav"
    )


# ── the spec ──


def open_openai(setup: EngineSetup) -> OpenAIEngine:
    if not setup.model:
        raise VoiceError(
            "`engine: openai` needs a `model:` in book.yaml, as its server calls it; "
            "`curl ADDRESS/v1/models` lists those it has."
        )
    return OpenAIEngine(setup.model, OpenAIOptions(**setup.options))


def fingerprint(voice: Voice) -> dict[str, object]:
    """All that is sent of a voice; its recording and its words only if they are."""
    heard = all_of_it(voice)
    if voice.settings.get("clone"):
        return heard
    return heard | {"reference": None, "transcript": None}


SPEC = EngineSpec(
    "openai",
    open_openai,
    options=OpenAIOptions,
    of_voice=OF_VOICE,
    fingerprint=fingerprint,
    recipe=RECIPE,
    about="any server that speaks /v1/audio/speech",
    can=frozenset({"preset", "clone", "design"}),
    described_by="instructions",
)

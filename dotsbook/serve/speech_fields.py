"""What POST /v1/audio/speech may ask for: OpenAI's fields and ours, checked. It knows no voices and speaks nothing."""

import json
import re
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from dotsbook.production.sound_files import FORMS
from dotsbook.production.speaking import LineToSpeak
from dotsbook.production.spoken_sound import LONGEST
from dotsbook.serve.refusals import Refusal

LANGUAGE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8}){0,4}")
# names that OpenAI's clients offer; where a book has no such voice, its default voice answers to them
OPENAI_VOICES = frozenset(
    [
        "alloy",
        "ash",
        "ballad",
        "cedar",
        "coral",
        "echo",
        "fable",
        "marin",
        "nova",
        "onyx",
        "sage",
        "shimmer",
        "verse",
        "default",
    ]
)


def clean(text: str) -> str:
    """Without what no text has: half characters, and controls but for line ends and tabs."""
    if any("\ud800" <= mark <= "\udfff" for mark in text):
        raise ValueError("it holds half a character (a lone surrogate)")
    return "".join(
        mark if mark in "\n\t" or mark.isprintable() else " " for mark in text.replace("\r\n", "\n")
    )


def a_name(value: object) -> object:
    """OpenAI's newer clients say {"id": …} of a voice of one's own."""
    return value.get("id") if isinstance(value, dict) else value


def a_language(text: str) -> str:
    if not LANGUAGE.fullmatch(text):
        raise ValueError("it is no language tag; write it as en or pt-BR")
    return text


Name = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=4000), AfterValidator(clean)]


class SpeechFields(BaseModel):
    """Bounds stand inside `… | None`: what is null has none."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False, frozen=True)

    input: Annotated[str, Field(min_length=1, max_length=LONGEST), AfterValidator(clean)]
    model: Name | None = None  # taken and not used: a voice has its engine
    voice: Annotated[Name | None, BeforeValidator(a_name)] = None
    response_format: Literal["mp3", "opus", "aac", "flac", "wav", "pcm"] = "mp3"
    speed: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0
    instructions: Words | None = None
    stream: bool = False
    stream_format: Literal["audio"] | None = None
    # ours
    language: Annotated[str, AfterValidator(a_language)] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    sample_rate: Annotated[int, Field(ge=8000, le=48000)] | None = None  # Hz; None: the voice's, 24000 of PCM

    def line(self, voices: dict[str, str]) -> LineToSpeak:
        """As the book speaks it. Refusal for a voice that isn't there."""
        voice = self.voice
        if voice is not None and voice not in voices:
            if voice not in OPENAI_VOICES:
                raise Refusal(
                    f"There is no voice {voice[:60]!r}; there are {', '.join(list(voices)[:20])}.",
                    param="voice",
                )
            voice = None
        in_pieces = self.stream and FORMS[self.response_format].in_pieces
        return LineToSpeak(
            self.input, voice, self.language, self.seed, self.speed, self.instructions, stream=in_pieces
        )


Fields = TypeVar("Fields", bound=SpeechFields)


def read_fields(body: bytes, kind: type[Fields]) -> Fields:
    """A request's body, or a line of it. Refusal, with the field's name, for what can't be."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refusal("The body is no JSON.") from error
    if not isinstance(found, dict):
        raise Refusal("The body must be a JSON object.")
    try:
        return kind.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = str(first["loc"][0]) if first["loc"] else None
        raise Refusal(f"`{name}`: {first['msg']}."[:300], param=name) from error

"""`book.yaml` as typed, frozen data, with the line of every mistake. It knows the words of the manifest, not what they do.

An unknown key is an error that names the near miss; aliases, tags and files over 1 MB are refused.
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, ValidationError

from dotsbook.errors import ManifestError
from dotsbook.yaml_file import load_yaml

ENGINES_BEFORE = {"mumble": "syllables"}  # words for an engine that still work → what they are called now

Seconds = Annotated[float, Field(ge=0, le=60)]
Words = Annotated[
    tuple[str, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
]
Format = Literal[
    "m4b",
    "mp3",
    "mp3-book",
    "flac",
    "opus",
    "acx",
    "epub",
    "page",
    "review",
    "vtt",
    "srt",
    "lrc",
    "json",
    "words",
    "abs",
]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, allow_inf_nan=False)


class LineSampling(Strict):
    """How dots.tts draws a line; None = what the model was made for."""

    # solver steps a patch: more is slower, a little cleaner
    steps: int | None = Field(default=None, ge=1, le=100)
    solver: Literal["euler", "midpoint"] | None = None
    # 1.2: higher follows the text harder, too high distorts
    guidance_scale: float | None = Field(default=None, ge=0, le=10)
    # 1.5: how strongly the x-vector colours the voice
    speaker_scale: float | None = Field(default=None, ge=0, le=10)
    eos_threshold: float | None = Field(default=None, gt=0, le=1)  # 0.8: lower stops earlier


class Sampling(LineSampling):
    """The same, and the seed that every engine is given."""

    # 42: another seed is another reading of the whole book
    seed: int | None = Field(default=None, ge=0, lt=2**31)


def an_empty_one(value: object) -> object:
    """A key with nothing behind it stands for an empty mapping."""
    return {} if value is None else value


Written = Annotated[
    dict[str, object], BeforeValidator(an_empty_one)
]  # checked by the engine's own model of them


class EmotionReference(Strict):
    """Another recording of the same voice, of how it sounds in an emotion."""

    reference: str  # audio file, relative to the project
    transcript: str | None = None  # the words spoken in it, or a .txt file holding them


def as_reference(value: object) -> object:
    """The recording alone stands for an entry that has no more."""
    return {"reference": value} if isinstance(value, str) else value


class VoiceEntry(Strict):
    """One enrolled voice. A reference needs a transcript to continue from (or none: the timbre alone) and a consent line."""

    reference: str | None = None  # audio file, relative to the project
    transcript: str | None = None  # the words spoken in it, or a .txt file holding them
    consent: str | None = None  # who allowed this voice to be cloned, and when
    # {emotion: another recording of this voice}, for `emo` of a direction
    references: dict[str, Annotated[EmotionReference, BeforeValidator(as_reference)]] = Field(
        default_factory=dict
    )
    language: str | None = None  # what the reference speaks, if not the book's language
    engine: str | None = None  # which one speaks it, if not the book's
    model: str | None = None  # and with which model
    options: Written = Field(default_factory=dict)  # laid over the book's, if the engine is the same
    sampling: Sampling = Sampling()
    adapter: str | None = None  # low-rank changes trained for this voice, laid over its model
    strength: float | None = Field(default=None, ge=0, le=2)  # of the adapter: 1 is as trained, 0 not at all
    tempo: float = Field(default=1.0, ge=0.5, le=2.0)  # speed, pitch kept
    variant: str | None = None  # draft voice: an espeak-ng variant such as f3
    gender: Literal["f", "m", ""] = ""  # for dealing voices to people
    pitch: int | None = Field(default=None, ge=0, le=99)  # draft voice
    rate: int | None = Field(default=None, ge=80, le=450)  # draft voice, words a minute
    _instruct: str | None = PrivateAttr(None)

    @property
    def instruct(self) -> str | None:
        """How a line is to be spoken, for an engine that takes an instruction: a direction's, never the manifest's."""
        return self._instruct

    def directed(
        self, tempo: float, reference: EmotionReference | None, instruct: str | None
    ) -> "VoiceEntry":
        """The same voice for lines that are to be spoken otherwise."""
        fields: dict[str, object] = {"tempo": tempo}
        if reference:
            fields |= reference.model_dump()
        other = self.model_copy(update=fields)
        other._instruct = instruct
        return other


class Pacing(Strict):
    """Silence from the end of speech to the start of speech, in seconds."""

    clause: Seconds = 0.25
    sentence: Seconds = 0.45
    speaker: Seconds = 0.55
    paragraph: Seconds = 0.9
    scene: Seconds = 2.25
    heading: Seconds = 2.0
    head: Seconds = 0.75  # before a chapter's first word
    tail: Seconds = 3.0  # after its last
    pace: float = Field(default=1.0, ge=0.25, le=4.0)  # multiplies every gap but head and tail
    # each gap varies by up to this share, always the same way
    jitter: float = Field(default=0.08, ge=0, le=0.5)


class Reading(Strict):
    """What is read of the things that are not plain prose."""

    footnotes: Literal["skip", "inline", "chapter-end"] = "skip"
    speakers: Literal["voice", "spoken", "silent"] = (
        "voice"  # a play's speaker names: change the voice, are read out, or neither
    )
    tables: Literal["cells", "note", "skip"] = "cells"
    captions: Literal["read", "skip"] = "skip"
    alt: Literal["read", "skip"] = "skip"
    ruby: Literal["base", "reading"] = "base"
    emoji: Literal["skip", "name"] = "skip"
    headings: Literal["read", "skip"] = "read"
    detect: bool = False  # detect the language of unmarked foreign passages (needs the `detect` extra)


class Credits(Strict):
    """The user's own material around the book: a line to speak, or an audio file."""

    opening: str | None = None
    closing: str | None = None
    music: str | None = None  # audio under the opening credits
    sample: str | None = None  # retail sample: "3" (a chapter) or "3 1:30-4:00" (a stretch of it)


class Output(Strict):
    formats: Annotated[
        tuple[Format, ...], BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
    ] = ("m4b",)
    loudness: str = "-19 LUFS"  # or acx, podcast, off, any figure in LUFS
    cover: str | None = None  # jpg or png; None = the source's own
    folder: str = "out"
    bitrate: int = Field(default=64, ge=24, le=320)  # kbit/s of the M4B
    room_tone: bool | str = True  # a quiet bed under the chapter: on, off, or an audio file of one's own room
    rate: int = Field(default=48000, ge=8000, le=48000)  # Hz of what is written
    # what the page, the read-along and WebVTT mark as it is heard; words where ears have heard them
    highlight: Literal["sentence", "word"] = "sentence"


class CastingOptions(Strict):
    """Finding out who speaks: on where the manifest has it."""

    threshold: float = Field(default=0.7, ge=0, le=1)  # how sure a line must be to leave the narrator's voice
    model: str | None = None  # a local language model that is asked by scene: a folder or a hub name


class Ears(Strict):
    """What hears every take."""

    words: Literal["on", "off"] = "off"  # whether its words are those of the text
    likeness: Literal["on", "off"] = "off"  # whether it is in its voice
    ends: Literal["on", "off"] = "off"  # whether its first and last sound are whole
    # a model's folder or hub name, or the address of a transcription server; None: Whisper small
    recogniser: str | None = None
    # what voices are told apart by: an ONNX file, or a dots.tts model's folder or hub name; None: their spectra
    encoder: str | None = None
    allow_remote: bool = False  # takes may be sent to a server that isn't on this network


class Edits(Strict):
    """Mending takes by an engine that edits them."""

    small: Literal["on", "off"] = (
        "off"  # a line of which a word or two were changed is mended instead of rendered
    )
    engine: str = "dots"  # which one edits
    model: str | None = None  # with which model; None: dots.tts.edit


def a_word_for_edits(value: object) -> object:
    """`edits: small` and `edits: off`."""
    return (
        {"small": {"small": "on"}, "off": {}, None: {}}.get(value, value)
        if isinstance(value, str | None)
        else value
    )


class Manifest(Strict):
    """The whole of `book.yaml`."""

    title: str = Field(min_length=1)
    author: str = ""
    language: str = Field(min_length=2)
    source: Words
    encoding: Words = ()  # of text files, where it can't be told: one for all sources, or one for each
    engine: str = "draft"
    model: str | None = None
    options: Written = Field(default_factory=dict)  # the book's engine's
    voices: dict[str, Annotated[VoiceEntry, BeforeValidator(an_empty_one)]] = Field(
        default_factory=lambda: {"narrator": VoiceEntry()}
    )
    cast: dict[str, str] = Field(default_factory=dict)
    casting: Annotated[CastingOptions | None, BeforeValidator(an_empty_one)] = None
    skip: Words = ()
    keep: Words = ()
    lexicon: str | None = None
    normalise: Literal["on", "off"] = "on"
    reading: Reading = Reading()
    sampling: Sampling = Sampling()
    pacing: Pacing = Pacing()
    retries: int = Field(default=3, ge=0, le=20)
    credits: Credits = Credits()
    ears: Ears = Ears()
    edits: Annotated[Edits, BeforeValidator(a_word_for_edits)] = Edits()
    output: Output = Output()
    subtitle: str | None = None
    narrator: str | None = None  # the name in the tags; None = the voices' names
    series: str | None = None
    part: str | None = None
    publisher: str | None = None
    date: str | None = None
    isbn: str | None = None
    genre: str = "Audiobook"
    description: str | None = None
    copyright: str | None = None
    _cast_from: str | None = PrivateAttr(None)
    _notes: tuple[str, ...] = PrivateAttr(())
    _lines: dict[tuple, int] = PrivateAttr(default_factory=dict)

    @property
    def cast_from(self) -> str | None:
        """`cast: {from: …}`: a project of the same series, whose cast.yaml is read too."""
        return self._cast_from

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about words that still work, and what replaces them: to be told once."""
        return self._notes

    @property
    def lines(self) -> Mapping[tuple, int]:
        """{path of keys and indices: line in the file}, for a complaint about what only an engine can judge."""
        return self._lines

    @property
    def default_voice(self) -> str:
        """The voice of everything that nobody in the cast says."""
        return self.cast.get("default") or (
            "narrator" if "narrator" in self.voices else next(iter(self.voices))
        )


def load_manifest(path: Path) -> Manifest:
    """Read and check `book.yaml`."""
    data, lines = load_yaml(path)
    if not isinstance(data, dict):
        raise ManifestError(f"{path} must be a list of `key: value` lines, starting with `title:`.")
    data, notes = in_todays_words(data, path, lines)
    data, series = without_series(data)
    try:
        manifest = Manifest.model_validate(data)
    except ValidationError as error:
        raise ManifestError(explain(error, path, lines)) from error
    check_names(manifest, path, lines)
    manifest._notes, manifest._lines, manifest._cast_from = notes, lines, series
    return manifest


def in_todays_words(data: dict, path: Path, lines: dict[tuple, int]) -> tuple[dict, tuple[str, ...]]:
    """The manifest's data with words of before replaced, and a note for each."""
    now = ENGINES_BEFORE.get(str(data.get("engine")))
    if now is None:
        return data, ()
    note = (
        f"{path} line {lines[('engine',)]}: the engine `{data['engine']}` is called `{now}` now; write `engine: {now}`. "
        "Its takes stay as they are."
    )
    return data | {"engine": now}, (note,)


def without_series(data: dict) -> tuple[dict, str | None]:
    """(the data without `cast: {from: …}`, which is no character; what it names)."""
    cast = data.get("cast")
    if not isinstance(cast, dict) or "from" not in cast:
        return data, None
    return data | {"cast": {key: value for key, value in cast.items() if key != "from"}}, str(cast["from"])


def explain(
    error: ValidationError,
    path: Path,
    lines: Mapping[tuple, int],
    inside: tuple = (),
    model: type[BaseModel] = Manifest,
) -> str:
    """One sentence for the first thing wrong. `inside`: where in the manifest the data stood that `model` refused."""
    first = error.errors(include_url=False)[0]
    below = tuple(
        part
        for part in first["loc"]
        if not (isinstance(part, str) and "-" in part and part.startswith("function"))
    )
    at = inside + below
    known = at if at in lines else at[:-1]
    line = f" line {lines[known]}" if known in lines else ""
    key = ".".join(str(part) for part in at)
    match first["type"]:
        case "extra_forbidden":
            here = allowed(below[:-1], model)
            near = difflib.get_close_matches(str(at[-1]), here, 1, 0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(here) or 'none'}."
            return f"{path}{line}: unknown key `{at[-1]}`; {hint}"
        case "missing":
            return f"{path}{line}: `{key}` is missing; add a line `{at[-1]}: …`."
        case _:
            value = first.get("input")
            return f"{path}{line}: `{key}` can't be {str(value)[:60]!r}: {first['msg'][0].lower()}{first['msg'][1:]}."


def allowed(at: tuple, model: type[BaseModel] = Manifest) -> list[str]:
    """The keys that may stand at a place in `model`."""
    if model is Manifest and at[:1] == ("voices",):
        model, at = VoiceEntry, at[2:]
    for part in at:
        field = model.model_fields.get(str(part))
        if field and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            model = field.annotation
    return sorted(model.model_fields)


def check_names(manifest: Manifest, path: Path, lines: dict[tuple, int]) -> None:
    """Every voice of the cast is enrolled, and every reference has its consent line."""
    if not manifest.voices:
        raise ManifestError(
            f"{path} line {lines.get(('voices',), 1)}: `voices` is empty; enrol at least one, e.g. `narrator: {{}}`."
        )
    for character, cast in manifest.cast.items():
        if cast not in manifest.voices:
            near = difflib.get_close_matches(cast, manifest.voices, 1, 0.5)
            hint = f"did you mean `{near[0]}`?" if near else f"enrolled are {', '.join(manifest.voices)}."
            raise ManifestError(
                f"{path} line {lines.get(('cast', character), 1)}: {character} is cast with `{cast}`, "
                f"which isn't under `voices:`; {hint}"
            )
    for name, voice in manifest.voices.items():
        if (voice.reference or voice.references) and not (voice.consent or "").strip():
            raise ManifestError(
                f"{path} line {lines.get(('voices', name), 1)}: voice `{name}` has a reference but no consent; "
                'add `consent:` with who allowed it and when ("mine" if it is your own voice).'
            )

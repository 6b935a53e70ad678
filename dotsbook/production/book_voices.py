"""A book's voices: enrol one from a recording, list them, take one out."""

import os
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.direction import parted
from dotsbook.errors import DotsbookError, OutputError, SourceError, VoiceError
from dotsbook.production.bookfile import drop_voice, set_voice
from dotsbook.production.recordings import Recording, recording_at
from dotsbook.production.session import Session
from dotsbook.project import Project

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.voices.reference import Finding

NAME = re.compile(r"\w[\w .'-]{0,60}")
INLINE = 300  # characters of a transcript that still stand well in the manifest


@dataclass(frozen=True)
class Enrolled:
    """What came of enrolling a recording."""

    name: str
    fields: dict[str, object]  # as they stand in the manifest now
    findings: tuple["Finding", ...]
    cut_to: str  # the transcript of what was kept of a recording that was cut; "" if it wasn't
    original: str = ""  # where it is kept as it was before its noise was taken out; "" if none was
    before: tuple["Finding", ...] = ()  # of the original

    def record(self) -> dict:
        found = {"voice": self.name, **self.fields, "findings": [record(one) for one in self.findings]}
        if self.original:
            found |= {"original": self.original, "before": [record(one) for one in self.before]}
        return found


@dataclass(frozen=True)
class ListedVoice:
    """A voice of the book and whether it is fit to speak."""

    voice: str
    engine: str
    cast: tuple[str, ...]  # whom it speaks
    chunks: int
    reference: str | None
    consent: str | None
    language: str | None
    seconds: float | None  # of speech in the reference
    findings: tuple["Finding", ...]
    state: str  # "fit", "the engine's own voice", what could be better about the reference, or what is wrong

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "voice": self.voice,
            "engine": self.engine,
            "cast": list(self.cast),
            "chunks": self.chunks,
            "reference": self.reference,
            "consent": self.consent,
            "language": self.language,
            "seconds": self.seconds,
            "findings": [record(finding) for finding in self.findings],
            "state": self.state,
        }


def record(finding: "Finding") -> dict:
    return {
        "name": finding.name,
        "figure": round(finding.figure, 4),
        "unit": finding.unit,
        "verdict": finding.verdict,
        "advice": finding.advice,
    }


def enrol(
    project: Project,
    name: str,
    reference: Path,
    consent: str,
    transcript: str = "",
    language: str | None = None,
    may_cut: bool = False,
    enhance: bool = False,
) -> Enrolled:
    """Check a recording and enrol it as a voice of the book: a copy in voices/, its fields in book.yaml.

    reference: a sound file, or a `.dtprofile` folder of dots-tts-mlx; transcript: the words themselves, or a text file's
    path; enhance: its noise is taken out. Raises VoiceError for what can't be enrolled, ModelError.
    """
    require_free(project, name)
    if not consent.strip():
        raise VoiceError("--consent is empty; say who allowed this voice to be cloned, and when.")
    read = recording_at(project, reference)
    given = words_of(transcript) or read.words
    clean = read.without_noise() if enhance else read
    samples, rate, words, findings = fit(reference, clean, given, may_cut)
    stem = unused(project.folder / "voices", slug(name))
    fields = keep(stem, samples, rate, words, names_file(transcript))
    fields |= {"consent": consent.strip()} | ({"language": language} if language else {})
    if read.scale is not None:
        fields["sampling"] = {"speaker_scale": read.scale}
    original = kept_original(stem, read) if enhance else ""
    set_voice(project.file, name, fields)
    before = checked(read, given) if enhance else ()
    return Enrolled(name, fields, findings, words if may_cut else "", original, before)


def require_free(project: Project, name: str) -> None:
    """VoiceError for what can't be a voice's name, or is that of a voice with a recording."""
    if not NAME.fullmatch(name):
        raise VoiceError(f"{name!r} can't be a voice's name; use letters, digits, spaces, - and _.")
    if name in project.manifest.voices and project.manifest.voices[name].reference:
        raise VoiceError(
            f"Voice `{name}` has a reference already; `dotsbook voice remove {name}` takes it out first."
        )


def names_file(transcript: str) -> bool:
    return transcript.endswith(".txt") or os.path.isfile(transcript)


def words_of(transcript: str) -> str:
    """The transcript itself, or what the file it names holds."""
    if not names_file(transcript):
        return " ".join(transcript.split())
    try:
        return " ".join(Path(transcript).read_text("utf-8-sig").split())
    except (OSError, UnicodeDecodeError) as error:
        raise VoiceError(f"The transcript {transcript} can't be read: {error}.") from error


def checked(recording: Recording, words: str) -> tuple["Finding", ...]:
    from dotsbook.voices.reference import examine

    return examine(recording.samples, recording.rate, words).findings


def fit(
    file: Path, recording: Recording, words: str, may_cut: bool
) -> tuple["Samples", int, str, tuple["Finding", ...]]:
    """(samples, rate, transcript, findings) of a recording that passed; VoiceError for one that didn't."""
    from dotsbook.voices.reference import LONG, cleaned, cut, examine, refusal

    read = examine(recording.samples, recording.rate, words)
    refused = [finding.name for finding in read.findings if finding.verdict == "refuse"]
    end = None
    if may_cut and refused == ["speech"] and read.seconds > LONG:
        piece = cut(read, words)
        end, words = piece.end, piece.transcript
    elif unfit := refusal(file, read):
        raise unfit
    samples = cleaned(read, end)
    return samples, read.rate, words, examine(samples, read.rate, words).findings


def keep(stem: Path, samples: "Samples", rate: int, words: str, in_file: bool) -> dict[str, object]:
    """Write the recording, and a long transcript, into the project's voices/; the manifest's fields for them."""
    from dotsbook.files import write_whole

    fields: dict[str, object] = {"reference": written(stem.with_suffix(".flac"), samples, rate)}
    if words and (in_file or len(words) > INLINE):
        write_whole(stem.with_suffix(".txt"), (words + "\n").encode())
        return fields | {"transcript": f"voices/{stem.name}.txt"}
    return fields | ({"transcript": words} if words else {})


def kept_original(stem: Path, recording: Recording) -> str:
    return written(stem.with_name(f"{stem.name}-original.flac"), recording.samples, recording.rate)


def written(file: Path, samples: "Samples", rate: int) -> str:
    """Write a recording; its path as the manifest has it."""
    from dotsbook.audio import write_flac
    from dotsbook.files import replacing

    with replacing(file) as temporary:
        write_flac(temporary, samples, rate)
    return f"voices/{file.name}"


def slug(name: str) -> str:
    """A name as part of a file's."""
    return re.sub(r"[^\w-]+", "-", name).strip("-") or "voice"


def unused(folder: Path, name: str) -> Path:
    """A path without suffix that takes no other file's place."""
    for number in range(1, 1000):
        stem = folder / (name if number == 1 else f"{name}-{number}")
        if not any(stem.with_name(stem.name + end).exists() for end in (".flac", ".txt", "-original.flac")):
            return stem
    raise OutputError(f"{folder} holds a thousand files called {name}; clear some away.")


def list_voices(session: Session, heard: bool = True) -> list[ListedVoice]:
    """The voices of the book. heard: hear each reference anew and ask its engine whether it can speak what it has to.

    Where the manuscript can't be read, yet, nothing is said of chunks.
    """
    try:
        spoken = session.narration.voices
    except SourceError:
        spoken = {}
    return [
        listed(session, name, heard, languages_of(name, spoken)) for name in session.project.manifest.voices
    ]


def languages_of(voice: str, spoken: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """{language: chunks} of a voice, however they are delivered."""
    found: Counter[str] = Counter()
    for name, languages in spoken.items():
        if parted(name)[0] == voice:
            found.update(languages)
    return dict(found)


def listed(session: Session, name: str, heard: bool, spoken: dict[str, int]) -> ListedVoice:
    from dotsbook.voices.reference import read_reference, refusal

    manifest = session.project.manifest
    entry = manifest.voices[name]
    cast = [
        character for character, voice in manifest.cast.items() if voice == name and character != "default"
    ]
    if name == manifest.default_voice:
        cast.append("everything else")
    seconds: float | None = None
    findings: tuple[Finding, ...] = ()
    state = "the engine's own voice"
    try:
        if heard and (path := session.project.reference(name)):
            read = read_reference(path, session.project.transcript(name))
            seconds, findings = round(read.seconds, 2), read.findings
            if unfit := refusal(path, read):
                raise unfit
            warnings = [finding.advice for finding in read.findings if finding.verdict == "warn"]
            state = "; ".join(warnings) or "fit"
        if heard:
            voice = session.voice(name)
            session.single(voice.engine).check(voice, sorted(spoken))
    except DotsbookError as error:
        state = str(error)
    return ListedVoice(
        name,
        manifest.voices[name].engine or manifest.engine,
        tuple(cast),
        sum(spoken.values()),
        entry.reference,
        entry.consent,
        entry.language,
        seconds,
        findings,
        state,
    )


def take_out(project: Project, name: str) -> str | None:
    """Take a voice out of the book; the recording that stays where it is, if it has one."""
    entry = project.voice(name)
    roles = [role for role, voice in project.manifest.cast.items() if voice == name]
    if roles:
        them = "them" if len(roles) > 1 else "it"
        raise VoiceError(
            f"Voice `{name}` is cast as {', '.join(roles)}; give {them} another voice under `cast:` in "
            f"{project.file} first."
        )
    if len(project.manifest.voices) == 1:
        raise VoiceError(f"`{name}` is the book's only voice; add another first.")
    drop_voice(project.file, name)
    return entry.reference

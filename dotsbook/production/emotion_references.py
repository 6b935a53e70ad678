"""Enrols another recording of a voice of the book: how it sounds in an emotion."""

from dataclasses import replace
from pathlib import Path

from dotsbook.direction import checked
from dotsbook.errors import VoiceError
from dotsbook.production.book_voices import (
    Enrolled,
    fit,
    keep,
    names_file,
    recording_at,
    slug,
    unused,
    words_of,
)
from dotsbook.production.bookfile import set_reference
from dotsbook.project import Project


def enrol_emotion(
    project: Project,
    name: str,
    emotion: str,
    reference: Path,
    transcript: str = "",
    may_cut: bool = False,
    enhance: bool = False,
) -> Enrolled:
    """Check a recording as any voice's and put it under the voice's `references:`. Its consent line covers it.

    Raises VoiceError for a voice that isn't there or has no consent line, and for what can't be enrolled.
    """
    entry = project.voice(name)
    try:
        emotion = checked("emo", emotion)
    except ValueError as error:
        raise VoiceError(f"{error}.") from error
    if not (entry.consent or "").strip():
        raise VoiceError(f"Voice `{name}` has no consent line; enrol the person's own recording first.")
    if emotion in entry.references:
        raise VoiceError(
            f"Voice `{name}` has a recording `{emotion}` already ({entry.references[emotion].reference}); take it out of "
            f"{project.file.name} first."
        )
    read = recording_at(project, reference)
    clean = read.without_noise() if enhance else read
    samples, rate, words, findings = fit(reference, clean, words_of(transcript) or read.words, may_cut)
    stem = unused(project.folder / "voices", slug(f"{name}-{emotion}"))
    fields = keep(stem, samples, rate, words, names_file(transcript))
    set_reference(project.file, name, emotion, fields)
    made = Enrolled(name, fields, findings, words if may_cut else "")
    return replace(made, fields=fields | {"emotion": emotion})

"""The Cast view: who the people are, who says what, in which voice; and voices enrolled."""

import tempfile
from pathlib import Path
from typing import Annotated

from pydantic import Field

from dotsbook.errors import DotsbookError
from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, Endpoint, Name
from dotsbook.studio.studio_house import StudioHouse

SHOWN = 300  # doubtful lines
SAMPLE = "The boat left at half past six, and nobody waved."


class AssignWish(ChangeWish):
    name: Name
    voice: Name


class MergeWish(ChangeWish):
    name: Name
    other: Name


Run = Annotated[str, Field(pattern=r"^\d{1,4}\.\d{1,7}(-\d{1,4}\.\d{1,7})?$")]  # 3.42, or 3.42-3.51


class RunAsked(Asked):
    lines: Run


class DecideWish(ChangeWish):
    lines: Run
    name: Name


class HearWish(ChangeWish):
    name: Name | None = None  # a person, by their line
    voice: Name | None = None  # or a voice, by a sentence of ours
    text: Annotated[str, Field(min_length=1, max_length=500)] = SAMPLE


class VoiceWish(ChangeWish):
    name: Name
    consent: Annotated[str, Field(min_length=1, max_length=300)]
    transcript: Annotated[str, Field(max_length=2000)] = ""
    may_cut: bool = False


class RemoveWish(ChangeWish):
    voice: Name


def cast(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """The people and the voices of the book."""
    people = book.cast.members() if book.cast.answers().casting.lines else []
    return {
        "people": [one.record() for one in people],
        "voices": [voice.record() for voice in book.voices.list(heard=False)],
        "on": book.project.manifest.casting is not None,
        "threshold": book.cast.threshold,
        "told": list(book.cast.told) if people else [],
    }


def doubtful_lines(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """The lines whose speaker is unsure, with whom they may be by."""
    if not book.cast.answers().casting.lines:
        return {"count": 0, "lines": []}
    found = book.cast.doubtful()
    return {"count": len(found), "lines": [line.record() for line in found[:SHOWN]]}


def run_of_lines(house: StudioHouse, book: Production, asked: RunAsked) -> dict:
    """Who says the lines of a run."""
    return {"lines": [line.record() for line in book.cast.who(asked.lines)[:SHOWN]]}


def assign(house: StudioHouse, book: Production, asked: AssignWish) -> dict:
    """Give a person a voice."""
    return {"file": book.cast.assign(asked.name, asked.voice)}


def merge(house: StudioHouse, book: Production, asked: MergeWish) -> dict:
    """Two names are one person."""
    book.cast.merge(asked.name, asked.other)
    return {}


def decide(house: StudioHouse, book: Production, asked: DecideWish) -> dict:
    """Who speaks some lines."""
    return {"lines": book.cast.decide(asked.lines, asked.name)}


def switch_on(house: StudioHouse, book: Production, asked: ChangeWish) -> dict:
    """Let the people that were found speak in their voices, dealt where they have none."""
    told = book.cast.write()
    book.cast.switch_on()
    return {"told": told}


def hear(house: StudioHouse, book: Production, asked: HearWish) -> dict:
    """A person's line in their voice, or a voice."""
    voice, text = asked.voice or book.project.manifest.default_voice, asked.text
    if asked.name:
        person = next((one for one in book.cast.members() if one.name == asked.name), None)
        if person is not None:
            voice, text = asked.voice or person.voice or voice, person.example or text
    return house.spoken(book, voice, text)


def add_voice(house: StudioHouse, book: Production, asked: VoiceWish, sound: bytes) -> dict:
    """Enrol a recording as a voice."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "recording"
        file.write_bytes(sound)
        words = Path(folder) / "words.txt"  # or words that are a file's name would be read from there
        words.write_text(asked.transcript, "utf-8")
        transcript = str(words) if asked.transcript.strip() else ""
        try:
            done = book.voices.add(asked.name, file, asked.consent, transcript, may_cut=asked.may_cut)
        except DotsbookError as error:  # it has no name that anybody knows
            raise DotsbookError(str(error).replace(str(file), "The recording")) from error
    return done.record()


def remove_voice(house: StudioHouse, book: Production, asked: RemoveWish) -> dict:
    """Take a voice out of the book; its recording stays."""
    return {"kept": book.voices.remove(asked.voice)}


ENDPOINTS = (
    Endpoint("cast", Asked, cast),
    Endpoint("cast-doubtful", Asked, doubtful_lines),
    Endpoint("cast-run", RunAsked, run_of_lines),
    Endpoint("assign", AssignWish, assign),
    Endpoint("merge", MergeWish, merge),
    Endpoint("decide", DecideWish, decide),
    Endpoint("cast-on", ChangeWish, switch_on),
    Endpoint("hear", HearWish, hear, room="voice"),
    Endpoint("add-voice", VoiceWish, add_voice, sound=True),
    Endpoint("remove-voice", RemoveWish, remove_voice),
)

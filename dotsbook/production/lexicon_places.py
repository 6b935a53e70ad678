"""What an entry of the lexicon would change and what that costs, before it is written; the entries there are, and taking one out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from dotsbook.errors import ManifestError
from dotsbook.files import write_through
from dotsbook.production.bookfile import child, last_line
from dotsbook.production.lexicon_edits import lexicon_of
from dotsbook.production.session import Session
from dotsbook.yaml_file import Plain, read_text

if TYPE_CHECKING:
    from dotsbook.book import Chunk
    from dotsbook.text.lexicon.lexicon_file import Lexicon

LONGEST = 200  # characters of a word and of how it is said


@dataclass(frozen=True)
class LexiconPlace:
    """A line that holds a word."""

    chunk: str  # its id
    text: str
    spoken: str  # as it would be with the entry
    start: int  # where the word stands in the text
    end: int


@dataclass(frozen=True)
class LexiconPlaces:
    """What an entry would change."""

    places: tuple[LexiconPlace, ...]
    said_now: str | None  # by the entry that there is
    audio_seconds: float  # of takes that are to be made anew, as expected
    render_seconds: float | None  # how long that takes; None: not measured yet

    def record(self) -> dict:
        """As other programs read it."""
        return {
            "places": [
                {
                    "chunk": one.chunk,
                    "text": one.text,
                    "spoken": one.spoken,
                    "start": one.start,
                    "end": one.end,
                }
                for one in self.places
            ],
            "said_now": self.said_now,
            "audio_seconds": round(self.audio_seconds, 1),
            "render_seconds": self.render_seconds,
        }


def places_of(session: Session, word: str, say: str | None = None) -> LexiconPlaces:
    """The lines that hold a word, and what saying it otherwise would cost. Nothing is written."""
    from dotsbook.production.estimate import Sums
    from dotsbook.text.lexicon.lexicon_file import LexiconEntry, build

    word = checked(word, "The word")
    now = lexicon_of(session)
    finder = build([LexiconEntry(word, say or "*", case="any")])
    said_now = next((entry.say for entry in now.entries if entry.word == word), None)
    proposed = build(
        [LexiconEntry(old, say, case="any") for old in dict.fromkeys((word, said_now)) if old and say]
    )
    sums = Sums(session.project.manifest.pacing, session.rates(), session.sample_rates())
    found = []
    for chunk in session.narration:
        for change in finder.readings(chunk.text, chunk.language, chunk.voice):
            spoken = said_in(chunk, proposed)
            found.append(LexiconPlace(chunk.id, chunk.text, spoken, change.start, change.end))
            if found[-1].spoken != chunk.spoken:
                sums.add(chunk, pending=True)
            break
    estimate = sums.estimate()
    return LexiconPlaces(tuple(found), said_now, sums.speech, estimate.render_seconds)


def said_in(chunk: "Chunk", proposed: "Lexicon") -> str:
    """What a line would say by what is proposed."""
    spoken = chunk.spoken
    for change in reversed(proposed.readings(spoken, chunk.language, chunk.voice)):
        spoken = spoken[: change.start] + change.after + spoken[change.end :]
    return spoken


def forget_entry(session: Session, word: str) -> Path:
    """Take a word's entry out of the book's lexicon; its file. Every other line stays.

    Raises ManifestError where the entry says more than one thing, and for a book without a lexicon. The book must be
    opened again to see it.
    """
    path = session.project.lexicon
    if path is None:
        raise ManifestError("The book has no lexicon, so there is no entry to take out.")
    write_through(path, without_entry(read_text(path), checked(word, "The word"), path).encode())
    return path


def without_entry(text: str, word: str, path: Path) -> str:
    """The lexicon without a word's entry, where it is a single plain one."""
    root = yaml.compose(text, Loader=Plain)
    found = child(root, word)
    if found is None:
        return text
    key, value = found
    if not isinstance(value, yaml.ScalarNode) or getattr(root, "flow_style", False):
        raise ManifestError(
            f"{path} line {key.start_mark.line + 1}: the entry for {word!r} says more; edit it by hand."
        )
    lines = text.splitlines(keepends=True)
    del lines[key.start_mark.line : last_line(text, key, value) + 1]
    return "".join(lines)


def checked(words: str, what: str) -> str:
    words = " ".join(words.split())
    if not any(mark.isalnum() for mark in words) or len(words) > LONGEST:
        raise ManifestError(f"{what} must have letters, {LONGEST} characters at most.")
    return words


def entries_of(session: Session) -> Iterator[tuple[str, str]]:
    """(word, how it is said) of the lexicon's entries, in the order of the file."""
    for entry in sorted(lexicon_of(session).entries, key=lambda entry: entry.line):
        yield entry.word, entry.say

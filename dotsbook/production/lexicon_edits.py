"""Decisions about words, written into the lexicon: where an entry will act, a new respelling, a word that is right as it is.

The file's other lines stay as they are, comments included; what was written is read again before it takes its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from dotsbook.errors import ManifestError
from dotsbook.files import write_through
from dotsbook.manifest import load_manifest
from dotsbook.production.bookfile import below, block, child, last_line, set_lexicon
from dotsbook.production.session import Session
from dotsbook.yaml_file import Plain

if TYPE_CHECKING:
    from dotsbook.book import Chunk
    from dotsbook.text.lexicon.lexicon_file import Lexicon

USUAL = "lexicon.yaml"


@dataclass(frozen=True)
class EntryEffect:
    """Where a respelling will be heard."""

    word: str
    say: str
    chunks: tuple[str, ...]  # ids of the lines it changes
    takes: int  # of them that are there and will be made anew

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {"word": self.word, "say": self.say, "chunks": list(self.chunks), "takes": self.takes}


def effect_of(session: Session, word: str, say: str) -> EntryEffect:
    """Where an entry would act, before it is made. Raises ManifestError for an empty one."""
    from dotsbook.text.lexicon.lexicon_file import LexiconEntry, build

    word, say = checked(word), checked(say)
    before = lexicon_of(session)
    others = [entry for entry in before.entries if entry.word != word]
    after = build([*others, LexiconEntry(word, say)])
    with session.reading() as ledger:
        changed = [
            job for job in session.jobs(ledger) if heard_in(before, job.chunk) != heard_in(after, job.chunk)
        ]
        there = ledger.finished([job.key for job in changed])
    return EntryEffect(word, say, tuple(job.chunk.id for job in changed), len(there))


def lexicon_of(session: Session) -> "Lexicon":
    """As it is on disk now."""
    from dotsbook.text.lexicon.lexicon_file import Lexicon, load_lexicon

    path = session.project.lexicon
    return load_lexicon(path, session.project.manifest.voices) if path else Lexicon()


def heard_in(lexicon: "Lexicon", chunk: "Chunk") -> list[tuple[int, int, str]]:
    """What a lexicon makes heard otherwise than written."""
    made = lexicon.readings(chunk.text, chunk.language, chunk.voice)
    return [(one.start, one.end, one.after) for one in made if one.after != one.before]


def checked(text: str) -> str:
    text = " ".join(text.split())
    if not any(letter.isalnum() for letter in text):
        raise ManifestError("An entry needs a word and how to say it, both of letters.")
    return text


def respell(session: Session, word: str, say: str) -> Path:
    """Write an entry, in the place of the word's former one; the lexicon's file. The book must be opened again to speak it."""
    return write_entries(session, {checked(word): checked(say)})


def accept(session: Session, words: Sequence[str]) -> Path:
    """Write that words are right as they are: they are spoken as written, and `find` doesn't list them any more."""
    return write_entries(session, {checked(word): checked(word) for word in words})


def write_entries(session: Session, entries: dict[str, str]) -> Path:
    project = session.project
    lexicon_of(session)  # or a sentence about what is wrong in it
    path = project.lexicon or project.path(USUAL)
    before = path.read_bytes().decode("utf-8-sig") if path.is_file() else ""
    for word, say in entries.items():
        before = edited(before, word, say, path)
    write_through(path, before.encode())
    if load_manifest(project.file).lexicon is None:  # as it stands now: another entry may have set it
        set_lexicon(project.file, USUAL)
    return path


def edited(text: str, word: str, say: str, path: Path) -> str:
    """The lexicon with an entry; ManifestError if it would then say anything but what was wanted."""
    crlf = "\r\n" in text
    after = with_entry(text.replace("\r\n", "\n"), word, say)
    was, now = (yaml.load(some, Loader=Plain) or {} for some in (text, after))  # noqa: S506  Plain builds no objects
    if not isinstance(was, dict) or now != was | {word: say}:
        raise ManifestError(
            f"{path} can't be edited safely as it is written; add the line `{word}: {say}` by hand."
        )
    return after.replace("\n", "\r\n") if crlf else after


def with_entry(text: str, word: str, say: str) -> str:
    """A lexicon's text with an entry on a line of its own; as it is where it isn't written in lines."""
    root = yaml.compose(text, Loader=Plain)
    line = block({word: say}, 0)
    if root is None:
        return text + ("" if not text or text.endswith("\n") else "\n") + line
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return text
    found = child(root, word)
    if found is None:
        return below(text, root, line)
    lines = text.splitlines(keepends=True)
    lines[found[0].start_mark.line : last_line(text, *found) + 1] = [line]
    return "".join(lines)

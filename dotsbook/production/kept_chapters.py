"""The chapters of the copy before that are read as they were: their lines are taken over, and nothing of them is worked out again.

A chapter's lines follow from its own paragraphs and marks, from the lexicon's entries that its words meet, and from the setup:
the manifest, what the engines can do, the program. So a direction, a speaker, an edited sentence or an entry costs the chapters
it stands in. What is taken over is counted against the manuscript's text like what is made anew.
"""

import hashlib
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dotsbook.book import Book, Chapter, Chunk, Skip
from dotsbook.production.deliveries import Deliveries, Undone
from dotsbook.production.narration import chunk_of, head_of, opened
from dotsbook.production.spoken_edits import RULE
from dotsbook.text.script.script_writer import ScriptWriter
from dotsbook.text.script.spoken import SourceChange

if TYPE_CHECKING:
    from dotsbook.text.lexicon.lexicon_file import Lexicon

UNREADABLE = (sqlite3.Error, ValueError, TypeError, KeyError, RecursionError)


@dataclass(frozen=True)
class ChapterFacts:
    """What a chapter was made of, and what came of it beside its lines."""

    print: str
    begins: int  # where it begins in its source
    silent: list[list]  # Skips
    unknown: dict[str, int]  # {speaker without a voice: passages}
    undone: list[list]  # what Undone holds, then the words, of what was asked for and isn't heard


class EntryFacts(NamedTuple):
    """What of an entry of the lexicon can be heard."""

    word: str
    say: str
    language: str | None
    voice: str | None
    case: str | None
    regex: bool


class KeptChapters:
    """What can be taken over, and what the next reader can take over of what is written now. Close it."""

    def __init__(self, before: Path, setup: str, lexicon: "Lexicon | None"):
        """before: the copy that stood here until now; setup: a hash of all but the chapters and the lexicon."""
        self.setup = setup
        self.entries = facts_of(lexicon)
        self.stirred: frozenset[str] = frozenset()  # words whose entry changed since
        self.old: sqlite3.Connection | None = None
        self.known: dict[str, ChapterFacts] = {}  # by print
        self.facts: dict[int, ChapterFacts] = {}  # of the chapters written now
        if not before.is_file():
            return
        self.old = opened(before)
        try:
            script = head_of(self.old)["script"]
            changed = changed_words(self.entries, [EntryFacts(*one) for one in script["lexicon"]])
            if script["setup"] == setup and changed is not None:
                self.stirred = changed
                found = (ChapterFacts(*facts) for facts in script["chapters"].values())
                self.known = {facts.print: facts for facts in found if facts.print}
        except UNREADABLE:
            self.known = {}

    def written(
        self, writer: ScriptWriter, deliveries: Deliveries
    ) -> Iterator[tuple[Chunk, list[SourceChange]]]:
        """All chunks of the book, each with the changes made in it."""
        for chapter in writer.book.chapters:
            print_ = chapter_print(writer.book, chapter)
            if (facts := self.known.get(print_)) and not self.stirs(writer.book, chapter):
                self.facts[chapter.number] = replace(facts, begins=begins(chapter))
                yield from writer.taken_over(
                    self.lines(chapter, facts), [Skip(*skip) for skip in facts.silent], facts.unknown
                )
                for *undone, words in facts.undone:
                    deliveries.undone.setdefault(Undone(*undone), []).extend(words)
                continue
            silent, unknown = len(writer.silent), dict(writer.setup.speakers.unknown)
            before = {one: len(words) for one, words in deliveries.undone.items()}
            yield from writer.chapter(chapter)
            strangers = writer.setup.speakers.unknown
            self.facts[chapter.number] = ChapterFacts(
                print_,
                begins(chapter),
                [list(astuple(skip)) for skip in writer.silent[silent:]],
                {name: more for name in strangers if (more := strangers[name] - unknown.get(name, 0))},
                [
                    [*astuple(one), new]
                    for one, words in deliveries.undone.items()
                    if (new := words[before.get(one, 0) :])
                ],
            )

    def stirs(self, book: Book, chapter: Chapter) -> bool:
        """Whether a changed entry may act in a chapter."""
        texts = (book.sources[one.source].text[one.start : one.end] for one in chapter.paragraphs)
        return bool(self.stirred) and any(word in text for text in map(alike, texts) for word in self.stirred)

    def lines(self, chapter: Chapter, facts: ChapterFacts) -> Iterator[tuple[Chunk, list[SourceChange]]]:
        """A chapter's lines as they were, where they are now."""
        assert self.old is not None, "it is known"
        by = begins(chapter) - facts.begins
        number = chapter.number
        changes: dict[str, list[SourceChange]] = {}
        for _, *row in self.old.execute("SELECT * FROM changes WHERE chapter = ? ORDER BY rowid", (number,)):
            change = SourceChange(*row)
            if by:
                change = replace(change, start=change.start + by, end=change.end + by)
            changes.setdefault(change.chunk, []).append(change)
        for row in self.old.execute("SELECT * FROM chunks WHERE chapter = ? ORDER BY rowid", (number,)):
            chunk = chunk_of(row)
            if by:
                chunk = replace(chunk, start=chunk.start + by, end=chunk.end + by)
            yield chunk, changes.get(chunk.id, [])

    def record(self, rows: sqlite3.Connection) -> dict:
        """For the head of the copy that is written now: chapters with a line of spoken.yaml are read anew next time."""
        edited = {
            chapter for (chapter,) in rows.execute("SELECT chapter FROM changes WHERE rule = ?", (RULE,))
        }
        facts = {number: facts for number, facts in self.facts.items() if number not in edited}
        return {
            "setup": self.setup,
            "lexicon": self.entries,
            "chapters": {number: astuple(one) for number, one in facts.items()},
        }

    def close(self) -> None:
        if self.old is not None:
            self.old.close()


def facts_of(lexicon: "Lexicon | None") -> list[EntryFacts]:
    """A lexicon's entries in the order in which they are tried."""
    return [
        EntryFacts(one.word, one.say, one.language, one.voice, one.case, one.pattern is not None)
        for one in (lexicon.entries if lexicon else ())
    ]


def changed_words(now: list[EntryFacts], before: list[EntryFacts]) -> frozenset[str] | None:
    """The words in which two lexicons differ, as `alike` has them; None where that can't be told by words."""
    from dotsbook.text.lexicon.lexicon_file import LexiconEntry

    both = {*now} & {*before}
    changed = {*now} ^ {*before}
    if [one for one in now if one in both] != [one for one in before if one in both]:
        return None  # which of two that fit is tried first
    if any(one.regex for one in changed):
        return None
    entries = (LexiconEntry(one.word, one.say, case=one.case) for one in changed)
    return frozenset(alike(form) for entry in entries for form in entry.forms())


def alike(text: str) -> str:
    """A text in which every form of a word that an entry may meet is the same."""
    from dotsbook.text.lexicon.lexicon_file import SAME

    return unicodedata.normalize("NFC", text.translate(SAME)).casefold()


def begins(chapter: Chapter) -> int:
    """Where a chapter begins in its source; 0 for one that stands in several."""
    sources = {paragraph.source for paragraph in chapter.paragraphs}
    return chapter.paragraphs[0].start if len(sources) == 1 else 0


def chapter_print(book: Book, chapter: Chapter) -> str:
    """Changes with anything of a chapter that could change its lines, and not with where in its source it stands."""
    by, found = begins(chapter), hashlib.sha256(str(chapter.number).encode())
    for paragraph in chapter.paragraphs:
        marks = tuple(replace(mark, start=mark.start - by, end=mark.end - by) for mark in paragraph.marks)
        moved = replace(paragraph, start=paragraph.start - by, end=paragraph.end - by, marks=marks)
        text = book.sources[paragraph.source].text[paragraph.start : paragraph.end]
        found.update(repr((moved, text)).encode("utf-8", "surrogatepass"))
    return found.hexdigest()

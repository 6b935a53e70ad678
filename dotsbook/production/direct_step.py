"""The step between reading and script that marks what direction.yaml says of words, and checks what the manuscript does."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from dotsbook.book import Book, Chapter, Mark, Paragraph
from dotsbook.direction import KEYS, PAUSES, marks_of, unknown_emotion
from dotsbook.errors import ManifestError
from dotsbook.files import sha256_of
from dotsbook.production.direction_file import DirectedWords, LostWords, PlacedWords, load_direction
from dotsbook.project import Project
from dotsbook.word_anchor import BookWords


class DirectStep:
    name = "direct"
    version = 1

    def facts(self, project: Project) -> list:
        path = project.direction_file
        return [sha256_of(path) if path.is_file() else None]

    def apply(self, book: Book, project: Project) -> Book:
        emotions = emotions_of(project)
        unknown = unknown_in(book, project.sources, emotions)
        told = list(unknown.values())
        if unknown:
            book = replace(book, chapters=without(book, unknown))
        entries = load_direction(project.direction_file)
        if entries:
            check_emotions(entries, project.direction_file, emotions)
            book, more = directed(book, entries, BookWords(book))
            told += more
        return replace(book, warnings=(*book.warnings, *told)) if told else book


def directed(book: Book, entries: Iterable[DirectedWords], words: BookWords) -> tuple[Book, list[str]]:
    """(the book with its entries marked, sentences on what isn't found and on what two entries want of the same words)."""
    placed, lost = places_of(entries, words)
    told = [f"{one.said}; mend the entry, or take it out" for one in lost]
    return marked(book, placed), [*told, *overlaps(placed)]


def emotions_of(project: Project) -> list[str]:
    """Those that the book's voices have recordings of."""
    return list(
        dict.fromkeys(name for entry in project.manifest.voices.values() for name in entry.references)
    )


def check_emotions(entries: Iterable[DirectedWords], path: Path, known: Collection[str]) -> None:
    """Raise ManifestError, with the line, for an emotion that nobody knows."""
    for entry in entries:
        emotion = entry.wanted.get("emo")
        if emotion and (wrong := unknown_emotion(emotion, known)):
            raise ManifestError(f"{path} line {entry.line}: {wrong}.")


def unknown_in(book: Book, sources: Iterable[Path], known: Collection[str]) -> dict[str, str]:
    """{emotion in the manuscript that nobody knows: a sentence, with the line where that is known}."""
    found = dict.fromkeys(mark.value for mark in marks_in(book) if mark.kind == "emo")
    wrong = {value: unknown_emotion(value, known) for value in found}
    return {value: f"{where_written(value, sources)}: {why}" for value, why in wrong.items() if why}


def without(book: Book, emotions: Collection[str]) -> tuple[Chapter, ...]:
    """The chapters without marks of these emotions."""
    return tuple(
        replace(
            chapter,
            paragraphs=tuple(
                replace(
                    part,
                    marks=tuple(
                        mark for mark in part.marks if mark.kind != "emo" or mark.value not in emotions
                    ),
                )
                for part in chapter.paragraphs
            ),
        )
        for chapter in book.chapters
    )


def marks_in(book: Book) -> Iterator[Mark]:
    return (mark for chapter in book.chapters for part in chapter.paragraphs for mark in part.marks)


def where_written(value: str, sources: Iterable[Path]) -> str:
    """ "story.md line 12": where an emotion first stands in the sources."""
    pattern = re.compile(r"emo\s*=\s*[\"']?" + re.escape(value))
    for path in sources:
        text = path.read_bytes().decode("utf-8", errors="replace")
        if found := pattern.search(text):
            return f"{path.name} line {text.count(chr(10), 0, found.start()) + 1}"
    return "The manuscript"


def places_of(
    entries: Iterable[DirectedWords], words: BookWords
) -> tuple[list[PlacedWords], list[LostWords]]:
    """(entries with the words they are about, entries whose words aren't found)."""
    placed, lost = [], []
    for entry in entries:
        place, why = words.place(entry.anchor)
        if place is None:
            lost.append(LostWords(entry, why))
        else:
            placed.append(PlacedWords(entry, place))
    return placed, lost


def overlaps(placed: Iterable[PlacedWords]) -> list[str]:
    """A sentence for each two entries that want different things of the same words, neither standing in the other."""
    told: list[str] = []
    before: dict[tuple, list[PlacedWords]] = defaultdict(list)
    for one in placed:
        for key, value in one.entry.wanted.items():
            here = before[one.place.chapter, one.place.paragraph, key]
            told += [
                both(one.entry, other.entry, key)
                for other in here
                if other.entry.wanted[key] != value and cross(one.place[2:], other.place[2:], key)
            ]
            here.append(one)
    return told


def both(one: DirectedWords, other: DirectedWords, key: str) -> str:
    holds = "the longer pause" if key in PAUSES else "the later of those as wide, else the narrower,"
    return (
        f"direction.yaml line {one.line}: `{key}` of {one.anchor.words[:40]!r} and of {other.anchor.words[:40]!r} "
        f"(line {other.line}) are about the same words; {holds} holds"
    )


def cross(one: tuple[int, int], other: tuple[int, int], key: str) -> bool:
    """Whether two slices share words without the one being within the other; of pauses, whether they are at one place."""
    if key == "pause-before":
        return one[0] == other[0]
    if key == "pause-after":
        return one[1] == other[1]
    apart = one[1] <= other[0] or other[1] <= one[0]
    within = one != other and (
        one[0] <= other[0] and other[1] <= one[1] or other[0] <= one[0] and one[1] <= other[1]
    )
    return not apart and not within


def marked(book: Book, placed: Iterable[PlacedWords]) -> Book:
    """The book with what is wanted as marks, in the place of what the manuscript says of just these words."""
    by_paragraph: dict[tuple[int, int], list[PlacedWords]] = defaultdict(list)
    for one in placed:
        by_paragraph[one.place.chapter, one.place.paragraph].append(one)
    paragraphs = {chapter.number: chapter.paragraphs for chapter in book.chapters}
    return book.with_paragraphs(
        {
            (at, index): with_direction(paragraphs[at][index], some)
            for (at, index), some in by_paragraph.items()
        }
    )


def with_direction(paragraph: Paragraph, placed: Iterable[PlacedWords]) -> Paragraph:
    marks = list(paragraph.marks)
    for one in placed:
        new = marks_of(one.place.start, one.place.end, one.entry.wanted)
        taken = {(mark.start, mark.end, mark.kind) for mark in new}
        marks = [
            mark for mark in marks if mark.kind not in KEYS or (mark.start, mark.end, mark.kind) not in taken
        ]
        marks += new
    return replace(paragraph, marks=tuple(marks))

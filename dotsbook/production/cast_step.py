"""The step between reading and script that gives each line its speaker, where the manifest has `casting`."""

from dataclasses import replace

from dotsbook.book import Book, folded_name
from dotsbook.casting.cast_of import VERSION, read_cast
from dotsbook.casting.marking import marked, names_speaker, spoken
from dotsbook.files import sha256_of
from dotsbook.manifest import CastingOptions
from dotsbook.production.book_roster import cast_manifest, roster_of
from dotsbook.production.cast_answers import cast_answers
from dotsbook.project import Project
from dotsbook.wording import count

LOOKED_AT = (
    100_000  # characters that the outlook reads: every book is read for it, also by who never casts one
)


class CastStep:
    name = "cast"
    version = 1

    def facts(self, project: Project) -> list:
        """What it depends on besides the book: the people, what a person decided, what the manifest asks for."""
        files = (project.cast_file, project.speakers_file, project.series_cast)
        options = project.manifest.casting
        return [
            [options.model_dump(), VERSION] if options else None,
            [sha256_of(path) if path is not None and path.is_file() else None for path in files],
        ]

    def apply(self, book: Book, project: Project) -> Book:
        options = project.manifest.casting
        if options is None:
            return book
        answers = cast_answers(project, book)
        manifest = cast_manifest(project)
        voiced = {folded_name(name) for name in (*manifest.cast, *manifest.voices)}
        lines = [
            line if line.name is None or folded_name(line.name) in voiced else replace(line, name=None)
            for line in answers.casting.lines
        ]
        told = [f"{lost.said}; `dotsbook cast set` it again, or take the row out" for lost in answers.lost]
        if answers.older:
            told.append(
                "who speaks was found by older rules, and the book keeps that; `dotsbook cast --anew` reads it again"
            )
        book = marked(book, lines, options.threshold)
        return replace(book, warnings=(*book.warnings, *answers.casting.told, *told))


def outlook(book: Book, project: Project) -> str:
    """What casting would find, in a sentence; "" where it is on, the manuscript names its speakers, or nobody gets a line."""
    by_hand = any(names_speaker(one) for chapter in book.chapters for one in chapter.paragraphs)
    if project.manifest.casting is not None or by_hand:
        return ""
    beginning = beginning_of(book, LOOKED_AT)
    lines = read_cast(beginning, roster_of(project)).lines
    given = list(spoken(lines, CastingOptions().threshold))
    if not given:
        return ""
    asked = sum(not line.quotation.cited for line in lines)
    people = count(len({line.name for line in given}), "person").replace("persons", "people")
    where = "It" if beginning == book else f"In the first {LOOKED_AT:,} characters it"
    return f"Casting is off. {where} would give {len(given):,} of {count(asked, 'line')} of speech to {people}: `dotsbook cast`."


def beginning_of(book: Book, letters: int) -> Book:
    """The book as far as the paragraph in which so many characters are full."""
    chapters = []
    for chapter in book.chapters:
        kept = []
        for paragraph in chapter.paragraphs:
            if letters <= 0:
                break
            kept.append(paragraph)
            letters -= paragraph.end - paragraph.start
        chapters.append(replace(chapter, paragraphs=tuple(kept)))
    return replace(book, chapters=tuple(chapters))

"""Who was found to speak each line of a book, kept in .dotsbook/cast.json, so that a book being rendered keeps its cast.

A chapter's answers are found again by its text and by what was decided in it: an edit of one chapter leaves the others'
answers as they are, and so do newer rules once the book is begun. `anew` forgets them all. The file can be lost: the
same rules find the same again.
"""

import contextlib
import hashlib
import json
from dataclasses import asdict, dataclass, replace

from dotsbook.book import Book, Chapter
from dotsbook.casting.attribution import Attributed
from dotsbook.casting.cast_of import VERSION, Casting, CastReading
from dotsbook.casting.character import Character
from dotsbook.casting.decisions import BookLines, LostDecision, load_decisions, placed
from dotsbook.casting.quotation import Place, Quotation
from dotsbook.casting.roster import Roster
from dotsbook.errors import OutputError
from dotsbook.files import write_through
from dotsbook.production.book_roster import roster_of
from dotsbook.project import Project

FORMAT = 1
UNREADABLE = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError)


@dataclass(frozen=True)
class CastAnswers:
    """A book's cast as it stands."""

    casting: Casting
    lost: tuple[LostDecision, ...]  # rows of speakers.tsv whose line isn't in the book any more
    older: bool = False  # whether older rules found some of it, which the book keeps


def cast_answers(project: Project, book: Book, anew: bool = False) -> CastAnswers:
    """Who speaks in a book: kept answers where nothing changed, new ones elsewhere. anew: forget what was kept."""
    roster = roster_of(project)
    known = None if anew else kept(project)
    decisions = load_decisions(project.speakers_file)
    reading: CastReading | None = None
    decided: dict[Place, str] = {}
    lost: list[LostDecision] = []
    if decisions:
        reading = CastReading(book, roster)
        decided, lost = placed(decisions, BookLines(book, reading.quotations))
    asked = asked_of(roster, project)
    prints = {chapter.number: print_of(book, chapter, decided) for chapter in book.chapters}
    if known is not None and (known["asked"] != asked or known["version"] != VERSION and not pinned(project)):
        known = None
    if known is not None and set(known["chapters"]) >= set(prints.values()):
        casting = assembled(book, known, prints)
        return CastAnswers(casting, tuple(lost), known["version"] != VERSION)
    reading = reading or CastReading(book, roster)
    found = by_model(project, book, reading.cast(decided))
    older = known is not None and known["version"] != VERSION
    if known is not None:
        old = {
            number: known["chapters"][print_]
            for number, print_ in prints.items()
            if print_ in known["chapters"]
        }
        lines = [line for line in found.lines if line.quotation.chapter not in old]
        for number, rows in old.items():
            lines += [line_from(row, number) for row in rows]
        found = replace(found, lines=tuple(sorted(lines, key=lambda line: line.quotation.place)))
    keep(project, found, asked, prints, known["version"] if older and known else VERSION)
    return CastAnswers(found, tuple(lost), older)


def by_model(project: Project, book: Book, casting: Casting) -> Casting:
    """The casting with a local language model's word on it, where the manifest names one."""
    options = project.manifest.casting
    if options is None or not options.model:
        return casting
    from dotsbook.casting.language_model import asked_by_scene, open_model
    from dotsbook.casting.scene_answers import SceneAnswers

    model = open_model(options.model, project.folder)
    return asked_by_scene(book, casting, model, SceneAnswers(project.cache / "cast-scenes.jsonl"))


def asked_of(roster: Roster, project: Project) -> str:
    """A digest of all but the text that the answers depend on; voices don't matter."""
    options = project.manifest.casting
    people = [[one.name, list(one.also), one.gender, one.is_narrator] for one in roster.members]
    return digest([people, options.model if options else None, project.manifest.language])


def print_of(book: Book, chapter: Chapter, decided: dict[Place, str]) -> str:
    """A digest of a chapter's words and of what a person decided in it."""
    texts = [book.sources[one.source].text[one.start : one.end] for one in chapter.paragraphs]
    here = sorted((place[1:], name) for place, name in decided.items() if place[0] == chapter.number)
    return digest([texts, here])


def digest(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[
        :32
    ]


def pinned(project: Project) -> bool:
    """Whether the book is begun, so that its cast may not change unasked."""
    return project.lock_file.is_file()


def kept(project: Project) -> dict | None:
    """What the file holds; None where there is none of this format."""
    with contextlib.suppress(*UNREADABLE):
        data = json.loads(project.cast_answers.read_text("utf-8"))
        if data["format"] == FORMAT and isinstance(data["chapters"], dict):
            return data
    return None


def keep(project: Project, casting: Casting, asked: str, prints: dict[int, str], version: int) -> None:
    """Write the answers down; a project that has no state yet, or can't be written, goes without."""
    if not project.state.is_dir():
        return
    chapters: dict[str, list] = {print_: [] for print_ in prints.values()}
    for line in casting.lines:
        chapters[prints[line.quotation.chapter]].append(row_of(line))
    data = {
        "format": FORMAT,
        "version": version,
        "asked": asked,
        "characters": [asdict(one) for one in casting.characters],
        "told": casting.told,
        "chapters": chapters,
    }
    with contextlib.suppress(OutputError):
        write_through(project.cast_answers, json.dumps(data, ensure_ascii=False).encode())


def row_of(line: Attributed) -> list:
    one = line.quotation
    place = [one.paragraph, one.number, one.spans, one.turn, one.cited]
    return [place, line.name, round(line.probability, 4), line.reason, line.choices]


def line_from(row: list, chapter: int) -> Attributed:
    (paragraph, number, spans, turn, cited), name, probability, reason, choices = row
    where = Quotation(chapter, paragraph, number, tuple(map(tuple, spans)), turn, cited)
    return Attributed(where, name, probability, reason, tuple((who, chance) for who, chance in choices))


def assembled(book: Book, known: dict, prints: dict[int, str]) -> Casting:
    characters = tuple(Character(**{**one, "aliases": tuple(one["aliases"])}) for one in known["characters"])
    lines = tuple(
        line_from(row, number) for number, print_ in prints.items() for row in known["chapters"][print_]
    )
    return Casting(book.language, characters, lines, tuple(known["told"]))

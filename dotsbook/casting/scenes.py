"""A casting's lines by scene, and the question that a language model is asked about one: a letter a line.

The model never writes text, names or numbers; nothing it says can change the book.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dotsbook.book import Book, Chapter
from dotsbook.casting.attribution import Attributed
from dotsbook.casting.character import Character

GAP = 6  # paragraphs without a line that end a scene
LONGEST = 6000  # characters of a scene
BEFORE = 3  # paragraphs before a scene that are shown with it
MOST = 20  # people to choose from
SURE = 0.95  # a line this sure is shown with its letter
LETTERS = "ABCDEFGHIJKLMOPQRSTUVWXYZ"
NOBODY = "N"  # somebody else, or not speech


@dataclass(frozen=True)
class Scene:
    """Lines that stand close together, with what is asked about them."""

    lines: tuple[Attributed, ...]
    people: tuple[str, ...]  # a name for each letter of LETTERS
    question: str

    @property
    def letters(self) -> str:
        return LETTERS[: len(self.people)] + NOBODY


def scenes_of(book: Book, lines: Iterable[Attributed], characters: Sequence[Character]) -> Iterator[Scene]:
    """Every scene of a book that holds a line which isn't sure."""
    chapters = {chapter.number: chapter for chapter in book.chapters}
    by_name = {one.name: one for one in characters}
    for run in runs_of(book, chapters, lines):
        if all(line.probability >= SURE for line in run):
            continue
        people = people_of(run, characters)
        if people:
            yield Scene(
                tuple(run),
                people,
                question_of(book, chapters[run[0].quotation.chapter], run, people, by_name),
            )


def runs_of(
    book: Book, chapters: dict[int, Chapter], lines: Iterable[Attributed]
) -> Iterator[list[Attributed]]:
    run: list[Attributed] = []
    length = 0
    for line in lines:
        if line.quotation.cited:
            continue
        here, last = line.quotation, run[-1].quotation if run else None
        paragraph = chapters[here.chapter].paragraphs[here.paragraph]
        apart = last is not None and (here.chapter != last.chapter or here.paragraph - last.paragraph > GAP)
        if apart or length > LONGEST:
            yield run
            run, length = [], 0
        run.append(line)
        length += paragraph.end - paragraph.start
    if run:
        yield run


def people_of(run: Sequence[Attributed], characters: Sequence[Character]) -> tuple[str, ...]:
    """Whom a scene's lines may be by, the likeliest first: those that any of its lines has among its choices."""
    chances: dict[str, float] = {}
    for line in run:
        for name, chance in line.choices:
            chances[name] = chances.get(name, 0.0) + chance
    found = sorted(chances, key=lambda name: -chances[name])[:MOST]
    more = [one.name for one in characters[:3] if one.name not in found]
    return tuple((found + more)[: min(MOST, len(LETTERS))])


def question_of(
    book: Book,
    chapter: Chapter,
    run: Sequence[Attributed],
    people: Sequence[str],
    known: dict[str, Character],
) -> str:
    """The scene with its lines numbered, after the list of people. The answers follow as "1: B"."""
    letters = {name: LETTERS[number] for number, name in enumerate(people)}
    roster = "\n".join(described(letter, name, known.get(name)) for name, letter in letters.items())
    first, last = run[0].quotation.paragraph, run[-1].quotation.paragraph
    numbers: dict[tuple[int, int], tuple[int, str]] = {}
    for number, line in enumerate(run, 1):
        sure = line.probability >= SURE and line.name in letters
        said = letters[line.name] if sure and line.name else "?"
        numbers[line.quotation.paragraph, line.quotation.spans[0][0]] = (number, said)
    shown = []
    for index in range(max(0, first - BEFORE), last + 1):
        paragraph = chapter.paragraphs[index]
        text = book.sources[paragraph.source].text[paragraph.start : paragraph.end]
        for (_, at), (number, said) in sorted(
            ((place, what) for place, what in numbers.items() if place[0] == index), reverse=True
        ):
            text = f"{text[:at]}[{number}={said}] {text[at:]}"
        shown.append(" ".join(text.split()))
    return (
        "You mark who speaks in a novel. Answer with one letter a line.\n"
        f"{roster}\n{NOBODY} somebody else, or not speech\n\n" + "\n".join(shown) + "\n\n"
    )


def described(letter: str, name: str, character: Character | None) -> str:
    facts = []
    if character is not None:
        facts = [*filter(None, (character.gender.upper(),)), *character.aliases[:3]]
    return f"{letter} {name}" + (f" ({', '.join(facts)})" if facts else "")

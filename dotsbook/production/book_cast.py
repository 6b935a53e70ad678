"""The people of a book: who they are, who says what, in which voice; and what a person decides about it."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dotsbook.book import Book, Chunk, folded_name
from dotsbook.casting.attribution import Attributed
from dotsbook.casting.character import Character
from dotsbook.casting.decisions import (
    BookLines,
    line_of,
    load_decisions,
    paragraph_of,
    with_decisions,
    written,
)
from dotsbook.casting.marking import is_sure
from dotsbook.casting.quotation import Place
from dotsbook.casting.roster_file import merged, updated
from dotsbook.errors import ManifestError, SourceError
from dotsbook.files import write_through
from dotsbook.production.book_roster import cast_manifest, roster_of
from dotsbook.production.bookfile import set_casting, set_voice
from dotsbook.production.cast_answers import CastAnswers, cast_answers
from dotsbook.production.dealing import dealt, name_for
from dotsbook.production.narration_copy import book_of, copy_of
from dotsbook.production.session import Session
from dotsbook.yaml_file import read_text

THRESHOLD = 0.7  # where the manifest says none
CHOICES = 3  # that a doubtful line is shown with
RANGE = re.compile(r"(\d+\.\d+)(?:-(\d+\.\d+))?")


@dataclass(frozen=True)
class CastMember:
    """A person of the book, as a table shows them."""

    name: str
    aliases: tuple[str, ...]
    gender: str
    lines: int
    words: int
    sure: float  # share of their words that is over the threshold
    voice: str  # "" = the narrator's
    example: str  # a line of theirs, the surest long one
    is_narrator: bool

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "name": self.name,
            "aliases": list(self.aliases),
            "gender": self.gender,
            "lines": self.lines,
            "words": self.words,
            "sure": round(self.sure, 3),
            "voice": self.voice,
            "example": self.example,
            "narrator": self.is_narrator,
        }


@dataclass(frozen=True)
class CastLine:
    """A line with who says it."""

    chunk: str  # the id of the first chunk it stands in
    text: str
    name: str | None
    probability: float
    reason: str
    choices: tuple[tuple[str, float], ...]

    def record(self) -> dict:
        return {
            "chunk": self.chunk,
            "text": self.text,
            "name": self.name,
            "probability": round(self.probability, 3),
            "reason": self.reason,
            "choices": [{"name": name, "probability": round(chance, 3)} for name, chance in self.choices],
        }


class BookCast:
    """Who speaks in a book. What is written takes effect when the book is opened again."""

    def __init__(self, session: Session):
        self.session = session
        self.held: CastAnswers | None = None  # until a decision changes them

    @cached_property
    def _book(self) -> Book:
        """The manuscript as it is read, before anybody is cast."""
        return book_of(self.session.project)

    def answers(self, anew: bool = False) -> CastAnswers:
        """Who was found to speak each line. anew: by today's rules, whatever the book keeps."""
        if self.held is None or anew:
            self.held = cast_answers(self.session.project, self._book, anew)
            if anew:
                copy_of(self.session.project).unlink(missing_ok=True)
        return self.held

    @property
    def threshold(self) -> float:
        options = self.session.project.manifest.casting
        return options.threshold if options else THRESHOLD

    @property
    def told(self) -> tuple[str, ...]:
        """Sentences about what was found: no rules for the language, rows whose line is gone."""
        answers = self.answers()
        return (*answers.casting.told, *(f"{one.said}." for one in answers.lost))

    def members(self) -> list[CastMember]:
        """The people, those who say most first. Raises SourceError for a book in which nobody speaks."""
        answers = self.answers()
        if not answers.casting.lines:
            raise SourceError(
                "Nobody speaks in this book: no line stands in quotation marks or after a dash. There is nothing to cast."
            )
        manifest = cast_manifest(self.session.project)
        voices = {folded_name(name): voice for name, voice in manifest.cast.items()}
        said: dict[str, list[Attributed]] = defaultdict(list)
        for line in answers.casting.lines:
            if line.name:
                said[line.name].append(line)
        texts = self._texts()
        found = []
        for one in answers.casting.characters:
            lines = said.get(one.name, [])
            words = {line.quotation.place: len(texts[line.quotation.place].split()) for line in lines}
            sure = sum(words[line.quotation.place] for line in lines if is_sure(line, self.threshold))
            best = max(
                lines,
                key=lambda line: (line.probability > 0.9, min(words[line.quotation.place], 20)),
                default=None,
            )
            voice = next(
                (
                    voices[folded_name(name)]
                    for name in (one.name, *one.aliases)
                    if folded_name(name) in voices
                ),
                "",
            )
            found.append(member_of(one, voice, sure, texts[best.quotation.place] if best else "", words))
        return found

    def write(self) -> list[str]:
        """Bring cast.yaml up to date: counts, new people, voices dealt to those without. Sentences on what was done."""
        project, characters = self.session.project, self.answers().casting.characters
        deal = dealt(project, characters, roster_of(project))
        before = read_text(project.cast_file) if project.cast_file.is_file() else ""
        text = updated(before, characters, deal.voices)
        for name, entry in deal.entries.items():
            set_voice(project.file, name, entry)
        done = []
        if deal.entries:
            done.append(f"book.yaml: {len(deal.entries)} voices added under `voices:`")
        if text != before:
            write_through(project.cast_file, text.encode())
            done.append("cast.yaml: brought up to date" if before else "cast.yaml: written")
        return done

    def switch_on(self) -> None:
        """Write `casting: {threshold: 0.7}` into book.yaml, unless it is there."""
        if self.session.project.manifest.casting is None:
            set_casting(self.session.project.file, THRESHOLD)

    def merge(self, name: str, other: str) -> None:
        """`other` is the same person as `name`. Raises ManifestError."""
        file = self.session.project.cast_file
        if not file.is_file():
            self.write()
        write_through(file, merged(read_text(file), name, other).encode())

    def assign(self, name: str, voice: str) -> str:
        """Give a person a voice, `default` for the narrator's; the name of the file that says so now. Raises ManifestError."""
        from dotsbook.production.assigning import assign_voice

        found = self.answers().casting.characters
        return assign_voice(self.session.project, self.members(), found, name, voice)

    def who(self, lines: str) -> list[CastLine]:
        """Who says the lines that stand in a chunk, or from one to another: "3.42", "3.42-3.51"."""
        texts, chunks = self._texts(), self._first_chunks()
        return [shown(line, texts, chunks) for line in self._lines(lines)]

    def decide(self, lines: str, name: str) -> int:
        """Say who speaks the lines of some chunks; "narrator" or "-" is nobody. How many lines that is."""
        speaker = "" if folded_name(name) in ("narrator", "-", "") else self._known_name(name)
        decided = {line.quotation.place: speaker for line in self._lines(lines)}
        file = self.session.project.speakers_file
        rows = BookLines(self._book, [line.quotation for line in self.answers().casting.lines])
        write_through(file, written(with_decisions(load_decisions(file), rows, decided)).encode())
        self.held = None
        return len(decided)

    def _known_name(self, name: str) -> str:
        """A person's own name for any of their names; a new one is taken as it is."""
        for one in self.answers().casting.characters:
            if folded_name(name) in map(folded_name, (one.name, *one.aliases)):
                return one.name
        return " ".join(name.split())

    def doubtful(self, limit: int | None = None) -> list[CastLine]:
        """The lines under the threshold, the longest first, with whom they may be by."""
        texts, chunks = self._texts(), self._first_chunks()
        asked = [
            line
            for line in self.answers().casting.lines
            if not line.quotation.cited and not is_sure(line, self.threshold) and line.choices
        ]
        asked.sort(key=lambda line: -len(texts[line.quotation.place].split()))
        return [shown(line, texts, chunks) for line in asked[:limit]]

    def sample(self, name: str, out: str | Path | None = None) -> "CastSample":
        """Hear a person: their example line in their voice, as FLAC."""
        wanted = next(
            (
                one
                for one in self.members()
                if folded_name(name) in map(folded_name, (one.name, *one.aliases))
            ),
            None,
        )
        if wanted is None or not wanted.example:
            raise ManifestError(
                f"There is nobody called {name} in this book; `dotsbook cast` lists everybody."
            )
        project = self.session.project
        voice = wanted.voice or project.manifest.default_voice
        target = Path(out) if out else project.out / f"cast-{name_for(wanted.name, ())}.flac"
        seconds = self.session.audition(wanted.example, voice, project.manifest.language, target)
        return CastSample(wanted.name, voice, wanted.example, target, seconds)

    def _texts(self) -> dict[Place, str]:
        """What each line says."""
        quotations = (line.quotation for line in self.answers().casting.lines)
        return {quotation.place: line_of(self._book, quotation) for quotation in quotations}

    def _lines(self, named: str) -> list[Attributed]:
        """The lines that stand in a chunk or a range of chunks. Raises ManifestError where there is none."""
        match = RANGE.fullmatch(named.strip())
        if match is None:
            raise ManifestError(
                f"{named!r} is no line: write a chunk's number, e.g. 3.42, or a range, 3.42-3.51."
            )
        chunks = self._between(match.group(1), match.group(2) or match.group(1))
        found = [
            line
            for line in self.answers().casting.lines
            if any(within(self._book, line, chunk) for chunk in chunks)
        ]
        if not found:
            raise ManifestError(
                f"Nobody speaks in {named}: it holds no quotation. `dotsbook plan --text` shows the lines."
            )
        return found

    def _between(self, first: str, last: str) -> list[Chunk]:
        chapters = {int(name.partition(".")[0]) for name in (first, last)}
        numbers = [tuple(map(int, name.split("."))) for name in (first, last)]
        chunks = list(self.session.narration.of(range(min(chapters), max(chapters) + 1)))
        ids = {chunk.id for chunk in chunks}
        for name in (first, last):
            if name not in ids:
                raise ManifestError(f"There is no chunk {name}; `dotsbook plan --text` shows them all.")
        return [chunk for chunk in chunks if numbers[0] <= tuple(map(int, chunk.id.split("."))) <= numbers[1]]

    def _first_chunks(self) -> Callable[[Attributed], str]:
        """The id of the first chunk of a line."""
        starts: dict[tuple[int, int], list[Chunk]] = defaultdict(list)
        for chunk in self.session.narration:
            starts[chunk.chapter, chunk.paragraph].append(chunk)

        def find(line: Attributed) -> str:
            here = starts[line.quotation.chapter, line.quotation.paragraph]
            return next((chunk.id for chunk in here if within(self._book, line, chunk)), "")

        return find


@dataclass(frozen=True)
class CastSample:
    """A line that was spoken to hear a person."""

    name: str
    voice: str
    text: str
    path: Path
    seconds: float


def member_of(one: Character, voice: str, sure: int, example: str, words: dict[Place, int]) -> CastMember:
    total = sum(words.values())
    return CastMember(
        one.name,
        one.aliases,
        one.gender,
        len(words),
        total,
        sure / total if total else 0.0,
        voice,
        example,
        one.is_narrator,
    )


def shown(line: Attributed, texts: dict[Place, str], chunk: Callable[[Attributed], str]) -> CastLine:
    place = line.quotation.place
    return CastLine(
        chunk(line), texts[place], line.name, line.probability, line.reason, line.choices[:CHOICES]
    )


def within(book: Book, line: Attributed, chunk: Chunk) -> bool:
    """Whether a line shares words with a chunk."""
    here = line.quotation
    if chunk.chapter != here.chapter or chunk.paragraph != here.paragraph:
        return False
    paragraph = paragraph_of(book, here)
    return any(
        chunk.start < paragraph.start + end and paragraph.start + start < chunk.end
        for start, end in here.spans
    )

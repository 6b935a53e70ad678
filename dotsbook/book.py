"""The nouns every room shares: what a book is, from its sources to its takes. It knows no files and no audio.

    Book ── Chapter ── Paragraph ── Mark            what text/ reads
      └──── Skip                                    what is not narrated, and why
    Chunk                                           a sentence for one voice, with the pause after it
    Take                                            a chunk's finished audio, as the ledger knows it

A `Source` is one document of the manuscript (a spine item, a Markdown file) with its extracted text. All
offsets are indices into that text. Text that is skipped in the middle of a sentence (a note mark, a page
number, a ruby reading) is left out of the extracted text and stands in a `Skip` of its own, so that every
paragraph, mark and chunk is one unbroken slice: `chunk.text == source.text[chunk.start:chunk.end]`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Pause(StrEnum):
    """Why there is silence after a chunk; the manifest's `pacing` gives each its seconds."""

    CLAUSE = "clause"  # inside a long sentence, split at a comma or a verse's line end
    SENTENCE = "sentence"
    SPEAKER = "speaker"  # the next chunk is another voice's, in one paragraph or between lines of a dialogue
    PARAGRAPH = "paragraph"
    SCENE = "scene"  # a break the book draws: a rule, an ornament, an empty line meant so
    HEADING = "heading"  # after a title
    CHAPTER = "chapter"  # the last chunk of a chapter


class Kind(StrEnum):
    """What a paragraph is, as far as the ear cares."""

    HEADING = "heading"
    PROSE = "prose"
    VERSE = "verse"
    QUOTE = "quote"  # block quotation, epigraph, letter
    ITEM = "item"  # of a list
    CELL = "cell"  # of a table
    NOTE = "note"  # a footnote read by policy
    CAPTION = "caption"
    DIRECTION = "direction"  # stage direction


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said about a slice of a paragraph.

    kind: "language" (value: BCP 47) · "speaker" (value: a name of the cast) · "say" (value: what to speak
    instead, from SSML, PLS or a ruby reading) · "high" (an exponent: figures set high) · "breath" (an empty slice: a
    verse's line end) · "emphasis" and "strong" (italics and bold of a Markdown text: seen in a read-along, never heard) ·
    "rate", "emo", "instruct", "pause-before", "pause-after" (how it is to be spoken: direction.py).
    """

    start: int
    end: int
    kind: str
    value: str = ""


SEEN = frozenset(
    {"emphasis", "strong"}
)  # kinds of marks that change how text looks and nothing of how it sounds


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One unbroken slice of a source, read in one go."""

    source: str  # Source.name
    start: int
    end: int
    kind: Kind = Kind.PROSE
    language: str | None = None  # BCP 47; None = the book's
    speaker: str | None = None  # None = the narrator
    marks: tuple[Mark, ...] = ()
    scene_before: bool = False  # a scene break stands before it


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the manuscript: its path inside the manuscript and the text extracted from it."""

    name: str
    text: str
    chars: int  # non-space characters in the document as parsed, narrated or not: the receipt's left side


@dataclass(frozen=True, slots=True)
class Chapter:
    number: int  # 1, 2, 3 … in reading order; what --chapter means
    title: str  # as in the book's own table of contents; a chapter mark
    paragraphs: tuple[Paragraph, ...]
    depth: int = 0  # nesting in the table of contents
    part: str | None = None  # the title of the part it stands in


class Grounds(StrEnum):
    """How it is known that text isn't to be narrated, the strongest first."""

    MANIFEST = "manifest"  # the user says so
    MARKUP = (
        "markup"  # epub:type, ARIA roles, landmarks, classes; or it is a policy of the manifest's `reading`
    )
    SIGNS = (
        "signs"  # what stands in the text itself: `*** START OF`, legal lines, a list of the chapters' titles
    )
    WORDS = "words"  # a title or a file's name


@dataclass(frozen=True, slots=True)
class Skip:
    """Text that won't be spoken, with the reason."""

    source: str
    title: str  # the document's or section's title, or the first words
    reason: str  # e.g. "imprint (epub:type)", "note mark", "page number", "skip: in the manifest"
    chars: int  # non-space characters
    inline: bool = False  # inside narrated text (note marks, page numbers …): totalled by reason in reports
    evidence: str = Grounds.MARKUP
    doubtful: bool = False  # too much for its evidence: a render asks first
    opening: str = ""  # the first words of what is skipped on less than markup


@dataclass(frozen=True, slots=True)
class Cover:
    data: bytes
    media_type: str  # image/jpeg, image/png


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Book:
    """A whole manuscript, read."""

    title: str
    author: str
    language: str  # BCP 47
    sources: dict[str, Source]
    chapters: tuple[Chapter, ...]
    skipped: tuple[Skip, ...]
    warnings: tuple[str, ...] = ()
    cover: Cover | None = None
    details: dict[str, str] = field(
        default_factory=dict
    )  # publisher, date, description, isbn, rights, subtitle, series …

    def with_paragraphs(self, changed: Mapping[tuple[int, int], Paragraph]) -> "Book":
        """The book with other paragraphs in some places, each a chapter's number and an index in it."""
        chapters = tuple(
            replace(
                chapter,
                paragraphs=tuple(
                    changed.get((chapter.number, index), paragraph)
                    for index, paragraph in enumerate(chapter.paragraphs)
                ),
            )
            for chapter in self.chapters
        )
        return replace(self, chapters=chapters)


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one take is made of: a sentence or a piece of one, in one voice and one language."""

    id: str  # "3.42": chapter 3, its 42nd chunk; shown to people, never a key
    chapter: int
    source: str
    start: int
    end: int
    text: str  # as in the source
    spoken: str  # as given to the engine: normalised, lexicon applied
    voice: str  # a name of `voices:`
    language: str  # BCP 47
    pause: Pause  # after it
    paragraph: int = 0  # its paragraph's index in the chapter
    kind: Kind = Kind.PROSE
    delivery: str = ""  # how its voice is to speak it, where a direction says so: direction.py
    # (offset in `spoken`, seconds) of silences that a direction asks for: 0 is before it, the length of `spoken` after
    pauses: tuple[tuple[int, float], ...] = ()
    speaker: str = ""  # who says it, as the manuscript or the cast names them; "" = the narrator

    @property
    def before(self) -> float | None:
        """Seconds of silence that are asked for before it."""
        return next((seconds for at, seconds in self.pauses if at == 0), None)

    @property
    def after(self) -> float | None:
        """The same after it, in the place of what `pause` stands for."""
        return next((seconds for at, seconds in self.pauses if at >= len(self.spoken)), None)

    @property
    def inside(self) -> tuple[tuple[int, float], ...]:
        """The same within it."""
        return tuple(pause for pause in self.pauses if 0 < pause[0] < len(self.spoken))


@dataclass(frozen=True, slots=True)
class Take:
    """A chunk's finished audio, as its row in the ledger says."""

    key: str  # "r1:" + SHA-256 of all that makes the sound
    file: str  # relative to takes/
    sha256: str
    samples: int
    rate: int  # Hz
    first: int  # where speech begins and ends in it, in samples: see dotsbook/measure.py
    last: int
    peak: float  # highest absolute sample
    attempts: int  # 1 = the first was good
    healthy: bool  # False: the best of several bad ones was kept
    health: dict  # {check: figure}
    energies: bytes  # K-weighted mean squares, 100 ms blocks, float32 little-endian: dotsbook/measure.py

    @property
    def seconds(self) -> float:
        return self.samples / self.rate


def visible(text: str) -> int:
    """How many characters of `text` count for the receipt: all but white space."""
    return len("".join(text.split()))


def folded_name(name: str) -> str:
    """A character's name without what doesn't tell people apart: case, spaces, a stop or colon at its end."""
    return " ".join(name.split()).strip(" .:,").casefold()

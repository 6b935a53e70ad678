"""`speakers.tsv`: who says a line, where a person decided it. Anchored by words, so that it survives edits of the book.

A row holds the speaker, the line, the paragraph it stands in, and the words before and after that paragraph. No number
and no offset: where the row belongs today is found each time, and a row whose line is gone is told and never moved.

    speaker     line            paragraph                                   before                      after
    Mara        “Not tonight.”  “Not tonight.” She looked at the water.     and nobody waved from it    It had no answer
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from dotsbook.anchor import (
    ANYWHERE,
    CLEAR,
    GONE,
    KNOWN,
    TWICE,
    LikeParagraphs,
    Neighbourhood,
    alike,
    around,
    is_short,
    neighbourhood,
    tidy,
)
from dotsbook.book import Book, Paragraph
from dotsbook.casting.quotation import Place, Quotation
from dotsbook.errors import ManifestError
from dotsbook.yaml_file import read_text

COLUMNS = ("speaker", "line", "paragraph", "before", "after")
HEAD = (
    "# Who says a line, where you decided it: `dotsbook cast set` and `cast doubtful` write here. A row finds its line by\n"
    "# its words, also after the book has been edited; `-` is the narrator.\n" + "\t".join(COLUMNS) + "\n"
)
NOBODY = "-"  # what stands for the narrator
LINE_ALIKE = 0.6  # how alike an edited line in it must still be


@dataclass(frozen=True, slots=True)
class Decision:
    """One row."""

    speaker: str  # "" = the narrator
    line: str
    paragraph: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LostDecision:
    """A row whose line isn't found, and why: a sentence."""

    decision: Decision
    why: str

    @property
    def said(self) -> str:
        """A sentence without its stop."""
        speaker = self.decision.speaker or "the narrator"
        return f"speakers.tsv: the line {self.decision.line[:60]!r} ({speaker}) isn't found: {self.why}"


def load_decisions(path: Path) -> list[Decision]:
    """The rows of a file; none where there is no file. ManifestError, with the line, for one that can't be read."""
    if not path.is_file():
        return []
    found = []
    for number, row in enumerate(read_text(path).splitlines(), 1):
        cells = row.split("\t")
        if not row.strip() or row.startswith("#") or tuple(cells) == COLUMNS:
            continue
        if len(cells) != len(COLUMNS) or not cells[0].strip():
            raise ManifestError(
                f"{path} line {number}: a row has {len(COLUMNS)} cells with tabs between them ({', '.join(COLUMNS)}), and "
                f"this has {len(cells)}."
            )
        speaker = cells[0].strip()
        found.append(Decision("" if speaker == NOBODY else speaker, *map(tidy, cells[1:])))
    return found


def written(decisions: Iterable[Decision]) -> str:
    """The rows as the file holds them."""
    rows = (
        "\t".join((one.speaker or NOBODY, one.line, one.paragraph, one.before, one.after))
        for one in decisions
    )
    return HEAD + "".join(f"{row}\n" for row in rows)


class BookLines:
    """A book's quotations with the words they stand in: what decisions are matched with."""

    def __init__(self, book: Book, quotations: Iterable[Quotation]):
        self.rows: dict[Place, Decision] = {}  # each quotation as a row without a speaker
        texts = {
            chapter.number: [
                tidy(book.sources[one.source].text[one.start : one.end]) for one in chapter.paragraphs
            ]
            for chapter in book.chapters
        }
        for quotation in quotations:
            paragraphs, at = texts[quotation.chapter], quotation.paragraph
            line = line_of(book, quotation)
            self.rows[quotation.place] = Decision("", line, paragraphs[at], *neighbourhood(paragraphs, at))

    @cached_property
    def by_paragraph(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = defaultdict(list)
        for place, row in self.rows.items():
            found[row.paragraph].append(place)
        return found

    @cached_property
    def paragraphs(self) -> LikeParagraphs:
        return LikeParagraphs(self.by_paragraph)

    def decision(self, place: Place, speaker: str) -> Decision:
        row = self.rows[place]
        return replace(row, speaker=speaker)


def paragraph_of(book: Book, quotation: Quotation) -> Paragraph:
    return book.chapters[quotation.chapter - 1].paragraphs[quotation.paragraph]


def line_of(book: Book, quotation: Quotation) -> str:
    """The words of a quotation, its pieces joined."""
    paragraph = paragraph_of(book, quotation)
    text = book.sources[paragraph.source].text[paragraph.start : paragraph.end]
    return tidy(" ".join(text[start:end] for start, end in quotation.spans))


def placed(decisions: Iterable[Decision], lines: BookLines) -> tuple[dict[Place, str], list[LostDecision]]:
    """({place: speaker}, rows whose line isn't found). The last row for a place wins."""
    found: dict[Place, str] = {}
    lost: list[LostDecision] = []
    for decision in decisions:
        place, why = place_of(decision, lines)
        if place is None:
            lost.append(LostDecision(decision, why))
        else:
            found[place] = decision.speaker
    return found, lost


def place_of(decision: Decision, lines: BookLines) -> tuple[Place | None, str]:
    """Where a row's line stands today; (None, why) where that isn't certain."""
    exact = lines.by_paragraph.get(decision.paragraph)
    if exact:
        return likest(decision, exact, lines)
    near = lines.paragraphs.like(decision.paragraph)
    if not near:
        return None, GONE
    return likest(decision, [place for other in near for place in lines.by_paragraph[other]], lines)


def likest(decision: Decision, places: list[Place], lines: BookLines) -> tuple[Place | None, str]:
    """The one of several places whose line is the row's, and whose surroundings are where that alone doesn't tell."""
    scored = sorted(((score(decision, lines.rows[place]), place) for place in places), reverse=True)
    (line, around), best = scored[0]
    if line < LINE_ALIKE:
        return None, "its paragraph has changed and the line isn't in it any more"
    rivals = [place for (other, _), place in scored[1:] if line - other < CLEAR]
    elsewhere = any(place[:2] != best[:2] for place in rivals)
    if (elsewhere or is_short(decision.paragraph)) and around < KNOWN:
        return None, ANYWHERE
    if elsewhere and around - scored[1][0][1] < CLEAR:
        return None, TWICE
    return best, ""


def score(decision: Decision, row: Decision) -> tuple[float, float]:
    """(how alike the lines are, how alike what stands around them is: the better side, the other for a tie)."""
    here, there = Neighbourhood(decision.before, decision.after), Neighbourhood(row.before, row.after)
    return alike(decision.line, row.line), around(here, there)


def with_decisions(
    decisions: Iterable[Decision], lines: BookLines, new: Mapping[Place, str]
) -> list[Decision]:
    """All rows, with new ones in the place of those for the same lines."""
    kept = [one for one in decisions if place_of(one, lines)[0] not in new]
    return [*kept, *(lines.decision(place, speaker) for place, speaker in new.items())]

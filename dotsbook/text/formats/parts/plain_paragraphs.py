"""A plain text's paragraphs as candidates for headings, and what holds for the whole file. It decides nothing."""

from collections import Counter
from dataclasses import dataclass, field

from dotsbook.text.formats.parts.heading_lines import Sign
from dotsbook.text.formats.parts.plain_signs import without_pages


@dataclass(slots=True)
class Para:
    """A paragraph as the file has it."""

    lines: list[str]
    blank: int  # blank lines before it
    after: int = 0  # blank lines after it
    level: int = 0  # of the heading that it is, or that its first lines are
    cut: int = 0  # lines that are the heading, where the others are text
    text: str = ""  # its lines as one
    size: int = 0  # visible characters

    def __post_init__(self) -> None:
        self.text = " ".join(without_pages(" ".join(self.lines)).split())
        self.size = len(self.text) - self.text.count(" ")


@dataclass(slots=True)
class Candidate:
    at: int  # index of the paragraph
    sign: Sign
    cut: int = 0
    gap: int = 0  # visible characters of other text up to the next of its form
    listed: bool = False  # stands in a table of contents
    ended: bool = True  # the paragraph before ends a sentence


@dataclass(slots=True)
class Look:
    """What holds for the whole file."""

    usual: int  # blank lines between paragraphs
    width: int  # of a full line
    language: str
    title: str  # the book's, folded: on its title page it heads nothing
    sizes: list[int] = field(default_factory=list)  # visible characters before each paragraph

    def between(self, first: int, second: int) -> int:
        return self.sizes[second] - self.sizes[first + 1]


def look_of(paras: list[Para], language: str, title: str) -> Look:
    blanks = Counter(para.blank for para in paras[1:])
    lengths = sorted(len(line.rstrip()) for para in paras for line in para.lines)
    look = Look(
        blanks.most_common(1)[0][0] if blanks else 0,
        lengths[int(len(lengths) * 0.9)] if lengths else 0,
        language,
        title,
    )
    total = 0
    for para in paras:
        look.sizes.append(total)
        total += para.size
    look.sizes.append(total)
    return look

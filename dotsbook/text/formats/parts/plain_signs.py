"""The signs that plain texts are marked up with: _italics_, =bold=, [Illustration: …], [Pg 12], notes' marks in brackets,
pages' numbers in lines of their own, hyphens at line ends, Aozora's readings and remarks. It knows no headings.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

from dotsbook.text.blocks.block_writer import BlockState, BlockWriter
from dotsbook.text.blocks.line_hyphens import PARTED, REASON, LineHyphens

LIFTED = "\2"  # around a page's number that stood in a line of its own, at the end of the line before
KANA_RUBY = re.compile(r"(｜?)([^｜《》\n]*?)《([\u3040-\u30ff\u30fc・]{1,20})》")
EDITOR = re.compile(r"［＃[^］\n]{1,120}］")
INLINE = r"(?=[^\s{0}])([^{0}\n]{{1,300}}(?:\n[^{0}\n]{{1,300}}){{0,8}})(?<=[^\s{0}])"
ITALICS = re.compile(rf"(?<![\w_])_{INLINE.format('_')}_(?![\w_])")
BOLD = re.compile(rf"(?<![\w=])={INLINE.format('=')}=(?![\w=])")
STARS = re.compile(rf"(?<![\w*])\*{INLINE.format('*')}\*(?![\w*])")
PICTURE = re.compile(
    r"\[(?:Illustration|Illustrations|Abbildung|Illustratie|Ilustración|Ilustração|Illustrazione|Image|Figure|Bild|"
    r"Kuva|Kuvitus|Ilustracja|Ilustrace|Иллюстрация|Map|Frontispiece|Decoration|Blank Page|Music)\b[^\]]{0,2000}\]",
    re.I,
)
PAGE = re.compile(
    rf"{LIFTED}[^{LIFTED}]*{LIFTED}|\[(?:Pg|Page|Pag|Pág|Pagina|Seite|S|Blz|Sid|Side|Str|Стр|с)\.? ?\d{{1,4}}\]|\{{\d{{1,4}}\}}",
    re.I,
)
NOTE_MARK = re.compile(r"(?<=[^\s\[(])\[(?:\d{1,3}|[A-Z]|\*{1,3}|†|‡)\]")
LINE_NUMBER = re.compile(r"^[ \t]*\[\d{1,3}\](?=\s)", re.M)
PAGE_LINE = re.compile(r"^[ \t]{24,}[-–—]?\s?\d{1,3}\s?[-–—]?[ \t]*$")
MANY = 10  # lines from which their being numbers of pages, or of every fifth line, is no chance
FEW_PAGES = 5  # rising numbers in lines of their own, far to the right, from which they are pages'
PART = re.compile("\0(\\d+)\1|\n")


Hold = Callable[[str, str], str]  # (sign, what it stands for) → what holds its place


def held_as(hold: Hold, sign: str, match: re.Match) -> str:
    return hold(sign, match[0].strip(LIFTED))


def held_within(hold: Hold, kind: str, match: re.Match) -> str:
    return hold("<", kind) + match[1] + hold(">", match[0][0])


class PlainSigns:
    """How a text's signs are read, decided over all of it."""

    def __init__(self, text: str) -> None:
        self.hyphens = LineHyphens(text)
        self.faces = [(ITALICS, "emphasis")]
        self.faces += [
            (pattern, "strong")
            for pattern, least in ((BOLD, 1), (STARS, 2))
            if len(pattern.findall(text)) >= least
        ]
        numbers = LINE_NUMBER.findall(text)
        self.line_numbers = len(numbers) >= MANY and all(int(one.strip()[1:-1]) % 5 == 0 for one in numbers)
        self.dropped = (("i", PICTURE), ("p", PAGE), ("l", LINE_NUMBER), ("n", NOTE_MARK), ("e", EDITOR))
        self.japanese = "［＃" in text or "《" in text and KANA_RUBY.search(text) is not None

    def write(self, text: str, writer: BlockWriter, state: BlockState, ends: bool) -> None:
        """A paragraph's text into the writer's open block. ends: its line ends are kept, as a verse's."""
        open_marks: list[list] = []
        for sign, said in self.pieces(text):
            match sign:
                case "":
                    writer.text(said, state)
                case "\n" if ends:
                    writer.line_end(state)
                case "\n":
                    writer.space = "\n"
                case "<":
                    open_marks.append([None, None, said, ""])
                    writer.open(open_marks[-1:])
                case ">":
                    if open_marks:
                        open_marks.pop()[1] = writer.length
                    writer.dropped.append(("emphasis mark", 2 * len(said)))
                case "-":
                    writer.dropped.append((REASON, 1))
                case _:
                    writer.drop(REASONS[sign], said)

    def pieces(self, text: str) -> Iterator[tuple[str, str]]:
        """(sign, text): "" text itself, a line's end, "<" and ">" around what looks otherwise, else a reason to drop."""
        held: list[tuple[str, str]] = []

        def hold(sign: str, said: str) -> str:
            held.append((sign, said))
            return f"\0{len(held) - 1}\1"

        def ruby(match: re.Match) -> str:
            return (hold("r", "｜") if match[1] else "") + match[2] + hold("r", f"《{match[3]}》")

        def parted(match: re.Match) -> str:
            first, hyphen, second = match.groups()
            return f"{first}{hold('-', hyphen) if self.hyphens.joins(first, second) else hyphen}{second}"

        for sign, pattern in self.dropped:
            if sign != "l" or self.line_numbers:
                text = pattern.sub(partial(held_as, hold, sign), text)
        if self.japanese:
            text = KANA_RUBY.sub(ruby, text)
        if "-\n" in text or "\u2010\n" in text:
            text = PARTED.sub(parted, text)
        for pattern, kind in self.faces:
            text = pattern.sub(partial(held_within, hold, kind), text)
        place = 0
        for match in PART.finditer(text):
            if match.start() > place:
                yield "", text[place : match.start()]
            yield held[int(match[1])] if match[1] else ("\n", "")
            place = match.end()
        if place < len(text):
            yield "", text[place:]


REASONS = {
    "i": "picture",
    "p": "page number",
    "l": "line number",
    "n": "note mark",
    "e": "editor's remark",
    "r": "ruby reading",
}


def without_pages(text: str) -> str:
    """A line without the pages' numbers and the editor's remarks in it."""
    return EDITOR.sub("", PAGE.sub("", text))


def lift_page_numbers(text: str) -> str:
    """Lines that hold nothing but a page's number, far to the right, put at the end of the line before, marked."""
    lines = text.split("\n")
    found = [at for at, line in enumerate(lines) if PAGE_LINE.match(line)]
    numbers = [int(re.sub(r"\D", "", lines[at])) for at in found]
    if len(found) < FEW_PAGES or sorted(set(numbers)) != numbers:
        return text
    for at in found:
        before = next((other for other in range(at - 1, -1, -1) if lines[other].strip()), None)
        if before is not None:
            lines[before] += f"{LIFTED}{lines[at].strip()}{LIFTED}"
            lines[at] = ""
    return "\n".join(lines)

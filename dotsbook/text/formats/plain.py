"""A plain text file → a Manuscript of one document: paragraphs by blank lines, headings by their looks. It knows no
markup.

The rules: hard-wrapped lines are joined, a file of one paragraph a line is taken as such, short lines together are
verse, lines that are alike over the whole book ("CHAPTER II", "Drittes Kapitel", "第三章", "IV", titles in capitals) are headings.
"""

import re
from pathlib import Path

from dotsbook.book import Kind, visible
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript
from dotsbook.text.blocks.block_writer import WIDE, BlockState, BlockWriter
from dotsbook.text.formats.parts.plain_headings import find_headings
from dotsbook.text.formats.parts.plain_particulars import particulars_of
from dotsbook.text.formats.parts.plain_signs import PICTURE, PlainSigns, lift_page_numbers
from dotsbook.text.formats.parts.source_reading import told_of
from dotsbook.text.formats.parts.text_encoding import CONTROL, decode, refuse_binary
from dotsbook.text.formats.parts.whole_file import whole_file
from dotsbook.text.formats.table import ManuscriptFormat
from dotsbook.text.language_guess import guess

ONE_A_LINE = 100  # median characters of a line above which lines are paragraphs

FOOTNOTE = re.compile(r"^\[(Footnote|Fußnote|Note|Nota)\s*[\w*]+\s*:", re.I)


def read_plain(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A text file as a manuscript. SourceError when it can't be read."""
    text = load_text(path, reading)
    name = prefix.rstrip("/") or path.name
    writer = BlockWriter()
    found = guess(text)
    language = found.language if found else ""
    said = particulars_of(text, language or "en")
    signs = PlainSigns(text)
    paras = find_headings(paragraphs(lift_page_numbers(text)), language or "en", said.get("title", ""))
    lengths = sorted(len(line.rstrip()) for para in paras for line in para.lines)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    for para in paras:
        write(writer, para.lines, para.blank, para.level, width, reading, signs)
    document = Document(name, writer.finish(), sum(map(visible, text.split("\n"))), "", stem="")
    return Manuscript(
        said.get("title") or path.stem.replace("_", " "), said.get("author", ""), language, [document], []
    )


def load_text(path: Path, reading: Reading) -> str:
    """A text file's characters, line ends made one kind. SourceError where it can't be read or isn't text."""
    data = whole_file(path)
    if 0 not in data and b"\x1b$" not in data:  # those of wide and of shifted encodings hold control bytes
        refuse_binary(data.decode("latin-1"), str(path))
    encoding, language = told_of(reading)
    text = decode(data, str(path), encoding, language).text
    refuse_binary(text, str(path))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    return CONTROL.sub("", text)


def paragraphs(text: str) -> list[tuple[list[str], int]]:
    """(lines, blank lines before) of every paragraph."""
    lines = text.split("\n")
    full = sorted(len(line) for line in lines if line.strip())
    blank = len(lines) - len(full)
    middle = full[len(full) // 2] if full else 0
    wide = bool(WIDE.search(text[:5000]))
    single = len(full) > 1 and (
        blank < 0.05 * len(full)
        and not wrapped(full)
        or middle > ONE_A_LINE
        or wide
        and middle > 40
        and not wrapped(full)
    )
    found: list[tuple[list[str], int]] = []
    empty, fresh = 2, True
    for line in lines:
        if not line.strip():
            empty, fresh = empty + 1, True
            continue
        if fresh or single or line.startswith(("\u3000", "\t")) and wide:
            found.append(([line], empty))
        else:
            found[-1][0].append(line)
        empty, fresh = 0, False
    return found


def wrapped(lengths: list[int]) -> bool:
    """Whether lines were broken at a width: a good part of them end close to the longest usual."""
    width = lengths[int(len(lengths) * 0.95)]
    return 40 <= width <= 95 and sum(width - 12 <= length <= width + 5 for length in lengths) > 0.4 * len(
        lengths
    )


def write(
    writer: BlockWriter,
    lines: list[str],
    blank: int,
    level: int,
    width: int,
    reading: Reading,
    signs: PlainSigns,
) -> None:
    """One paragraph into the writer's blocks."""
    text = "\n".join(line.strip() for line in lines)
    state = BlockState(kind=Kind.HEADING, level=level) if level else BlockState()
    if PICTURE.fullmatch(text):
        state = BlockState(kind=Kind.CAPTION, why=None if reading.captions == "read" else "caption")
        writer.text(text, state)
        writer.flush(state)
        return
    if FOOTNOTE.match(text):
        state = BlockState(note=True)
    verse = not level and is_verse(lines, width)
    if verse:
        state = state._replace(kind=Kind.VERSE, verse=True)
    if blank >= 4 and not level and writer.blocks and writer.blocks[-1].kind is not Kind.HEADING:
        writer.scene = True
    signs.write(text, writer, state, bool(verse or level))
    writer.flush(state)


def is_verse(lines: list[str], width: int) -> bool:
    """Short lines together, where the file's lines are long."""
    if len(lines) < 2 or width < 40 and len(lines) < 4:
        return False
    lengths = [len(line.strip()) for line in lines]
    indented = sum(line.startswith("    ") for line in lines) >= len(lines) - 1
    return max(lengths) < 0.85 * max(width, 50) and (
        indented or max(lengths[:-1]) < 0.75 * width and lines[0].strip()[:1].isupper()
    )


FORMAT = ManuscriptFormat(
    "plain text",
    (".txt", ".text", ""),
    lambda head, names: False,  # any text may be meant so: only its name tells
    read_plain,
    lambda path: read_plain(path, Reading()),
)

"""A plain text file → a Manuscript of one document: paragraphs by blank lines, headings by their looks. It knows no
markup.

The rules: hard-wrapped lines are joined, a file of one paragraph a line is taken as such, short lines together are
verse, a line alone that says "Chapter 1", "CHAPTER II", "Kapitel 3", "第三章" or only "IV" is a heading.
"""

import re
from pathlib import Path

from dotsbook.book import Kind, visible
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript
from dotsbook.text.blocks.block_writer import WIDE, BlockState, BlockWriter
from dotsbook.text.formats.parts.source_reading import told_of
from dotsbook.text.formats.parts.text_encoding import decode
from dotsbook.text.formats.table import ManuscriptFormat
from dotsbook.text.matter.chapter_names import ARABIC, CHAPTER, numbers_chapter
from dotsbook.text.matter.kinds import by_title, fold

FEW = 20  # control characters that a text may hold by mistake, besides one in a hundred
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1b\x7f]")
LARGEST = 64_000_000  # bytes of a text file
ONE_A_LINE = 100  # median characters of a line above which lines are paragraphs

NUMBERED = re.compile(r"^([IVXLC]{1,7}|\d{1,3})\.\s+[A-ZÀ-ÞА-ЯΑ-Ω][^.!?]{2,70}$")
TITLE = re.compile(r"^Title:[ \t]*(\S.*)$", re.M)
AUTHOR = re.compile(r"^Author:[ \t]*(\S.*)$", re.M)
BY = re.compile(r"^(?:by|von|par|de|di|por|door|av|przez)\s+([^\W\d_].{1,60})$", re.I)
KANA_RUBY = re.compile(r"(｜?)([^｜《》\n]*?)《([\u3040-\u30ff\u30fc・]{1,20})》")
EDITOR = re.compile(r"［＃[^］\n]{1,120}］")
EMPHASIS = re.compile(r"(?<![\w_])_(?=\S)([^_\n]{1,300}(?:\n[^_\n]{1,300}){0,6})(?<=\S)_(?![\w_])")
PICTURE = re.compile(r"^\[(Illustration|Abbildung|Image|Figure|Map|Frontispiece)\b[^\]]*\]$", re.I | re.S)
FOOTNOTE = re.compile(r"^\[(Footnote|Fußnote|Note|Nota)\s*[\w*]+\s*:", re.I)


def read_plain(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A text file as a manuscript. SourceError when it can't be read."""
    text = load_text(path, reading)
    name = prefix.rstrip("/") or path.name
    writer = BlockWriter()
    for paragraph in marked(paragraphs(text)):
        write(writer, *paragraph, reading)
    said = describe(text)
    document = Document(name, writer.finish(), sum(map(visible, text.split("\n"))), "", stem="")
    return Manuscript(
        said.get("title") or path.stem.replace("_", " "), said.get("author", ""), "", [document], []
    )


def describe(text: str) -> dict[str, str]:
    """Title and author, where a file's first lines name them."""
    head = text[:3000]
    found = {
        key: match.group(1).strip()
        for key, pattern in (("title", TITLE), ("author", AUTHOR))
        if (match := pattern.search(head))
    }
    opening = [line.strip() for line in head.split("\n") if line.strip()][:2]
    by = BY.match(opening[1]) if len(opening) == 2 else None
    if not found and by and len(opening[0]) < 80 and not opening[0].endswith((".", "!", "?")):
        found = {
            "title": opening[0].title() if opening[0].isupper() else opening[0],
            "author": by.group(1).strip(),
        }
    return found


def load_text(path: Path, reading: Reading) -> str:
    """A text file's characters, line ends made one kind. SourceError where it can't be read or isn't text."""
    try:
        if path.stat().st_size > LARGEST:
            raise SourceError(
                f"{path} is over {LARGEST // 1_000_000} MB, which no manuscript is; is it the right file?"
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}; correct `source:` or put the file in place.") from error
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error.strerror}.") from error
    if not data.strip():
        raise SourceError(f"{path} is empty: it has no text to narrate.")
    if 0 not in data and b"\x1b$" not in data:  # those of wide and of shifted encodings hold control bytes
        refuse_binary(data.decode("latin-1"), path)
    encoding, language = told_of(reading)
    text = decode(data, str(path), encoding, language).text
    refuse_binary(text, path)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n")
    return CONTROL.sub("", text)


def refuse_binary(text: str, path: Path) -> None:
    if text.count("\0") > len(text) // 100 or len(CONTROL.findall(text)) > FEW + len(text) // 100:
        raise SourceError(f"{path} isn't text (it holds binary data); is it the right file?")


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


def marked(found: list[tuple[list[str], int]]) -> list[tuple[list[str], int, int, int]]:
    """(lines, blank lines before, heading level or 0, usual width) of every paragraph; a heading met again is a line
    of contents at first."""
    lengths = sorted(len(line.rstrip()) for lines, _ in found for line in lines)
    width = lengths[int(len(lengths) * 0.9)] if lengths else 0
    levels = []
    for number, (lines, blank) in enumerate(found):
        after = found[number + 1][1] if number + 1 < len(found) else 2
        levels.append(heading_level(lines, blank, after))
    last = {fold(" ".join(lines)): number for number, (lines, _) in enumerate(found)}
    numeric = [
        number for number, (lines, _) in enumerate(found) if ARABIC.match(lines[0].strip()) and levels[number]
    ]
    runs = len(numeric) < 2
    return [
        (
            lines,
            blank,
            0
            if level
            and (
                last[fold(" ".join(lines))] != number and listed(levels, number) or runs and number in numeric
            )
            else level,
            width,
        )
        for number, ((lines, blank), level) in enumerate(zip(found, levels, strict=True))
    ]


def listed(levels: list[int], number: int) -> bool:
    """Whether a heading stands in a row of headings, as in a table of contents."""
    near = levels[max(0, number - 2) : number + 3]
    return sum(bool(level) for level in near) >= min(3, len(near))


def heading_level(lines: list[str], blank: int, after: int) -> int:
    """1 for a part, 2 for a chapter, 0 for text."""
    text = " ".join(line.strip() for line in lines)
    if len(lines) > 3 or len(text) > 160 or not blank:
        return 0
    first = lines[0].strip()
    if (
        re.match(
            r"^(part|book|teil|buch|partie|livre|parte|libro|часть|книга|volume|band|tome)\b", first, re.I
        )
        and CHAPTER.match(first)
        and first[:1].isupper()
    ):
        return 1 if not first.endswith((".", "?", "!")) or len(first.split()) < 4 else 0
    if first[:1].islower():
        return 0
    if numbers_chapter(first) and (len(lines) <= 2 or not ARABIC.match(first)):
        return 2
    if len(lines) == 1 and blank >= 2 and (NUMBERED.match(first) or by_title(first)):
        return 2
    shouting = (
        first.isupper()
        and len(first) > 3
        and any(char.isalpha() for char in first)
        and not first.endswith((",", ";"))
    )
    return (
        2
        if len(lines) <= 2
        and shouting
        and blank >= 2
        and after >= 1
        and len(first) < 70
        and not first.startswith(("***", "["))
        else 0
    )


def write(
    writer: BlockWriter, lines: list[str], blank: int, level: int, width: int, reading: Reading
) -> None:
    """One paragraph into the writer's blocks."""
    text = "\n".join(line.strip() for line in lines)
    state = BlockState(kind=Kind.HEADING, level=level) if level else BlockState()
    if PICTURE.match(text):
        state = BlockState(kind=Kind.CAPTION, why=None if reading.captions == "read" else "caption")
    elif FOOTNOTE.match(text):
        state = BlockState(note=True)
    verse = not level and is_verse(lines, width)
    if verse:
        state = state._replace(kind=Kind.VERSE, verse=True)
    if blank >= 4 and not level and writer.blocks and writer.blocks[-1].kind is not Kind.HEADING:
        writer.scene = True
    for line in pieces(text):
        if line[0] == "\1":
            writer.drop(*line[1:].split("\1"))
        elif line == "\n":
            if verse or level:
                writer.line_end(state)
            else:
                writer.space = "\n"
        elif line == "_":
            writer.dropped.append(("emphasis mark", 1))
        else:
            writer.text(line, state)
    writer.flush(state)


def pieces(text: str) -> list[str]:
    """A paragraph's text cut at its line ends, its _emphasis_ marks and, in Aozora's way of writing, its readings and
    remarks."""
    if "《" in text or "［＃" in text:
        return aozora(text)
    cut = EMPHASIS.sub(lambda match: f"\0{match.group(1)}\0", text)
    return [piece for part in re.split(r"(\0|\n)", cut) if (piece := "_" if part == "\0" else part)]


def aozora(text: str) -> list[str]:
    """Japanese text with 漢字《かんじ》 and ［＃remarks］: these come apart as \\1reason\\1text."""
    text = EDITOR.sub(lambda match: f"\0\1editor's remark\1{match.group()}\0", text)
    text = KANA_RUBY.sub(
        lambda match: (
            ("\0\1ruby reading\1｜\0" if match.group(1) else "")
            + f"{match.group(2)}\0\1ruby reading\1《{match.group(3)}》\0"
        ),
        text,
    )
    return [
        piece
        for part in text.split("\0")
        for piece in ([part] if part[:1] == "\1" else re.split(r"(\n)", part))
        if piece
    ]


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

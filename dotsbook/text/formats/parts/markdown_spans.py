"""What the braces of a Markdown span ask for: `[words]{rate=0.9 pause-after=0.8}`. It knows no tokens."""

import re
from itertools import groupby

from dotsbook.direction import checked
from dotsbook.text.blocks.block_writer import BlockWriter
from dotsbook.text.blocks.language_tags import tag_of

PIECE = re.compile(r"""(?P<given>[\w-]+ ?= ?(?:"[^"]*"|'[^']*'|\S+)|[.#]\S+|\S+=\S+)|\S+""")


def parts_of(said: str) -> tuple[list[str], list[str]]:
    """(what braces hold: `key=value`, `.class`, `#id`, names of one or more words; what is no name for the signs in it)."""
    parts: list[str] = []
    unread: list[str] = []
    for given, pieces in groupby(PIECE.finditer(" ".join(said.split())), lambda piece: piece.lastgroup):
        texts = [piece.group() for piece in pieces]
        name = " ".join(texts)
        if given:
            parts += texts
        elif set(name) & set(".#="):
            unread.append(name)
        else:
            parts.append(name)
    return parts, unread


def marks_asked(said: str) -> tuple[list[list], list[str]]:
    """(marks as BlockWriter opens them, a sentence for each part that can't be)."""
    marks: list[list] = []
    asked: set[str] = set()
    parts, unread = parts_of(said)
    told = [f"`{' '.join(unread)}` can't be read; write `key=value`"] if unread else []
    for part in parts:
        name, equals, value = part.partition("=")
        key, value = name.strip(), value.strip().strip("\"'")
        if not equals:
            if key[:1] not in (".", "#") and key:  # a class or an id is for other programs
                marks.append([None, None, "speaker", key])
        elif key in ("lang", "language"):
            if tag_of(value):
                marks.append([None, None, "language", tag_of(value)])
            else:
                told.append(f"`{key}` can't be {value!r}: write a language, e.g. fr")
        elif key in ("voice", "speaker", "say"):
            marks.append([None, None, "say" if key == "say" else "speaker", value])
        elif key in asked:
            told.append(f"`{key}` stands here a second time; keep one")
        else:
            try:
                marks.append([None, None, key, checked(key, value)])
                asked.add(key)
            except ValueError as error:
                told.append(str(error))
    return marks, told


def close_span(writer: BlockWriter, marks: list[list]) -> None:
    """End a span's marks. A pause stands on its first or last character: a span may go on over several blocks."""
    for mark in marks:
        start, _, kind, value = mark
        if kind == "pause-before" and start is not None:
            mark[1] = start + 1
        elif kind == "pause-after" and start is not None and writer.length:
            mark[0], mark[1] = writer.length - 1, writer.length
        else:
            mark[1] = writer.length


class SpanLines:
    """The lines of a file on which spans stand: each time the same braces come, the next that has them."""

    def __init__(self, name: str, text: str):
        self.name, self.text = name, text
        self.seen: dict[str, int] = {}

    def placed(self, said: str, told: list[str]) -> list[str]:
        """What is told of a span's braces, with its line."""
        found = re.compile(r"\]\{\s*" + re.escape(said) + r"\s*\}").search(self.text, self.seen.get(said, 0))
        if found:
            self.seen[said] = found.end()
        line = f" line {self.text.count(chr(10), 0, found.start()) + 1}" if found else ""
        return [f"{self.name}{line}: {sentence}." for sentence in told]

"""What the braces of a Markdown span ask for: `[words]{rate=0.9 pause-after=0.8}`. It knows no tokens."""

import re

from dotsbook.direction import KEYS, checked
from dotsbook.text.blocks.block_writer import BlockWriter
from dotsbook.text.blocks.language_tags import tag_of

PART = re.compile(
    r"""[\w-]+\s*=\s*(?:"[^"]*"|'[^']*'|\S+)|\S+=\S+|[.#]\S+|[^.#=]+?(?=\s+[\w-]+\s*=|\s+[.#]|$)"""
)


def marks_asked(said: str) -> tuple[list[list], list[str]]:
    """(marks as BlockWriter opens them, a sentence for each part that can't be)."""
    marks: list[list] = []
    told: list[str] = []
    said = " ".join(said.split())  # long runs of blanks would be gone through for each of them
    if rest := PART.sub("", said).strip():
        told.append(f"`{rest}` can't be read; write `key=value`")
    for part in PART.findall(said):
        name, equals, value = part.strip().partition("=")
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
        elif any(mark[2] == key for mark in marks if key in KEYS):
            told.append(f"`{key}` stands here a second time; keep one")
        else:
            try:
                marks.append([None, None, key, checked(key, value)])
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

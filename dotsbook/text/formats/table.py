"""The manuscript formats dotsbook reads, in one table, and which of them a file is in.

A format is one file of this folder that ends in

    FORMAT = ManuscriptFormat("FictionBook", (".fb2",), sniff, read_fictionbook, read_details)

and its name in FORMATS below; nothing else knows which formats there are. `read` gives a Manuscript: documents of
blocks (text/blocks/block.py), in which every visible character of the file stands once, in a block's text or among
what it dropped. What is narrated, and where chapters begin, is decided after it and is the same for all.

The formats are asked in order, and the first takes a file that has its suffix or is known by its content: its first
bytes, or the names in it if it is a zip. So an EPUB is read whatever it is called, but .md, and a Word document, which
is a zip too, is not.
"""

import contextlib
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.formats.parts import foreign
from dotsbook.text.formats.parts.archive import DAMAGE, HEAD

FORMATS = (
    "markdown",
    "fictionbook",
    "epub",
    "word",
    "opendocument",
    "rich_text",
    "pdf",
    "html",
    "plain",
)  # files of this folder, in the order in which they are asked
ZIP = b"PK\3\4"


@dataclass(frozen=True)
class ManuscriptFormat:
    name: str  # what people call it
    suffixes: tuple[
        str, ...
    ]  # with their dots, in small letters, the usual one first; "" for files without one
    sniff: Callable[
        [bytes, Collection[str]], bool
    ]  # (first 2,000 bytes, names in it if it is a zip) → is it this?
    read: Callable[[Path, Reading, str], Manuscript]  # (file, what is read, prefix of its documents' names)
    details: Callable[
        [Path], Manuscript
    ]  # title, author, language, cover and such; its text may be left unread


@cache
def all_formats() -> tuple[ManuscriptFormat, ...]:
    return tuple(import_module(f"{__package__}.{name}").FORMAT for name in FORMATS)


def format_of(path: Path) -> ManuscriptFormat:
    """The format a file is to be read in. SourceError, saying what it is and what can be done, if there is none."""
    head, names = looked_into(path)
    if taken := taker(path, head, names):
        return taken
    what = foreign.by_names(list(names)) if names else foreign.told(head) if head else None
    raise SourceError(
        f"{path}: dotsbook reads {in_words()}, and this is {what}."
        if what
        else f"{path}: dotsbook reads {in_words()}, not {path.suffix.lower()}; convert it, e.g. with Calibre."
    )


def is_epub(path: Path) -> bool:
    """Whether a file is read as an EPUB."""
    taken = taker(path, *looked_into(path))
    return taken is not None and taken.name == "EPUB"


def taker(path: Path, head: bytes, names: Collection[str]) -> ManuscriptFormat | None:
    """The first format that takes a file."""
    suffix = path.suffix.lower()
    return next((one for one in all_formats() if suffix in one.suffixes or one.sniff(head, names)), None)


def looked_into(path: Path) -> tuple[bytes, Collection[str]]:
    """(the first bytes of a file, the names in it if it is a zip); nothing of what can't be opened: its reader tells."""
    head = b""
    with contextlib.suppress(*DAMAGE):
        if path.is_file():  # a pipe would be waited for
            with open(path, "rb") as file:
                head = file.read(HEAD)
        if head.startswith(ZIP):
            with zipfile.ZipFile(path) as archive:
                return head, frozenset(archive.namelist())
    return head, ()


def in_words() -> str:
    """All formats for people: "EPUB (.epub), Markdown (.md) and plain text (.txt)"."""
    *most, last = (f"{one.name} ({one.suffixes[0]})" for one in all_formats())
    return f"{', '.join(most)} and {last}"

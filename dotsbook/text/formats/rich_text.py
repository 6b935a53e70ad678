"""A Rich Text file (.rtf) → a Manuscript: headings by outline level or style, notes, verse, italics.

Its words are read by a small reader of our own (parts/rtf_words.py): striprtf, the library that is kept, gives the
characters without headings, notes and looks.
"""

from pathlib import Path

from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.formats.parts.page_tree import one_page
from dotsbook.text.formats.parts.rtf_body import RtfBody
from dotsbook.text.formats.parts.whole_file import whole_file
from dotsbook.text.formats.table import ManuscriptFormat

HEAD = b"{\\rtf"


def read_rich_text(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """A Rich Text file as a manuscript. SourceError when it can't be read."""
    data = whole_file(path)
    if not data.lstrip().startswith(HEAD):
        raise SourceError(f"{path} isn't Rich Text, whatever its name says; is it the right file?")
    body = RtfBody()
    body.write(data)
    if not body.page.chars:
        raise SourceError(f"{path} has no text to narrate: the document is empty.")
    details = dict(body.details)
    details["title"] = details.get("title") or path.stem
    return one_page(body.page, prefix.rstrip("/") or path.name, reading, details)


FORMAT = ManuscriptFormat(
    "Rich Text",
    (".rtf",),
    lambda head, names: head.lstrip().startswith(HEAD),
    read_rich_text,
    lambda path: read_rich_text(path, Reading()),
)

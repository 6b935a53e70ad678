"""File names that every file system takes, from titles in any script. It knows no folders' contents.

Names keep their letters, whatever the script. What some system refuses (slashes, colons, control characters, names that
Windows reserves, more than 255 bytes, a dot or space at the end) is replaced or cut.
"""

import re
import unicodedata

from dotsbook.master.about import INCOMPLETE, About, cut

BYTES = 200  # of a name without its ending: room for ".proof.json", numbers and a temporary prefix within 255
LONG_WORD = 25  # characters at the end of a name too long in which a space is looked for to cut at
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
SWAPS = {"/": "-", "\\": "-", ":": " -", "*": "", "?": "", '"': "'", "<": "", ">": "", "|": "-"}


def book_name(about: About) -> str:
    """A book's title as a file name; however long it is, an incomplete book's says so."""
    return file_name(about.title, end=INCOMPLETE if about.partial else "")


def file_name(title: str, fallback: str = "Untitled", end: str = "") -> str:
    """A title as a file name without an ending, cut between words; `end` stays whole after it."""
    text = unicodedata.normalize("NFC", title.encode("utf-8", "ignore").decode())
    text = "".join(
        SWAPS.get(c, c) for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn", "Co")
    )
    whole = " ".join(text.split())
    text = cut(whole, BYTES - len(end.encode()))
    if text != whole and (space := text.rfind(" ", -LONG_WORD)) > 0:
        text = text[:space]
    text = text.strip(" .")
    if RESERVED.fullmatch(text.split(".")[0].strip()):
        text = f"_{text}"
    return (text or fallback) + end


def numbered(number: int, count: int, title: str) -> str:
    """A chapter's file name, "07 - Title": sorted by name they are in order."""
    return f"{number:0{max(2, len(str(count)))}d} - {file_name(title, f'Chapter {number}')}"

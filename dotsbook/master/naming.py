"""File names that every file system takes, from titles in any script. It knows no folders' contents.

Names keep their letters, whatever the script. What some system refuses (slashes, colons, control characters, names that
Windows reserves, more than 255 bytes, a dot or space at the end) is replaced or cut.
"""

import re
import unicodedata

from dotsbook.master.about import cut

BYTES = 200  # of a name without its ending: room for ".proof.json", numbers and a temporary prefix within 255
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
SWAPS = {"/": "-", "\\": "-", ":": " -", "*": "", "?": "", '"': "'", "<": "", ">": "", "|": "-"}


def file_name(title: str, fallback: str = "Untitled") -> str:
    """A title as a file name without an ending."""
    text = unicodedata.normalize("NFC", title.encode("utf-8", "ignore").decode())
    text = "".join(SWAPS.get(c, c) for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Cn", "Co"))
    text = cut(" ".join(text.split()), BYTES).strip(" .")
    if RESERVED.fullmatch(text.split(".")[0].strip()):
        text = f"_{text}"
    return text or fallback


def numbered(number: int, count: int, title: str) -> str:
    """A chapter's file name, "07 - Title": sorted by name they are in order."""
    return f"{number:0{max(2, len(str(count)))}d} - {file_name(title, f'Chapter {number}')}"

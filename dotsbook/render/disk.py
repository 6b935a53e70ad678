"""Whether the disk has room for what a render will write. It knows sizes, not sounds."""

import shutil
from pathlib import Path

from dotsbook.errors import OutputError

SHARE = 0.55  # of 16 bit PCM: what FLAC makes of speech, rounded up (0.3–0.5 measured)
EACH = 6_000  # bytes a take takes beside: block rounding, row, comment
MARGIN = 200_000_000  # bytes to leave free


def bytes_needed(seconds: float, takes: int, rate: int) -> int:
    """Bytes that so many takes, so long together, would fill at `rate` Hz."""
    return round(seconds * rate * 2 * SHARE) + EACH * takes


def free(folder: Path) -> int:
    """Bytes free where a folder is or will be."""
    folder = Path(folder).absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_room(folder: Path, need: int = 0, margin: int = MARGIN) -> None:
    """Raise OutputError if `need` bytes and a margin aren't free."""
    room = free(folder)
    if room < need + margin:
        raise OutputError(
            f"The disk is too full for this: about {size(need + margin)} are needed in {folder} and "
            f"{size(room)} are free; free some room, or render fewer chapters at a time with --chapter."
        )


def size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"

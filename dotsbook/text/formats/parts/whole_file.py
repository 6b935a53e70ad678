"""A manuscript's bytes, all of them, or a sentence why not."""

from pathlib import Path

from dotsbook.errors import SourceError

LARGEST = 64_000_000  # bytes of a file that is read whole


def whole_file(path: Path, largest: int = LARGEST) -> bytes:
    """A file's bytes. SourceError where it is missing, empty, unreadable or larger than any manuscript."""
    try:
        if path.stat().st_size > largest:
            raise SourceError(
                f"{path} is over {largest // 1_000_000} MB, which no manuscript is; is it the right file?"
            )
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}; correct `source:` or put the file in place.") from error
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error.strerror}.") from error
    if not data.strip():
        raise SourceError(f"{path} is empty: it has no text to narrate.")
    return data

"""Bytes of a sound, whole or a range of them, as players ask for them. It knows no books."""

import re
from collections.abc import Iterator
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from dotsbook.serve.refusals import Refusal

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
BLOCK = 65_536
KINDS = {
    ".flac": "audio/flac",
    ".m4b": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".opus": "audio/ogg",
    ".json": "application/json",
    ".csv": "text/csv",
}


def ranged(request: Request, path: Path, lasting: bool = False) -> Response:
    """A file; lasting: what it holds never changes under its address."""
    try:
        size = path.stat().st_size
    except OSError as error:
        raise Refusal("The sound isn't there any more.", 404) from error
    part = asked(request.headers.get("range"), size)
    first, last = part or (0, size - 1)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(last - first + 1),
        "Cache-Control": "private, max-age=31536000, immutable" if lasting else "no-cache",
    }
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    kind = KINDS.get(path.suffix.lower(), "application/octet-stream")
    if kind == "application/octet-stream" or not kind.startswith("audio"):
        headers["Content-Disposition"] = "attachment"
    return StreamingResponse(blocks(path, first, last), 206 if part else 200, headers, kind)


def asked(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, last) byte that a Range header names; None: all of it. Raises Refusal for one that the file doesn't have."""
    match = RANGE.fullmatch((header or "").strip())
    if match is None or not any(match.groups()):
        return None  # also several ranges, as the standard allows
    low, high = match.groups()
    if not low:
        first, last = max(0, size - int(high)), size - 1
    else:
        first, last = int(low), min(int(high), size - 1) if high else size - 1
    if first > last or first >= size:
        raise Refusal(f"The sound has {size} bytes.", 416)
    return first, last


def blocks(path: Path, first: int, last: int) -> Iterator[bytes]:
    with open(path, "rb") as file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (data := file.read(min(BLOCK, left))):
            left -= len(data)
            yield data

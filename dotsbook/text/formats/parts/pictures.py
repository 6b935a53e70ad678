"""What kind of picture some bytes are."""

import re

HEADS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png", b"GIF8": "image/gif"}


def picture_kind(data: bytes) -> str | None:
    """The media type of a picture by what it holds; None for what is none that could be shown."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:12] == b"ftypavif":
        return "image/avif"
    if re.search(rb"<(\w+:)?svg[\s>]", data[:2000]):
        return "image/svg+xml"
    return next((kind for head, kind in HEADS.items() if data.startswith(head)), None)

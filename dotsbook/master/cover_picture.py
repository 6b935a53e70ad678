"""A cover in any common form to the JPEG or PNG that players show: SVG, WebP, AVIF, GIF, CMYK, transparency. It knows no books."""

import gzip
import hashlib
import io
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.book import Cover
from dotsbook.errors import OutputError
from dotsbook.files import write_whole
from dotsbook.master.about import COVER_PIXELS, check_cover

if TYPE_CHECKING:
    from PIL.Image import Image

RECIPE = "cover 1"  # raise when the same SVG would be drawn another way
SVG_BYTES = 20_000_000
PIXELS = 50_000_000  # decoded at most
SIDE = 2400  # pixels of the longer side of what is saved anew
QUALITY = 92
WAIT = 30.0  # s an SVG may take to be drawn
KINDS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
SVG = re.compile(rb"^[\s\xef\xbb\xbf]*(?:<\?xml|<!--|<!DOCTYPE\s+svg|<(?:\w+:)?svg[\s>])", re.IGNORECASE)
ANEW = "save it as JPEG and name it under `output.cover`"


def shown(cover: Cover, cache: Path | None = None) -> Cover:
    """The cover as a JPEG or PNG that players show; one that is one already stays as it is, byte for byte.

    cache: a folder in which a drawn SVG is kept for the next time. Raises OutputError with a sentence for what is no
    picture, damaged, or too large.
    """
    data = cover.data
    if SVG.match(data[:1000]) or data[:2] == b"\x1f\x8b":
        return once_drawn(data, cache)
    picture = opened(data)
    if picture.format in ("JPEG", "PNG") and plain(picture):
        as_it_is = Cover(data, f"image/{picture.format.lower()}")
        check_cover(as_it_is)
        return as_it_is
    return saved(picture)


def once_drawn(data: bytes, cache: Path | None) -> Cover:
    """An SVG as JPEG, from the cache if it was drawn before."""
    name = hashlib.sha256(f"{RECIPE} ".encode() + data).hexdigest()
    file = cache / "covers" / f"{name}.jpg" if cache else None
    try:
        if file:
            kept = Cover(file.read_bytes(), "image/jpeg")
            check_cover(kept)
            return kept
    except (OSError, OutputError):
        pass  # not there, or damaged: it is drawn
    made = saved(opened(drawn(data)))
    if file:
        write_whole(file, made.data)
    return made


def plain(picture: "Image") -> bool:
    """Whether every player shows it: RGB or grey, 8 bit, without transparency."""
    return picture.mode in ("RGB", "L", "P", "1") and "transparency" not in picture.info


def opened(data: bytes) -> "Image":
    """A picture whose size was looked at before it is decoded."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # its size is looked at below
            picture = Image.open(io.BytesIO(data), formats=KINDS)
    except Image.DecompressionBombError as error:
        raise OutputError(f"The cover has more than {PIXELS // 10**6} million pixels; {ANEW}.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise OutputError(f"The cover is no picture in JPEG, PNG, WebP, AVIF, GIF or SVG; {ANEW}.") from error
    width, height = picture.size
    if width * height > PIXELS:
        raise OutputError(f"The cover has more than {PIXELS // 10**6} million pixels; {ANEW}.")
    if min(width, height) < COVER_PIXELS[0]:
        raise OutputError(
            f"The cover is {width} × {height} pixels; make it between {COVER_PIXELS[0]} and {COVER_PIXELS[1]} a side."
        )
    return picture


def saved(picture: "Image") -> Cover:
    """Over white where it is transparent, in RGB, not larger than players want, as JPEG."""
    from PIL import Image

    try:
        picture.thumbnail((SIDE, SIDE))
        if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
            layer = picture.convert("RGBA")
            ground = Image.new("RGBA", layer.size, "white")
            picture = Image.alpha_composite(ground, layer)
        out = io.BytesIO()
        picture.convert("RGB").save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise OutputError(f"The cover is damaged and can't be shown; {ANEW}.") from error
    made = Cover(out.getvalue(), "image/jpeg")
    check_cover(made)
    return made


def drawn(data: bytes) -> bytes:
    """An SVG as PNG, drawn by a process of its own within WAIT seconds. Raises OutputError."""
    if data[:2] == b"\x1f\x8b":
        data = unpacked(data)
    if len(data) > SVG_BYTES:
        raise OutputError(f"The cover is an SVG of more than {SVG_BYTES // 10**6} MB; {ANEW}.")
    command = [
        sys.executable,
        "-P",
        "-m",
        "dotsbook.master.svg_worker",
    ]  # -P: nothing of the folder one stands in
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=WAIT, check=False)
    except subprocess.TimeoutExpired as error:
        raise OutputError(f"The cover is an SVG that takes too long to be drawn; {ANEW}.") from error
    if done.returncode == 1 and not done.stderr.startswith(b"Traceback"):
        raise OutputError(f"The cover is an SVG that {done.stderr.decode('utf-8', 'replace')}; {ANEW}.")
    if done.returncode:
        raise OutputError(f"The cover is an SVG that takes too much time or memory to be drawn; {ANEW}.")
    return done.stdout


def unpacked(data: bytes) -> bytes:
    """What a compressed SVG unpacks to, no more than is read of any."""
    try:
        with gzip.open(io.BytesIO(data)) as file:
            return file.read(SVG_BYTES + 1)
    except (OSError, EOFError) as error:
        raise OutputError(f"The cover is damaged and can't be shown; {ANEW}.") from error

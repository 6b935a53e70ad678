"""What stands on the cover and in the tags of a finished book. It knows no formats and no audio.

`About` is made by the caller from the manifest; `clean` makes any string fit for a tag; `check_cover` refuses a picture
that no player shows.
"""

import html
import io
import re
from dataclasses import dataclass, replace
from typing import Any

from dotsbook.book import Cover
from dotsbook.errors import OutputError

INCOMPLETE = " (incomplete)"  # after the title while chapters are missing
NOTE = "Narrated by a synthetic voice (AI)."
COVER_BYTES = 10_000_000
COVER_PIXELS = (64, 10_000)  # shortest, longest side
LONGEST = 4000  # characters of a title that still goes into a tag


@dataclass(frozen=True)
class About:
    """The book as its tags will have it; None = not said."""

    title: str
    author: str = ""
    narrator: str = ""
    language: str = "en"  # BCP 47
    subtitle: str | None = None
    series: str | None = None
    part: str | None = None  # of the series: "2", "1.5"
    publisher: str | None = None
    date: str | None = None  # year, or ISO date
    isbn: str | None = None
    asin: str | None = None
    genre: str = "Audiobook"
    description: str | None = None
    copyright: str | None = None
    licence: str = ""  # of the voices' weights, in their makers' words
    cover: Cover | None = None
    partial: bool = False  # chapters are missing: the title says so
    synthetic: bool = True  # the voice is a machine's: comment and tag say so

    @property
    def full_title(self) -> str:
        return self.title + INCOMPLETE if self.partial else self.title

    @property
    def comment(self) -> str:
        licence = f"Licence of the voice: {self.licence}." if self.licence else ""
        return " ".join(part for part in (NOTE, licence) if part) if self.synthetic else ""

    @property
    def cover_data(self) -> bytes | None:
        return self.cover.data if self.cover else None

    @property
    def described(self) -> str:
        """The description, and in a paragraph of its own that the voice is a machine's."""
        return "\n\n".join(part for part in (self.description, self.comment) if part)

    @property
    def year(self) -> str:
        found = re.search(r"\d{4}", self.date or "")
        return found.group() if found else ""


def fit(about: About) -> About:
    """The same, with every string cleaned and the cover checked. Raises OutputError."""
    strings: dict[str, Any] = {
        name: clean(value)[:LONGEST] for name, value in vars(about).items() if isinstance(value, str)
    }
    if about.description:
        strings["description"] = plain(about.description)
    if about.cover:
        check_cover(about.cover)
    return replace(about, **strings)


def clean(text: str) -> str:
    """One line without control characters, lone surrogates or space at its ends."""
    text = "".join(" " if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029" else c for c in text)
    return re.sub(" +", " ", text.encode("utf-8", "ignore").decode()).strip()


def plain(text: str) -> str:
    """A description without its HTML: paragraphs on lines of their own."""
    text = re.sub(r"(?i)<\s*(br|/p|/div|/li)\b[^>]*>", "\n", text)
    text = html.unescape(re.sub(r"</?[a-zA-Z][^>]*>", "", text))
    return "\n".join(line for line in (clean(line) for line in text.splitlines()) if line)


def people(names: str) -> list[str]:
    """Each of several names (or genres), as the tags join them by semicolons."""
    return [name.strip() for name in names.split(";") if name.strip()]


def cut(text: str, size: int) -> str:
    """At most `size` bytes of UTF-8, cut between characters."""
    data = text.encode()
    return text if len(data) <= size else data[:size].decode("utf-8", "ignore").rstrip()


def summary(text: str, size: int) -> str:
    """At most `size` bytes of a text, cut after a sentence, or after a word with "…" where the first sentence is longer."""
    short = cut(text, size)
    if short == text:
        return text
    ends = [match.end() for match in re.finditer(r"[.!?…][\"'”’»)]*(?=\s)|[。！？]", short + " ")]
    if ends and ends[-1] <= len(short):
        return short[: ends[-1]]
    short = cut(text, size - len("…".encode()))
    return (short.rpartition(" ")[0] or short).rstrip(" ,;:–—") + "…"


def check_cover(cover: Cover) -> str:
    """The picture's kind, "jpeg" or "png". Raises OutputError for what no player shows."""
    if len(cover.data) > COVER_BYTES:
        raise OutputError(
            f"The cover is {len(cover.data) / 1e6:.0f} MB; players want less than {COVER_BYTES // 10**6} MB: "
            "save it smaller (2,400 pixels square is plenty) and name it under `output.cover`."
        )
    kind = {b"\xff\xd8\xff": "jpeg", b"\x89PN": "png"}.get(cover.data[:3])
    if not kind:
        raise OutputError("The cover is no JPEG or PNG picture; convert it and name it under `output.cover`.")
    width, height = picture_size(cover.data)
    if not COVER_PIXELS[0] <= min(width, height) <= max(width, height) <= COVER_PIXELS[1]:
        raise OutputError(
            f"The cover is {width} × {height} pixels; make it between {COVER_PIXELS[0]} and {COVER_PIXELS[1]} a side."
        )
    return kind


def picture_size(data: bytes) -> tuple[int, int]:
    """Width and height of a picture that decodes. Raises OutputError."""
    import av

    try:
        with av.open(io.BytesIO(data), "r") as picture:
            frame = next(picture.decode(video=0))
            return frame.width, frame.height
    except (av.FFmpegError, StopIteration, IndexError, ValueError) as error:
        raise OutputError(
            "The cover is damaged and can't be shown; save it again as JPEG and name it under `output.cover`."
        ) from error

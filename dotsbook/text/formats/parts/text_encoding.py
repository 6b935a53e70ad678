"""A text file's bytes → its characters, by byte order mark, as UTF-8, or in the encoding whose letters and words make a
language of them. It knows no paragraphs.

Every encoding of a list that can hold the bytes is tried. Each reading is judged by its letters (of one alphabet?
capitals where capitals stand? symbols inside words?) and by the small words of the languages: the best is taken, and
none where even the best is no text.
"""

import codecs
import re
from typing import NamedTuple

from dotsbook.errors import SourceError
from dotsbook.language_code import primary
from dotsbook.text.formats.parts.text_likeness import likeness

SAMPLE = 12_000  # bytes with letters beyond ASCII that are looked at
FIT = 0.35  # what a reading must reach to be believed
DECLARED = 0.1  # what the declared language adds to its own readings
WORDLESS = 0.12  # evidence a word below which a text of some length is in no language that is known here
SOME = 40  # words of such a text
SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)  # a character of UTF-8 beyond ASCII
TORN = 20  # whole characters of UTF-8 for each stray byte, in a file that is UTF-8 with damage
MARKS = (  # the longer first: a UTF-32 mark begins as a UTF-16 one
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1b\x7f]")
FEW = 20  # control characters that a text may hold by mistake, besides one in a hundred
NARROW = (  # the usual ones first: of equals, the first is taken
    *(
        "cp1252",
        "cp1250",
        "cp1251",
        "koi8-u",
        "gb18030",
        "big5hkscs",
        "cp932",
        "euc_jp",
        "cp949",
        "iso8859-2",
    ),
    *(
        "cp1253",
        "cp1254",
        "cp1256",
        "cp1255",
        "cp874",
        "iso8859-15",
        "iso8859-16",
        "mac_roman",
        "cp1258",
        "cp1257",
    ),
    *(
        "iso8859-7",
        "iso8859-5",
        "iso8859-6",
        "cp866",
        "cp850",
        "cp852",
        "cp437",
        "mac_cyrillic",
        "mac_latin2",
    ),
    *(
        "mac_greek",
        "mac_turkish",
        "cp857",
        "cp737",
        "cp1125",
        "koi8-r",
        "euc_jis_2004",
        "johab",
        "mac_romanian",
    ),
)
SHIFTED = (
    (b"\x1b$", "iso2022_jp_2"),
    (b"\x1b$)C", "iso2022_kr"),
    (b"~{", "hz"),
)  # seven bits, by their marks
NAMES = {
    "cp932": "Shift-JIS",
    "cp949": "EUC-KR",
    "big5hkscs": "Big5",
    "koi8-u": "KOI8",
    "gb18030": "GB18030",
    "mac_roman": "Mac Roman",
}


class Decoded(NamedTuple):
    text: str
    encoding: str  # as Python calls it
    certain: bool = True  # told by a mark, by its form or by the user


def decode(data: bytes, named: str, encoding: str | None = None, language: str | None = None) -> Decoded:
    """The characters of a text file. `encoding`: what the user says. SourceError, which names `encoding:`, where the
    bytes make no text."""
    if encoding:
        return as_told(data, named, encoding)
    for mark, codec in MARKS:
        if data.startswith(mark):
            try:
                return Decoded(data.decode(codec), codec)
            except UnicodeDecodeError:
                return Decoded(data.decode(codec, "replace"), codec, False)
    if 0 in data and (wide := in_wide(data)):
        return wide
    for mark, codec in SHIFTED:
        if mark in data and data.isascii():
            try:
                return Decoded(data.decode(codec), codec)
            except UnicodeDecodeError:
                continue
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    whole = SEQUENCE.findall(data)
    left = len(SEQUENCE.sub(b"", data).translate(None, bytes(range(128))))
    if len(whole) >= TORN * left:
        return Decoded(data.decode("utf-8", "replace"), "utf-8", False)
    return by_likeness(data, named, language)


def as_told(data: bytes, named: str, encoding: str) -> Decoded:
    """The text in the encoding that the user names."""
    try:
        codec = codecs.lookup(encoding).name
        text = data.decode("utf-8-sig" if codec == "utf-8" else codec)
    except LookupError as error:
        raise SourceError(
            f"`encoding: {encoding}` is none that is known; write one such as utf-8, cp1251, gb18030 or shift_jis."
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{named} isn't {encoding}: byte {error.start} can't be read so; correct `encoding:` or leave it out."
        ) from error
    return Decoded(text, codec)


def in_wide(data: bytes) -> Decoded | None:
    """UTF-16 or UTF-32 without a mark: the zero bytes say where the high ones stand."""
    best: tuple[float, str, str] | None = None
    for codec in WIDE:
        if len(data) % (4 if "32" in codec else 2):
            continue
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            continue
        spaces = sum(text.count(char) for char in " \n\u3000") / max(1, len(text))
        value = likeness(text[:SAMPLE]).letters + min(spaces, 0.2) * 5
        if best is None or value > best[0]:
            best = value, codec, text
    return Decoded(best[2], best[1]) if best else None


def by_likeness(data: bytes, named: str, language: str | None) -> Decoded:
    """The text in the encoding that makes most of a language of it."""
    told = primary(language or "")
    part = sample(data)
    readings: list[tuple[bool, float, int, str]] = []
    for place, codec in enumerate(NARROW):
        try:
            text = part.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
        like = likeness(text)
        bonus = DECLARED if told and primary(like.language) == told else 0
        fits = like.letters + bonus >= FIT and (like.words > WORDLESS or len(text.split()) < SOME)
        readings.append((fits, like.value + bonus, -place, codec))
    fits, _, _, codec = max(readings, default=(False, 0, 0, ""))
    if fits:  # damage outside of the sample loses some characters; the rest is text
        return Decoded(data.decode(codec, "replace"), codec, False)
    refuse_binary(data.decode("latin-1"), named)
    raise SourceError(
        f"{named}: its bytes are text in no encoding that is known here{f' (the nearest is {called(codec)})' if codec else ''}; "
        "name the right one in book.yaml, as in `encoding: cp1251`, or save the file as UTF-8."
    )


def refuse_binary(text: str, named: str) -> None:
    if text.count("\0") > len(text) // 100 or len(CONTROL.findall(text)) > FEW + len(text) // 100:
        raise SourceError(f"{named} isn't text (it holds binary data); is it the right file?")


def sample(data: bytes) -> bytes:
    """Whole lines with bytes beyond ASCII, from all over the file."""
    lines = [line for line in re.split(rb"[\r\n]+", data) if not line.replace(b"\xa0", b" ").isascii()]
    size = sum(map(len, lines))
    if size <= SAMPLE:
        return b"\n".join(lines)
    step = max(1, size // SAMPLE)
    taken, total = [], 0
    for line in lines[::step] if len(lines) > step else lines:
        taken.append(line[: 2 * SAMPLE])  # of a file of one line, its begin
        total += len(line)
        if total > SAMPLE:
            break
    return b"\n".join(taken)


def called(codec: str) -> str:
    """An encoding's name for people."""
    return NAMES.get(codec, codec.replace("_", "-").replace("cp125", "Windows-125"))

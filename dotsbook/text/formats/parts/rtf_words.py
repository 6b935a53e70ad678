"""Rich Text → its words in order: groups, control words, characters. It knows the alphabet, not what is said in it.

The alphabet is that of the Rich Text Format Specification 1.9.1.
"""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\"
)
CHARSETS = {  # \fcharset → the code page that its \'xx are in
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "cp936",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
WHOLE = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}


class RtfWord(NamedTuple):
    """kind: "{", "}", "word" (name, and number if it has one), "sign" (name: the one character after a backslash),
    "byte" (number), "bytes" (data)."""

    kind: str
    name: str = ""
    number: int | None = None
    data: bytes = b""


def words_of(data: bytes) -> Iterator[RtfWord]:
    """All words of a file. What follows \\binN is passed over."""
    at = 0
    while at < len(data):
        found = TOKEN.match(data, at)
        if found is None:
            at += 1
            continue
        at = found.end()
        word, number, byte, sign, brace, text = found.groups()
        if word:
            value = int(number) if number else None
            if word == b"bin" and value:
                at += max(0, value)
                continue
            yield RtfWord("word", word.decode("ascii"), value)
        elif byte:
            yield RtfWord("byte", number=int(byte, 16))
        elif sign:
            yield RtfWord("sign", sign.decode("latin-1"))
        elif brace:
            yield RtfWord(brace.decode("ascii"))
        elif text:
            yield RtfWord("bytes", data=text)


def code_page(number: int | None) -> str:
    """Python's name of a Windows code page."""
    name = {10000: "mac_roman", 65001: "utf-8", 0: "cp1252"}.get(number or 0, f"cp{number}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name

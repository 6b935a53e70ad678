"""Takes out what can't be heard: soft hyphens, zero-width and bidi characters. It knows no language.

Joiners (U+200C, U+200D) stay where a script needs them: after Arabic and Indic letters, and inside emoji.
Quotation marks, dashes and ellipses stay always: they are prosody. Full-width letters and digits become plain
ones before the rules look; odd spaces and ligatures after, since a thin space inside a number means something.
"""

import re
import unicodedata

HIDDEN_CHARS = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\u0640"
)
ODD_CHARS = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u2028\u2029\ufb00-\ufb06"
HIDDEN = re.compile(f"[{HIDDEN_CHARS}]|(?<=[\u0000-\u058f])[\u200c\u200d]")
ODD = re.compile(f"[{ODD_CHARS}]")


def plain(char: str) -> str:
    """What stands for a character of HIDDEN or ODD: nothing, a space, or its plain form."""
    if char in "\u2028\u2029":
        return " "
    if "\uff10" <= char <= "\uff5a" or ODD.match(char):
        return unicodedata.normalize("NFKC", char)
    return ""


def clean(text: str) -> tuple[str, list[int] | None]:
    """The text without HIDDEN, and for each of its characters the index it had; None: nothing changed."""
    if not HIDDEN.search(text):
        return text, None
    out: list[str] = []
    index: list[int] = []
    at = 0
    for match in HIDDEN.finditer(text):
        out.append(text[at : match.start()])
        index.extend(range(at, match.start()))
        if kept := plain(match[0]):
            out.append(kept)
            index.append(match.start())
        at = match.end()
    out.append(text[at:])
    index.extend(range(at, len(text)))
    return "".join(out), index

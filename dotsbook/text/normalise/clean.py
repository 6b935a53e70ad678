"""Shows the rules a text in plain characters, and says where each stood. It knows no language.

What can't be heard goes (soft hyphens, zero-width and bidi characters; joiners U+200C and U+200D stay where a script
needs them: after Arabic and Indic letters, and inside emoji). Letters and digits in a style (full-width, bold, script,
circled, ligatures) are the letters they stand for. Two kinds only help the rules and stay as written where no rule reads
them: no-break, narrow and thin spaces are spaces, but a no-break space between groups of three digits; full-width signs
at a digit are the usual signs, and digits of any script are digits. Quotation marks, dashes, ellipses stay: they are
prosody.
"""

import re
import unicodedata

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u0640"
)
NATIVE = re.compile(
    "[\u0660-\u0669\u06f0-\u06f9\u07c0-\u07c9\u0966-\u0d6f\u0e50-\u0e59\u0ed0-\u0ed9\u0f20-\u0f29\u1040-\u1049\u17e0-\u17e9]"
)
WIDE_CHARS = re.compile("[\uff04-\uff1d\uffe1\ufe55\ufe6a\u2236\u02d0]")
STYLED = (
    "\u3371-\u33df\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7ff\u2102\u210a-\u2112\u2115\u2119-\u211d"
    "\u2124\u2128\u212c\u212d\u212f-\u2131\u2133\u2134\u24b6-\u24ea\u2460-\u2473\u2160-\u216f\u2170-\u217f"
    "\U0001f130-\U0001f149\U0001f150-\U0001f169"
)
SMALL = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ"  # noqa: RUF001
RAISED = "ᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷʸᶻ"
SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u2028\u2029"
HIDDEN_CHARS = INVISIBLE + STYLED + SMALL + RAISED
ODD_CHARS = SPACES
HIDDEN = re.compile(
    f"[{INVISIBLE}{STYLED}]|(?<=[\u0000-\u058f])[\u200c\u200d]"
    f"|[{SMALL}](?=[{SMALL}])|(?<=[{SMALL}])[{SMALL}]"  # one alone is a sound of a phonetic script
    f"|(?<=\\d)[{RAISED}]|(?<=\\d[{RAISED}])[{RAISED}]"
)
ODD = re.compile(f"[{SPACES}]")
UNLIKE = re.compile(f"{HIDDEN.pattern}|{ODD.pattern}")  # what is never given on as it is
GROUP_SPACE = re.compile(
    r"(?<!\d)(\d{1,3})((?:[\u00a0\u2007\u2009\u202f]\d{3})+)(?![\u00a0\u2007\u2009\u202f]?\d)"
)
WIDE = re.compile(
    "(?<=\\d)[\uff0e\uff0f\uff1a\ufe55\u2236\u02d0](?=\\d)|(?<=\\d)\uff0c(?=\\d{3}(?!\\d))|(?<=\\d)[\uff05\ufe6a]|[\uff04\uffe1](?=\\d)|(?<=\\d)\uff1d"
    "|[\uff0b\uff0d\uff1d](?=\\d)|(?<=\\d)[\uff0b\uff0d\uff0a](?=\\d)"
)
OTHER = {"\ufe55": ":", "\u2236": ":", "\u02d0": ":", "\ufe6a": "%", "\uffe1": "£"}


def plain(char: str) -> str:
    """What stands for a character of HIDDEN or ODD: nothing, a space, or its plain form."""
    if ODD.match(char):
        return " "
    if char in SMALL:
        return "abcdefghijklmnopqrstuvwyz"[SMALL.index(char)]
    if "\U0001f150" <= char <= "\U0001f169":
        return chr(ord("A") + ord(char) - 0x1F150)
    if unicodedata.category(char) in ("Cf", "Cc") or char in "\u0640\u034f\u115f\u1160\u17b4\u17b5\ufffc":
        return ""
    return unicodedata.normalize("NFKC", char)


def clean(text: str) -> tuple[str, list[int] | None]:
    """The text in plain characters, and for each of them the index it had; None: each stands where it stood."""
    text, index = shown(text)
    if ODD.search(text):
        text = GROUP_SPACE.sub(lambda match: ODD.sub("\u0001", match[0]), text)
        text = ODD.sub(" ", text).replace("\u0001", "\u00a0")
    if NATIVE.search(text):
        text = NATIVE.sub(lambda match: str(int(match[0])) if match[0].isdecimal() else match[0], text)
    return (WIDE.sub(narrow, text) if WIDE_CHARS.search(text) else text), index


def narrow(match: re.Match) -> str:
    return OTHER.get(match[0]) or chr(ord(match[0]) - 0xFEE0)


def shown(text: str) -> tuple[str, list[int] | None]:
    """The text without what can't be heard, styled letters as plain ones, and the index of each."""
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
            index.extend([match.start()] * len(kept))
        at = match.end()
    out.append(text[at:])
    index.extend(range(at, len(text)))
    return "".join(out), index

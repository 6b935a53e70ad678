"""Which little texts aren't part of a sentence: note marks, page numbers, ornaments. It judges; it takes nothing
out."""

import re

from dotsbook.text.blocks.class_words import REFERENCE_CLASS
from dotsbook.text.blocks.elements import Element, Traits, local_name

PAGE_ID = re.compile(r"^(page|pg|p|seite|pag|pág|folio|s|стр)[_-]?\d+[a-z]?$", re.I)
PAGE_TEXT = re.compile(
    r"^[\[({|]?\s*(p|pp|pg|pag|pág|page|seite|s|стр|с|str|f)?\.?\s*([0-9]{1,4}|[ivxlcdm]{1,9})\s*[\])}|]?$",
    re.I,
)
NOTE_TARGET = re.compile(
    r"(^|[^a-z])(f?n|ftn|fn|foot|end|rear|note|cite|anm|nota|nt|_ftn|_edn|endnote|footnote|fussnote|fußnote|"
    r"sdfootnote)[a-z]*[_.-]?\d+|(note|fn|ftn|nota|anm)",
    re.I,
)
NOTE_MARK = re.compile(
    r"^[\[({（［〔【]?\s*([0-9]{1,4}|[०-९]{1,4}|[٠-٩]{1,4}|[¹²³⁰⁴-⁹]{1,4}|[①-⑳]|[*∗＊†‡§¶‖#※]{1,4}|[ivxlc]{1,6}|[A-Za-z]|"
    r"[注註訳譯]\s*[0-9０-９一二三四五六七八九十]{0,4}|"
    r"(?:note|nota|anm|fn|n)\.?\s*[0-9]{1,3})\s*[\])}）］〕】]?[.:]?$",
    re.I,
)
BARE_MARK = re.compile(r"^([\[(（［]?\s*[0-9]{1,3}\s*[\])）］]|[0-9]{1,3}|[*∗†‡§¶]{1,3}|\[[a-z]\])$")
BRACKETED = re.compile(
    r"^[\[［〔【]\s*([0-9]{1,4}|[०-९]{1,4}|[٠-٩]{1,4}|[a-zA-Z]|[*†‡§]+|(note|nota|nb|注|註)\s*[0-9]{0,3})\s*[\]］〕】]$",
    re.I,
)
UNITS = frozenset(
    [
        "mm",
        "cm",
        "dm",
        "km",
        "µm",
        "qm",
        "ft",
        "in",
        "yd",
        "mi",
        "sin",
        "cos",
        "tan",
        "log",
        "ln",
        "sec",
        "exp",
        "mol",
        "chi",
        "area",
    ]
)
BACK_MARKS = frozenset(
    ["↩", "↑", "^", "⏎", "↵", "⬑", "↶", "←", "«", "⤴", "▲", "△", "⇧", "⇑", "↩︎", "return", "back", "zurück"]
)
ORNAMENT = re.compile(
    r"^[*∗＊⁂⁎⁑•·●○◆◇◊■□▪▫★☆✢-❋❀-❧☙§#~～〜=_–—―─━─-╿\-+xX×※◦⸻…\.oO°¤†‡|/\\^<>ღ♦♠♣♥♡♢☼☽☾♪♫✝☠⚜✠❖❦\ufe0f]{1,60}$"
)
ORNAMENTAL_WORDS = re.compile(r"^[*~\-–—=_ ]{2,}\s*$")


LABEL = re.compile(
    r"^\W{0,3}([\[(（［]\s*(\d{1,4}|[*†‡§]+|[a-zA-Z])\s*[\])）］]|\d{1,4}\s*[.)\]:：–—-]|\d{1,4}\s+(?=\S)|[*†‡§]{1,3}|"
    r"[¹²³⁰⁴-⁹]+|[①-⑳]|(note|nota|anm\w*|注|註)\W{0,2}\d+)",
    re.I,
)
LINE_ID = re.compile(r"^(ln|line|lin|l|v|verse)[_-]?\d+$", re.I)

LONGEST_ORNAMENT = 120  # characters, spaces and all


def is_ornament(text: str) -> bool:
    """A paragraph that only draws a scene break: `* * *`, `⁂`, `~`, `#`, a rule of dashes; never `...` or `X`."""
    if len(text) > LONGEST_ORNAMENT:
        return False
    bare = "".join(text.split())
    if not bare or not ORNAMENT.match(bare):
        return False
    plain = set(bare.lower())
    if plain <= set("xo…°-–—―.|/\\<>+^†‡×"):  # letters and plain marks only: a row of the same, three or more
        return len(plain) == 1 and (len(bare) >= 3 or bare in "–—―⸻") and not set(bare) <= set("….")
    return True


def is_note_reference(element: Element, traits: Traits, text: str, before: str) -> bool:
    """Whether a link or a superscript is a note's mark and no part of the sentence.

    `text` is the element's own, tidy; `before` the characters that stand before it ('' at a paragraph's start).
    """
    if traits.reference:
        return True
    if not text or len(text) > 12:
        return False
    if traits.name == "a":
        link = element.get("href") or ""
        return (
            bool(link) and bool(NOTE_MARK.match(text)) and looks_like_note_link(element, link, traits, text)
        )
    if traits.name == "sup":
        return bare_superscript(text, before, traits)
    return traits.marked and bool(NOTE_MARK.match(text)) and not text.isalpha()


def looks_like_note_link(element: Element, link: str, traits: Traits, text: str) -> bool:
    """A link whose text could be a note mark: does it stand high, in brackets, or lead to a note?"""
    document, _, anchor = link.partition("#")
    if ":" in document.split("/")[0] and not anchor:
        return False
    parent = element.getparent()
    high = (
        any(local_name(child) == "sup" for child in element.iter())
        or parent is not None
        and local_name(parent) == "sup"
    )
    marked = traits.marked or parent is not None and bool(REFERENCE_CLASS.search(parent.get("class") or ""))
    told = (
        bool(NOTE_TARGET.search(anchor))
        or bool(NOTE_TARGET.search(element.get("id") or element.get("name") or ""))
        or bool(re.search(r"note|fn|anm", document.rpartition("/")[2], re.I))
    )
    if not anchor and not told:
        return False
    if text.isalpha() and len(text) > 1:
        return (high or told) and (text.islower() or not text.isascii())
    symbol = not any(char.isalnum() for char in text)
    return high or marked or symbol or bool(BRACKETED.match(text)) or told and not text.isalpha()


def bare_superscript(text: str, before: str, traits: Traits) -> bool:
    """A superscript with no link: a note mark after a word or its stop, never an exponent or an ordinal."""
    if BRACKETED.match(text):
        return True
    if not BARE_MARK.match(text):
        return False
    if traits.marked or not any(char.isalnum() for char in text):
        return True
    last = before[-1:]
    if last and last in ".,;:!?…”’\"'»)]。！？」』،؟।":
        return not before[-2:-1].isdigit() or last in "”’\"'»"
    word = re.search(r"[^\W\d_]+$", before)
    return (
        word is not None
        and len(word.group()) >= 4
        and word.group().lower() not in UNITS
        and not re.search(r"[\d⁄/=+−*^]\W*\w*$", before[-12:])
    )


def is_page_mark(element: Element, traits: Traits, text: str) -> bool:
    if traits.page:
        return True
    if traits.paged and (
        not text or len(text) <= 24 and (any(char.isdigit() for char in text) or PAGE_TEXT.match(text))
    ):
        return True
    name = element.get("id") or element.get("name") or ""
    return (
        bool(text)
        and traits.name in ("a", "span")
        and bool(PAGE_ID.match(name))
        and bool(PAGE_TEXT.match(text))
        and (
            any(char in "[({|" for char in text)
            or traits.name == "a"
            and not element.get("href")
            and text.strip("pPgG. ").lstrip("0") in name
        )
    )


def is_back_link(text: str) -> bool:
    return bool(text) and (
        text.strip("[]() ").lower() in BACK_MARKS
        or text.replace("\ufe0e", "").replace("\ufe0f", "").strip("[]() ") in BACK_MARKS
    )

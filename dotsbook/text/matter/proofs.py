"""How far what a title names goes on, by the shape of each paragraph: an imprint's lines, a list of contents, notes with
labels. It decides nothing."""

import re

from dotsbook.book import Kind
from dotsbook.text.blocks.block import Manuscript, TextBlock
from dotsbook.text.blocks.marks import LABEL
from dotsbook.text.matter.kinds import (
    ABOUT,
    ADVERTISEMENT,
    BIBLIOGRAPHY,
    COLOPHON,
    CONTENTS,
    COVER,
    EDITION,
    HALF_TITLE,
    ILLUSTRATIONS,
    IMPRINT,
    INDEX,
    LICENCE,
    NOTES,
    TITLE_PAGE,
    TRANSCRIBER,
    fold,
)
from dotsbook.text.matter.shapes import ARCHIVE, CREDIT, LEGAL, PRINTED
from dotsbook.text.matter.stretches import Stretch, counts, words_of

LINE = 20  # words: a shorter paragraph that ends no sentence is a line of a page, not of a story
APART = 2  # paragraphs without a sign of their kind between such with one
PAGE_NUMBER = re.compile(r"(\.\s?){3,}|[\s.…]([0-9]{1,4}|[ivxlc]+)\.?$|…\s*\d")
ENTRY = re.compile(r",\s*\d{1,4}([-–,;\s]+\d+)*\W*$", re.M)
SENTENCE = re.compile(r"[.!?…。！？।؟][\"'”’»«)\]]*$")
DIALOGUE = re.compile(r"^[-–—―‒\"“„«»‚‘「『]")
TRANSCRIBED = re.compile(
    r"transcri|trascri|transkri|überträg|übertrag|bearbeit|ortograf|orthogra|orthograf|spelling|typograph|tipogr|druckfehler|"
    r"punctuat|punteggiatura|puntuaci|zeichensetzung|interpun|hyphen|original|corrected|korrigi|corrig|correct|corre[gzt]|"
    r"errata|errat[oai]\b|rättelse|rättat|painovirhe|korjat|drukfout|gecorrigeerd|verbeter|spelling|scan|html|e-?book|e-?text|utf|"
    r"ascii|latin-1|опечат|орфограф|исправл|校正|入力|誤植|错字|校对",
    re.I,
)
LICENSED = re.compile(
    r"gutenberg|licen[csz]|lizenz|copyright|e-?book|e-?text|public domain|gemeinfrei|creative commons|donat|trademark|refund|"
    r"royalt|wikisource|archive\.org|liber liber|wolne lektury|https?://|www\.|@",
    re.I,
)
SOLD = re.compile(
    r"[£$€¥]\s?\d|\d\s?(?:[£$€¥]|fr\b|francs?\b|mark\b|kr\b|руб|коп|[sd]\.\s)|\b(?:price|cloth|bound|octavo|crown 8vo|broch|preis|geb\.|"
    r"geh\.|prix|prezzo|precio|prijs|ing\.|publisher|publish|edition|auflage|édition|edizione|novel|roman|series|catalog\w*|"
    r"newsletter|mailing|sign up|subscribe|bestsell\w*|author of|by the same|also by)\b|https?://|www\.|出版|新刊",
    re.I,
)
YEAR = re.compile(r"\b(1[4-9]|20)\d\d\b")
SIGN: dict[str, tuple[re.Pattern, ...]] = {
    COVER: (PRINTED,),
    TITLE_PAGE: (PRINTED,),
    HALF_TITLE: (PRINTED,),
    IMPRINT: (PRINTED, *LEGAL),
    COLOPHON: (PRINTED, LICENSED, *LEGAL),
    LICENCE: (LICENSED, *LEGAL),
    TRANSCRIBER: (TRANSCRIBED, CREDIT),
    ADVERTISEMENT: (SOLD,),
    EDITION: (ARCHIVE, LICENSED),
    BIBLIOGRAPHY: (YEAR, PRINTED),
    INDEX: (ENTRY,),
    CONTENTS: (PAGE_NUMBER,),
    ILLUSTRATIONS: (PAGE_NUMBER,),
    NOTES: (LABEL,),
    ABOUT: (),
}
NAMED = (ABOUT, ADVERTISEMENT, LICENCE, TRANSCRIBER)  # kinds whose titles name nothing in a story
LISTS = (CONTENTS, ILLUSTRATIONS)


def titles_of(manuscript: Manuscript) -> frozenset[str]:
    """The folded titles of the book's chapters."""
    headings = {
        fold(block.text)
        for document in manuscript.documents
        for block in document.blocks
        if block.kind is Kind.HEADING and block.why is None
    }
    return frozenset(headings | {fold(entry.title) for entry in manuscript.entries} - {""})


def extent(stretch: Stretch, titles: frozenset[str]) -> tuple[int, bool]:
    """(how many blocks of a stretch are what it is called, whether they themselves say so)."""
    blocks, kind = stretch.blocks, stretch.kind or ""
    end, signs, story, lead = 0, 0, 0, True
    closed = bracket(stretch)
    if closed:
        return closed, True
    for number, block in enumerate(blocks):
        if not counts(block):
            end = number + 1 if end == number else end
            continue
        if block.kind is Kind.HEADING:
            end = number + 1 if end == number else end
            continue
        if block.scene and not lead and kind in NAMED and alone(stretch):
            break
        lead = False
        if signed(kind, block, titles):
            signs, story, end = signs + 1, 0, number + 1
        elif is_line(block) and kind != NOTES if alone(stretch) else is_short(block):
            end = number + 1 if not story else end
        else:
            story += 1
            if story > APART:
                break
    if not alone(stretch) and kind in NAMED:
        end = len(blocks)
    return end, signs > 0


def bracket(stretch: Stretch) -> int:
    """How many blocks stand in the bracket that a stretch's heading opens, if it closes soon."""
    if not stretch.heading.startswith("[") or "]" in stretch.heading:
        return 0
    for number, block in enumerate(stretch.blocks[:12]):
        if block.text.rstrip().endswith("]"):
            return number + 1
    return 0


def alone(stretch: Stretch) -> bool:
    """Whether the stretch is cut from a file that goes on, as all of a plain text's are."""
    return not stretch.document.stem and not stretch.entries


def signed(kind: str, block: TextBlock, titles: frozenset[str]) -> bool:
    """Whether a paragraph says by its own words or form that it is of a kind."""
    text = block.text
    if kind == NOTES and (block.note or block.returns):
        return True
    if kind in LISTS and (2 * block.links > len(text) or listed(text, titles)):
        return True
    return any(pattern.search(text) for pattern in SIGN.get(kind, ()))


def listed(text: str, titles: frozenset[str]) -> bool:
    """Whether most lines of a paragraph are titles of chapters."""
    lines = [plain for line in text.split("\n") if (plain := fold(line))]
    return bool(lines) and 2 * sum(line in titles or bare(line) in titles for line in lines) > len(lines)


def bare(line: str) -> str:
    """A line of contents without its number and page."""
    return re.sub(r"^([ivxlc]+|\d+)\s+|\s+\d+$", "", line)


def is_short(block: TextBlock) -> bool:
    """Whether a paragraph of a file that is called an imprint or contents can be a part of it."""
    return (
        block.kind is Kind.CAPTION or words_of(block.text) <= LINE and not DIALOGUE.match(block.text.strip())
    )


def is_line(block: TextBlock) -> bool:
    """Whether a paragraph is a line of a page and not of a story."""
    text = block.text.strip()
    if block.kind is Kind.CAPTION:
        return True
    if words_of(text) > LINE or DIALOGUE.match(text):
        return False
    return not (SENTENCE.search(text) and words_of(text) > 3)

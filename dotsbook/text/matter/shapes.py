"""What a stretch of text looks like: a title page, a legal page, a list of links. It believes no
markup."""

import re

from dotsbook.book import Kind, visible
from dotsbook.text.blocks.block import Manuscript, TextBlock
from dotsbook.text.matter.kinds import CONTENTS, IMPRINT, TITLE_PAGE, fold
from dotsbook.text.matter.stretches import Stretch, counts, words_in, words_of

CREDIT = re.compile(
    r"^\W*(Produced|E-?text prepared|Transcribed|This e-?(book|text) was|Prepared|Scanned|Credits?:|Proofread)\b.{0,"
    r"30}\b(by|from|was)\b|pgdp\.net|Distributed Proofread",
    re.I,
)
LEGAL = [
    re.compile(pattern, re.I)
    for pattern in (
        r"\bISBN(?![a-z])|\bISSN\b|书号",
        r"©|\bcopyright\b|\(c\)\s*(19|20)\d\d|版权所有|著作権|저작권|авторск\w+ прав|حقوق الطبع|copyleft",
        r"all rights reserved|alle rechte vorbehalten|tous droits réservés|todos los derechos reservados|tutti i "
        r"diritti riservati|todos os direitos reservados|"
        r"alle rechten voorbehouden|все права защищены|wszelkie prawa zastrzeżone"
        r"|無断転載|版权所有|翻印必究|전재|all rights|"
        r"her hakkı saklıdır|minden jog fenntartva",
        r"\b(first|second|third|\d+(st|nd|rd|th)) (published|edition|printing|impression)|1\. ?auflage|dépôt légal|"
        r"depósito legal|erste auflage|printed in|imprimé|impreso en|gedruckt|stampato|"
        r"\bpublished (by|in)\b|verlag|éditions\b|editorial\b|edizioni|editora|издательство|出版社|发行|印刷|出版|발행",
        r"library of congress|british library|deutsche nationalbibliothek|cataloguing|cataloging|cip data|"
        r"bibliografische information|bibliothèque nationale|在版编目",
        r"発行(者|所|日)|初版|第\d+刷|印刷所",
        r"著\s*者|編\s*者|訳\s*者|作者",
        r"no part of this (book|publication|work)|work of fiction|any resemblance|creative commons|cover (design|art|"
        r"image|illustration)|umschlaggestaltung|couverture\s*:|https?://|www\.",
    )
]
PRINTED = re.compile(
    r"\b1[5-9]\d\d\b|\b20[0-2]\d\b|\bM[DCLXVI. ]{4,}\b|\b(verlag|press|publish\w*|[ée]dit\w*|librairie|imprim\w*|"
    r"druck|tipograf\w*|stamperia|libreria|impr[ea]n?ta|uitgever\w*|"
    r"boktryckeri|förlag|forlag|wydawnictwo|nakład\w*|издательство|типография|editora|livraria|kustannus\w*|"
    r"[eé]ditions?|company|& co|& sons|books)\b|出版|書店|书店|文庫",
    re.I,
)
ARCHIVE = re.compile(
    r"Posted originally on the Archive of Our Own|Please drop by the Archive and comment|archiveofourown\.org/works/|"
    r"fanfiction\.net/s/\d+|^Story URL|wattpad\.com/story",
    re.I | re.M,
)
FRONT, BACK = 0.12, 0.85  # share of the book's text before which, or after which, its ends lie


def by_shape(manuscript: Manuscript, stretch: Stretch, begun: bool) -> str | None:
    """What the text looks like: a list of links, a legal page, a title page."""
    blocks = [block for block in stretch.blocks if counts(block)]
    size = sum(visible(block.text) for block in blocks)
    if not size:
        return None
    listed = sum(visible(block.text) for block in stretch.blocks if block.matter == CONTENTS)
    if listed > 3 * size:
        return CONTENTS
    linked = [block for block in blocks if block.links]
    if (
        len(linked) >= 3
        and sum(block.links for block in linked) > 0.6 * size
        and (not begun or not stretch.entries and (stretch.share > 0.9 or len(linked) > 15))
    ):
        return CONTENTS
    text = "\n".join(block.text for block in blocks[:80])
    words = words_in(blocks)
    at_end = stretch.share > 0.95 or not begun
    if words < 700 and at_end and sum(bool(pattern.search(text)) for pattern in LEGAL) >= 3:
        return IMPRINT
    if not begun and words < 150 and is_title_page(manuscript, stretch, blocks):
        return TITLE_PAGE
    if (
        not begun
        and words < 40
        and stretch.share < FRONT
        and PRINTED.search(text)
        and not any(says(block) for block in blocks)
    ):
        return TITLE_PAGE
    return None


def says(block: TextBlock) -> bool:
    """Whether a paragraph is a sentence and no line of a title page: it ends like one, and most of its words are small."""
    text = block.text.rstrip("”\"'»’」")
    quoted = block.kind in (Kind.VERSE, Kind.QUOTE) and block.text[:1] in "\"“„«'‘"  # an epigraph
    if (
        quoted
        or block.kind is Kind.HEADING
        or not text.endswith((".", "!", "?", "…", "。"))
        or words_of(text) <= 3
    ):
        return False
    words = [word for word in text.split() if word[:1].isalpha()]
    return 2 * sum(not word[:1].isupper() for word in words) > len(words)


def is_title_page(manuscript: Manuscript, stretch: Stretch, blocks: list[TextBlock]) -> bool:
    """Short lines at the book's front that name it, or its author."""
    if any(words_of(block.text) > 30 for block in blocks):
        return False
    text = f" {fold(' '.join(block.text for block in blocks))} "
    title, author = fold(manuscript.title), fold(manuscript.author)
    named = bool(title) and (
        f" {title} " in text or bool(text.strip()) and f" {text.strip()} " in f" {title} "
    )
    by = any(f" {name} " in text for name in author.split() if len(name) > 3)
    own = set(text.split()) - set(title.split()) - set(author.split())
    spoken = any(
        block.kind is not Kind.HEADING
        and words_of(block.text) > 2
        and block.text.endswith((".", "!", "?", "。"))
        for block in blocks
    )
    if (named or by) and len(own) <= 3 and not spoken:
        return True
    heading = fold(stretch.heading or (stretch.entries[0].title if stretch.entries else ""))
    titled = (
        bool(title)
        and bool(heading)
        and (
            heading == title
            or " " in heading
            and heading in title
            or " " in title
            and title in heading
            and (len(heading) < 2 * len(title) or words_in(blocks) < 30)
        )
    )
    sentences = sum(
        block.text.rstrip("”\"'»’").endswith((".", "!", "?", "…", "。")) and words_of(block.text) > 6
        for block in blocks
    )
    body = [block for block in blocks if block.kind is not Kind.HEADING]
    signed = bool(body) and words_of(body[0].text) <= 4 and not body[0].text.endswith(("!", "?", "…", "。"))
    printed = any(PRINTED.search(block.text) for block in blocks)
    quiet = printed or signed or not any(map(says, blocks))
    return sentences <= 2 and (named and by or titled and quiet)

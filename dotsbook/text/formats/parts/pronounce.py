"""Pronunciations that an EPUB brings (PLS): those that respell a word become "say" marks. Phonetic alphabets are not
used."""

import re

from dotsbook.book import Mark
from dotsbook.text.blocks.block import Document
from dotsbook.text.blocks.elements import Element
from dotsbook.text.blocks.markup import local

MOST = 5000  # lexemes of a lexicon that are read
LONGEST = 100  # characters of a word or its respelling


def respellings(root: Element) -> tuple[dict[str, str], int]:
    """({word: how to say it}, lexemes that have only phonetic signs) of a PLS lexicon."""
    found: dict[str, str] = {}
    phonetic = 0
    for lexeme in root.iter("{*}lexeme", "lexeme"):
        words = [" ".join((node.text or "").split()) for node in lexeme if local(node.tag) == "grapheme"]
        alias = next(
            (" ".join((node.text or "").split()) for node in lexeme if local(node.tag) == "alias"), ""
        )
        if not alias:
            phonetic += any(local(node.tag) == "phoneme" for node in lexeme)
            continue
        found.update(
            {word: alias for word in words if word and len(word) <= LONGEST and len(alias) <= LONGEST}
        )
        if len(found) >= MOST:
            break
    return found, phonetic


def apply(documents: list[Document], words: dict[str, str]) -> None:
    """Put a "say" mark on every occurrence of the words, whole and in their own letter case."""
    if not words:
        return
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word) for word in longest_first) + r")(?!\w)")
    for document in documents:
        for block in document.blocks:
            said = [
                Mark(match.start(), match.end(), "say", words[match.group()])
                for match in pattern.finditer(block.text)
            ]
            if said:
                block.marks = tuple(sorted([*block.marks, *said], key=lambda mark: (mark.start, mark.end)))

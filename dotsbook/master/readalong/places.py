"""Where sentences stand in a document: their text found again among its characters. It knows no elements.

Both sides are compared without white space. A document has more than its sentences: note marks, page numbers,
whole parts that aren't narrated. Long paragraphs whose beginning occurs once are placed first; those between them are
looked for next to their neighbours, so a title is found above its chapter and not in a list of titles.
"""

from collections.abc import Sequence
from itertools import groupby

KEY = 24  # characters of a paragraph's beginning that must occur once
FAR = 4000  # characters skipped at most inside a paragraph
SURE = 12  # characters that must agree after a skip

Span = tuple[int, int]  # first and last character, as places in the document's text


def squeezed(text: str) -> str:
    """Text without its white space."""
    return "".join(text.split())


def align(document: str, sentences: Sequence[tuple[object, str]]) -> list[Span | None]:
    """The place of each sentence in a document's squeezed text; None where it isn't found.

    sentences: (paragraph, text): sentences of one paragraph follow each other and have an equal `paragraph`.
    """
    return [span_of(letters) for letters in letters_of(document, sentences)]


def span_of(letters: Sequence[int | None]) -> Span | None:
    """From the first to the last of the letters that the document has."""
    own = [at for at in letters if at is not None]
    return (own[0], own[-1]) if own else None


def letters_of(document: str, sentences: Sequence[tuple[object, str]]) -> list[Sequence[int | None]]:
    """The same letter by letter, white space left out: none where a sentence isn't found."""
    groups = [
        list(group) for _, group in groupby(range(len(sentences)), key=lambda index: sentences[index][0])
    ]
    texts = [[squeezed(sentences[index][1]) for index in group] for group in groups]
    places = placed(document, ["".join(parts) for parts in texts])
    found: list[Sequence[int | None]] = [()] * len(sentences)
    for group, parts, place in zip(groups, texts, places, strict=True):
        if place is None:
            continue
        letters, start = walk(document, "".join(parts), place), 0
        for index, part in zip(group, parts, strict=True):
            found[index] = letters[start : start + len(part)]
            start += len(part)
    return found


def placed(document: str, paragraphs: list[str]) -> list[int | None]:
    """Where each paragraph begins."""
    places: list[int | None] = [unique(document, text) for text in paragraphs]
    fixed = [index for index, place in enumerate(places) if place is not None]
    edges = [-1, *fixed, len(paragraphs)]
    for left, right in zip(edges, edges[1:], strict=False):
        between(document, paragraphs, places, left, right)
    return places


def unique(document: str, text: str) -> int | None:
    """The only place where a long paragraph can begin."""
    key = text[:KEY]
    if len(key) < KEY:
        return None
    place = document.find(key)
    return place if place >= 0 and document.find(key, place + 1) < 0 else None


def between(document: str, paragraphs: list[str], places: list[int | None], left: int, right: int) -> None:
    """Place the paragraphs between two that are placed (or the document's ends): from the right, then from the left."""
    begin = places[left] if left >= 0 else None
    floor = 0 if begin is None else ends(document, paragraphs[left], begin)
    ceiling = places[right] if right < len(paragraphs) else None
    for index in range(right - 1, left, -1):
        if ceiling is None or ceiling < floor or not paragraphs[index]:
            break
        place = document.rfind(paragraphs[index], floor, ceiling)
        if place < 0:
            break
        places[index] = ceiling = place
    top = len(document) if ceiling is None or ceiling < floor else ceiling
    for index in range(left + 1, right):
        if places[index] is None and paragraphs[index]:
            places[index] = loose(document, paragraphs[index], floor, top)
        if (begin := places[index]) is not None:
            floor = ends(document, paragraphs[index], begin)


def loose(document: str, text: str, floor: int, top: int) -> int | None:
    """The next place for a paragraph with something in it that the document has and it hasn't."""
    for size in (len(text), 48, KEY, 8, 3, 1):
        if size <= len(text) and (place := document.find(text[:size], floor, top)) >= 0:
            end = ends(document, text, place)
            if size == len(text) or place < end <= top:
                return place
    return None


def ends(document: str, text: str, place: int) -> int:
    """Where a paragraph that begins at `place` ends."""
    if document.startswith(text, place):
        return place + len(text)
    letters = [at for at in walk(document, text, place) if at is not None]
    return letters[-1] + 1 if len(letters) > len(text) // 2 else place


def walk(document: str, text: str, place: int) -> list[int | None]:
    """Each character of `text` in the document, from `place` on; what only the document has is skipped."""
    if document.startswith(text, place):
        return list(range(place, place + len(text)))
    letters: list[int | None] = []
    at = place
    while len(letters) < len(text):
        here = len(letters)
        if at < len(document) and document[at] == text[here]:
            letters.append(at)
            at += 1
            continue
        after = document.find(text[here : here + SURE], at, at + FAR)
        if after >= 0:
            at = after
        else:
            letters.append(None)  # a character that the document hasn't
    return letters

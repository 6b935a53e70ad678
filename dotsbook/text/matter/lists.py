"""Lists after a book's last chapter that its titles don't name: a publisher's catalogue, a vocabulary, a table of contents.

Each is told by most of its paragraphs: prices, words in the order of the alphabet, titles of the book's own chapters.
"""

import re
import unicodedata

from dotsbook.text.blocks.block import TextBlock
from dotsbook.text.matter.kinds import ADVERTISEMENT, CONTENTS, INDEX, fold
from dotsbook.text.matter.stretches import Stretch, counts

MOST = 0.6  # of the paragraphs of a catalogue, or of the lines of a table of contents
IN_ORDER = 0.9  # of neighbours in a vocabulary that stand in the order of the alphabet
ENTRIES, WORDS, LETTERS, TITLES = 8, 120, 18, 4  # the least of each that is a list
PRICE = re.compile(
    r"(?:\b(?:L|Lire|Fr|Frs|Mk?|Kr|Rs|Cent|Pf|Pfg|Ptas?)\.? ?|[£$€])\d+(?:[.,]\d\d?)?(?!\w)|"
    r"\b\d+(?:[.,]\d\d)? ?(?:fr|frs|Mk?|Kr|Pf|Pfg|ptas?|rs|lire|cent|sh|s|d|руб|коп)\b\.?|\b\d+/\d+ net\b"
)
HEADWORD = re.compile(r"^\W*([^\W\d_]{2,})")
PAGE = re.compile(r"[\s.…]+\d{1,4}\.?$")


def by_lines(stretch: Stretch, titles: frozenset[str]) -> str | None:
    """What the paragraphs of a stretch at the book's end list, if they list anything."""
    blocks = [block for block in stretch.blocks if counts(block) and not block.level]
    if not blocks:
        return None
    if is_contents(blocks, titles):
        return CONTENTS
    priced = sum(bool(PRICE.search(block.text)) for block in blocks)
    if len(blocks) >= ENTRIES and priced >= MOST * len(blocks):
        return ADVERTISEMENT
    return INDEX if is_alphabetical(blocks) else None


def bare(title: str) -> str:
    """A title without its accents, which capitals often go without."""
    plain = fold(title)
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFD", plain)
    return "".join(char for char in parts if unicodedata.category(char) != "Mn")


def is_contents(blocks: list[TextBlock], titles: frozenset[str]) -> bool:
    """Whether most lines are titles of chapters with a page after them."""
    lines = [line for block in blocks for line in block.text.split("\n") if line.strip()]
    numbered = [line for line in lines if PAGE.search(line)]
    known = {bare(title) for title in titles}
    listed = sum(bare(PAGE.sub("", line)) in known for line in numbered)
    return len(numbered) >= TITLES and listed >= MOST * len(lines)


def is_alphabetical(blocks: list[TextBlock]) -> bool:
    """Whether paragraphs begin with words in the order of the alphabet: many different words, or one of most letters."""
    heads = [bare(match[1]) for block in blocks if (match := HEADWORD.match(block.text))]
    many = len(heads) >= WORDS and len(set(heads)) > len(heads) // 2
    if not many and len({head[0] for head in heads}) < LETTERS:
        return False
    ordered = sum(one <= two for one, two in zip(heads, heads[1:], strict=False))
    return ordered >= IN_ORDER * (len(heads) - 1)

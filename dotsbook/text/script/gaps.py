"""Where text may be parted in a script that ends no sentences and spaces no words: at its gaps. It knows no lengths but its own."""

import re

from dotsbook.text.script.quotes import spans

REPEATS = tuple("ๆฯ")  # belong to the word before them, gap or no gap
# Characters: a piece of Thai at least so long ends at the next gap, and none runs on past that.
THAI_SHORT, THAI_LONG = 40, 120


def gaps(text: str) -> list[int]:
    """Cuts for a script that ends no sentences and spaces no words: at gaps, once a piece is long enough."""
    cuts, start = [], 0
    quotes = spans(text)
    places = [
        found
        for found in re.finditer(r"\s+|(?<=[!?…។៕])(?=\S)", text)
        if text[found.end() : found.end() + 1] not in REPEATS
    ]
    for index, found in enumerate(places):
        counted = found.start() > 0 and text[found.start() - 1].isdigit() and "\n" not in found.group()
        if counted or any(
            opened < found.start() < closed for opened, closed in quotes if closed - opened < THAI_LONG
        ):
            continue
        following = places[index + 1].start() if index + 1 < len(places) else len(text)
        if (
            "\n" in found.group()
            or found.start() - start >= THAI_SHORT
            or (following - start > THAI_LONG and found.start() - start > 8)
        ):
            cuts.append(found.end())
            start = found.end()
    return cuts

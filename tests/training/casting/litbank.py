"""LitBank's quotations (CC BY 4.0, Sims and Bamman 2020) laid over the novels' own text, whose paragraphs LitBank has lost.

LitBank gives the first 2,000 words of a novel cut into words, a sentence a line; `original/` of its repository has the
text as printed. The two are met letter by letter.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from dotsbook.book import Book
from dotsbook.casting.annotated import book_of

AFTER = 150_000  # characters of the novel read beyond the annotated stretch: its people are known by them
MEASURED_NAMES = (  # novels that are measured on
    "alices_adventures emma daisy_miller a_room_with_a_view howards_end anne_of_green the_invisible_man the_awakening"
    " hard_times northanger sense_and pride_and persuasion mansfield oliver_twist dorian age_of_innocence passage_to"
    " sun_also sport_of where_angels night_and_day man_who_was_thursday sign_of_the_four gambler"
)
MEASURED = tuple(MEASURED_NAMES.split())


def letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits alone, and where each stands."""
    places = [at for at, sign in enumerate(text) if sign.isalnum()]
    return "".join(text[at].lower() for at in places), places


def documents(file: Path, originals: Path) -> Iterator[tuple[Book, list[tuple[int, str]]]]:
    """Books of the annotated stretch, with [(a place inside the quotation, speaker)]."""
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        if any(name in row["id"] for name in MEASURED) or not row["quotes"]:
            continue
        original = originals / f"{row['id']}.txt"
        if not original.exists():
            continue
        whole = original.read_text("utf-8", "replace")
        short, at_short = letters(row["text"])
        long, at_long = letters(whole)
        begin = long.find(short[:200])
        if begin < 0:
            continue
        step = meet(short, long, begin)
        index = {place: k for k, place in enumerate(at_short)}
        quotes = []
        for quote in row["quotes"]:
            start, end = quote["spans"][0]
            first = next((index[at] for at in range(start, end) if at in index), None)
            if first is not None and first in step:
                quotes.append((at_long[step[first]], quote["speaker"]))
        last = at_long[max(step.values())]
        yield book_of(whole[: last + AFTER], "en", row["id"]), quotes


def meet(short: str, long: str, begin: int) -> dict[int, int]:
    """Index in short → index in long, skipping what only one of them has."""
    found: dict[int, int] = {}
    i, j = 0, begin
    while i < len(short) and j < len(long):
        if short[i] == long[j]:
            found[i] = j
            i, j = i + 1, j + 1
            continue
        for skip in range(1, 400):
            if long[j + skip : j + skip + 12] == short[i : i + 12]:
                j += skip
                break
            if short[i + skip : i + skip + 12] == long[j : j + 12]:
                i += skip
                break
        else:
            break
    return found

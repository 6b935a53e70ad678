"""Lists run into one line, and the marks before their items: `1. The first item 2. The second item`. It knows no language."""

import re

MARKER = re.compile(r"(?:[•●▪■◦‣⁃*–—-]\s*)?(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]{1,2}|[•●▪■◦‣⁃])")
BULLET_LINE = re.compile(r"\n\s*(?=[•●▪■◦‣⁃]\s?\S|\(?(?:\d{1,2}|[A-Za-z])[.)]\s+\S)")
LISTED = re.compile(
    r"(?<![\w.,:/-])(?P<lead>[•⁃]\s?)?(?P<open>\(?)(?P<number>\d{1,2})(?P<shut>\.\)|[.)])(?=\s+[^\W\d_])"
)


def listed(text: str) -> list[int]:
    """Where items begin in a list run into one line: `1. The first item 2. The second item`."""
    cuts: list[int] = []
    run: list[re.Match] = []
    for found in LISTED.finditer(text):
        alike = run and all(found.group(part) == run[-1].group(part) for part in ("open", "shut"))
        if alike and int(found.group("number")) == int(run[-1].group("number")) + 1:
            run.append(found)
            continue
        cuts += items(text, run)
        run = [found]
    return cuts + items(text, run)


def items(text: str, run: list[re.Match]) -> list[int]:
    """The starts of a run of at least two items, of which the first begins the text or a sentence."""
    if len(run) < 2:
        return []
    before = text[: run[0].start()].rstrip()
    if before and before[-1] not in ".!?:;\n" and not text[: run[0].start()].endswith("\n"):
        return []
    starts = [found.start() for found in run]
    apart = zip(starts, starts[1:], strict=False)
    return starts if all(later - start > 8 for start, later in apart) else []


def lone_marker(text: str, cut: int, cuts: set[int]) -> bool:
    """Whether all before this cut, back to the last one, is `1.` or `A)`: the mark of what follows."""
    start = max((other for other in cuts if other < cut), default=0)
    piece = text[start:cut].strip()
    return (
        bool(MARKER.fullmatch(piece)) and text[cut:].lstrip()[:1].isalnum() and "\n\n" not in text[start:cut]
    )

"""Several speakers' instructions made one. It knows the seams, no voices: they are kept as they are in the sound."""

import re
from collections.abc import Iterable, Sequence

from dotsbook.model.editing.instruction import InstructionError
from dotsbook.model.editing.transcripts import is_ideograph

INSERTION = re.compile(r"<\s*(/?)\s*ins\s*>", re.IGNORECASE)
CLOSES_FIRST = re.compile(r"<\s*/\s*ins\s*>", re.IGNORECASE)
CLOSES_LAST = re.compile(r"</\s*ins\s*>$", re.IGNORECASE)
OPENS_FIRST = re.compile(r"<\s*ins\s*>", re.IGNORECASE)
TRANSFER_LAST = re.compile(r"<\s*spk_transfer\s*/\s*>$", re.IGNORECASE)
TRANSFER = "<spk_transfer/>"


def one_instruction(instructions: Iterable[str], separators: Sequence[str] | None = None) -> str:
    """Instructions of several speakers as one, with `<spk_transfer/>` where an insertion touches a seam.

    separators: what stands between them, one a seam; without it nothing between Chinese characters, a space elsewhere.
    InstructionError for an insertion that isn't closed where it must be.
    """
    parts = [part.strip() for part in instructions]
    if separators is not None and len(separators) != max(0, len(parts) - 1):
        raise InstructionError(
            "separators",
            f"{len(parts)} instructions have {max(0, len(parts) - 1)} seams, not {len(separators)}.",
        )
    whole = ""
    for i, part in enumerate(parts):
        if not part or not whole:
            whole = whole or part
            continue
        if _open(whole):
            whole, part = _closed_at_the_seam(whole, part)
            if not part:
                continue
        blank = "" if is_ideograph(whole[-1]) and is_ideograph(part[0]) else " "
        between = blank if separators is None else separators[i - 1]
        if (CLOSES_LAST.search(whole) or OPENS_FIRST.match(part)) and not TRANSFER_LAST.search(whole):
            whole += TRANSFER
        whole += between + part
        _open(whole)
    if whole and _open(whole):
        raise InstructionError("unclosed_insertion", "<ins> is opened and never closed: write </ins>.")
    return whole


def _closed_at_the_seam(whole: str, part: str) -> tuple[str, str]:
    """An insertion that is closed at the beginning of the next instruction is closed before the seam."""
    closing = CLOSES_FIRST.match(part)
    if closing is None:
        raise InstructionError(
            "insertion_across_boundary",
            "An <ins> goes over a seam of two instructions: close it before the second.",
        )
    return f"{whole}</ins>{TRANSFER}", part[closing.end() :].lstrip()


def _open(text: str) -> bool:
    """Whether an insertion is open at the end. InstructionError for one in another, or a closing too many."""
    inside = False
    for match in INSERTION.finditer(text):
        closes = bool(match[1])
        if closes and not inside:
            raise InstructionError("unbalanced_insertion", "</ins> closes no insertion.")
        if not closes and inside:
            raise InstructionError(
                "nested_insertion", "<ins> stands in another <ins>: close the first before it."
            )
        inside = not closes
    return inside

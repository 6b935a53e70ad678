"""A change made to a text: what stood where and what is spoken for it. It knows no rules."""

from typing import NamedTuple


class Change(NamedTuple):
    """`text[start:end] == before` in the text given; `after` is spoken in its place, by `rule`."""

    start: int
    end: int
    before: str
    after: str
    rule: str


def apply(text: str, changes: list[Change]) -> str:
    """The text with sorted, non-overlapping changes made."""
    parts: list[str] = []
    at = 0
    for change in changes:
        parts += (text[at : change.start], change.after)
        at = change.end
    parts.append(text[at:])
    return "".join(parts)

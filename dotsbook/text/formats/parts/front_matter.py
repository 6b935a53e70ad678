"""The YAML between two `---` at a Markdown file's head: what it says of the book. It knows no Markdown."""

import re
from pathlib import Path

from dotsbook.errors import SourceError

FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
MOST = 20_000  # characters: a longer one is no head
OTHER_NAMES = {"lang": "language", "authors": "author", "creator": "author"}
DETAILS = frozenset(
    (
        "title",
        "author",
        "language",
        "subtitle",
        "publisher",
        "date",
        "description",
        "isbn",
        "rights",
        "series",
    )
)


def front_matter(text: str, path: Path) -> tuple[dict[str, str], str]:
    """(what a file's head says of DETAILS, the rest of the file). SourceError if the head isn't YAML."""
    found = FRONT.match(text)
    if not found:
        return {}, text
    head = _parsed(found.group(1), path)
    if not isinstance(head, dict):
        return {}, text
    said = {}
    for key, value in head.items():
        name = OTHER_NAMES.get(str(key).lower(), str(key).lower())
        if name in DETAILS:
            said[name] = _as_text(value)
    return said, text[found.end() :]


def _parsed(head: str, path: Path):
    """What the YAML holds; None for one too long, or with anchors, which can grow without end."""
    import yaml

    if len(head) >= MOST or "&" in head:
        return None
    try:
        return yaml.safe_load(head)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise SourceError(
            f"{path}: the lines between the first `---` and the next aren't valid YAML; correct or remove them."
        ) from error


def _as_text(value) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)

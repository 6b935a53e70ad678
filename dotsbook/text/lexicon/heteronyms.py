"""Words that are read in two ways, so that a voice has to guess which is meant. A language is one file, data/heteronyms-LANGUAGE.txt.

It knows the words and how they may sound, and not which is meant where.
"""

from functools import cache
from pathlib import Path


@cache
def heteronyms(language: str) -> dict[str, tuple[str, ...]]:
    """{word, small: how it may sound} of a language by its base code; {} where no list is known."""
    path = Path(__file__).parent / "data" / f"heteronyms-{language}.txt"
    if not path.is_file():
        return {}
    lines = (line.partition(":") for line in path.read_text("utf-8").splitlines() if not line.startswith("#"))
    return {word.strip(): tuple(said.strip() for said in readings.split(",")) for word, _, readings in lines}

"""The gender of first names, from a public list. It knows no book."""

from functools import cache
from importlib.resources import files

# names that are far more often words or surnames in a novel
WORDS = (
    "see",
    "so",
    "my",
    "an",
    "long",
    "love",
    "grant",
    "king",
    "young",
    "lord",
    "miss",
    "many",
    "else",
    "china",
    "rich",
    "art",
)


@cache
def first_names() -> dict[str, str]:
    """{name in small letters: "f" or "m"}. Source: US census of 1990, in data/first_names.txt."""
    found: dict[str, str] = {}
    for line in (files("dotsbook.casting") / "data" / "first_names.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            gender, *listed = line.split()
            found.update((name, gender) for name in listed if name not in WORDS)
    return found

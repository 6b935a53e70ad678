"""Reads who speaks in a labelled novel: labels from the repository, the text from a folder of downloads, met by hash."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Labelled:
    title: str
    text: str
    quotes: tuple[tuple[int, int, str], ...]  # [start, end) in text, name; "" = nobody
    characters: dict[str, dict] = field(default_factory=dict)  # name → gender, also, narrator

    def aliases(self, name: str) -> tuple[str, ...]:
        return (name, *self.characters.get(name, {}).get("also", ()))


def text_of(source: dict, texts: Path) -> str:
    """The text whose bytes have the hash; LookupError if the folder doesn't hold it."""
    for file in sorted(texts.rglob("*.txt")):
        data = file.read_bytes()
        if hashlib.sha256(data).hexdigest() == source["sha256"]:
            return data.decode(source["encoding"]).replace("\r\n", "\n")
    raise LookupError(f"no file in {texts} has the hash {source['sha256']}: download {source['url']}")


def read_labels(file: Path, texts: Path) -> Labelled:
    said = json.loads(file.read_text("utf-8"))
    text = text_of(said["source"], texts)
    quotes = tuple((start, end, name) for start, end, name in said["quotes"])
    for start, end, _ in quotes:
        if not 0 <= start < end <= len(text):
            raise ValueError(f"{file.name}: {start}-{end} isn't in the text")
    return Labelled(said["title"], text, quotes, said.get("characters", {}))

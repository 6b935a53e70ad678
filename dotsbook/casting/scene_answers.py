"""What a language model said of each scene, kept as it comes: a run that is stopped goes on with the next scene."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dotsbook.json_rows import add_row, json_rows


class SceneAnswers:
    """Answers in a file of lines of JSON, by model and question. A torn last line is forgotten."""

    def __init__(self, path: Path):
        self.path = path
        self.known: dict[str, list[list[float]]] = {}
        for row in json_rows(path):
            with suppress(TypeError, KeyError):
                self.known[row["scene"]] = row["chances"]

    def find(self, model: str, question: str) -> list[list[float]] | None:
        return self.known.get(key_of(model, question))

    def keep(self, model: str, question: str, chances: Sequence[Sequence[float]]) -> None:
        """Chances of each letter, line by line; in the file before it returns."""
        key = key_of(model, question)
        self.known[key] = [[round(chance, 5) for chance in row] for row in chances]
        add_row(self.path, {"scene": key, "chances": self.known[key]})


def key_of(model: str, question: str) -> str:
    return hashlib.sha256(f"{model}\0{question}".encode()).hexdigest()[:32]

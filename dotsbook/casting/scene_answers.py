"""What a language model said of each scene, kept as it comes: a run that is stopped goes on with the next scene."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path


class SceneAnswers:
    """Answers in a file of lines of JSON, by model and question. A torn last line is forgotten."""

    def __init__(self, path: Path):
        self.path = path
        self.known: dict[str, list[list[float]]] = {}
        self.torn = False  # whether the last line has no end
        if path.is_file():
            *rows, rest = path.read_bytes().split(b"\n")
            self.torn = bool(rest)
            for row in rows:
                self.learn(row)

    def learn(self, row: bytes) -> None:
        try:
            found = json.loads(row)
            self.known[found["scene"]] = found["chances"]
        except (ValueError, TypeError, KeyError):
            return

    def find(self, model: str, question: str) -> list[list[float]] | None:
        return self.known.get(key_of(model, question))

    def keep(self, model: str, question: str, chances: Sequence[Sequence[float]]) -> None:
        """Chances of each letter, line by line; in the file before it returns."""
        key = key_of(model, question)
        self.known[key] = [[round(chance, 5) for chance in row] for row in chances]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab") as file:
            row = json.dumps({"scene": key, "chances": self.known[key]}).encode() + b"\n"
            file.write(b"\n" + row if self.torn else row)
        self.torn = False


def key_of(model: str, question: str) -> str:
    return hashlib.sha256(f"{model}\0{question}".encode()).hexdigest()[:32]

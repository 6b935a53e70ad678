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
        if path.is_file():
            for row in path.read_bytes().split(b"\n")[:-1]:
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
            file.write(json.dumps({"scene": key, "chances": self.known[key]}).encode() + b"\n")


def key_of(model: str, question: str) -> str:
    return hashlib.sha256(f"{model}\0{question}".encode()).hexdigest()[:32]

"""A local language model's word on who speaks: one masked letter a line, and never a word of text.

`MlxLetters` runs any model of mlx-lm, from a folder or the hub; `ServerLetters` asks an OpenAI-style server that gives
log probabilities. Their chances are multiplied with ours; a named tag is never overruled.
"""

import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from dotsbook.book import Book
from dotsbook.casting.attribution import Attributed
from dotsbook.casting.cast_of import Casting
from dotsbook.casting.scene_answers import SceneAnswers
from dotsbook.casting.scenes import NOBODY, Scene, scenes_of
from dotsbook.errors import ModelError
from dotsbook.http_post import NoAnswer, post
from dotsbook.machine import is_this_machine

WEIGHT = 0.5  # of the model's word against ours, in logarithms
TAG = "tag:"  # how the reason of a line with a named tag begins
FLOOR = 1e-4  # no chance is nought
LOOKED_AT = 20  # letters whose log probabilities a server is asked for
PATIENCE = 120.0  # seconds for one answer of a server
LARGEST = 1_000_000  # bytes of one


class LetterModel(Protocol):
    name: str

    def chances(self, question: str, lines: int, letters: str) -> list[list[float]]:
        """For each of `lines`, the chance of each of `letters`; a row sums to 1."""


def open_model(named: str, folder: Path) -> LetterModel:
    """The model that the manifest names: an address, a folder (of the project, or absolute) or a hub name.

    Raises ModelError where it can't be had.
    """
    if named.startswith(("http://", "https://")):
        return ServerLetters(named)
    local = Path(os.path.normpath(folder / os.path.expanduser(named)))
    return MlxLetters(str(local) if local.is_dir() else named)


def asked_by_scene(
    book: Book,
    casting: Casting,
    model: LetterModel,
    answers: SceneAnswers,
    progress: Callable[[int], bool] = lambda scenes: False,
) -> Casting:
    """The casting with the model's word on every scene that holds an unsure line.

    progress: called with the number of scenes done; True stops there, and what was answered is kept.
    """
    said: dict[tuple, Attributed] = {}
    for number, scene in enumerate(scenes_of(book, casting.lines, casting.characters), 1):
        chances = answers.find(model.name, scene.question)
        if chances is None or len(chances) != len(scene.lines):
            chances = model.chances(scene.question, len(scene.lines), scene.letters)
            answers.keep(model.name, scene.question, chances)
        for line, row in zip(scene.lines, chances, strict=True):
            said[line.quotation.place] = fused(line, scene, row)
        if progress(number):
            break
    return replace(casting, lines=tuple(said.get(line.quotation.place, line) for line in casting.lines))


def fused(line: Attributed, scene: Scene, row: Sequence[float]) -> Attributed:
    """A line with the model's chances multiplied into its own. One with a named tag, or a person's, stays as it is."""
    if line.reason.startswith(TAG) or line.probability >= 1.0:
        return line
    ours = dict(line.choices)
    rest = max(FLOOR, 1.0 - sum(ours.values()))
    weights = {}
    for name, chance in zip((*scene.people, ""), row, strict=True):
        own = ours.get(name, FLOOR) if name else rest
        weights[name] = math.exp(
            (1 - WEIGHT) * math.log(max(own, FLOOR)) + WEIGHT * math.log(max(chance, FLOOR))
        )
    total = sum(weights.values())
    choices = sorted(((name, weight / total) for name, weight in weights.items()), key=lambda pair: -pair[1])
    best, chance = choices[0]
    named = tuple((name, round(part, 4)) for name, part in choices if name)[:4]
    return replace(
        line, name=best or None, probability=round(chance, 4), reason=f"model {chance:.2f}", choices=named
    )


class MlxLetters:
    """A model of mlx-lm. The prompt is read once a scene; then one letter a line is chosen and fed back."""

    def __init__(self, named: str):
        from mlx_lm import load

        self.name = named
        try:
            self.model, self.tokenizer, *_ = load(named)
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(
                f"The language model {named} can't be opened ({error}); `casting.model` takes a folder or a hub name of "
                "an mlx-lm model, e.g. mlx-community/Qwen3-4B-Instruct-2507-4bit."
            ) from error

    def chances(self, question: str, lines: int, letters: str) -> list[list[float]]:
        import mlx.core as mx
        import numpy as np
        from mlx_lm.models.cache import make_prompt_cache

        cache = make_prompt_cache(self.model)
        gap, ids = self.written(letters)
        fed = self.tokenizer.encode(f"{question}1:{gap}")
        rows = []
        for number in range(1, lines + 1):
            logits = self.model(mx.array([fed]), cache=cache)[0, -1].astype(mx.float32)
            chances = [float(chance) for chance in np.array(mx.softmax(logits[mx.array(ids)]))]
            rows.append(chances)
            best = ids[max(range(len(ids)), key=lambda at: chances[at])]
            fed = [best, *self.plain(f"\n{number + 1}:{gap}")]
        return rows

    def written(self, letters: str) -> tuple[str, list[int]]:
        """What stands between the colon and a letter, and the letters' tokens: most tokenizers write " A" as one."""
        lead = self.plain("1:")
        joined = [self.plain(f"1: {letter}") for letter in letters]
        if all(whole[: len(lead)] == lead and len(whole) == len(lead) + 1 for whole in joined):
            return "", [whole[-1] for whole in joined]
        return " ", [self.plain(letter)[-1] for letter in letters]

    def plain(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False)


class ServerLetters:
    """A server's `/v1/completions`, one letter at a time, by its log probabilities. It must run on this machine."""

    def __init__(self, address: str):
        host = urlsplit(address).hostname or ""
        if not is_this_machine(host):
            raise ModelError(
                f"The language model's server {host} isn't this machine, and the book's text would leave it; run a model "
                "here, and name it e.g. http://127.0.0.1:8080/v1."
            )
        base, _, model = address.partition("#")
        self.address, self.model = base.rstrip("/"), model or "default"
        self.name = address

    def chances(self, question: str, lines: int, letters: str) -> list[list[float]]:
        asked, rows = f"{question}1:", []
        for number in range(1, lines + 1):
            found = self.first_token(asked)
            weights = [math.exp(found.get(letter, math.log(FLOOR))) for letter in letters]
            total = sum(weights)
            rows.append([weight / total for weight in weights])
            best = letters[max(range(len(letters)), key=lambda at: weights[at])]
            asked += f" {best}\n{number + 1}:"
        return rows

    def first_token(self, asked: str) -> dict[str, float]:
        """{letter: log probability} of what would come next."""
        body = {
            "model": self.model,
            "prompt": asked,
            "max_tokens": 1,
            "temperature": 0,
            "logprobs": LOOKED_AT,
        }
        headers = {"Content-Type": "application/json"}
        if key := os.environ.get("OPENAI_API_KEY"):
            headers["Authorization"] = f"Bearer {key}"
        try:
            answer = post(
                f"{self.address}/completions", json.dumps(body).encode(), headers, PATIENCE, LARGEST
            )
            top = json.loads(answer.data)["choices"][0]["logprobs"]["top_logprobs"][0]
        except (NoAnswer, ValueError, KeyError, IndexError, TypeError) as error:
            raise ModelError(
                f"The language model's server {self.address} gave no log probabilities ({error}); is it running, and "
                "does its /completions know `logprobs`?"
            ) from error
        found: dict[str, float] = {}
        for token, chance in top.items():
            letter = token.strip()
            if len(letter) == 1 and (letter.isalpha() or letter == NOBODY):
                found[letter] = max(chance, found.get(letter, -math.inf))
        return found

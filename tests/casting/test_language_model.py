"""A language model's word on who speaks: a tiny random model of mlx-lm, made here, and a server's log probabilities."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from dotsbook.casting.attribution import Attributed
from dotsbook.casting.cast_of import read_cast
from dotsbook.casting.language_model import ServerLetters, asked_by_scene, fused, open_model
from dotsbook.casting.quotation import Quotation
from dotsbook.casting.scene_answers import SceneAnswers
from dotsbook.casting.scenes import LETTERS, NOBODY, Scene, scenes_of
from dotsbook.errors import ModelError
from tests.casting.test_cast_of import book

SCENE = """Mara came in, and Anselm and Old Tom looked up at her.

“You are late,” said Anselm.

“Am I?”

“By {} hours.”

“Then let us begin,” said Mara.

{}"""
QUIET = "\n\n".join(f"The rain fell on the roof for the {number}th hour." for number in range(9))
STORY = "\n\n".join(SCENE.format(number, QUIET) for number in range(2, 7))
SIZES = {
    "model_type": "llama",
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "intermediate_size": 32,
    "num_attention_heads": 2,
    "num_key_value_heads": 2,
    "rms_norm_eps": 1e-5,
    "vocab_size": 300,
    "tie_word_embeddings": True,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A model of 300 tokens (bytes, and letters with a space before them) and random weights."""
    mx = pytest.importorskip("mlx.core")
    pytest.importorskip("mlx_lm")
    from mlx.utils import tree_flatten
    from mlx_lm.models.llama import Model, ModelArgs
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    path = tmp_path_factory.mktemp("letters")
    signs = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = [*signs, *(f"Ġ{letter}" for letter in LETTERS + NOBODY)]
    tokenizer = Tokenizer(
        models.BPE(
            {word: number for number, word in enumerate(words)},
            [("Ġ", letter) for letter in LETTERS + NOBODY],
        )
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.save(str(path / "tokenizer.json"))
    (path / "tokenizer_config.json").write_text(
        json.dumps({"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "!"})
    )
    (path / "config.json").write_text(json.dumps(SIZES))
    mx.random.seed(7)
    model = Model(ModelArgs.from_dict(SIZES))
    weights = {name: mx.random.normal(value.shape) * 0.3 for name, value in tree_flatten(model.parameters())}
    mx.save_safetensors(str(path / "model.safetensors"), weights)
    return path


def unsure(story: str = STORY):
    """A book, and its casting as if every line without a named tag were a guess."""
    made = book(story)
    found = read_cast(made)
    lines = tuple(
        line
        if line.reason.startswith("tag:")
        else replace(line, probability=0.5, choices=(("Mara", 0.5), ("Anselm", 0.4)))
        for line in found.lines
    )
    return made, replace(found, lines=lines)


def test_one_letter_a_line_and_the_same_answers_again(folder, tmp_path):
    made, casting = unsure()
    scene = next(iter(scenes_of(made, casting.lines, casting.characters)))
    model = open_model(str(folder), tmp_path)
    gap, ids = model.written(scene.letters)
    assert gap == "" and len(set(ids)) == len(scene.letters)
    rows = model.chances(scene.question, len(scene.lines), scene.letters)
    assert [len(row) for row in rows] == [len(scene.letters)] * len(scene.lines)
    assert all(sum(row) == pytest.approx(1, abs=1e-4) and min(row) >= 0 for row in rows)
    assert len({tuple(row) for row in rows}) > 1
    assert open_model(str(folder), tmp_path).chances(scene.question, len(scene.lines), scene.letters) == rows


def test_its_word_changes_no_text_and_no_named_tag(folder, tmp_path):
    made, casting = unsure()
    asked = asked_by_scene(
        made, casting, open_model(str(folder), tmp_path), SceneAnswers(tmp_path / "a.jsonl")
    )
    assert [line.quotation for line in asked.lines] == [line.quotation for line in casting.lines]
    for before, after in zip(casting.lines, asked.lines, strict=True):
        if before.reason.startswith("tag:"):
            assert after == before
        else:
            assert after.reason.startswith("model")
    assert {line.name for line in asked.lines} <= {one.name for one in casting.characters} | {None}


STOPPED = """
import os, sys
from pathlib import Path
from dotsbook.casting.language_model import asked_by_scene, open_model
from dotsbook.casting.scene_answers import SceneAnswers
from tests.casting.test_language_model import unsure

made, casting = unsure()
model = open_model(sys.argv[1], Path("."))
asked_by_scene(made, casting, model, SceneAnswers(Path(sys.argv[2])), lambda done: done == 2 and os.kill(os.getpid(), 9))
"""


def test_killed_half_way_it_goes_on_with_the_next_scene(folder, tmp_path):
    kept = tmp_path / "scenes.jsonl"
    assert (
        subprocess.run([sys.executable, "-c", STOPPED, str(folder), str(kept)], check=False).returncode == -9
    )
    assert len(kept.read_bytes().splitlines()) == 2
    with open(kept, "ab") as file:
        file.write(b'{"scene": "torn')
    made, casting = unsure()
    model, asked = open_model(str(folder), tmp_path), []

    class Counted:
        name = model.name

        def chances(self, question, lines, letters):
            asked.append(question)
            return model.chances(question, lines, letters)

    resumed = asked_by_scene(made, casting, Counted(), SceneAnswers(kept))
    scenes = list(scenes_of(made, casting.lines, casting.characters))
    assert asked == [scene.question for scene in scenes][2:]
    whole = asked_by_scene(made, casting, model, SceneAnswers(tmp_path / "new.jsonl"))
    assert len(SceneAnswers(kept).known) == 5
    assert [(line.name, line.probability) for line in resumed.lines] == [
        (line.name, line.probability) for line in whole.lines
    ]


def test_a_sure_word_moves_an_unsure_line_and_nobody_is_an_answer():
    line = Attributed(Quotation(1, 0, 0, ((0, 5),), 1), "Mara", 0.5, "turn", (("Mara", 0.5), ("Anselm", 0.4)))
    scene = Scene((line,), ("Mara", "Anselm"), "")
    assert fused(line, scene, [0.05, 0.94, 0.01]).name == "Anselm"
    assert fused(line, scene, [0.9, 0.05, 0.05]).name == "Mara"
    assert (
        fused(replace(line, choices=(("Mara", 0.4),), probability=0.4), scene, [0.01, 0.01, 0.98]).name
        is None
    )
    named = replace(line, reason="tag: said Mara")
    assert fused(named, scene, [0.0, 1.0, 0.0]) is named


class Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        likely = {" B": -0.1, " A": -3.0} if asked["prompt"].endswith("1:") else {" A": -0.2}
        body = json.dumps({"choices": [{"logprobs": {"top_logprobs": [likely]}}]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        return


def test_a_server_on_this_machine_may_stand_in():
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    rows = ServerLetters(f"http://127.0.0.1:{server.server_port}/v1").chances("…", 2, "ABN")
    server.shutdown()
    server.server_close()
    assert [max("ABN", key=lambda letter, row=row: row["ABN".index(letter)]) for row in rows] == ["B", "A"]
    assert all(sum(row) == pytest.approx(1) for row in rows)


def test_what_cant_be_had_gets_a_sentence(tmp_path):
    with pytest.raises(ModelError, match="isn't this machine"):
        open_model("http://example.org/v1", tmp_path)
    begun = time.monotonic()
    with pytest.raises(ModelError, match="is it running"):
        ServerLetters("http://127.0.0.1:9/v1").chances("…", 1, "AN")
    assert time.monotonic() - begun < 5
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match=r"casting\.model"):
        open_model("empty", tmp_path)

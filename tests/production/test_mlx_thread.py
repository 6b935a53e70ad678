"""Threads that use MLX end before the program does: one that is left over aborts it."""

import subprocess
import sys

import pytest

from dotsbook.production.mlx_thread import MlxThread
from tests.model.tiny import write_tiny
from tests.production.conftest import make

BOOK = "title: T\nlanguage: en\nsource: story.md\nengine: dots\nmodel: {}\nvoices: {{narrator: {{}}}}\n"
SPEAKS = """
import dotsbook, threading
from dotsbook.production.speaking import LineToSpeak
with dotsbook.open({book!r}) as book:
    done = threading.Event()
    book.speaker().say(LineToSpeak("Hm.", seed=7), lambda sound: sound.last and done.set())
    assert done.wait(60)
"""
ENCODES = """
import numpy as np
from pathlib import Path
from dotsbook.production.voice_encoders import encoder_of
assert len(encoder_of({model!r}, Path()).vector(np.full(8000, 0.1, np.float32), 16000))
"""


@pytest.mark.parametrize("program", [SPEAKS, ENCODES], ids=["speaks", "encodes"])
def test_a_program_that_used_the_model_on_a_thread_ends_with_0(tmp_path, program):
    model = str(write_tiny(tmp_path / "model", kind="mf"))
    book = str(make(tmp_path / "book", manifest=BOOK.format(model)))
    ended = subprocess.run(
        [sys.executable, "-c", program.format(book=book, model=model)], stderr=subprocess.PIPE
    )
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_what_goes_wrong_on_it_is_raised_where_it_was_asked_for():
    thread = MlxThread("test")
    assert thread.do(lambda: 6 * 7) == 42
    with pytest.raises(ZeroDivisionError):
        thread.do(lambda: 1 // 0)
    assert thread.do(lambda: "goes on") == "goes on"
    thread.close()
    assert not thread.thread.is_alive()

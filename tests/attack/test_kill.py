"""The short form of tests/benchmarks/kill_book.py: four kills of a real render, one of a real assembly."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import kill_book  # noqa: E402


def test_a_tiny_book_killed_five_times(tmp_path):
    figures = kill_book.main(4, 1, None, 3, tmp_path, size=(2, 12))
    assert figures["kills"] == 4 and figures["joins"] == 1 and figures["twice"] == 0

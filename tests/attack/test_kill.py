"""The short form of tests/benchmarks/kill_book.py: six kills of a real render, two of a real assembly."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

import kill_book  # noqa: E402


def test_a_tiny_book_killed_six_times(tmp_path):
    figures = kill_book.main(6, 2, None, 3, tmp_path, size=(2, 12))
    assert figures["kills"] == 6 and figures["joins"] == 2 and figures["twice"] == 0

"""Hostile EPUBs through `init` and `plan`: read or refused, within ten seconds and 1.5 GB, nothing written outside."""

import resource

import pytest
from epubs import HOSTILE
from ground import a_sentence, commands, forked, tree

MEMORY = 1536 * 2**20  # bytes beyond which a reader is no longer bounded


def little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (2 * MEMORY, 2 * MEMORY))


@pytest.mark.parametrize("what", HOSTILE)
def test_read_or_refused(tmp_path, what):
    ground = tmp_path / "ground"
    ground.mkdir()
    source = tmp_path / "hostile.epub"
    source.write_bytes(HOSTILE[what]())
    book = str(ground / "book")
    said = a_sentence(
        forked(commands([["init", book, "--source", str(source)], ["plan", book]], little_memory))
    )
    assert "root:" not in said and "daemon:" not in said
    names = {path.split("/")[0] for path in tree(ground)}
    assert names <= {"book"} and not any("pwned" in path for path in tree(ground))
    assert {path.name for path in tmp_path.iterdir()} == {"ground", "hostile.epub"}

"""Hostile EPUBs through `init` and `plan`: read or refused, within ten seconds and 1.5 GB, nothing written outside."""

import resource

import pytest
from epubs import HOSTILE
from ground import a_sentence, command, forked, tree

MEMORY = 1536 * 2**20  # bytes beyond which a reader is no longer bounded


def little_memory() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (2 * MEMORY, 2 * MEMORY))


def attempt(ground, source) -> list:
    """init, then plan if there is a project; every process in its own memory."""
    words = ["init", str(ground / "book"), "--source", str(source)]
    done = [forked(command(words, little_memory))]
    if (ground / "book" / "book.yaml").exists():
        done.append(forked(command(["plan", str(ground / "book")], little_memory)))
    return done


@pytest.mark.parametrize("what", HOSTILE)
def test_read_or_refused(tmp_path, what):
    ground = tmp_path / "ground"
    ground.mkdir()
    source = tmp_path / "hostile.epub"
    source.write_bytes(HOSTILE[what]())
    for ended in attempt(ground, source):
        said = a_sentence(ended)
        assert "root:" not in said and "daemon:" not in said
    names = {path.split("/")[0] for path in tree(ground)}
    assert names <= {"book"} and not any("pwned" in path for path in tree(ground))
    assert {path.name for path in tmp_path.iterdir()} == {"ground", "hostile.epub"}

"""A project's own state in other hands: ledgers with rows of nonsense, pipes and devices for files, caches without end."""

import os
import sqlite3
from pathlib import Path

import pytest
from ground import Project, a_sentence


def row(change: str):
    def spoil(project: Project) -> None:
        ledger = sqlite3.connect(project.folder / ".dotsbook" / "ledger.db")
        ledger.executescript(f"UPDATE takes SET {change}; PRAGMA wal_checkpoint(TRUNCATE)")
        ledger.close()

    return spoil


def take(project: Project) -> Path:
    path = min((project.folder / ".dotsbook" / "takes").rglob("*.flac"))
    path.unlink()
    return path


def endless(project: Project) -> None:
    for path in (project.folder / ".dotsbook" / "cache").rglob("*.json"):
        path.write_bytes(b"[" * 100_000)


STATES = {
    "no rate": row("rate = 0"),
    "a length in words": row("samples = 'long'"),
    "speech after the end": row("last = samples * 2"),
    "a rate of 1 Hz": row("rate = 1"),
    "energies cut off": row("energies = x'00'"),
    "figures that are no JSON": row("health = '{'"),
    "a pipe for a take": lambda project: os.mkfifo(take(project)),
    "a device for a take": lambda project: take(project).symlink_to("/dev/zero"),
    "caches without end": endless,
}


@pytest.mark.parametrize("what", STATES)
def test_told_and_put_right(rendered, what):
    """Every command ends in a sentence, and after `verify --repair` the book is made."""
    STATES[what](rendered)
    for words in (("status", "@"), ("verify", "@"), ("assemble", "@")):
        ended = rendered.run(*words)
        assert ended.code in (0, 1, 3) and "Traceback" not in ended.said, ended.said
    a_sentence(rendered.run("verify", "@", "--repair"))
    rendered.must("make", "@", "--format", "vtt")


@pytest.mark.parametrize("name", ["book.yaml", ".dotsbook/ledger.db", "story.md"])
@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")], ids=["pipe", "device"]
)
def test_what_is_no_file_is_not_waited_for(rendered, name, make):
    path = rendered.folder / name
    path.unlink()
    make(path)
    ended = rendered.run("verify", "@")
    assert ended.code == 1 or name == "story.md"
    assert path.name in a_sentence(rendered.run("status", "@"))

"""Several at once on one project, in real processes: each ends well or with a sentence, and nothing is lost."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from ground import MANIFEST, Project

WORDS = ["salt", "road", "mill", "bridge", "winter", "harbour", "lamp", "letter", "ferry", "rain"]
LINES = "\n\n".join(
    f"The {one} and the {other} were all that anyone ever spoke of there."
    for one in WORDS
    for other in WORDS[:2]
)


@pytest.fixture
def long(tmp_path) -> Project:
    """A book that takes a few seconds."""
    return Project.make(
        tmp_path / "book", f"# One\n\n{LINES}\n\n# Two\n\n{LINES.replace('spoke', 'dreamt')}\n", MANIFEST
    )


def start(project: Project, *words: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "dotsbook", *project.words(words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def end(process: subprocess.Popen, *codes: int) -> str:
    said, _ = process.communicate(timeout=100)
    assert process.returncode in codes, said
    assert "Traceback" not in said and "did not foresee" not in said, said
    return said


def wait_for_takes(project: Project, count: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and len(list((project.folder / ".dotsbook").rglob("[!.]*.flac"))) < count:
        time.sleep(0.02)


def sound(project: Project) -> None:
    """After all: verified, complete, and the next render has nothing to do."""
    project.must("verify", "@")
    assert "Nothing to render" in project.must("render", "@")


def test_a_render_and_everything_else(long):
    """The second writer is told who works; readers read; a retake is taken, and made by the render that goes on."""
    first = start(long, "render", "@")
    wait_for_takes(long, 3)
    first.send_signal(signal.SIGSTOP)  # in the middle, however fast the machine
    others = [
        long.run(*words)
        for words in (
            ("render", "@"),
            ("sweep", "@", "--yes"),
            ("status", "@"),
            ("verify", "@"),
            ("assemble", "@", "--partial"),
            ("plan", "@"),
            ("sweep", "@"),
            ("retake", "1.2", "--project", "@"),
        )
    ]
    for other in others:
        assert other.code in (0, 1, 3) and "Traceback" not in other.said, other.said
    first.send_signal(signal.SIGCONT)
    for number in (0, 1):
        assert "another dotsbook" in others[number].said and others[number].code == 1, others[number].said
    assert (
        others[7].code == 0 or "held by another program" in others[7].said
    )  # stopped in the middle of a commit
    assert [others[number].code for number in (2, 3, 5, 6)] == [0] * 4
    end(first, 0)
    sound(long)


def test_two_renders_started_together(long):
    """One wins, one says so, whichever; no take is made by both."""
    both = [start(long, "render", "@", "--json") for _ in range(2)]
    said = [end(process, 0, 1) for process in both]
    keys = [key for words in said for key in re.findall(r'"event": "done".*?"key": "([^"]+)"', words)]
    assert keys and len(keys) == len(set(keys))
    sound(long)


def test_an_editor_saves_while_it_renders(long):
    """The manifest is read once; what an editor writes, halves included, is for the next command."""
    first = start(long, "render", "@")
    wait_for_takes(long, 3)
    manifest, text, stop = long.folder / "book.yaml", MANIFEST, threading.Event()

    def save() -> None:
        while not stop.is_set():
            manifest.write_text(text[: len(text) // 2])
            manifest.write_text(text)
            fresh = manifest.with_suffix(".swp")
            fresh.write_text(text)
            os.replace(fresh, manifest)

    editor = threading.Thread(target=save)
    editor.start()
    try:
        readers = [long.run("status", "@") for _ in range(3)]
    finally:
        stop.set()
        editor.join()
    assert all(reader.code in (0, 1) and "Traceback" not in reader.said for reader in readers)
    end(first, 0)
    sound(long)


def test_many_readers(rendered):
    """Ten at a time, none in another's way."""
    names = ("status", "plan", "verify", "sweep", "voices")
    readers = [os.fork() or os._exit(rendered.run(names[number % 5], "@").code) for number in range(10)]
    assert [os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]) for reader in readers] == [0] * 10


def test_two_assemblies_at_once(rendered):
    both = [start(rendered, "assemble", "@", "--format", "m4b,page") for _ in range(2)]
    for process in both:
        end(process, 0)
    rendered.must("verify", "@")
    assert not [path for path in Path(rendered.folder / "out").iterdir() if path.name.startswith(".writing-")]

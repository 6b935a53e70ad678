"""Death at every step of init, render, assemble, enrolment and conversion: the same command again, and all is well."""

import hashlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ground import CODES, HOWS, Death, Project, dying_at, forked, heard, speech, tree


def die(project: Project, number: int, *words: str, or_be_done: bool = False) -> None:
    how = HOWS[number % 3]
    ended = project.run(*words, before=dying_at(number, how))
    assert ended.code == CODES[how] or (or_be_done and ended.code == 0), ended.said


def named(folder: Path) -> dict[str, str]:
    """What stands under a final name; temporary files start with a dot and are nobody's."""
    return {
        name: what
        for name, what in tree(folder).items()
        if not any(part.startswith((".writing-", ".converting-")) for part in name.split("/"))
    }


def test_init(tmp_path):
    (tmp_path / "mine.md").write_text("---\ntitle: Mine\n---\n\n# One\n\nHello there.\n")
    words = ("init", "@", "--source", str(tmp_path / "mine.md"))
    whole = Project(tmp_path / "whole")
    whole.folder.mkdir()
    wanted = {}
    for number in range(0, whole.steps(*words), 2):
        torn = Project(tmp_path / f"torn{number}")
        die(torn, number, *words)
        if not wanted:
            whole.must(*words)
            wanted = tree(whole.folder)
        left = named(torn.folder)
        assert {name: wanted.get(name) for name in left} == left, "half-written under a final name"
        if (torn.folder / "book.yaml").exists():  # the project stands: init refuses to touch it
            assert left == wanted and torn.run(*words).code == 1
        else:
            torn.must(*words)
        assert named(torn.folder) == wanted
    assert number > 14


def test_assemble(rendered, tmp_path):
    """First over nothing, then over the book of before."""
    words = ("assemble", "@", "--format", "m4b,mp3,page,vtt,json")
    calm = rendered.copy(tmp_path / "calm")
    calm.must(*words)
    wanted, count = calm.books(), rendered.steps(*words)
    for number in range(0, count, max(1, count // 2)):
        torn = rendered.copy(tmp_path / f"torn{number}")
        die(torn, number, *words)
        assert {name: wanted.get(name) for name in torn.books()} == torn.books(), (
            "half-written under a final name"
        )
        assert torn.takes() == rendered.takes()
        torn.must(*words)
        assert torn.books() == wanted
        shutil.rmtree(torn.folder)


def test_what_was_finished_before_still_stands(rendered):
    words = ("assemble", "@", "--format", "m4b,page,vtt")
    rendered.must(*words)
    before = rendered.books()
    text = (rendered.folder / "book.yaml").read_text()
    (rendered.folder / "book.yaml").write_text(text.replace("tail: 0.1", "tail: 0.9"))
    calm = rendered.copy(rendered.folder.with_name("calm"))
    calm.must(*words)
    wanted, count = calm.books(), rendered.steps(*words)
    for number in range(0, count, max(1, count // 2)):
        die(
            rendered, number, *words, or_be_done=True
        )  # what one run kept in the cache, the next needn't write
        now = rendered.books()
        assert now.keys() == before.keys()
        assert all(now[name] in (before[name], wanted[name]) for name in now)
    rendered.must(*words)
    assert rendered.books() == wanted


def test_render_with_its_caches_and_lock(project, rendered_once, tmp_path):
    """Takes are attacked step by step in tests/render; here all else that a render writes, the lock file among it."""
    words, wanted = ("render", "@"), rendered_once.takes()
    count = project.steps(*words)
    for number in [0, 3, 6, count - 8, count - 4, count - 1]:
        torn = project.copy(tmp_path / f"torn{number}")
        die(torn, number, *words, or_be_done=True)  # takes are committed in groups that vary
        torn.must(*words)
        assert torn.takes() == wanted
        lock = torn.folder / "book.lock.yaml"
        assert (
            not lock.exists() or lock.read_bytes() == (rendered_once.folder / "book.lock.yaml").read_bytes()
        )
        torn.must("verify", "@")


def test_enrolment(project, tmp_path):
    speech(tmp_path / "me.wav")
    said = "Of all that is spoken here nothing is a word, and still it has to be about long enough. "
    words = (
        "voice",
        "add",
        "new",
        "--reference",
        str(tmp_path / "me.wav"),
        "--transcript",
        said * 1,
        "--consent",
        "mine",
        "--project",
        "@",
    )
    before = (project.folder / "book.yaml").read_bytes()
    count, calm = project.steps(*words), project.copy(tmp_path / "calm")
    calm.must(*words)
    after = (calm.folder / "book.yaml").read_bytes()
    for number in range(count):
        torn = project.copy(tmp_path / f"torn{number}")
        die(torn, number, *words)
        now = (torn.folder / "book.yaml").read_bytes()
        assert now in (before, after)
        if now == before:
            torn.must(*words)
        torn.must("voices", "@")


def test_a_profile(tmp_path):
    """An enrolled voice is the old one or the new one."""
    from dotsbook.model.profile import Profile, read_profile

    def profile(number: float) -> Profile:
        return Profile("m", np.full(8, number, np.float32), np.ones(4, np.float32), 1.5, 3.0)

    path = tmp_path / "voice.profile"
    for number in range(5):
        profile(1.0).save(path)
        for how in HOWS:

            def work(number=number, how=how) -> int:
                dying_at(number, how)()
                profile(2.0).save(path)
                return 0

            assert forked(work).code == CODES[how]
            found = read_profile(path).x_vector
            assert (found == 1.0).all() or (found == 2.0).all()


DYING_AT_A_SYNC = """
import os, signal, sys
from dotsbook import files
from dotsbook.cli.app import run

left = int(sys.argv[1])

def sync(descriptor):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

files.sync = sync
sys.exit(run(sys.argv[2:]))
"""


def test_a_conversion_appears_whole_or_not_at_all(tmp_path):
    """convert has no steps of its own: die at each sync, and at the rename. Not in a fork: MLX's threads don't survive one."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from tests.model.tiny import write_tiny

    source = write_tiny(tmp_path / "source")

    def convert(out: Path, syncs: int) -> int:
        words = ["model", "convert", str(source), str(out)]
        return subprocess.run(
            [sys.executable, "-c", DYING_AT_A_SYNC, str(syncs), *words], capture_output=True
        ).returncode

    assert convert(tmp_path / "calm", 1000) == 0
    wanted = tree(tmp_path / "calm")
    for syncs in (0, 8, 40):
        out = tmp_path / f"out{syncs}"
        code = convert(out, syncs)
        assert code in (0, -signal.SIGKILL)
        if not out.exists():
            assert convert(out, 1000) == 0
        assert tree(out) == wanted
    assert code == 0, "more syncs than are attacked"


def test_death_is_what_it_says():
    """The harness itself: an uncaught end is told from a refusal."""

    def work() -> int:
        raise Death("x")

    assert forked(work).code == 70
    assert forked(lambda: 3).code == 3
    with pytest.raises(TimeoutError):
        forked(lambda: [None for _ in iter(int, 1)] and 0, limit=0.3)
    assert len(hashlib.sha256(heard.__doc__.encode()).digest()) == 32

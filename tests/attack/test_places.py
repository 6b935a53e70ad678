"""Projects in places nobody would choose: odd names, links, folders that may not be written, disks too small."""

import ctypes
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ground import MANIFEST, STORY, Ended, Project, a_sentence, commands, dotsbook, forked, tree

NAMES = {
    "spaces": "  two  spaces ",
    "quotes": 'it\'s "quoted" `here`',
    "shell": "$(touch pwned); rm -rf x & *?[a]",
    "markup": "[bold]not[bold] <b>&amp;",
    "emoji": "🛥️ ferry 👩‍👩‍👧",
    "250 bytes": "x" * 250,
    "newline": "two\nlines",
    "a dash": "-v",
    "percent": "%s %d {0} {name}",
    "not UTF-8": os.fsdecode(b"b\xfcch \xff\xfe"),
    "decomposed": "cafe\u0301",
    "a network name": "http:",
    "concat": "concat:a|b",
}


@pytest.mark.parametrize("what", NAMES)
def test_a_name_that_is_odd(tmp_path, what):
    """init, plan, make, verify: as anywhere else."""
    ground = tmp_path / "ground"
    ground.mkdir()
    (ground / "story.md").write_text(STORY)
    folder = ground / NAMES[what]
    made = dotsbook("init", os.path.join(ground, NAMES[what]), "--source", ground / "story.md")
    assert made.code == 0, made.said
    manifest = folder / "book.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("engine: draft", "engine: syllables"), "utf-8")
    place = os.path.join(ground, NAMES[what])
    ended = forked(
        commands(
            [["plan", place], ["make", place, "--format", "m4b,vtt"], ["status", place], ["verify", place]]
        )
    )
    assert ended.code == 0, ended.said
    assert len(list((folder / "out").glob("*.m4b"))) == 1
    assert {path.name for path in ground.iterdir()} == {"story.md", NAMES[what]}


@pytest.mark.parametrize(
    "name", ["odd \udcff.md", "it's 'q'.md", "[b]x[b].md", "emoji 🛥️.md", "x" * 240 + ".md"]
)
def test_a_source_with_an_odd_name(tmp_path, name):
    (tmp_path / name).write_text(STORY)
    made = dotsbook("init", tmp_path / "p", "--source", tmp_path / name)
    a_sentence(made)
    if made.code == 0:
        assert dotsbook("plan", tmp_path / "p").code == 0


def test_two_names_one_lock(project):
    """A folder by two links is one project: one lock, one ledger."""
    import fcntl

    one, two = (project.folder.with_name(name) for name in ("one", "two"))
    one.symlink_to(project.folder)
    two.symlink_to(project.folder)
    assert dotsbook("render", one, "--limit", "2").code == 0
    with open(two / ".dotsbook" / "lock", "rb+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused = dotsbook("render", one)
        assert refused.code == 1 and "another dotsbook" in refused.said
    assert "3 takes" in dotsbook("render", two).said or "Nothing" not in dotsbook("render", two).said
    assert "Nothing to render" in dotsbook("render", one).said


def test_the_clock_set_back(project):
    """Days, years and before the epoch: nothing depends on it but what is written of when."""

    def at(moment: float):
        def spoil() -> None:
            time.time = lambda: moment
            time.time_ns = lambda: int(moment * 1e9)

        return spoil

    assert project.run("render", "@", "--limit", "2", before=at(4e9)).code == 0
    for moment in (1e9, 0.0, -1e6):
        a_sentence(project.run("status", "@", before=at(moment)))
    ended = project.run("make", "@", before=at(1000.0))
    assert ended.code == 0, ended.said
    for path in project.folder.rglob("*"):
        os.utime(path, (5e9, 5e9))
    assert "Nothing to render" in project.must("render", "@", before=at(10.0))
    project.must("verify", "@")


# ── without permission ──────────────────────────────────────────────────────────────────────────────────────────────

OVERRIDES = 0b1111  # CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER


@pytest.fixture
def closable(tmp_path):
    """A project whose folders may be closed; they are open again for the cleaner."""
    made = Project.make(tmp_path / "ground" / "book", STORY, MANIFEST)
    yield made
    subprocess.run(["chmod", "-R", "u+w", str(tmp_path)], check=False)


def obey() -> None:
    """Root may write anywhere: give that up, for this process, so that permissions mean something."""
    if os.geteuid() != 0:
        return
    libc = ctypes.CDLL(None, use_errno=True)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, data) == 0, "permissions can't be tested as root here"
    data[0] &= ~OVERRIDES
    data[1] &= ~OVERRIDES
    assert libc.capset(header, data) == 0


def close(folder: Path, mode: int = 0o555) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(mode)


def humbly(project: Project, *words: str) -> Ended:
    return project.run(*words, before=obey)


@pytest.mark.parametrize("rendered", [False, True])
def test_a_folder_that_may_only_be_read(closable, rendered):
    """plan and status work, everything that writes says a sentence, nothing changes."""
    if rendered:
        assert humbly(closable, "render", "@", "--limit", "2").code == 0
    close(closable.folder)
    for name in ("ledger.db", "lock"):
        if (closable.folder / ".dotsbook" / name).exists():
            (closable.folder / ".dotsbook" / name).chmod(0o444)
    before = tree(closable.folder)
    for words in (("plan", "@"), ("status", "@"), ("voices", "@"), ("sweep", "@"), ("verify", "@")):
        ended = humbly(closable, *words)
        assert ended.code == 0, f"{words}: {ended.said}"
    for words in (
        ("render", "@"),
        ("make", "@"),
        ("retake", "1.1", "--project", "@"),
        ("sweep", "@", "--yes"),
    ):
        ended = humbly(closable, *words)
        assert ended.code == 1, f"{words}: {ended.code} {ended.said}"
        assert "written" in a_sentence(ended) or "writing" in ended.said, ended.said
    assert tree(closable.folder) == before


def test_an_output_folder_taken_away(closable):
    assert humbly(closable, "make", "@").code == 0
    out = closable.folder / "out"
    book = next(out.glob("*.m4b")).read_bytes()
    out.chmod(0o555)
    refused = humbly(closable, "assemble", "@")
    assert refused.code == 1 and "can't be written" in a_sentence(refused)
    assert next(out.glob("*.m4b")).read_bytes() == book
    out.chmod(0o755)
    assert humbly(closable, "assemble", "@").code == 0


def test_init_where_nothing_may_be_written(closable):
    close(closable.folder.parent)
    ended = dotsbook("init", closable.folder.parent / "new", before=obey)
    assert ended.code == 1 and "can't be written" in a_sentence(ended)


def test_a_source_that_may_not_be_read(closable):
    (closable.folder / "story.md").chmod(0)
    ended = humbly(closable, "plan", "@")
    assert ended.code == 1 and "story.md" in a_sentence(ended)


def test_a_manifest_that_may_not_be_read(closable):
    (closable.folder / "book.yaml").chmod(0)
    ended = humbly(closable, "plan", "@")
    assert ended.code == 1 and "book.yaml" in a_sentence(ended)


# ── a disk too small ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(mount, capture_output=True, check=False).returncode
    ):
        pytest.skip("not run: mounting a small disk takes root on Linux (tests/README.md says when it was)")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_of_400_kilobytes(small_disk, rendered_once):
    """init, render and assemble on a full disk: sentences; on a larger one the same commands go on."""
    filler = small_disk / "filler"
    project = Project.make(small_disk / "book", STORY, MANIFEST)
    refused = project.run("render", "@")
    assert refused.code == 1 and "full" in a_sentence(refused), refused.said
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free))
    new = dotsbook("init", small_disk / "new")
    assert new.code == 1 and "full" in a_sentence(new) and not (small_disk / "new" / "book.yaml").exists()
    a_sentence(project.run("plan", "@"))
    a_sentence(project.run("status", "@"))
    filler.unlink()
    subprocess.run(["mount", "-o", "remount,size=600m", str(small_disk)], check=True)
    project.must("render", "@")
    assert project.takes() == rendered_once.takes()
    subprocess.run(["mount", "-o", "remount,size=5m", str(small_disk)], check=True)
    refused = project.run("assemble", "@")
    assert refused.code == 1 and "full" in a_sentence(refused)
    subprocess.run(["mount", "-o", "remount,size=600m", str(small_disk)], check=True)
    project.must("make", "@")

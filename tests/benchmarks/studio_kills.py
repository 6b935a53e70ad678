"""The studio killed at random while two tabs mark, a render runs and the command line writes: what was wanted is all there.

python tests/benchmarks/studio_kills.py [--kills 50] [--seed 1]

By hand: needs the extras `studio` and `test-real`, and Chromium. In each round the studio dies by `kill -9` at a random moment
and is started anew at the same port. Both tabs go on marking meanwhile; a mark made while it is away waits in the browser. At
the end every mark that a tab made and every note of the command line is in the ledger once, no take is lost or made twice, and
both tabs know of every line what the ledger says. Ends with 1 if not.
"""

import argparse
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import dotsbook

DOTSBOOK = [sys.executable, "-m", "dotsbook"]
MARK = """text => import('/studio/api.js').then(({ wish }) => {
    const line = window.seen[text.length * 7 % window.seen.length]
    wish('note', { line, text, at: 0.1 }).catch(error => { window.refused = String(error) })
})"""
SEEN = "window.seen = [...window.dotsbook.store.lines.values()].map(line => line.id)"  # a tab that reads anew has none for a moment
KNOWN = """async () => {
    const { line, total } = await import('/studio/store.js')
    const found = []
    for (let place = 0; place < total(); place += 1) {
        const one = await line(place)
        found.push([one.id, one.state ?? '', one.key ?? '', one.notes ?? 0])
    }
    return found
}"""


@dataclass
class Round:
    """What was wanted and what was told."""

    wanted: list[str] = field(default_factory=list)  # the texts of all notes
    kills: int = 0
    away: float = 0.0  # s that a tab took, at most, to be back after the studio was


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as asked:
        return asked.getsockname()[1]


def started(folder: Path, port: int) -> tuple[subprocess.Popen, str]:
    """The studio in a process of its own, and its link."""
    command = [*DOTSBOOK, "studio", str(folder), "--json", "--no-open", "--port", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout and running.stderr
    told = running.stdout.readline()
    if not told:
        raise RuntimeError(running.stderr.read())
    return running, json.loads(told)["url"]


def opened(context, link: str):
    tab = context.new_page()
    tab.goto(link)
    tab.goto(f"{link.partition('?')[0]}#/listen")
    tab.wait_for_selector(".line")
    tab.evaluate(SEEN)
    return tab


def is_back(tab) -> bool:
    return "away" not in tab.locator("#link").inner_text()


def rounds(browser, folder: Path, kills: int, luck: random.Random) -> tuple[Round, list]:
    """Kill and start again so many times; (what was wanted, the tabs)."""
    told, port = Round(), free_port()
    studio, link = started(folder, port)
    first = opened(browser.new_context(), link)
    second = browser.new_context()
    second.add_cookies(first.context.cookies())
    tabs = [first, opened(second, link)]
    render = None
    try:
        for number in range(kills):
            if render is None or render.poll() is not None:
                finish(render)
                with dotsbook.open(folder) as book:
                    book.retake([chunk.id for chunk in book.chunks() if luck.random() < 0.3])
                render = subprocess.Popen(
                    [*DOTSBOOK, "render", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
                )
            end = time.monotonic() + luck.uniform(0.05, 1.5)
            writes = subprocess.Popen(
                [*DOTSBOOK, "note", "1.2", f"by hand {number}", "-p", str(folder)], stdout=subprocess.DEVNULL
            )
            told.wanted.append(f"by hand {number}")
            while time.monotonic() < end:
                mark(tabs, told, luck)
            studio.kill()
            studio.wait()
            told.kills += 1
            for _ in range(luck.randrange(3)):
                mark(tabs, told, luck)
            studio, _ = started(folder, port)
            begun = time.monotonic()
            assert writes.wait(120) == 0, "the command line is not disturbed"
            for tab in tabs:
                while not is_back(tab):
                    tab.wait_for_timeout(50)
                    assert time.monotonic() < begun + 60, "a tab doesn't come back"
            told.away = max(told.away, time.monotonic() - begun)
            print(f"{number + 1}: {len(told.wanted)} notes", flush=True)
        finish(render)
        for tab in tabs:  # what waited in the browser is sent
            for _ in range(600):
                if not tab.evaluate("JSON.parse(localStorage.getItem('dotsbook-wishes') || '[]').length"):
                    break
                tab.wait_for_timeout(100)
        truth = truth_of(folder)
        return told, [(tab.evaluate("window.refused ?? ''"), told_at_last(tab, truth)) for tab in tabs]
    finally:
        for tab in tabs:
            tab.context.close()
        studio.kill()
        studio.wait()


def mark(tabs: list, told: Round, luck: random.Random) -> None:
    text = f"tab {len(told.wanted)} {'x' * luck.randrange(1, 40)}"
    told.wanted.append(text)
    luck.choice(tabs).evaluate(MARK, text)
    tabs[0].wait_for_timeout(luck.randrange(20, 200))


def truth_of(folder: Path) -> list:
    """Of every line what the ledger says: its id, state, take and how many notes."""
    with dotsbook.open(folder) as book:
        board = book.review.board
        while not board.load():
            pass
        return [[line.id, line.state, line.key, line.notes] for line in board.lines]


def told_at_last(tab, truth: list) -> list:
    """What a tab knows of all lines, once it has been told everything, or after half a minute."""
    end = time.monotonic() + 30
    while (known := tab.evaluate(KNOWN)) != truth and time.monotonic() < end:
        tab.wait_for_timeout(300)
    return known


def finish(render: subprocess.Popen | None) -> None:
    if render is not None:
        _, words = render.communicate(timeout=300)
        assert render.returncode == 0, words.decode()


def faults(folder: Path, told: Round, known: list) -> list[str]:
    """What is lost, doubled or contradicts."""
    with dotsbook.open(folder) as book:
        notes = Counter(note.text for _, note in book.review.notes())
        harm = book.verify().faults
    found = [f"lost: {text}" for text in told.wanted if not notes[text]]
    found += [f"{count} times: {text}" for text, count in notes.items() if count > 1]
    found += [f"verify finds {harm} faults"] if harm else []
    truth = truth_of(folder)
    for number, (refused, lines) in enumerate(known, 1):
        found += [f"tab {number} was refused: {refused}"] if refused else []
        found += [
            f"tab {number} knows {mine}, the ledger {own}"
            for mine, own in zip(lines, truth, strict=True)
            if mine != own
        ]
    return found


def killed(browser, source: Path, kills: int, seed: int) -> tuple[Round, list[str]]:
    """(what was wanted, what is wrong) after so many kills of the studio of a book, which is rendered first."""
    with dotsbook.open(source) as book:
        list(book.render())
    told, known = rounds(browser, source, kills, random.Random(seed))
    return told, faults(source, told, known)


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as tool:
        folder = Path(temporary) / "lighthouse"
        example = Path(__file__).parents[2] / "projects" / "lighthouse"
        shutil.copytree(example, folder, ignore=shutil.ignore_patterns(".dotsbook", "out"))
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = tool.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        told, wrong = killed(browser, folder, chosen.kills, chosen.seed)
        browser.close()
    print(
        f"{told.kills} kills, {len(told.wanted)} notes; a tab was back within {told.away:.1f} s; wrong: {len(wrong)}"
    )
    for one in wrong[:30]:
        print(one)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

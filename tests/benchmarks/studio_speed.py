"""The studio in Chromium over a very large book: how soon there is text and sound, how smoothly it scrolls, what it holds, and
how soon every question and every change is answered, also while the book is read again.

python tests/benchmarks/studio_speed.py FOLDER [CHUNKS]      100,000 chunks; FOLDER is made by large_book.py where it isn't there

By hand: needs the extras `studio` and `test-real`, and Chromium. Each figure is the best of three where the machine does
other things too; ends with 1 if one misses its line.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.benchmarks.large_book import large_book

TRIES = 3
TEXT, SOUND, GAP, MEMORY = 1.0, 2.0, 17.5, 300  # s, s, ms (a frame at 60 Hz and a little), MB
ANSWER = 2.0  # s
SIZE = {"width": 1280, "height": 900}
VIEWS = ("book", "doubtful", "takes/100.4", "words/100.4", "cast", "direct/100.4", "review")
QUESTIONS = ("doubtful", "words", "cast", "cast-doubtful", "direction", "signed", "notes", "files")
OF_A_LINE = ("line", "abilities", "source-line")
ASKED = """async ([kind, name, fields]) => {
    const from = performance.now()
    const page = await import('/studio/api.js')
    await page[kind](name, fields)
    return (performance.now() - from) / 1000
}"""
WATCH = """
    new MutationObserver((_, watch) => {
        if (document.querySelector('.line')) { window.texted = performance.now(); watch.disconnect() }
    }).observe(document, {childList: true, subtree: true})
"""
SCROLL = """pixels => new Promise(done => {
    const gaps = []
    let last = performance.now()
    const from = last
    const step = now => {
        gaps.push(now - last)
        last = now
        scrollBy(0, pixels)
        if (now - from < 5000) requestAnimationFrame(step)
        else done(gaps.slice(1))
    }
    requestAnimationFrame(step)
})"""


@contextmanager
def studio(folder: Path) -> Iterator[str]:
    """The studio as a person starts it; its address."""
    command = [sys.executable, "-m", "dotsbook", "studio", str(folder), "--json", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield json.loads(running.stdout.readline())["url"]
        finally:
            running.terminate()


def until(tab, true, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        tab.wait_for_timeout(5)


def first_page(context, address: str) -> tuple[float, float]:
    """(s until the first lines stand there, s until one is heard), from the moment the page is asked for."""
    tab = context.new_page()
    tab.add_init_script(WATCH)
    tab.goto(address, wait_until="commit")
    until(tab, lambda: tab.evaluate("Boolean(window.texted)"))
    tab.keyboard.press(" ")
    until(tab, lambda: tab.evaluate("window.dotsbook.player.playing && window.dotsbook.second() > 0.05"))
    heard = tab.evaluate("performance.now()") / 1000
    text = tab.evaluate("window.texted") / 1000
    tab.close()
    return text, heard


def scrolled(tab, pixels: int) -> list[float]:
    """ms between frames in five seconds of scrolling by so many pixels a frame."""
    return tab.evaluate(SCROLL, pixels)


def settled(tab, view: str) -> float:
    """s until a view has all that it asks for."""
    waiting, done = set(), time.monotonic()
    tab.on("request", lambda one: waiting.add(one) if "/api/" in one.url else None)
    for end in ("requestfinished", "requestfailed"):
        tab.on(end, lambda one: waiting.discard(one))
    tab.evaluate("view => { location.hash = `#/${view}` }", view)
    begun = time.monotonic()
    while waiting or time.monotonic() < done + 0.5:
        if waiting:
            done = time.monotonic()
        tab.wait_for_timeout(10)
    return done - begun


def memory(browser) -> float:
    """MB that the page's process holds for itself: what the browser's own list of tabs shows."""
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    held = []
    for one in processes:
        if one["type"] == "renderer":
            status = Path(f"/proc/{one['id']}/status").read_text()
            lines = dict(line.split(":", 1) for line in status.splitlines())
            held.append(sum(int(lines[name].split()[0]) for name in ("RssAnon", "VmSwap")) / 1000)
    return max(held)


class Figures:
    """What was found against what it may be."""

    def __init__(self) -> None:
        self.failed = 0

    def say(self, what: str, found: float, most: float, unit: str) -> None:
        self.failed += found > most
        print(
            f"{'ok ' if found <= most else 'NOT'} {what}: {found:.2f} {unit} (at most {most:g})", flush=True
        )


def loaded(tab) -> bool:
    return tab.evaluate("window.dotsbook?.store.state.loading === false")


def openings(browser, folder: Path, figures: Figures) -> None:
    """The first page of a studio that has just been started, and of one that has read all of the book."""
    for kind in ("just started", "running"):
        found = []
        for _ in range(TRIES):
            with studio(folder) as address:
                context = browser.new_context(viewport=SIZE)
                door = context.new_page()
                door.goto(address, wait_until="commit")
                if kind == "running":
                    until(door, partial(loaded, door))
                door.close()
                found.append(first_page(context, f"{address.partition('?')[0]}#/listen"))
                context.close()
        figures.say(f"text, the studio {kind}", min(text for text, _ in found), TEXT, "s")
        figures.say(f"sound, the studio {kind}", min(heard for _, heard in found), SOUND, "s")


def scrolling(browser, tab, figures: Figures) -> None:
    tab.evaluate("location.hash = '#/listen'")
    until(tab, lambda: tab.locator(".line").count())
    for pixels in (20, 60):
        runs = [sorted(scrolled(tab, pixels)) for _ in range(TRIES)]
        best = min(runs, key=lambda gaps: gaps[len(gaps) * 95 // 100])
        print(f"    {1000 / statistics.fmean(best):.1f} frames a second, the longest gap {best[-1]:.0f} ms")
        figures.say(f"19 of 20 frames, {pixels * 60:,} px a second", best[len(best) * 95 // 100], GAP, "ms")
    for part in range(1, 40):
        tab.evaluate("part => scrollTo(0, document.body.scrollHeight * part)", part / 40)
        tab.wait_for_timeout(150)
    figures.say("memory of the tab, scrolled all over the book", memory(browser), MEMORY, "MB")


def questions(tab, line: str, figures: Figures) -> None:
    """What the views ask."""
    asked = [(name, {}) for name in QUESTIONS] + [(name, {"line": line}) for name in OF_A_LINE]
    for name, fields in (*asked, ("places", {"word": "ferry", "say": "FAIR-ee"})):
        figures.say(f"asked: {name}", tab.evaluate(ASKED, ["ask", name, fields]), ANSWER, "s")


def changes(tab, line: str, figures: Figures) -> None:
    """What changes the book's files: answered at once, and the book goes on as it was until it is read."""
    for what, name, fields in (
        ("a line's direction", "direct", {"lines": line, "wanted": {"pause-after": 1.5}}),
        ("that taken back", "clear-direction", {"lines": line}),
        ("an entry for no word", "write-entry", {"word": "Zanzibar", "say": "zan zi bar"}),
        ("that taken out", "write-entry", {"word": "Zanzibar", "say": None}),
        ("an entry for a word of all chapters", "write-entry", {"word": "ferry", "say": "FAIR-ee"}),
        ("that taken out", "write-entry", {"word": "ferry", "say": None}),
        ("a line said otherwise", "say-instead", {"line": line, "text": "Hello there."}),
        ("that taken back", "say-instead", {"line": line, "text": None}),
    ):
        before = tab.evaluate("window.dotsbook.store.state.epoch")
        begun = time.monotonic()
        figures.say(f"changed: {what}", tab.evaluate(ASKED, ["wish", name, fields]), ANSWER, "s")
        longest = 0.0
        while time.monotonic() < begun + 300:
            longest = max(longest, tab.evaluate(ASKED, ["ask", "lines", {"first": 50_000, "count": 50}]))
            if tab.evaluate("window.dotsbook.store.state.epoch") != before:
                break
            tab.wait_for_timeout(100)
        figures.say("    lines asked for meanwhile", longest, ANSWER, "s")
        print(f"    read after {time.monotonic() - begun:.1f} s", flush=True)


def main(folder: Path, chunks: int) -> int:
    from playwright.sync_api import sync_playwright

    if not (folder / "book.yaml").is_file():
        large_book(folder, chunks)
    figures = Figures()
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    arguments = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium, args=arguments)
        openings(browser, folder, figures)
        with studio(folder) as address:
            tab = browser.new_context(viewport=SIZE).new_page()
            tab.goto(address)
            until(tab, lambda: loaded(tab))
            scrolling(browser, tab, figures)
            for view in VIEWS:
                print(f"    {view}: {settled(tab, view):.2f} s", flush=True)
            figures.say("memory of the tab, all views seen", memory(browser), MEMORY, "MB")
            until(tab, lambda: tab.evaluate("window.dotsbook.store.state.reading === null"))
            line = tab.evaluate("import('/studio/store.js').then(told => told.line(50004))")["id"]
            questions(tab, line, figures)
            changes(tab, line, figures)
            for what in ("accept-all", "undo"):
                figures.say(f"changed: {what}", tab.evaluate(ASKED, ["wish", what, {}]), ANSWER, "s")
        browser.close()
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000))

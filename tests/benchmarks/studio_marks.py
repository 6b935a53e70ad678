"""A scripted listening in Chromium: a listener hears a word that is wrong and marks it about a second later; is it on its line?

python tests/benchmarks/studio_marks.py [MARKS]      in each line of the example book, 4

In the studio, and in a reviewer's bundle. By hand: needs the extras `draft`, `studio` and `test-real`, and Chromium; it listens
to the book eight times, for a quarter of an hour.
The listener's times are log-normal, a second at the median, nine of ten between 0.72 and 1.39 s; the words that they mark are
any of a line's, and are known when they have been heard. Ends with 1 if fewer than 95 of 100 marks are right at any speed.
"""

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import dotsbook
from dotsbook.studio.running_studio import StudioOptions, studio_running

SPEEDS = (1, 1.25, 1.5, 2)
LEAST = 0.95
SPREAD = 0.2  # of the logarithm of a listener's times
LISTEN = """plan => {
    window.marks = []
    const { player, meant } = window.dotsbook
    let place = -1
    const look = () => {
        if (player.playing && player.line && player.place !== place) {
            place = player.place
            const here = place
            const { begins, ends } = player.line
            for (const [share, takes] of plan[place] ?? []) {
                const heard = (begins - window.dotsbook.second() + share * (ends - begins)) / player.speed
                setTimeout(() => window.marks.push([here, meant().place]), 1000 * (heard + takes))
            }
        }
        if (place < Number(Object.keys(plan).at(-1)) || player.playing) setTimeout(look, 5)
        else setTimeout(() => { window.over = true }, 3000)
    }
    window.over = false
    look()
}"""


BUNDLE = """plan => {
    window.marks = []
    const { audio, book, meant, open, shown } = window.dotsbook
    const before = [0]
    for (const chapter of book.chapters) before.push(before.at(-1) + chapter.lines.length)
    let place = -1
    const look = () => {
        const second = audio.currentTime, chapter = shown()
        const number = audio.paused ? -1 : book.chapters[chapter].lines.findLastIndex(one => one.begins <= second)
        if (number >= 0 && place < before[chapter] + number) {
            place = before[chapter] + number
            const here = place, { begins, ends } = book.chapters[chapter].lines[number]
            for (const [share, takes] of plan[place] ?? []) {
                const heard = (begins - second + share * (ends - begins)) / audio.playbackRate
                setTimeout(() => {
                    const found = meant()
                    window.marks.push([here, before[found.chapter] + found.number])
                }, 1000 * (heard + takes))
            }
        }
        if (place < before.at(-1) - 1 || !audio.paused) setTimeout(look, 5)
        else setTimeout(() => { window.over = true }, 3000)
    }
    window.over = false
    open(0, 0, true)
    look()
}"""


def plan_of(lines: list[dict], marks: int, chance: random.Random) -> dict[int, list[tuple[float, float]]]:
    """{place of a line: (share of it that was heard at a word's end, s that the listener takes) of each mark}."""
    plan = {}
    for place, line in enumerate(lines):
        words = line["text"].split()
        ends = [len(" ".join(words[: number + 1])) / len(line["text"]) for number in range(len(words))]
        plan[place] = [(chance.choice(ends), chance.lognormvariate(0, SPREAD)) for _ in range(marks)]
    return plan


def listened(tab, home: str, speed: float, plan: dict) -> float:
    """The share of marks that are on their line."""
    tab.goto(f"{home}#/listen")
    tab.evaluate("speed => localStorage.setItem('dotsbook-speed', speed)", speed)
    tab.reload()
    tab.wait_for_selector(".line[aria-current]")
    tab.locator(".line").first.click()
    return marked(tab, LISTEN, plan)


def listened_from_disk(tab, address: str, speed: float, plan: dict) -> float:
    """The same in a reviewer's bundle."""
    tab.goto(address)
    tab.locator("#speed").select_option(f"{speed:g}")
    return marked(tab, BUNDLE, plan)


def marked(tab, listen: str, plan: dict) -> float:
    tab.evaluate(listen, {str(place): marks for place, marks in plan.items()})
    while not tab.evaluate("window.over"):
        tab.wait_for_timeout(500)
    marks = tab.evaluate("window.marks")
    assert len(marks) >= 0.97 * sum(map(len, plan.values())), "all of the book was heard"
    return sum(meant == found for meant, found in marks) / len(marks)


def main(marks: int) -> int:
    from playwright.sync_api import sync_playwright

    worst = 1.0
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as tool:
        folder = Path(temporary) / "lighthouse"
        example = Path(__file__).parents[2] / "projects" / "lighthouse"
        shutil.copytree(example, folder, ignore=shutil.ignore_patterns(".dotsbook", "out"))
        with dotsbook.open(folder) as book:
            list(book.render())
            [bundle] = book.assemble(["review"])
        browser = tool.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
        )
        tab = browser.new_context().new_page()
        with studio_running(folder / "book.yaml", StudioOptions()) as links:
            tab.goto(links.own)
            lines = tab.evaluate("fetch('/api/lines?count=500').then(told => told.json())")["lines"]
            worst = min(worst, heard_all("studio", listened, tab, links.own.partition("?")[0], lines, marks))
        address = bundle.path.as_uri()
        tab.goto(address)
        lines = tab.evaluate("window.dotsbook.book.chapters.flatMap(one => one.lines)")
        worst = min(worst, heard_all("bundle", listened_from_disk, tab, address, lines, marks))
        browser.close()
    return 0 if worst >= LEAST else 1


def heard_all(where: str, listened: Callable, tab, address: str, lines: list[dict], marks: int) -> float:
    """The smallest share of marks that are on their line, of all speeds."""
    chance = random.Random(5)
    worst = 1.0
    for speed in SPEEDS:
        right = listened(tab, address, speed, plan_of(lines, marks, chance))
        worst = min(worst, right)
        print(
            f"{where}, {speed:g} ×: {100 * right:.1f} % of {marks * len(lines)} marks on their line",
            flush=True,
        )
    return worst


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4))

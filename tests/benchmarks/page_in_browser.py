"""The page to listen by in headless Chromium: `python tests/benchmarks/page_in_browser.py OUT/index.html [SHOT.png]`.

By hand: needs `pip install playwright` and /usr/bin/chromium. Plays, follows, works by keyboard and by name, stays silent in the
console, and shows a hostile title as text. Ends with 1 if anything fails.
"""

import json
import sys
import tempfile
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--disable-background-networking"]
HOSTILE = "</script><script>window.harmed=1</script><img src=x onerror=window.harmed=1>"


def time_of(page) -> float:
    return page.evaluate("document.getElementById('audio').currentTime")


def paused(page) -> bool:
    return page.evaluate("document.getElementById('audio').paused")


def until(page, true) -> None:
    """Wait up to 20 s; the page's policy refuses the browser's own way to wait."""
    for _ in range(100):
        if true():
            return
        page.wait_for_timeout(200)


def listen(page, say) -> None:
    """Play, follow, keys, names."""
    until(page, lambda: page.evaluate("document.getElementById('audio').readyState") >= 1)
    say(
        "chapters and sentences are listed",
        page.locator("#chapters button").count() > 0 and page.locator(".sentence").count() > 0,
    )
    before = time_of(page)
    page.click("#play")
    until(page, lambda: time_of(page) > before + 2)
    say("it plays", not paused(page) and page.locator("#play").inner_text() == "Pause")
    say("one sentence is marked", page.locator(".sentence[aria-current]").count() == 1)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    page.wait_for_timeout(300)
    say("space pauses", paused(page))
    target = page.locator(".sentence").nth(min(3, page.locator(".sentence").count() - 1))
    words = target.inner_text()
    target.click()
    page.wait_for_timeout(700)
    say("a click on a sentence goes there", page.locator(".sentence[aria-current]").inner_text() == words)
    place = time_of(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    say("→ skips ahead", time_of(page) > place + 4)
    if page.locator("#chapters button").count() > 1:
        page.keyboard.press("n")
        page.wait_for_timeout(700)
        say(
            "n changes the chapter",
            page.locator("#chapters button").nth(1).get_attribute("aria-current") == "true",
        )
    names(page, say)


def names(page, say) -> None:
    """What a screen reader is told."""
    unnamed = page.evaluate("""[...document.querySelectorAll('button, input, select')].filter(e =>
        !(e.getAttribute('aria-label') || e.innerText.trim() || (e.labels && e.labels.length))).length""")
    say("every control has a name", unnamed == 0)
    say("the place is said in words", " of " in (page.locator("#seek").get_attribute("aria-valuetext") or ""))
    page.locator("#seek").focus()
    say("the place can be reached by keyboard", page.evaluate("document.activeElement.id") == "seek")


def hostile(browser, book: Path, say) -> None:
    """The same page with a title and sentences out to do harm: they are text."""
    text = book.read_text("utf-8")
    head, mark, rest = text.partition('<script id="book" type="application/json">')
    data, end, tail = rest.partition("</script>")
    content = json.loads(data)
    content["chapters"][0]["title"] = HOSTILE
    content["chapters"][0]["sentences"][0][2] = HOSTILE
    packed = json.dumps(content).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    with tempfile.NamedTemporaryFile(
        "w", suffix=".html", dir=book.parent, prefix=".hostile-", encoding="utf-8"
    ) as file:
        file.write(head + mark + packed + end + tail)
        file.flush()
        page = browser.new_page()
        page.goto(f"file://{file.name}")
        page.wait_for_timeout(800)
        say(
            "a hostile title is text",
            page.evaluate("window.harmed") is None and HOSTILE in page.locator("#chapters").inner_text(),
        )
        page.close()


def main(book: Path, shot: Path | None) -> int:
    from playwright.sync_api import sync_playwright

    failed: list[str] = []

    def say(what: str, good: bool) -> None:
        print(f"{'ok ' if good else 'NOT'} {what}")
        if not good:
            failed.append(what)

    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        noise: list[str] = []
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.goto(f"file://{book}")
        listen(page, say)
        if shot:
            page.screenshot(path=shot)
        page.set_viewport_size({"width": 390, "height": 800})
        say("it fits a telephone", page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
        say(f"nothing in the console {noise}", not noise)
        hostile(browser, book, say)
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]) if len(sys.argv) > 2 else None))

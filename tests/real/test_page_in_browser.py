"""The page to listen by in Chromium: what is shown is what is heard, and it can be used by eye, hand, key and ear."""

import functools
import http.server
import json
import re
import threading

import pytest

pytest.importorskip("playwright.sync_api", reason="needs the extra `test-real`")

HEARD = ".sentence[aria-current]"


@pytest.fixture
def opened(browser, book_pages):
    """Opens the page at a size of window; closes what was opened."""
    contexts = []

    def open_page(width=1000, height=800, url=None):
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        tab = context.new_page()
        tab.errors = []
        tab.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.goto(url or book_pages["page"].as_uri())
        until(tab, lambda: tab.evaluate("document.getElementById('audio').readyState") >= 1)
        return tab

    yield open_page
    for context in contexts:
        for tab in context.pages:
            assert not getattr(tab, "errors", [])
        context.close()


def until(tab, true, seconds=20):
    """Wait; the page's policy refuses the browser's own way to."""
    for _ in range(seconds * 10):
        if true():
            return
        tab.wait_for_timeout(100)
    raise AssertionError("it did not happen in time")


def time_of(tab) -> float:
    return tab.evaluate("document.getElementById('audio').currentTime")


def paused(tab) -> bool:
    return tab.evaluate("document.getElementById('audio').paused")


def clock(tab) -> tuple[int, int]:
    """(now, length) in seconds, as the page says."""
    now, whole = (text.split(":") for text in tab.locator("#clock").inner_text().split(" / "))
    return int(now[0]) * 60 + int(now[1]), int(whole[0]) * 60 + int(whole[1])


def chapter(tab) -> int:
    shown = tab.locator("#chapters button")
    return next(i for i in range(shown.count()) if shown.nth(i).get_attribute("aria-current"))


def test_it_plays_and_marks_one_sentence(opened):
    tab = opened()
    tab.click("#play")
    until(tab, lambda: time_of(tab) > 1.5)
    assert tab.locator(HEARD).count() == 1 and tab.locator("#play").inner_text() == "Pause"


def test_a_jump_over_a_chapters_end_goes_on_in_the_next(opened):
    tab = opened()
    whole = clock(tab)[1]
    tab.locator("#seek").evaluate(
        f"node => {{ node.value = {whole - 4}; node.dispatchEvent(new Event('input')) }}"
    )
    tab.click("#on")
    until(tab, lambda: chapter(tab) == 1)
    assert 8 <= clock(tab)[0] <= 14
    tab.click("#back")
    until(tab, lambda: chapter(tab) == 0)
    now, length = clock(tab)
    assert whole - 8 <= now <= length
    tab.locator("#chapters button").nth(2).click()
    for _ in range(9):
        tab.click("#on")
        now, length = clock(tab)
        assert now <= length, "no 12:02 of 12:00"
    assert chapter(tab) == 2


def test_a_reader_who_scrolls_is_not_pulled_back_and_follow_brings_back(opened):
    tab = opened()
    tab.click("#play")
    until(tab, lambda: time_of(tab) > 1)
    assert tab.locator("#follow").is_checked()
    tab.mouse.move(700, 600)
    tab.mouse.wheel(0, 1500)
    tab.wait_for_timeout(700)
    place, first = tab.evaluate("scrollY"), tab.locator(HEARD).inner_text()
    assert place > 200 and not tab.locator("#follow").is_checked()
    until(tab, lambda: tab.locator(HEARD).inner_text() != first)
    tab.wait_for_timeout(500)
    assert abs(tab.evaluate("scrollY") - place) < 2
    tab.locator("#follow").check()
    until(tab, lambda: tab.locator(HEARD).bounding_box()["y"] > 0)
    tab.mouse.wheel(0, 1500)
    tab.wait_for_timeout(300)
    tab.locator(".sentence").nth(12).click()
    tab.wait_for_timeout(300)
    assert tab.locator("#follow").is_checked(), "who chooses a sentence follows again"


def test_following_can_be_switched_off_for_good(opened):
    tab = opened()
    tab.locator("#follow").uncheck()
    tab.reload()
    until(tab, lambda: tab.evaluate("document.getElementById('audio').readyState") >= 1)
    assert not tab.locator("#follow").is_checked()
    tab.locator(".sentence").nth(3).click()
    assert not tab.locator("#follow").is_checked()


@pytest.mark.parametrize("size", [(320, 256), (360, 640), (1440, 900)])
def test_the_spoken_sentence_is_in_sight_and_not_under_the_player(opened, size):
    tab = opened(*size)
    tab.locator(".sentence").nth(9).dispatch_event("click")
    until(tab, lambda: tab.locator(HEARD).count() == 1 and "(1.10)" in tab.locator(HEARD).inner_text())
    tab.wait_for_timeout(1200)
    box, player = tab.locator(HEARD).bounding_box(), tab.locator(".player").bounding_box()
    assert box["y"] >= 0 and box["y"] < size[1] - 20
    assert box["y"] >= player["y"] + player["height"] - 1 or player["y"] + player["height"] <= 0


def test_sentences_are_reached_and_played_by_keyboard(opened):
    tab = opened()
    tab.locator("#seek").focus()
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "sentence"
    for _ in range(4):
        tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowUp")
    chosen = tab.evaluate("document.activeElement.textContent")
    assert chosen == tab.locator(".sentence").nth(3).inner_text()
    assert tab.evaluate("document.querySelectorAll('.sentence[tabindex=\"0\"]').length") == 1
    tab.keyboard.press("Enter")
    until(tab, lambda: not paused(tab) and tab.locator(HEARD).inner_text() == chosen)


def test_keys_of_a_control_stay_its_own(opened):
    tab = opened()
    tab.locator(".sentence").nth(5).click()
    tab.keyboard.press(" ")
    until(tab, lambda: paused(tab))
    before = time_of(tab)
    tab.locator("#speed").focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown", "n", "p"):
        tab.keyboard.press(key)
    tab.locator("#follow").focus()
    tab.keyboard.press(" ")
    tab.wait_for_timeout(300)
    assert abs(time_of(tab) - before) < 0.05 and paused(tab) and chapter(tab) == 0


@pytest.fixture
def server(book_pages):
    """A server that sends whole files only."""
    folder = book_pages["page"].parent
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    handler.func.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/index.html"
        running.shutdown()


def test_without_ranges_it_shows_the_chapter_that_is_heard(opened, server):
    tab = opened(url=server)
    tab.locator("#chapters button").nth(2).click()
    until(tab, lambda: not paused(tab))
    tab.wait_for_timeout(2000)
    starts = tab.evaluate("book.chapters.map(entry => entry.offset)")
    heard = max(i for i, start in enumerate(starts) if start <= time_of(tab) + 0.1)
    assert chapter(tab) == heard
    now, length = clock(tab)
    assert abs(now - (time_of(tab) - starts[heard])) < 2 and now <= length
    assert heard == 2 or "server" in tab.locator("#trouble").inner_text()


def test_the_word_that_is_heard_is_marked(opened, book_pages):
    text = book_pages["page"].read_text("utf-8")
    begin = text.index(">", text.index('<script id="book"')) + 1
    end = text.index("</script>", begin)
    book = json.loads(text[begin:end])
    book["words"] = True
    for row in (row for chapter in book["chapters"] for row in chapter["sentences"]):
        words = list(re.finditer(r"\S+", row[2]))
        each = (row[1] - row[0]) / len(words)
        row[7:] = [[[*word.span(), round(row[0] + at * each, 3)] for at, word in enumerate(words)]]
    sentences = [row[2] for row in book["chapters"][0]["sentences"]]
    place = book_pages["page"].with_name("words.html")
    place.write_text(text[:begin] + json.dumps(book).replace("<", "\\u003c") + text[end:], "utf-8")
    try:
        tab = opened(url=place.as_uri())
        assert [tab.locator(".sentence").nth(at).inner_text() for at in range(len(sentences))] == sentences
        tab.click("#play")
        seen = set()

        def two_words():
            seen.update(tab.locator(".word.now").all_inner_texts())
            return len(seen) > 1

        until(tab, two_words)
        assert tab.locator(".word.now").count() == 1 and tab.locator(f"{HEARD} .word.now").count() == 1
    finally:
        place.unlink()

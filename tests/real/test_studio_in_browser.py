"""The studio in Chromium: the whole job by keyboard alone, every view under axe, and what a page does when its server dies."""

import os
import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest

import dotsbook
from dotsbook.studio.running_studio import StudioOptions, studio_running

pytest.importorskip("playwright.sync_api", reason="needs the extra `test-real`")

PICTURES = os.environ.get("DOTSBOOK_PICTURES")  # a folder that pictures of every view are put into, for docs/
VIEWS = {  # and what is there when one is whole
    "book": ".chapters li",
    "listen": ".line[aria-current]",
    "doubtful": ".doubted",
    "takes/1.4": ".takes > li",
    "words/1.4": "#write-source",
    "cast": "[aria-label='Voice of Luc']",
    "direct/1.4": ".directed",
    "review": "[aria-label^='Sign chapter']",
    "punch/1.4": ".line-text",
}


EDITS = "edits: {engine: syllables}\n"
MARKED = """lines => import('/studio/marking.js').then(({ meantAmong }) => [1, 1.25, 1.5, 2].map(speed => {
    let seed = 1, right = 0, at = 0
    const chance = () => { seed = (seed * 48271) % 2147483647; return seed / 2147483647 }
    const usual = () => Math.sqrt(-2 * Math.log(chance())) * Math.cos(2 * Math.PI * chance())
    const heard = lines.map(([seconds, gap], place) => {
        const from = at, to = from + seconds * 1000 / speed
        at = to + gap * 1000 / speed
        return { place, from, to, second: 0, speed }
    })
    let marks = 0
    while (marks < 4000) {
        const moment = chance() * at
        const meant = heard.find(one => one.from <= moment && moment < one.to)
        const now = moment + 1000 * Math.exp(0.2 * usual())
        if (!meant) continue
        marks += 1
        right += meantAmong(heard.filter(one => one.from <= now), now).place === meant.place
    }
    return right / marks
}))"""


@pytest.fixture(scope="module")
def lighthouse(tmp_path_factory, lighthouse_in) -> Path:
    """The example book, whose engine can edit; nothing is rendered yet."""
    return lighthouse_in(tmp_path_factory.mktemp("studio") / "lighthouse", EDITS)


@pytest.fixture
def opened(browser):
    """Opens a studio's page; closes what was opened, and finds no fault in it."""
    contexts, faults = [], []

    def open_page(link, width=1280, height=800, scheme="light", **more):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **more
        )
        contexts.append(context)
        tab = context.new_page()
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("console", lambda said: faults.append(said.text) if "Content Security" in said.text else None)
        tab.goto(link)
        tab.wait_for_selector("#main h1")
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def until(tab, true, seconds=30):
    for _ in range(seconds * 10):
        if true():
            return
        tab.wait_for_timeout(100)
    raise AssertionError("it did not happen in time")


def tab_to(tab, selector: str) -> None:
    """Press Tab until what is meant has the focus."""
    tab.keyboard.press("Tab")
    for _ in range(400):
        if tab.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {selector}")


def press(tab, selector: str) -> None:
    tab_to(tab, selector)
    tab.keyboard.press("Enter")


def states(tab) -> dict:
    """{state: how many lines have it}, as the page knows it."""
    found: dict[str, int] = {}
    for chapter in tab.evaluate("window.dotsbook.store.state.chapters"):
        for state, number in chapter["states"].items():
            found[state] = found.get(state, 0) + number
    return found


def render(tab) -> None:
    press(tab, "#views a[data-view=book]")
    tab.wait_for_selector("#render")
    press(tab, "#render")
    until(tab, lambda: not {"new", "stale", "failed"} & states(tab).keys() and states(tab), 60)
    until(tab, lambda: tab.evaluate("window.dotsbook.store.state.tasks[0].state") == "done")


def test_the_whole_job_by_keyboard_alone(opened, lighthouse):
    with studio_running(lighthouse / "book.yaml", StudioOptions()) as links:
        tab = opened(links.own)
        keys = tab.keyboard
        keys.press("c")  # cast: Luc speaks as Ines does
        tab.wait_for_selector("[aria-label='Voice of Luc']")
        tab_to(tab, "[aria-label='Voice of Luc']")
        keys.type("ines")
        until(tab, lambda: 'Luc: "ines"' in (lighthouse / "book.yaml").read_text())
        render(tab)

        press(tab, "#views a[data-view=listen]")  # listen, and mark three lines without stopping
        tab.wait_for_selector(".line[aria-current]")
        keys.press(" ")
        until(tab, lambda: tab.evaluate("window.dotsbook.second()") > 0.3)
        for mark in ("m1", "2", "m4"):
            tab.wait_for_timeout(1400)
            for key in mark:
                keys.press(key)
            keys.press("j")
        assert tab.evaluate("window.dotsbook.player.playing"), "marks don't stop it"
        keys.press(" ")
        with dotsbook.open(lighthouse) as book:
            until(tab, lambda: len(book.review.notes()) == 3)
            assert {note.category for _, note in book.review.notes()} == {"misread", "missing", "pace"}

        line = tab.evaluate("window.dotsbook.player.line.id")
        keys.press("r")  # another take of the line that is the current one
        with dotsbook.open(lighthouse) as book:
            until(tab, lambda: any(one.what == "retake" for one in book.review.story(line).history))
        render(tab)
        keys.press("t")  # both takes against each other, one chosen
        until(tab, lambda: tab.locator(".takes > li").count() == 2)
        keys.press("b")
        keys.press("b")
        press(tab, "[data-name=use1]")
        with dotsbook.open(lighthouse) as book:
            until(tab, lambda: any(take.chosen for take in book.review.story(line).takes))

        keys.press("l")  # a name respelled
        tab.wait_for_selector("#word")
        tab_to(tab, "#word")
        keys.type("Sorrel")
        keys.press("Tab")
        keys.type("Sorr Ell Ell")
        press(tab, "#save-entry")
        until(tab, lambda: "Sorrel: Sorr Ell Ell" in (lighthouse / "lexicon.yaml").read_text())
        until(tab, lambda: states(tab).get("new"))
        render(tab)

        press(tab, "#views a[data-view=doubtful]")  # everything accepted, every chapter signed
        tab.wait_for_selector("#accept-all")
        press(tab, "#accept-all")
        until(tab, lambda: states(tab).get("accepted", 0) > 50)
        press(tab, "#views a[data-view=review]")
        tab.wait_for_selector("[aria-label^='Sign chapter']")
        for signed in range(1, 7):
            press(tab, "[aria-label^='Sign chapter']")
            until(tab, lambda signed=signed: tab.locator("[aria-label^='Take back']").count() == signed)

        press(tab, "#views a[data-view=book]")
        tab.wait_for_selector("#signed")
        tab_to(tab, "#signed")
        keys.press(" ")
        keys.press("Tab")
        keys.press("Enter")
        until(tab, lambda: "proved" in tab.locator(".work").inner_text(), 60)
    hears(lighthouse, line)


def hears(folder: Path, line: str) -> None:
    """The chosen take and the respelled name are in the finished book, at their places."""
    from dotsbook.audio import read_any, resample
    from dotsbook.production.assembly import timeline_of

    with dotsbook.open(folder) as book:
        timeline, holes, *_ = timeline_of(book.session, None, False)
        story = book.review.story(line)
        respelled = next(chunk.id for chunk in book.chunks() if "Sorr Ell Ell" in chunk.spoken)
        other = next(take for take in story.takes if not take.stands)
        other_sound = read_any(book.review.take_file(other.key))
        [finished] = (folder / "out").glob("*.m4b")
    assert not holes
    whole, rate = read_any(finished, 1000.0)
    for track in timeline.tracks:
        for placement in track.placements:
            chunk, take = placement.voiced.chunk, placement.voiced.take
            if chunk.id not in (line, respelled):
                continue
            sound, own = read_any(placement.voiced.file)
            begin = (track.start + placement.start) * rate // timeline.rate
            part = whole[begin : begin + placement.samples * rate // timeline.rate]
            assert alike(part, resample(sound[placement.first : placement.last], own, rate)) > 0.9
            if chunk.id == line:
                assert story.takes[[one.key for one in story.takes].index(take.key)].chosen
                assert alike(part, resample(*other_sound, rate)) < 0.6


def alike(one: np.ndarray, other: np.ndarray) -> float:
    """How well a sound is found in another: the best normalised correlation near its place."""
    length = min(len(one), len(other))
    one, other = one[:length], other[:length]
    spectrum = np.fft.rfft(one, 2 * length) * np.conj(np.fft.rfft(other, 2 * length))
    found = np.fft.irfft(spectrum)
    near = np.concatenate([found[:4000], found[-4000:]])
    return float(near.max() / (np.linalg.norm(one) * np.linalg.norm(other)))


@pytest.fixture(scope="module")
def made(tmp_path_factory, lighthouse_in) -> Path:
    """The example book of its own, rendered, with something doubted, noted, accepted and retaken in it."""
    from dotsbook.production.session import Session
    from dotsbook.render import opinions
    from dotsbook.render.opinions import KeptOpinion, Opinion, SpokenWord

    lighthouse = lighthouse_in(tmp_path_factory.mktemp("made") / "lighthouse", EDITS)
    with dotsbook.open(lighthouse) as book:
        list(book.render())
        planned = {one.chunk.id: one for chapter in book.plan().chapters for one in chapter.chunks}
        book.retake(["1.4"])
        list(book.render(chapters=[1]))
        book.note("1.6", "too fast here", "pace", by="Ann")
        book.approve(["1.2", "1.3"], by="Ann")
        book.lock(["1.2"])
        book.direction.direct("1.4", {"pause-after": 1.2})
        book.direction.direct("1.4", {"pause-after": 0.6}, words="the hill")
        book.direction.direct("1.9", {"rate": 0.9})
        list(book.render())
    found = []
    for name, word, heard in (("1.5", "since", "sense"), ("2.5", "would", "")):
        one = planned[name]
        spans, at = [], 0
        for text in one.chunk.spoken.split():
            begin = one.chunk.spoken.index(text, at)
            at = begin + len(text)
            spans.append((begin, at, text.strip('.,"').lower()))
        words = tuple(
            SpokenWord(
                begin,
                end,
                0.2 * number,
                0.2 * number + 0.18,
                heard if text == word else text,
                0.9 * (text == word),
            )
            for number, (begin, end, text) in enumerate(spans)
        )
        told = f"“{word}” is heard as “{heard}”" if heard else f"“{word}” isn't heard"
        found.append(KeptOpinion(one.key, "words", "1", Opinion(0.1, (told,), {}, (), words)))
    with Session(lighthouse) as session, session.writing() as ledger:
        opinions.keep(ledger, found)
    return lighthouse


@pytest.fixture(scope="module")
def studio(made):
    with studio_running(made / "book.yaml", StudioOptions()) as links:
        yield links.own


@pytest.fixture(scope="module")
def cookies(studio, browser):
    """What a page keeps that has been let in."""
    context = browser.new_context()
    context.new_page().goto(studio)
    found = context.cookies()
    context.close()
    return found


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_violation(browser, studio, cookies, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    context.add_cookies(cookies)
    tab = context.new_page()
    home = studio.partition("?")[0]
    told, asking = [], set()
    tab.on("request", lambda one: asking.add(one) if "/api/" in one.url else None)
    for end in ("requestfinished", "requestfailed"):
        tab.on(end, lambda one: asking.discard(one))
    for view, there in VIEWS.items():
        tab.goto(f"{home}#/{view}")
        tab.wait_for_selector(there, state="attached")
        if view == "takes/1.4":
            tab.locator("#blind").uncheck()
        tab.wait_for_timeout(150)
        until(tab, lambda: not asking)
        if view == "listen":
            tab.keyboard.press("m")
            tab.wait_for_selector("#mark")
        found = Axe().run(tab).response["violations"]
        told += [f"{view}: {one['id']}: {one['help']}: {one['nodes'][0]['html'][:140]}" for one in found]
        sideways = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if sideways > 0:
            told.append(f"{view}: {sideways} px wider than the window")
        picture(tab, view, scheme, width)
        if view == "listen":
            tab.keyboard.press("4")
    tab.keyboard.press("?")
    told += [f"help: {one['id']}: {one['help']}" for one in Axe().run(tab).response["violations"]]
    context.close()
    assert not told


def picture(tab, view: str, scheme: str, width: int) -> None:
    """A small picture of a view, where pictures are wanted."""
    from PIL import Image

    if not PICTURES or width != 1440:
        return
    name = view.partition("/")[0] + ("" if scheme == "light" else "-dark")
    if scheme == "dark" and view != "listen":
        return
    tab.set_viewport_size({"width": 1100, "height": 720})
    tab.wait_for_timeout(200)
    tab.evaluate("document.getElementById('said').textContent = ''")
    shot = Image.open(BytesIO(tab.screenshot())).convert("RGB").quantize(48)
    Path(PICTURES).mkdir(parents=True, exist_ok=True)
    shot.save(Path(PICTURES) / f"{name}.png", optimize=True)
    tab.set_viewport_size({"width": width, "height": 900})


def test_a_page_comes_back_by_itself_with_what_was_wanted_meanwhile(opened, made):
    path = made / "book.yaml"
    with studio_running(path, StudioOptions()) as links:
        tab = opened(links.own)
        port = int(links.own.split(":")[2].partition("/")[0])
        until(tab, lambda: tab.evaluate("window.dotsbook.player.line !== null"))
    until(tab, lambda: "away" in tab.locator("#link").inner_text())
    before = len(notes_of(made))
    tab.keyboard.press("2")
    tab.wait_for_timeout(300)
    assert len(notes_of(made)) == before
    with studio_running(path, StudioOptions(port)):
        until(tab, lambda: len(notes_of(made)) == before + 1)
        until(tab, lambda: "away" not in tab.locator("#link").inner_text())


def notes_of(folder: Path) -> list:
    with dotsbook.open(folder) as book:
        return book.review.notes()


def test_words_are_directed_by_keyboard(opened, tmp_path, lighthouse):
    folder = tmp_path / "directed"
    shutil.copytree(lighthouse, folder, ignore=shutil.ignore_patterns(".dotsbook", "direction.yaml"))
    with studio_running(folder / "book.yaml", StudioOptions()) as links:
        tab = opened(links.own)
        until(tab, lambda: tab.evaluate("window.dotsbook.player.line !== null"))
        tab.keyboard.press("j")
        tab.keyboard.press("d")
        tab.wait_for_selector(".word")
        tab_to(tab, ".word")
        for key in ("ArrowRight", "Enter", "Shift+ArrowRight"):
            tab.keyboard.press(key)
        tab_to(tab, "#pause-after")
        tab.keyboard.type("1.5")
        press(tab, "#write-direction")
        until(tab, lambda: (folder / "direction.yaml").is_file())
        until(tab, lambda: "1.5 s" in tab.locator(".directed").first.inner_text())
        tab_to(tab, "#rate")
        tab.keyboard.type("7")
        press(tab, "#look")
        assert not tab.evaluate("document.getElementById('direct').checkValidity()")
    with dotsbook.open(folder) as book:
        [entry] = book.direction.lines()
        line = next(chunk for chunk in book.chunks() if chunk.id == entry.chunk)
    assert entry.words == " ".join(line.text.split()[1:3]) and entry.wanted == {"pause-after": "1.5"}


def test_a_line_is_recorded_at_the_page(browser, studio, cookies, made):
    """Chromium's own false microphone beeps; the recording is kept as a take all the same, with what is wrong with it."""
    kind = browser.browser_type
    arguments = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    listening = kind.launch(
        executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=arguments
    )
    context = listening.new_context(permissions=["microphone"])
    context.add_cookies(cookies)
    tab = context.new_page()
    tab.goto(studio.partition("?")[0] + "#/punch/1.7")
    tab.get_by_role("button", name="Record", exact=True).click()
    tab.wait_for_timeout(2500)
    tab.get_by_role("button", name="Stop recording").click()
    tab.locator("#keep-recording").click()
    until(
        tab,
        lambda: (
            "Kept" in tab.locator("main [role=status]").inner_text() or tab.locator("#said.wrong").count()
        ),
    )
    listening.close()
    with dotsbook.open(made) as book:
        [_, mine] = book.review.story("1.7").takes
        assert mine.recorded and mine.stands
        book.review.undo(by="studio")


def test_marks_are_on_the_lines_that_were_meant(browser, studio, cookies, made):
    """Listeners who take about a second to mark a word, some less and some more, at 1 to 2 times the speed."""
    with dotsbook.open(made) as book:
        while not book.review.board.load():
            pass
        lines = [line.record() for line in book.review.lines(0, 500)]
    spans = [[one["ends"] - one["begins"], one["gap"]] for one in lines if "ends" in one]
    context = browser.new_context()
    context.add_cookies(cookies)
    tab = context.new_page()
    tab.goto(studio.partition("?")[0])
    right = tab.evaluate(MARKED, spans)
    context.close()
    assert len(right) == 4 and min(right) >= 0.95, right


def test_a_studio_that_is_killed_loses_nothing(browser, tmp_path, lighthouse_in):
    from tests.benchmarks.studio_kills import killed

    told, wrong = killed(browser, lighthouse_in(tmp_path / "killed"), kills=2, seed=3)
    assert not wrong
    assert told.kills == 2 and len(told.wanted) > 4

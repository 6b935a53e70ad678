"""A reviewer's bundle in Chromium, opened from disk: heard, marked, saved, read back; axe on it."""

from pathlib import Path

import pytest

import dotsbook

pytest.importorskip("playwright.sync_api", reason="needs the extra `test-real`")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory, lighthouse_in) -> tuple[Path, str]:
    """(the project, the page's address on disk)."""
    folder = lighthouse_in(tmp_path_factory.mktemp("bundle") / "lighthouse")
    with dotsbook.open(folder) as book:
        list(book.render())
        [made] = book.assemble(["review"])
    return folder, made.path.as_uri()


def test_it_is_heard_and_marked_from_disk_and_its_notes_come_back(browser, bundle, tmp_path):
    folder, address = bundle
    context = browser.new_context(accept_downloads=True, offline=True)
    tab = context.new_page()
    faults: list[str] = []
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    tab.goto(address)
    tab.keyboard.press(" ")
    for _ in range(300):
        if tab.evaluate("window.dotsbook.audio.currentTime > 4.5"):
            break
        tab.wait_for_timeout(100)
    tab.keyboard.press("m")
    tab.keyboard.press("4")
    assert not tab.evaluate("window.dotsbook.audio.paused"), "a mark doesn't stop it"
    [note] = tab.evaluate("window.dotsbook.notes()")
    tab.keyboard.press(" ")
    tab.locator("#save").click()
    assert "name" in tab.locator("#told").inner_text()
    tab.locator("#who").fill("Ann")
    tab.locator("#notes input").fill("too <b>quick</b>")
    tab.reload()
    assert tab.locator("#notes input").input_value() == "too <b>quick</b>", "the browser keeps it"
    with tab.expect_download() as download:
        tab.locator("#save").click()
    download.value.save_as(tmp_path / "notes.json")
    context.close()
    assert not faults
    with dotsbook.open(folder) as book:
        read = book.import_notes(tmp_path / "notes.json")
        [(line, kept)] = book.review.notes()
    assert read.added == 1 and (kept.text, kept.category, kept.by) == ("too <b>quick</b>", "pace", "Ann")
    assert line == note["chunk"] and kept.second == pytest.approx(note["second"], abs=0.001)


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_violation(browser, bundle, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    tab = context.new_page()
    tab.goto(bundle[1])
    tab.evaluate("window.dotsbook.mark('pace')")
    found = Axe().run(tab).response["violations"]
    sideways = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    assert not [f"{one['id']}: {one['nodes'][0]['html'][:140]}" for one in found] and sideways <= 0

"""Every page we write under axe-core: light and dark, narrow and wide, without a violation and without scrolling sideways."""

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs the extra `test-real`")


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["page", "acx", "report"])
def test_a_page_has_no_violation(browser, book_pages, name, scheme, width):
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    tab = context.new_page()
    tab.goto(book_pages[name].as_uri())
    tab.wait_for_timeout(500)
    found = axe.Axe().run(tab).response["violations"]
    sideways = tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    context.close()
    told = [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:120]}" for one in found]
    assert not told
    assert sideways <= 0, f"{sideways} px wider than the window"

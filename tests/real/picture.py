"""Makes docs/page.png, the README's picture of the page to listen by, from the example book: `python -m tests.real.picture`.

Needs the extras `draft` and `test-real`, and Chromium (CHROMIUM names it, or it is found on the path).
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
SIZE = {"width": 960, "height": 600}
SECONDS = 30  # into the book: where a sentence is marked


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "lighthouse"
        shutil.copytree(
            ROOT / "projects" / "lighthouse", book, ignore=shutil.ignore_patterns(".dotsbook", "out")
        )
        subprocess.run([sys.executable, "-m", "dotsbook", "make", book, "--format", "page"], check=True)
        picture(book / "out" / "index.html", ROOT / "docs" / "page.png")


def picture(page: Path, target: Path) -> None:
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport=SIZE, color_scheme="light")
        tab.goto(page.as_uri())
        tab.evaluate(f"document.getElementById('audio').currentTime = {SECONDS}")
        tab.wait_for_timeout(2000)
        tab.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    main()

"""A small book made into every page we write, and a browser to open them in."""

import os
import shutil
from pathlib import Path

import pytest
from made import RATE, piece

from dotsbook.book import Kind, Pause
from dotsbook.manifest import Pacing
from dotsbook.master.layout import lay_out

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="needs the extra `test-real`")
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        pytest.skip("needs Chromium (CHROMIUM names it)")
    arguments = [
        "--no-sandbox",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
    ]
    with api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=arguments)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def lighthouse_in():
    """Copies the example book into a folder, in the voice that is the same to the sample each time; nothing is rendered yet."""

    def copied(folder: Path, more: str = "") -> Path:
        """more: lines for its manifest."""
        shutil.copytree(
            ROOT / "projects" / "lighthouse", folder, ignore=shutil.ignore_patterns(".dotsbook", "out")
        )
        manifest = folder / "book.yaml"
        text = manifest.read_text().replace("engine: draft", "engine: syllables")
        for own in ("pitch: 30", "variant: f3", ", pitch: 70"):
            text = text.replace(own, "")
        manifest.write_text(text + more)
        return folder

    return copied


@pytest.fixture(scope="session")
def book_pages(tmp_path_factory) -> dict[str, Path]:
    """{name: file} of the page to listen by, the shop check and the page of doubtful takes."""
    from dataclasses import replace

    from dotsbook.master.about import About
    from dotsbook.master.mastering import Settings
    from dotsbook.master.produce import produce
    from dotsbook.render.doubtful_page import DoubtfulLine, report_html

    folder = tmp_path_factory.mktemp("pages")
    words = "It rained on the salt road, and nobody who could stay at home was out on it that night."
    chapters = []
    for number, title in (
        (1, "The Ferry"),
        (2, "A Much Longer Title, Which Has to Break Somewhere"),
        (3, "Salt"),
    ):
        lines = []
        for index in range(1, 19):
            one = piece(folder, number, index, 1.4, Pause.PARAGRAPH if index % 3 == 0 else Pause.SENTENCE)
            kind = Kind.HEADING if index == 1 else Kind.QUOTE if index == 8 else Kind.PROSE
            chunk = replace(
                one.chunk, text=f"{words} ({number}.{index})", paragraph=index // 3 + (index > 1), kind=kind
            )
            lines.append(replace(one, chunk=chunk))
        chapters.append((number, title, lines))
    timeline, about = lay_out(chapters, Pacing(), RATE), About("The Salt Road", "A. Writer", "Draft voice")
    made = {
        one.format: one.path
        for one in produce(
            timeline, ["page", "acx"], about, Settings(workers=2), folder / "out", folder / "cache"
        )
    }
    first = timeline.tracks[0].placements[0].voiced
    report = folder / "report.html"
    reasons = [
        "longer than its text",
        "an odd and very long reason that has to break somewhere on a narrow screen",
    ]
    sound = first.file.read_bytes()
    rows = [
        DoubtfulLine("1.1", "The Ferry", first.chunk.text, reasons, 1.5, sound),
        DoubtfulLine("2.7", "Salt", "Nothing.", reasons[:1]),
    ]
    report.write_text(report_html(rows, "The Salt Road"), "utf-8")
    return {"page": made["page"], "acx": made["acx"] / "acx.html", "report": report}

"""What is left out on thin evidence is named in the plan, and a render asks about it first."""

import pytest

import dotsbook
from dotsbook.errors import ManifestError
from tests.production.conftest import MANIFEST, make

NOTES = "\n\n".join(f"[{number}] A note on the ferry and its lamps." for number in range(1, 60))
BOOK = "CHAPTER 1\n\n" + "\n\n".join(["The boat left late. Nobody waved."] * 60) + f"\n\n\nNOTES\n\n{NOTES}\n"


@pytest.fixture
def lamps(tmp_path):
    folder = make(tmp_path / "lamps", manifest=MANIFEST.replace("story.md", "story.txt"))
    (folder / "story.txt").write_text(BOOK, "utf-8")
    return folder


def test_a_render_asks_first(lamps):
    with dotsbook.open(lamps) as book:
        record = book.plan().record()
        assert [part["title"] for part in record["unsure"]] == ["NOTES"]
        assert record["receipt"]["skipped_by_evidence"].keys() == {"signs"}
        with pytest.raises(ManifestError, match=r"'NOTES'.*% of the manuscript.*`keep: \[NOTES\]`; `--yes`"):
            list(book.render(limit=1))
        assert list(book.render(limit=1, skips_agreed=True))


@pytest.mark.parametrize("word", ["skip", "keep"])
def test_the_manifest_settles_it(lamps, word):
    file = lamps / "book.yaml"
    file.write_text(file.read_text("utf-8") + f"{word}: [NOTES]\n", "utf-8")
    with dotsbook.open(lamps) as book:
        assert not book.unsure_skips
        assert list(book.render(limit=1))

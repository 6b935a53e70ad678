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


PLAY = "# A Play\n\n## Act One\n\n" + "\n\n".join(
    f"**Ann:** Line {n}.\n\n**Bob:** Answer {n}." for n in range(1, 9)
)
ONE_VOICE = MANIFEST.replace(
    "voices: {narrator: {}, mara: {}}\ncast: {Mara: mara, default: narrator}\n", "voices: {narrator: {}}\n"
)


def heard(folder):
    with dotsbook.open(folder) as book:
        plan = book.plan()
        return [chunk.spoken for chunk in book.chunks()], [
            told for told in plan.warnings if "speaker" in told
        ]


def test_a_play_in_one_voice_says_who_speaks(tmp_path):
    spoken, remarks = heard(make(tmp_path / "play", PLAY, ONE_VOICE))
    assert (
        any("Ann" in line for line in spoken)
        and len(remarks) == 1
        and "2 speakers are read out" in remarks[0]
    )
    spoken, _ = heard(make(tmp_path / "silent", PLAY, ONE_VOICE + "reading: {speakers: voice}\n"))
    assert not any("Ann" in line for line in spoken)


def test_a_lexicon_that_is_not_used_is_named(ferry):
    (ferry / "lexicon.yaml").write_text("# names\nNobody: no buddy\n", "utf-8")
    with dotsbook.open(ferry) as book:
        assert any(
            "lexicon.yaml has 1 line, but book.yaml doesn't name it" in told for told in book.plan().warnings
        )


def test_a_book_of_an_older_title_is_named(ferry):
    with dotsbook.open(ferry) as book:
        list(book.render())
        list(book.assemble(["m4b", "abs"]))
    file = ferry / "book.yaml"
    file.write_text(file.read_text("utf-8").replace("title: The Ferry", "title: Lamps"), "utf-8")
    with dotsbook.open(ferry) as book:
        list(book.render())
        said: list[str] = []
        list(book.assemble(["m4b", "abs"], on_remark=said.append))
    assert len([line for line in said if "called otherwise" in line]) == 2
    assert (ferry / "out" / "The Ferry.m4b").is_file()

"""Pick-ups: a line's take mended by an engine that edits, judged, kept, resumed; and what hinders it, as a sentence."""

import subprocess
import sys

import pytest

import dotsbook
from dotsbook import files
from dotsbook.errors import LedgerError, ManifestError, ModelError, VoiceError
from dotsbook.production.fix_wish import FixWish
from dotsbook.production.fixing import EditedTake, Fixed
from dotsbook.production.mendable import is_small
from dotsbook.render import store
from tests.production.conftest import MANIFEST, make

STORY = """# One

The boat left at half past six in the grey morning, and nobody on the pier waved. It rained on the long road to the mill.
"""
EDITS = MANIFEST.replace("cast: {Mara: mara, default: narrator}\n", "") + "edits: {engine: syllables}\n"
SAY = FixWish(say="The boat left at half past seven in the grey morning, and nobody on the pier waved.")


@pytest.fixture
def book(tmp_path):
    folder = make(tmp_path / "ferry", STORY, EDITS)
    with dotsbook.open(folder) as opened:
        list(opened.render())
    return folder


def fix(folder, wish=SAY, line="1.2", **how) -> tuple[list[EditedTake], Fixed]:
    with dotsbook.open(folder) as opened:
        *made, fixed = opened.fix(line, wish, **how)
    assert isinstance(fixed, Fixed)
    return [one for one in made if isinstance(one, EditedTake)], fixed


def keys(folder) -> dict[str, str]:
    with dotsbook.open(folder) as opened, opened.session.reading() as ledger:
        return {job.chunk.id: job.key for job in opened.session.jobs(ledger)}


def takes(folder) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / ".dotsbook" / "takes").rglob("*.flac")}


def test_a_word_is_said_anew_and_the_rest_stays(book):
    before, line = takes(book), keys(book)["1.2"]
    made, fixed = fix(book)
    assert {one.spliced for one in made} == {True, False} and fixed.proposed.spliced and not fixed.kept
    assert keys(book)["1.2"] == line and takes(book).items() >= before.items()
    place = book / ".dotsbook" / "takes"
    old, _ = store.read(place, store.file_of(line))
    new, _ = store.read(place, fixed.proposed.take.file)
    same = next(i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    back = next(i for i, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b)
    assert same + back > 0.8 * len(old)


def test_the_proposed_take_is_kept_and_nothing_is_made_twice(book):
    first, _ = fix(book)
    there = takes(book)
    again, fixed = fix(book, keep=True)
    assert [one.take for one in again] == [one.take for one in first] and takes(book) == there
    assert fixed.kept and keys(book)["1.2"] == fixed.proposed.take.key
    with dotsbook.open(book) as opened:
        assert not opened.verify().faults
        assert [event.outcome for event in opened.render()] == [None]
        opened.choose("1.2", None)
    assert takes(book) == there


def test_another_of_the_takes_may_be_kept(book):
    made, _ = fix(book)
    whole = next(one for one in made if not one.spliced)
    _, fixed = fix(book, keep=whole.take.key[:14])
    assert keys(book)["1.2"] == whole.take.key == fixed.proposed.take.key
    with dotsbook.open(book) as opened:
        assert [take.edited for take in opened.review.story("1.2").takes] == [False] + [True] * len(made)
    with pytest.raises(ManifestError, match="names none"):
        fix(book, FixWish(rate=0.9), keep="00000000")


@pytest.mark.parametrize("step", ["row begun", "row written", "row committed"])
def test_what_was_stopped_goes_on_where_it_was(book, monkeypatch, step):
    class Stopped(Exception):
        pass

    before, count = takes(book), 0

    def stop(name):
        nonlocal count
        count += name == step
        if count == 2:
            raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(files, "step", stop)
        with pytest.raises(Stopped):
            fix(book)
    assert takes(book).items() >= before.items()
    made, fixed = fix(book)
    assert fixed.proposed and len({one.take.key for one in made}) == len(made)
    with dotsbook.open(book) as opened:
        assert not opened.verify().faults


def test_killed_at_once_it_leaves_both_takes_whole(book):
    code = (
        "import os, sys, dotsbook\n"
        "from dotsbook.production.fix_wish import FixWish\n"
        "with dotsbook.open(sys.argv[1]) as book:\n"
        "    for _ in book.fix('1.2', FixWish(say=sys.argv[2])):\n"
        "        os.kill(os.getpid(), 9)\n"
    )
    before = takes(book)
    assert subprocess.run([sys.executable, "-c", code, str(book), SAY.say], check=False).returncode == -9
    assert takes(book).items() >= before.items()
    with dotsbook.open(book) as opened:
        assert not opened.verify().faults
    assert fix(book)[1].proposed


def test_a_take_that_is_lost_or_altered_is_told_and_nothing_is_touched(book):
    path = book / ".dotsbook" / "takes" / store.file_of(keys(book)["1.2"])
    whole = path.read_bytes()
    path.write_bytes(whole[:-7])
    with pytest.raises(LedgerError, match="altered"):
        fix(book)
    path.unlink()
    with pytest.raises(LedgerError, match="gone"):
        fix(book)


@pytest.mark.parametrize(
    ("edits", "error", "told"),
    [
        ("{engine: draft}", VoiceError, "can't edit"),
        ("off", ModelError, "model pull dots-studio/dots.tts.edit"),
        ("{model: nowhere}", ModelError, "nowhere"),
        ("{engine: dotz}", VoiceError, "did you mean `dots`"),
    ],
)
def test_an_engine_that_cannot_is_told(book, edits, error, told):
    manifest = book / "book.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("{engine: syllables}", edits), "utf-8")
    with pytest.raises(error, match=told):
        fix(book)


def test_to_keep_one_of_the_takes_makes_no_more(book):
    made, _ = fix(book, takes=1)
    there = takes(book)
    fix(book, keep=made[0].take.key[:14])
    assert takes(book) == there


def test_a_language_that_the_model_lacks_is_told(book):
    manifest = book / "book.yaml"
    text = (
        manifest.read_text("utf-8")
        .replace("{engine: syllables}", "off")
        .replace("language: en", "language: de")
    )
    manifest.write_text(text, "utf-8")
    with dotsbook.open(book) as opened:
        list(opened.render())
    with pytest.raises(VoiceError, match="en and zh, not in de"):
        fix(book)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (FixWish(), ManifestError),
        (FixWish(say="A.", rate=0.9), ManifestError),
        (FixWish(instruction="The <del>boat"), ModelError),
        (FixWish(instruction="The <pitch>boat</pitch>"), ModelError),
        (FixWish(emotion="bored/9"), ModelError),
        (FixWish(rate=9.0), ModelError),
        (FixWish(semitones=1), ModelError),
        (FixWish(say=" "), ModelError),
        (FixWish(lexicon=True), ModelError),
    ],
)
def test_a_wish_that_is_none_is_told(book, wish, error):
    before = takes(book)
    with pytest.raises(error):
        fix(book, wish)
    assert takes(book) == before


def test_locked_lines_and_lines_without_a_take_are_let_be(book, tmp_path):
    with dotsbook.open(book) as opened:
        opened.lock(["1.2"])
    with pytest.raises(ManifestError, match="locked"):
        fix(book)
    with pytest.raises(ManifestError, match="no take to mend"):
        fix(make(tmp_path / "other", STORY, EDITS))


@pytest.mark.parametrize(
    "wish", [FixWish(emotion="sad/1"), FixWish(rate=0.9), FixWish(semitones=-5), FixWish(enhance=True)]
)
def test_a_manner_is_of_the_whole_line(book, wish):
    made, fixed = fix(book, wish, takes=2)
    assert len(made) == 2 and not any(one.spliced for one in made) and fixed.before == fixed.after


def test_a_new_entry_of_the_lexicon_is_said_into_the_take_from_before(book):
    (book / "lexicon.yaml").write_text("pier: peer\n", "utf-8")
    manifest = book / "book.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "lexicon: lexicon.yaml\n", "utf-8")
    _, fixed = fix(book, FixWish(lexicon=True), keep=True)
    assert "the pier" in fixed.before and "the peer" in fixed.after
    assert keys(book)["1.2"] == fixed.proposed.take.key


def test_a_line_changed_by_a_word_is_mended_if_the_book_says_so(book):
    story, manifest = book / "story.md", book / "book.yaml"
    story.write_text(STORY.replace("road to the mill", "road to the harbour"), "utf-8")
    before = takes(book)
    with dotsbook.open(book) as opened:
        assert sum(chapter.missing for chapter in opened.status().chapters) == 1
    manifest.write_text(
        manifest.read_text("utf-8").replace("{engine: syllables}", "{engine: syllables, small: on}"), "utf-8"
    )
    with dotsbook.open(book) as opened:
        told = [event.text for event in opened.render() if hasattr(event, "text")]
        assert [line for line in told if line.startswith("1.3 is mended")]
        assert not any(chapter.missing for chapter in opened.status().chapters)
        assert list(opened.assemble(["flac"]))
    assert takes(book).items() >= before.items()


def test_a_small_change_is_a_word_or_two():
    line = "It rained on the long road to the mill."
    assert is_small(line, line.replace("mill", "harbour")) and is_small(line, line.replace("long ", ""))
    assert not is_small(line, line)
    assert not is_small(line, "It snowed on the short way to a town.")
    assert not is_small("Run!", "Wait!")

"""`dotsbook fix` and `edits: small` with a model of random weights that edits: all of the way but what it sounds like."""

import json
import os
import signal
import subprocess
import sys

import pytest

import dotsbook
from dotsbook.cli.app import run
from dotsbook.production.events import Remark
from dotsbook.render import store
from tests.model.tiny import write_tiny
from tests.production.conftest import MANIFEST, make

STORY = "# One\n\nThe boat left. It rained on the road to the mill.\n"
SAY = "The ship left."
BOOK = MANIFEST.replace("cast: {Mara: mara, default: narrator}\n", "")
SMALL = {"patch_size": 2, "lstm_layers": 1}


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("edits") / "model", kind="fm", **SMALL)


@pytest.fixture
def book(tmp_path, model):
    folder = make(tmp_path / "ferry", STORY, f"{BOOK}edits: {{model: {model}}}\n")
    with dotsbook.open(folder) as opened:
        list(opened.render())
    return folder


def fix(book, capsys, *words):
    """(exit code, what it said as JSON, what it said to a person)."""
    capsys.readouterr()
    code = run(["fix", "1.2", "-p", str(book), "--json", *words])
    said = capsys.readouterr()
    rows = [json.loads(row) for row in said.out.splitlines() if row.startswith("{")]
    return code, rows, said.err


def takes(book):
    return {path.name: path.read_bytes() for path in (book / ".dotsbook" / "takes").rglob("*.flac")}


def test_each_wish_makes_its_takes_judged_and_one_may_be_kept(book, capsys):
    before, said = takes(book), ["--say", SAY, "--takes", "1"]
    for wish, count in (
        (["--emo", "sad/2", "--takes", "2"], 2),
        (["--rate", "0.9", "--enhance", "--takes", "1"], 1),
        (said, 1),
    ):
        code, rows, _ = fix(book, capsys, *wish)
        fixed = rows[-1]
        assert code == 0
        assert len([take for take in fixed["takes"] if not take["spliced"]]) == count
        assert all(os.path.exists(take["file"]) and take["seconds"] > 0 for take in fixed["takes"])
        assert all(take["healthy"] or take["reasons"] for take in fixed["takes"])
        fit = {take["key"] for take in fixed["takes"] if take["healthy"]}
        assert fixed["proposed"] in fit if fit else fixed["proposed"] is None
    there = takes(book)
    assert there.items() >= before.items()
    code, rows, _ = fix(book, capsys, *said, "--take", fixed["takes"][0]["key"])
    assert (code, rows[-1]["kept"]) == (0, True)
    assert takes(book) == there, "nothing is made twice"
    with dotsbook.open(book) as opened:
        assert not opened.verify().faults


def test_a_pause_in_a_line_needs_no_model_and_makes_no_take(book, capsys):
    there = takes(book)
    code, rows, _ = fix(book, capsys, "--pause-after", "left", "0.5")
    assert (code, rows[-1]["takes"]) == (0, 0)
    assert "pause-after: 0.5" in (book / "direction.yaml").read_text("utf-8")
    assert takes(book) == there
    assert fix(book, capsys, "--pause-after", "left", "0.5", "--rate", "0.9")[0] == 1


def test_killed_in_the_middle_of_the_second_take_both_are_whole(book, capsys):
    before = takes(book)
    code = (
        "import os, sys, dotsbook\n"
        "from dotsbook import files\n"
        "from dotsbook.production.fix_wish import FixWish\n"
        "steps = []\n"
        "def step(name):\n"
        "    steps.append(name)\n"
        "    if steps.count('row begun') == 2: os.kill(os.getpid(), 9)\n"
        "files.step = step\n"
        "with dotsbook.open(sys.argv[1]) as book:\n"
        "    list(book.fix('1.2', FixWish(say=sys.argv[2]), takes=2))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(book), SAY], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert takes(book).items() >= before.items()
    with dotsbook.open(book) as opened:
        assert not opened.verify().faults
    whole = takes(book)
    assert len(fix(book, capsys, "--say", SAY, "--takes", "2")[1][-1]["takes"]) >= 2
    assert takes(book).items() >= whole.items()


def test_what_hinders_a_fix_is_a_sentence(book, capsys, model):
    code, _, said = fix(book, capsys, "--instruction", "The <del>boat left.")
    assert code == 1
    assert "Traceback" not in said
    assert "<del>" in said
    path = next((book / ".dotsbook" / "takes").rglob("*.flac"))
    with dotsbook.open(book) as opened, opened.session.reading() as ledger:
        key = next(job.key for job in opened.session.jobs(ledger) if job.chunk.id == "1.2")
    path = book / ".dotsbook" / "takes" / store.file_of(key)
    path.write_bytes(path.read_bytes()[:-9])
    code, _, said = fix(book, capsys, "--say", SAY)
    assert (code, "altered" in said, "Traceback" in said) == (1, True, False)
    path.unlink()
    assert "gone" in fix(book, capsys, "--say", SAY)[2]
    manifest = book / "book.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace(str(model), "nowhere/at-all"), "utf-8")
    code, _, said = fix(book, capsys, "--say", SAY)
    assert (code, "Traceback" in said) == (1, False)


def test_small_edits_that_no_judge_lets_pass_are_rendered_and_told(book, model):
    manifest = book / "book.yaml"
    manifest.write_text(f"{BOOK}edits: {{model: {model}, small: on}}\n", "utf-8")
    story = book / "story.md"
    story.write_text(STORY.replace("the mill", "the harbour"), "utf-8")
    before = takes(book)
    with dotsbook.open(book) as opened:
        told = [event.text for event in opened.render() if isinstance(event, Remark)]
        assert not any(chapter.missing for chapter in opened.status().chapters)
        assert not opened.verify().faults
    assert any(line.startswith("1.3 is ") for line in told), told
    assert takes(book).items() >= before.items()

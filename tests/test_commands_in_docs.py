"""Every command that the README and the pages under docs/ tell a reader to type, run as it stands, page by page."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import pages, prepared
from tests.model.fakehub import serving

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
RUNNABLE = [
    page
    for page in DOCS
    if any(step.kind in ("sh", "python", "prints") for step in pages.steps(page.read_text("utf-8")))
]
SHIM = f'#!/bin/sh\nexec "{sys.executable}" -m dotsbook "$@"\n'


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    with serving(*prepared.hubs(tmp_path_factory.mktemp("hub"))) as address:
        yield address


@pytest.fixture
def shell(tmp_path, endpoint):
    """Runs a script in the reader's folder, where the one before it left off."""
    desk, bin_ = tmp_path / "desk", tmp_path / "bin"
    desk.mkdir()
    bin_.mkdir()
    prepared.lay_out(desk)
    (bin_ / "dotsbook").write_text(SHIM)
    (bin_ / "dotsbook").chmod(0o755)
    (bin_ / "python").symlink_to(sys.executable)
    environment = {
        "PATH": f"{bin_}:{os.environ['PATH']}",
        "PYTHONPATH": os.environ.get("DOCS_TEST_ROOT", str(ROOT)),
        "HOME": str(tmp_path),
        "HF_HOME": str(tmp_path / "hub"),
        "HF_ENDPOINT": endpoint,
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "COLUMNS": "120",
        "WHERE": str(tmp_path / "where"),
    }
    where = [desk]

    def run(command: list[str], script: str) -> tuple[int, str, str]:
        kept = {name: os.environ[name] for name in ("OPENBLAS_CORETYPE", "TMPDIR") if name in os.environ}
        done = subprocess.run(
            [*command, script],
            cwd=where[0],
            env=kept | environment,
            input="\n" * 9,  # the answer to a question is Return
            capture_output=True,
            text=True,
            check=False,
        )
        if (tmp_path / "where").exists():
            where[0] = Path((tmp_path / "where").read_text("utf-8").rstrip("\n"))
        return done.returncode, done.stdout, done.stderr

    run.where = where
    return run


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", RUNNABLE, ids=lambda page: page.name)
def test_a_page_does_what_it_says(page, shell):
    for step in pages.steps(page.read_text("utf-8")):
        if step.not_run:
            continue
        if step.kind in ("file", "edit"):
            pages.write(shell.where[0], step)
            continue
        match step.kind:
            case "sh":
                ran = shell(["sh", "-eux", "-c"], f"trap 'pwd >\"$WHERE\"' EXIT\n{step.text}")
            case "prints":
                ran = shell(["sh", "-c"], step.target)
            case "python":
                ran = shell([sys.executable, "-c"], step.text)
            case _:
                continue
        code, out, said = ran
        assert code == step.code, f"{page.name} {step.place} ended with {code}:\n{step.text}\n{out}{said}"
        if step.kind == "prints":
            compare(f"{page.name} {step.place}, `{step.target}`", step.text, out)


def compare(place: str, text: str, out: str) -> None:
    """Every line that a command printed has the fields of the example; where examples name events, of its event's."""
    documented, printed = pages.examples(text), [json.loads(line) for line in out.splitlines()]
    assert printed, f"{place} prints nothing"
    for found in printed:
        alike = [one for one in documented if event(one) == event(found)]
        assert alike, f"{place} prints an event that isn't documented: {found}"
        assert not (told := pages.difference(alike[0], found)), f"{place}: {told}"


def event(value: object) -> object:
    return value.get("event") if isinstance(value, dict) else None


def test_what_is_not_run_says_why():
    for page in DOCS:
        for step in pages.steps(page.read_text("utf-8")):
            assert not step.not_run or len(step.not_run.split()) > 2

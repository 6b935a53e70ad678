"""The README says what is so."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dotsbook.cli.app import app
from tests.tree import ROOT, in_page, tree

README = (ROOT / "README.md").read_text("utf-8")


def test_the_tree_is_the_one_on_disk():
    assert in_page() == tree(), "run `python -m tests.tree --write`"


def test_every_command_is_named():
    for command in app.registered_commands:
        assert f"dotsbook {command.callback.__name__}" in README
    for group in app.registered_groups:
        for command in group.typer_instance.registered_commands:
            name = command.name or command.callback.__name__
            assert re.search(rf"dotsbook {group.name} [^`]*\b{name}\b", README), f"{group.name} {name}"


def test_the_two_commands_are_scripts_that_exist():
    lines = re.search(r"<!-- commands -->(.*?)<!-- end -->", README, re.S).group(1).split("\n")
    scripts = [line.split()[1] for line in lines if line.startswith("sh ")]
    assert scripts == ["projects/demo.sh", "tests/run.sh"]
    assert all((ROOT / script).is_file() for script in scripts)


@pytest.mark.parametrize("name", re.findall(r"```yaml\n(.*?)```", README, re.S))
def test_the_manifest_in_the_readme_is_a_manifest(tmp_path, name):
    from dotsbook.manifest import load_manifest

    (tmp_path / "book.yaml").write_text(name, "utf-8")
    assert load_manifest(tmp_path / "book.yaml").title


@pytest.mark.parametrize(
    "script", sorted(Path(ROOT / "tests/benchmarks").glob("*.py")), ids=lambda path: path.name
)
def test_every_benchmark_says_how_it_is_called(script):
    text = script.read_text("utf-8")
    assert f"tests.benchmarks.{script.stem}" in text or f"tests/benchmarks/{script.name}" in text


def test_help_is_there_for_every_command():
    for command in (["--help"], ["render", "--help"], ["voice", "add", "-h"]):
        done = subprocess.run(
            [sys.executable, "-m", "dotsbook", *command], capture_output=True, text=True, check=True
        )
        assert "Usage" in done.stdout

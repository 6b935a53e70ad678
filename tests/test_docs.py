"""The README and the pages under docs/ say what is so. (That their commands run: test_commands_in_docs.py.)"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel
from typer.main import get_command

import dotsbook
from dotsbook.cli.app import app
from dotsbook.manifest import (
    CastingOptions,
    Credits,
    Ears,
    Edits,
    Manifest,
    Output,
    Pacing,
    Reading,
    Sampling,
    VoiceEntry,
    load_manifest,
)
from tests import commands_page, pages
from tests.tree import ROOT, in_page, tree

README = (ROOT / "README.md").read_text("utf-8")
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]

COMMANDS = dict(commands_page.commands(get_command(app), "dotsbook"))


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text("utf-8")


def test_the_tree_is_the_one_on_disk():
    assert in_page() == tree(), "run `python -m tests.tree --write`"


def test_the_commands_are_those_of_the_program():
    assert commands_page.in_page() == commands_page.listing(), "run `python -m tests.commands_page --write`"


def test_the_readme_is_short_and_names_every_command():
    assert README.count("\n") <= 250
    for name in COMMANDS:
        program, group, *rest = name.split()
        pattern = rf"dotsbook {group} [^`]*\b{rest[0]}\b" if rest else rf"{program} {group}\b"
        assert re.search(pattern, README), name


def test_the_two_commands_are_scripts_that_exist():
    lines = re.search(r"<!-- commands -->(.*?)<!-- end -->", README, re.S).group(1).split("\n")
    scripts = [line.split()[1] for line in lines if line.startswith("sh ")]
    assert scripts == ["projects/demo.sh", "tests/run.sh"]
    assert all((ROOT / script).is_file() for script in scripts)


WHOLE = [
    pytest.param(step.text, id=f"{file.name} {step.place}")
    for file in PAGES
    for step in pages.steps(file.read_text("utf-8"))
    if step.kind == "yaml" and step.text.startswith("title:")
]


@pytest.mark.parametrize("manifest", WHOLE)
def test_a_manifest_on_a_page_is_a_manifest(tmp_path, manifest):
    (tmp_path / "book.yaml").write_text(manifest, "utf-8")
    assert load_manifest(tmp_path / "book.yaml").title


@pytest.mark.parametrize(
    ("section", "model"),
    [
        ("The book", Manifest),
        ("casting", CastingOptions),
        ("A voice", VoiceEntry),
        ("sampling", Sampling),
        ("reading", Reading),
        ("pacing", Pacing),
        ("credits", Credits),
        ("ears", Ears),
        ("edits", Edits),
        ("output", Output),
    ],
)
def test_every_key_of_the_manifest_is_told_with_its_default(section: str, model: type[BaseModel]):
    text = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", page("manifest.md"), re.S | re.M).group(1)
    told = {name: cell.strip() for name, cell in re.findall(r"^\| `(\w+)` \|([^|]*)\|", text, re.M)}
    assert list(told) == list(model.model_fields)
    for name, field in model.model_fields.items():
        assert told[name] == default(field), name


def default(field) -> str:
    """A field's default as the page writes it."""
    value = None if field.is_required() else field.get_default(call_default_factory=True)
    match value:
        case _ if field.is_required():
            return "needed"
        case BaseModel():
            return ""
        case None:
            return "none"
        case dict() | tuple() if not value:
            return "none"
        case dict() | tuple():
            return ", ".join(f"`{name}`" for name in value)
        case bool():
            return f"`{str(value).lower()}`"
        case _:
            return f"`{value}`" if value != "" else "empty"


def test_what_every_command_prints_for_programs_is_told():
    page = (ROOT / "docs" / "json.md").read_text("utf-8")
    for words in json_commands(get_command(app)):
        assert f"`{words}`" in page or f"dotsbook {words}" in page, (
            f"docs/json.md doesn't tell of `{words} --json`"
        )


def json_commands(command, words: str = ""):
    for name, inner in getattr(command, "commands", {}).items():
        yield from json_commands(inner, f"{words} {name}".strip())
    if words and any("--json" in option.opts for option in command.params):
        yield words


def test_the_api_is_told():
    from dotsbook.production.book_cast import BookCast
    from dotsbook.production.book_lexicon import BookLexicon
    from dotsbook.production.production import BookVoices, Production

    text = page("python.md")
    for name in dotsbook.__all__:
        assert name == "__version__" or name in text, name
    for kind, prefix in (
        (Production, "book."),
        (BookVoices, "book.voices."),
        (BookLexicon, "book.lexicon."),
        (BookCast, "book.cast."),
    ):
        for name in vars(kind):
            if not name.startswith("_") and name not in ("checked", "session"):
                assert f"{prefix}{name}" in text, f"{prefix}{name}"


@pytest.mark.parametrize("file", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(file):
    for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        aim = (file.parent / name).resolve() if name else file
        assert aim.is_file(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", aim.read_text("utf-8"), re.M)
            assert anchor in [re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings], (
                target
            )


@pytest.mark.parametrize(
    "script", sorted(Path(ROOT / "tests/benchmarks").glob("*.py")), ids=lambda path: path.name
)
def test_every_benchmark_says_how_it_is_called(script):
    text = script.read_text("utf-8")
    assert f"tests.benchmarks.{script.stem}" in text or f"tests/benchmarks/{script.name}" in text


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_there_for_every_command(name, capsys):
    from dotsbook.cli.app import run

    assert run([*name.split()[1:], "-h"]) == 0
    assert "Usage" in capsys.readouterr().out


def test_help_is_there_for_the_program():
    done = subprocess.run(
        [sys.executable, "-m", "dotsbook", "--help"], capture_output=True, text=True, check=True
    )
    assert "Usage" in done.stdout

"""The few rules of the house that a machine can hold."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import dotsbook

ROOT = Path(dotsbook.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
ROOMS = {"text", "casting", "render", "voices", "ears", "master", "model", "cluster"}
USES_MLX = {
    "dots.py",
    "mlx_recogniser.py",
    "mlx_audio.py",
    "language_model.py",
}  # besides model/: engines, and the one that casts
SPINE = {file.stem for file in ROOT.glob("*.py")}
FACES = {"cli", "serve", "studio"}
COMPOSES = {"production", "tuning", "door"} | FACES
MAY_IMPORT = {
    "voices": {"voices", "model"},
    "cluster": {"cluster", "voices", "ears", "render"},  # other machines speak and hear
    "text": {"text"},
    "casting": {"casting"},
    "ears": {"ears", "render"},
    "render": {"render", "voices"},
    "master": {"master"},
    "model": {"model"},
}


def room(file: Path) -> str:
    parts = file.relative_to(ROOT).parts
    if parts == ("__init__.py",):
        return "door"  # the public door opens on production/
    return parts[0] if len(parts) > 1 else "cli" if parts == ("__main__.py",) else "spine"


def imported(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_file_keeps_to_its_room(file):
    tree = ast.parse(file.read_text())
    here = room(file)
    for name in imported(tree):
        parts = name.split(".")
        if here not in COMPOSES:
            assert parts[:2] not in (["dotsbook", "cli"], ["dotsbook", "production"]), (
                f"only production composes: {name}"
            )
        if here not in FACES | {"tuning"}:
            assert parts[:2] != ["dotsbook", "tuning"], f"tuning stands on {here}: {name}"
        if parts[0] == "dotsbook" and len(parts) > 1 and parts[1] in ROOMS and here not in COMPOSES:
            assert parts[1] in MAY_IMPORT.get(here, ()), f"{here} must not know {parts[1]}"
            if here == "render" and parts[1] == "voices":
                assert name == "dotsbook.voices.engine", f"render knows the engine's door only, not {name}"
            if here == "ears" and parts[1] == "render":
                assert name in ("dotsbook.render.judges", "dotsbook.render.opinions"), (
                    f"ears are judges and know that door only, not {name}"
                )
        if here in FACES and parts[0] == "dotsbook" and len(parts) > 1:
            assert parts[1] in {"production", "tuning"} | FACES | SPINE, (
                f"faces stand on production, tuning and the spine: {name}"
            )
        if parts[0] in ("mlx", "mlx_lm"):
            assert here == "model" or file.name in USES_MLX, f"mlx belongs to the model: {name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_no_broad_except_and_no_stray_print(file):
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{file}:{node.lineno} bare except"
            caught = {getattr(name, "id", "") for name in ast.walk(node.type)}
            assert not caught & {"Exception", "BaseException"}, f"{file}:{node.lineno} broad except"
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            assert room(file) == "cli" or file.name == "parity.py", f"{file}:{node.lineno} only cli prints"


def test_imports_go_one_way():
    names = {
        ".".join(file.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__"): file
        for file in FILES
    }
    graph = {name: imported_files(ast.parse(file.read_text()), names.keys()) for name, file in names.items()}
    while leaves := {name for name, others in graph.items() if not others & graph.keys()}:
        for name in leaves:
            del graph[name]
    assert not graph, f"these import one another round about: {sorted(graph)}"


def imported_files(tree: ast.AST, names) -> set[str]:
    """The house's own files that a file imports; `from package import file` is the file, not the package."""
    found = set(imported(tree)) & names
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            parts = {f"{node.module}.{alias.name}" for alias in node.names}
            if parts <= names:
                found.discard(node.module)
            found |= parts & names
    return found


def test_importing_the_program_loads_nothing_heavy():
    heavy = {
        "mlx",
        "numpy",
        "av",
        "lxml",
        "ebooklib",
        "sentencex",
        "num2words",
        "wetext",
        "pydub",
        "transformers",
        "soundfile",
        "huggingface_hub",
        "distributed",
        "dask",
    }
    code = "import sys, dotsbook.cli.app; print(*sorted(set(m.split('.')[0] for m in sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not heavy & set(loaded)


THIRD_PARTY_OF_CLI = {"typer", "rich", "click"}
A_TABLE_A_LANGUAGE = {"numbers", "rules"}  # folders of text/normalise/ with a file for each language
LONGEST_FILE, LONGEST_FUNCTION = 400, 60  # lines
LONG_FUNCTIONS = {"traits", "rules"}  # the same; `rules` are tables


@pytest.mark.parametrize(
    "file",
    [file for file in FILES if room(file) in ("cli", "production", "tuning")],
    ids=lambda file: str(file.relative_to(ROOT)),
)
def test_only_production_composes(file):
    for name in imported(ast.parse(file.read_text("utf-8"))):
        first, *rest = name.split(".")
        if room(file) in ("production", "tuning"):
            assert name.split(".")[:2] != ["dotsbook", "cli"], f"{room(file)} knows no face: {name}"
        elif first == "dotsbook":
            assert not rest or rest[0] not in ROOMS, f"cli asks production, not {name}"
        else:
            assert first in sys.stdlib_module_names | THIRD_PARTY_OF_CLI, f"cli needs no {name}"


def test_a_class_name_means_one_thing():
    places: dict[str, list[str]] = {}
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(str(file.relative_to(ROOT)))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert not twice


def test_a_file_name_means_one_thing():
    """But for `__init__`, the tables of languages, and commands, which are called what the room's noun is called."""
    places: dict[str, list[str]] = {}
    for file in FILES:
        if file.name != "__init__.py" and file.parent.name not in A_TABLE_A_LANGUAGE and room(file) != "cli":
            places.setdefault(file.name, []).append(str(file.relative_to(ROOT)))
    twice = {name: found for name, found in places.items() if len(found) > 1}
    assert twice.keys() <= {"dots.py"}, twice


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_and_functions_are_short(file):
    text = file.read_text("utf-8")
    lines = text.count("\n")
    assert lines <= LONGEST_FILE, f"{lines} lines: split it by its nouns"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            assert length <= LONGEST_FUNCTION or node.name in LONG_FUNCTIONS, (
                f"{node.name} has {length} lines"
            )


def test_the_command_line_stays_thin():
    lines = {file.name: len(file.read_text("utf-8").splitlines()) for file in (ROOT / "cli").glob("*.py")}
    assert sum(lines.values()) <= 60 * len(lines)
    assert {name: count for name, count in lines.items() if count > 80} == {"app.py": lines["app.py"]}


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_what_the_machine_has_is_asked_in_one_place(file):
    """A process in a container may use less than the machine has: machine.py knows."""
    text = file.read_text("utf-8")
    assert file.name in ("machine.py", "blas.py") or not {"cpu_count", "sysconf"} & set(
        re.findall(r"\w+", text)
    )

"""What the script is made by: found in the sources, never listed by hand."""

import ast
import re
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

import pytest

from dotsbook.text import version


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A package of one file in place of text/, and a folder of libraries that may be imported."""
    home, libraries = tmp_path / "text", tmp_path / "libraries"
    home.mkdir()
    libraries.mkdir()
    monkeypatch.setattr(version, "HERE", home)
    monkeypatch.syspath_prepend(libraries)
    version.made_by.cache_clear()
    yield home, libraries
    version.made_by.cache_clear()


def install(libraries: Path, name: str, number: str, *files: str) -> None:
    for file in files:
        (libraries / file).parent.mkdir(exist_ok=True, parents=True)
        (libraries / file).touch()
    folder = libraries / f"{name}-{number}.dist-info"
    folder.mkdir()
    (folder / "RECORD").write_text("".join(f"{file},,0\n" for file in files), "utf-8")


def made(home: Path, code: str) -> dict[str, str]:
    (home / "reads.py").write_text(code, "utf-8")
    version.made_by.cache_clear()
    return dict(version.made_by())


def test_every_library_that_text_imports_is_named_with_its_version():
    modules = set()
    for file in version.HERE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.partition(".")[0])
    modules -= sys.stdlib_module_names | {"dotsbook"}
    assert {"lxml", "sentencex", "num2words", "markdown_it", "yaml"} <= modules
    said = {re.sub("[-_.]+", "-", name): number for name, number in version.made_by().items()}
    homes = metadata.packages_distributions()
    for module in modules:
        for name in homes.get(module, ())[:1]:
            assert said.pop(re.sub("[-_.]+", "-", name.lower())) == metadata.version(name)
        if module not in homes:
            assert said.pop(module) == version.ABSENT
    assert set(said) == {"text", "unicode"}


def test_a_changed_line_of_code_or_data_and_a_moved_one_are_told(elsewhere):
    home, _ = elsewhere
    first = made(home, "import re\n")
    assert made(home, "import re\n") == first
    assert made(home, "import re  # other\n") != first
    (home / "data.yaml").write_text("one: 1\n", "utf-8")
    with_data = made(home, "import re\n")
    assert with_data != first
    (home / "data.yaml").rename(home / "moved.yaml")
    assert made(home, "import re\n") not in (first, with_data)


def test_a_library_is_known_by_its_own_list_of_files(elsewhere):
    home, libraries = elsewhere
    install(libraries, "PyOdd", "1.2", "odd/__init__.py")
    install(libraries, "odd_one_out", "9.9", "other/__init__.py", "nested/odd/__init__.py")
    install(libraries, "unlike", "3.0", "compiled.abi3.py")
    install(libraries, "lone", "4.1", "single.py")
    code = 'def read():\n    from odd.inner import thing\n    import single\n    import json, re\n\n\n"""\nfrom what is said\n"""\n'
    facts = made(home, code)
    assert {name: number for name, number in facts.items() if name not in ("text", "unicode")} == {
        "PyOdd": "1.2",
        "lone": "4.1",
    }
    (libraries / "PyOdd-1.2.dist-info").rename(libraries / "PyOdd-1.3.dist-info")
    assert made(home, code) == {**facts, "PyOdd": "1.3"}
    assert made(home, "import nowhere_to_be_found as gone\n")["nowhere_to_be_found"] == version.ABSENT


def test_it_loads_no_library_and_takes_no_time():
    code = (
        "import sys, time; from dotsbook.text.version import made_by; start = time.perf_counter(); made_by();"
        "print(time.perf_counter() - start, *sys.modules)"
    )
    took = []
    for _ in range(5):
        out = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
        assert not {"lxml", "sentencex", "yaml", "markdown_it", "importlib.metadata"} & set(out[1:])
        took.append(float(out[0]))
        if took[-1] < 0.02:
            break
        time.sleep(0.2)
    assert min(took) < 0.1, "about 0.01 s on an idle machine"

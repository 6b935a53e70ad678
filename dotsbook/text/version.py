"""Names all that makes the script what it is: the sources of text/ and the versions of the libraries it imports.

    made_by() -> {"text": "3f9c…", "unicode": "14.0.0", "lxml": "6.1.3", "sentencex": "1.0.32", …}

Nothing is listed by hand: the libraries are those that the files of text/ import, wherever the statement stands, and
a module is led back to its distribution by the list of files beside it. No library is imported for it.
"""

import hashlib
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = re.compile(
    rb"^[ \t]*(?:import[ \t]+(\w+)(?=[\w.]*(?:[ \t]+as\b|[ \t]*,|[ \t]*(?:#|$)))"  # a sentence may begin so too
    rb"|from[ \t]+(\w+)[\w.]*[ \t]+import\b)",
    re.M,
)
ABSENT = "not installed"


@cache
def made_by() -> dict[str, str]:
    """{"text": a digest, "unicode": …, a distribution: its version}; a module that isn't installed by its own name."""
    digest, modules = hashlib.sha256(), set()
    for name, data in sources(HERE):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
        if name.endswith(".py"):
            modules |= imported(data)
    libraries = dict(map(distribution_of, sorted(modules - sys.stdlib_module_names - {"dotsbook"})))
    return {"text": digest.hexdigest()[:16], "unicode": unicodedata.unidata_version, **libraries}


def sources(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every file of a package: code and data, in the order of their names."""
    for file in sorted(folder.rglob("*")):
        if file.suffix != ".pyc" and file.is_file():
            yield file.relative_to(folder).as_posix(), file.read_bytes()


def imported(code: bytes) -> set[str]:
    """The top-level modules that a file imports."""
    return {(plain or whole).decode() for plain, whole in IMPORT.findall(code)}


def distribution_of(module: str) -> tuple[str, str]:
    """(the distribution that a top-level module comes from, its version); (module, "not installed") without one."""
    spec = find_spec(module)
    if spec is None:
        return module, ABSENT
    place = Path(spec.origin or next(iter(spec.submodule_search_locations or ()), ""))
    home = place.parents[1] if spec.submodule_search_locations else place.parent
    for folder in by_likeness(module, home.glob("*.dist-info")):
        if lists(folder / "RECORD", module):
            name, _, version = folder.name.removesuffix(".dist-info").partition("-")
            return name, version
    return by_metadata(module)


def by_likeness(module: str, folders: Iterator[Path]) -> list[Path]:
    """Distributions' folders, those named like the module first: yaml is in PyYAML, markdown_it in markdown-it-py."""
    plain = folded(module)

    def unlike(folder: Path) -> tuple[bool, int, str]:
        name = folded(folder.name.partition("-")[0])
        return not (plain in name or name in plain), len(name), name

    return sorted(folders, key=unlike)


def lists(record: Path, module: str) -> bool:
    """Whether a distribution's list of files has the module: a package, a file, or a compiled one."""
    if not record.is_file():
        return False
    return any(
        line.startswith((f"{module}/", f"{module}.")) for line in record.read_text("utf-8").splitlines()
    )


def by_metadata(module: str) -> tuple[str, str]:
    """The same from all that is installed, slowly: for what is installed in place or by another tool."""
    from importlib import metadata

    for name in metadata.packages_distributions().get(module, ()):
        return name, metadata.version(name)
    return module, "of no known version"


def folded(name: str) -> str:
    return re.sub(r"[-_.]+", "", name).lower()

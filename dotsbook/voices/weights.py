"""The files of an engine's weights with their hashes, each read once. It knows files and no formats.

A hash is remembered in the project's cache by path, size and time of change, so that gigabytes aren't read again at
each render; losing the cache costs one reading.
"""

import contextlib
import json
from pathlib import Path

from dotsbook.errors import DotsbookError, OutputError
from dotsbook.files import sha256_of, write_whole
from dotsbook.voices.catalogue import setup_of, spec_of
from dotsbook.voices.spec import EngineChoice

NAME = "weights.json"  # in the cache: {path: [size, mtime in ns, SHA-256]}


def weights_of(choice: EngineChoice, cache: Path) -> dict[str, str]:
    """{name inside the model's folder: SHA-256}, in order; empty for an engine without weights.

    Names that begin with a dot are left out. ModelError if the model isn't on this machine; OSError as files give it.
    """
    given = spec_of(choice.name).files(setup_of(choice, cache))
    if given is None:
        return {}
    if isinstance(given, Path):
        names = {path: str(path.relative_to(given)) for path in given.rglob("*") if path.is_file()}
    else:
        names = {path: path.name for path in given}
    before = read(cache / NAME)
    now: dict[str, list[object]] = {}
    found: dict[str, str] = {}
    for path in sorted(path for path in names if not path.name.startswith(".")):
        status = path.stat()
        about: list[object] = [status.st_size, status.st_mtime_ns]
        kept = before.get(str(path.resolve()))
        sha256 = str(kept[2]) if kept and kept[:2] == about else sha256_of(path)
        now[str(path.resolve())] = [*about, sha256]
        found[names[path]] = sha256
    if any(before.get(path) != entry for path, entry in now.items()):
        with contextlib.suppress(OutputError):  # a cache that can't be written only costs time
            write_whole(cache / NAME, json.dumps(before | now, indent=1).encode())
    return found


def licence_of_weights(choice: EngineChoice, cache: Path) -> str:
    """What the makers of an engine's weights allow, in their words; "" where nothing here tells, or they aren't here."""
    with contextlib.suppress(DotsbookError):
        return spec_of(choice.name).licence(setup_of(choice, cache))
    return ""


def read(file: Path) -> dict[str, list[object]]:
    """What is remembered; nothing of a cache that is lost or damaged."""
    with contextlib.suppress(OSError, ValueError, RecursionError):
        data = json.loads(file.read_bytes())
        if isinstance(data, dict):
            return {
                path: entry for path, entry in data.items() if isinstance(entry, list) and len(entry) == 3
            }
    return {}

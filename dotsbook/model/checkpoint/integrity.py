"""The hashes of a model folder's files: recorded, looked up, proved. It knows files, nothing inside them."""

import json
import re
from pathlib import Path

from dotsbook.errors import ModelError
from dotsbook.files import sha256_of
from dotsbook.model.checkpoint.hub import git_blob
from dotsbook.model.checkpoint.jsonfile import JsonFields, read_object

HASHES = "hashes.json"


def write_hashes(folder: Path) -> None:
    """Record SHA-256 and size of every file in `folder` in its hashes.json."""
    files = {
        path.relative_to(folder).as_posix(): {"sha256": sha256_of(path), "bytes": path.stat().st_size}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != HASHES
    }
    (folder / HASHES).write_text(json.dumps({"version": 1, "files": files}, indent=1) + "\n", "utf-8")


def check_hashes(folder: Path) -> dict[str, str]:
    """Each known file and the hash it was found to have. ModelError names the first that is missing or differs.

    The hashes come from hashes.json, or, in the hub's cache, from the names the hub gave its files; {} without either.
    """
    if (folder / HASHES).is_file():
        return {name: _same(folder / name, *hashes) for name, hashes in recorded(folder).items()}
    found = {}
    for path in sorted(folder.rglob("*")):
        expected = path.resolve().name
        if path.is_symlink() and path.is_file() and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", expected):
            found[path.relative_to(folder).as_posix()] = _same(path, expected, None)
    return found


def recorded(folder: Path) -> dict[str, tuple[str, int]]:
    """hashes.json: name to (SHA-256, bytes). Names that leave the folder are refused."""
    fields = JsonFields(read_object(folder / HASHES), str(folder / HASHES))
    fields.size("version", 1, 1)
    found = {}
    for name in fields.object("files").raw:
        entry = fields.object("files").object(name)
        if name.startswith("/") or ".." in name.split("/") or "\\" in name or "\0" in name:
            raise ModelError(f"{folder / HASHES} names {name[:60]!r}, which is outside the folder.")
        digest = entry.raw.get("sha256")
        if not isinstance(digest, str) or not re.fullmatch("[0-9a-f]{64}", digest):
            raise ModelError(f"{folder / HASHES} gives no SHA-256 for {name[:60]!r}.")
        found[name] = digest, entry.size("bytes", 0, 1 << 50)
    return found


def weights(folder: Path) -> dict[str, str]:
    """Every file of the model, by its path inside the folder, and its SHA-256; what begins with a dot is left out.

    A hash is taken from hashes.json where the file is as long as that says, or from the name the hub's cache gave the
    file; only what has neither is read. Nothing is proved by it: that is `check_hashes`.
    """
    known = recorded(folder) if (folder / HASHES).is_file() else {}
    found = {}
    try:
        for path in sorted(folder.rglob("*")):
            inside, cached = path.relative_to(folder), path.resolve().name
            if not path.is_file() or any(part.startswith(".") for part in inside.parts):
                continue
            name = inside.as_posix()
            sha256, size = known.get(name, ("", -1))
            if path.stat().st_size == size:
                found[name] = sha256
            elif path.is_symlink() and re.fullmatch("[0-9a-f]{64}", cached):
                found[name] = cached
            else:
                found[name] = sha256_of(path)
    except OSError as error:
        raise ModelError(f"{folder} can't be read: {error.strerror or error}.") from error
    return found


def _same(path: Path, expected: str, size: int | None) -> str:
    """The file's hash, if it is the expected one (64 digits: SHA-256; 40: git's)."""
    try:
        if not path.is_file():
            raise ModelError(f"{path} is missing: fetch or convert the model again.")
        if size is not None and path.stat().st_size != size:
            raise ModelError(
                f"{path} has {path.stat().st_size:,} bytes, not {size:,}: fetch or convert it again."
            )
        found = sha256_of(path) if len(expected) == 64 else git_blob(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror or error}.") from error
    if found != expected:
        raise ModelError(
            f"{path} is damaged: its hash is not the recorded one. Fetch or convert the model again."
        )
    return found

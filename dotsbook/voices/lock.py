"""`book.lock.yaml`: which engine, model and voices made this book, so that the same folder makes it again elsewhere.

A lock is written after a render and compared before one that is asked to keep to it. It knows hashes, and no sound.
"""

from pathlib import Path

import yaml

from dotsbook.errors import DotsbookError, ManifestError
from dotsbook.files import sha256_of, write_whole
from dotsbook.manifest import ENGINES_BEFORE, load_yaml
from dotsbook.project import Project
from dotsbook.voices.catalogue import voice_of
from dotsbook.voices.engine import Engine

FORMAT = 1
HEAD = "# Made by dotsbook: what this book was rendered with. Keep it in git; `dotsbook render --locked` keeps to it.\n"


def current(project: Project, engine: Engine) -> dict:
    """The lock as it would be written now."""
    return {
        "lock": FORMAT,
        "engine": project.manifest.engine,
        "identity": engine.identity,
        "rate": engine.rate,
        **({"model": project.manifest.model} if project.manifest.model else {}),
        **files_of(engine),
        "voices": {name: of_voice(project, name) for name in project.manifest.voices},
    }


def of_voice(project: Project, name: str) -> dict:
    voice = voice_of(project, name)
    return {"fingerprint": voice.fingerprint} | (
        {"reference": sha256_of(voice.reference)} if voice.reference else {}
    )


def files_of(engine: Engine) -> dict:
    """The model's files and their hashes, for an engine that has any."""
    held = getattr(engine, "engine", engine)
    folder: Path | None = getattr(held, "folder", None)
    if folder is None:
        return {}
    names = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return {"files": {str(path.relative_to(folder)): sha256_of(path) for path in names}}


def write_lock(project: Project, engine: Engine) -> None:
    """Write what was used, over the lock before."""
    text = HEAD + yaml.safe_dump(current(project, engine), allow_unicode=True, sort_keys=False)
    write_whole(project.lock_file, text.encode())


def check_lock(project: Project, engine: Engine) -> None:
    """ManifestError, with every drift, unless engine, model and voices are what the lock says."""
    if not project.lock_file.is_file():
        raise ManifestError(f"There is no {project.lock_file}; render once without --locked to write it.")
    locked, _ = load_yaml(project.lock_file)
    if not isinstance(locked, dict) or locked.get("lock") != FORMAT:
        raise ManifestError(
            f"{project.lock_file} isn't a lock this version reads; delete it and render without --locked."
        )
    try:
        found = differences(locked, current(project, engine))
    except DotsbookError as error:
        raise ManifestError(f"The lock can't be kept: {error}") from error
    if found:
        raise ManifestError(
            f"{project.lock_file} says otherwise: {'; '.join(found)}. Undo that, or render without "
            "--locked to accept it."
        )


def differences(locked: dict, now: dict) -> list[str]:
    """What has changed since the lock was written, a phrase each."""
    engine = locked.get("engine")
    locked = locked | {"engine": ENGINES_BEFORE.get(engine, engine) if isinstance(engine, str) else engine}
    found = [
        f"{name} was {locked.get(name)}, is {now.get(name)}"
        for name in ("engine", "model", "identity", "rate")
        if locked.get(name) != now.get(name)
    ]
    for kind, what in (("files", "the model's file"), ("voices", "voice")):
        before, after = mapping(locked.get(kind)), mapping(now.get(kind))
        found += [f"{what} {name} is gone" for name in before if name not in after]
        found += [f"{what} {name} is new" for name in after if name not in before]
        found += [
            f"{what} {name} has changed" for name in after if name in before and before[name] != after[name]
        ]
    return found


def mapping(value: object) -> dict:
    return value if isinstance(value, dict) else {}

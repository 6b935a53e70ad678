"""`book.lock.yaml`: which engine identities a book is rendered with. Takes outlive engines because keys come from here.

An identity is pinned when a book is first rendered with an engine, and stays until `render --engine-anew`. What really
spoke a take later, another version on another machine, is a fact of the take and changes no key. The file stands in git:
the same folder finds the same takes elsewhere, also where the engine isn't installed.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from dotsbook.errors import ManifestError
from dotsbook.files import write_whole
from dotsbook.manifest import ENGINES_BEFORE
from dotsbook.yaml_file import load_yaml

FORMAT = 2
HEAD = (
    "# Made by dotsbook: what this book is rendered with. Keep it in git. `dotsbook render --locked` keeps to it,\n"
    "# `dotsbook render --engine-anew` begins again with the engines that are installed.\n"
)


@dataclass(frozen=True)
class Pin:
    """One engine as a book has it."""

    key: str  # engine, model and options as one text: voices.spec.EngineChoice.key
    engine: str  # its name in the manifest
    model: str | None
    identity: str  # what keys are made with
    rate: int  # Hz
    files: Mapping[str, str]  # the weights: {path in the model's folder: SHA-256}
    licence: str = ""  # theirs, as far as it is known


@dataclass(frozen=True)
class PinnedVoice:
    """A voice as the book has it, so that its takes are found where its engine isn't installed."""

    engine: str  # Pin.key
    entry: str  # a hash of all that the manifest says of it
    fingerprint: str  # what keys are made with


@dataclass(frozen=True)
class Drift:
    """An engine here that isn't the one a book is pinned to."""

    engine: str
    pinned: str
    here: str

    def __str__(self) -> str:
        return (
            f"this book is rendered with {self.pinned}, and here is {self.here}: finished takes are kept and new ones "
            "join them; `dotsbook render --engine-anew` makes all of them again."
        )


@dataclass(frozen=True)
class Pins:
    engines: Mapping[str, Pin]  # by `choice_text`
    voices: Mapping[str, PinnedVoice]  # by name

    def with_engines(self, pins: list[Pin]) -> "Pins":
        return replace(self, engines={**self.engines, **{pin.key: pin for pin in pins}})


def entry_hash(facts: object) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()


def read_pins(path: Path) -> Pins:
    """What the lock says; no pins where there is none, or something else under its name. ManifestError for a newer one."""
    if not path.is_file():
        return Pins({}, {})
    locked, _ = load_yaml(path)
    if not isinstance(locked, dict) or "lock" not in locked:
        return Pins({}, {})
    try:
        if locked.get("lock") == 1:
            return before_engines_outlived(locked)
        if locked.get("lock") != FORMAT:
            raise ValueError(f"its format is {locked.get('lock')!r}")
        pins = [
            Pin(
                key,
                str(row["engine"]),
                row.get("model"),
                str(row["identity"]),
                int(row["rate"]),
                mapping(row.get("files")),
                str(row.get("licence") or ""),
            )
            for key, row in locked["engines"].items()
        ]
        voices = mapping(locked.get("voices"))
        return Pins(
            {pin.key: pin for pin in pins},
            {
                name: PinnedVoice(str(row["engine"]), str(row["entry"]), str(row["fingerprint"]))
                for name, row in voices.items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ManifestError(
            f"{path} isn't a lock that this dotsbook reads ({error}); take it back from git, or update dotsbook. "
            "Without it, takes are found by what the ledger says of them."
        ) from error


def before_engines_outlived(locked: dict) -> Pins:
    """Format 1 had one engine for the whole book."""
    engine, model = ENGINES_BEFORE.get(locked["engine"], str(locked["engine"])), locked.get("model")
    files = mapping(locked.get("files"))
    pin = Pin(
        f"{engine} {model}" if model else engine,
        engine,
        model,
        str(locked["identity"]),
        int(locked["rate"]),
        files,
    )
    return Pins({pin.key: pin}, {})


def mapping(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def write_pins(path: Path, pins: Pins) -> None:
    """Write the lock whole; nothing is written where nothing changed."""
    data = {
        "lock": FORMAT,
        "engines": {
            key: {
                "engine": pin.engine,
                **({"model": pin.model} if pin.model else {}),
                "identity": pin.identity,
                "rate": pin.rate,
                **({"licence": pin.licence} if pin.licence else {}),
                **({"files": dict(pin.files)} if pin.files else {}),
            }
            for key, pin in pins.engines.items()
        },
        "voices": {
            name: {"engine": voice.engine, "fingerprint": voice.fingerprint, "entry": voice.entry}
            for name, voice in pins.voices.items()
        },
    }
    text = (HEAD + yaml.safe_dump(data, allow_unicode=True, sort_keys=False)).encode()
    if not path.is_file() or path.read_bytes() != text:
        write_whole(path, text)


def differences(before: Pins, now: Pins) -> list[str]:
    """What has changed since the lock was written, a phrase each."""
    found = []
    for key, pin in now.engines.items():
        was = before.engines.get(key)
        if was is None:
            found.append(f"engine {key} is new")
            continue
        found += [
            f"{pin.engine}'s {what} was {old}, is {new}"
            for what, old, new in (("identity", was.identity, pin.identity), ("rate", was.rate, pin.rate))
            if old != new
        ]
        found += changed("the model's file", was.files, pin.files)
    if before.voices:
        found += changed("voice", before.voices, now.voices)
    return found


def changed(what: str, before: Mapping, after: Mapping) -> list[str]:
    return [
        *(f"{what} {name} is gone" for name in before if name not in after),
        *(f"{what} {name} is new" for name in after if name not in before),
        *(f"{what} {name} has changed" for name in after if name in before and before[name] != after[name]),
    ]

"""A take as a row of the ledger: what is known of it, how that is stored and read back."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from sysconfig import get_platform

from dotsbook.book import Take
from dotsbook.release import __version__
from dotsbook.render.ledger_file import REPAIR, Damaged

NORMED = "normed"  # among a take's health figures: it was judged by its voice's norm
OBJECTION = "objection"  # among them too, though no figure: what the user's own judges have against it
LOWEST = 1000  # Hz of a take, at least
SELECT = "SELECT key, file, sha256, samples, rate, first, last, peak, attempts, healthy, health, energies FROM takes"
COLUMNS = (
    "key, file, sha256, samples, rate, first, last, peak, attempts, healthy, health, energies, engine, voice, language, "
    "chars, made, base, retake, made_by, device, machine, version"
)
INSERT = f"INSERT OR REPLACE INTO takes ({COLUMNS}) VALUES ({','.join('?' * len(COLUMNS.split(',')))})"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a take beside its sound."""

    attempts: int = 1
    healthy: bool = True
    health: dict | None = None  # {check: figure}
    engine: str = ""  # the identity in its key
    voice: str = ""  # its name
    language: str = ""
    text: str = ""  # as spoken
    base: str = ""  # Job.base and Job.retake
    retake: int = 0
    made_by: str = ""  # the identity of the engine that really spoke it
    device: str = ""  # "cpu", "gpu" …
    machine: str = ""  # system and processor, no name
    version: str = ""  # of dotsbook and of what the engine is made of, for people


def take_of(row: tuple) -> Take:
    """A row as a Take; Damaged if it holds what no take has."""
    try:
        key, file, sha256, samples, rate, first, last, peak, attempts, healthy, health, energies = row
        about = (attempts, bool(healthy), json.loads(health), energies)
        take = Take(key, file, sha256, samples, rate, first, last, peak, *about)
        sane = (
            take.samples > 0
            and take.rate >= LOWEST
            and 0 <= take.first <= take.last <= take.samples
            and len(take.energies) % 4 == 0
        )
    except (TypeError, ValueError, RecursionError):
        sane = False
    if not sane:
        raise Damaged(
            f"The ledger is damaged: its row of the take {row[0]} holds what no take has; {REPAIR}."
        )
    return take


def row_of(take: Take, facts: Facts, now: float) -> tuple:
    """What COLUMNS names, of a take made `now` (Unix time)."""
    sound = (
        take.key,
        take.file,
        take.sha256,
        take.samples,
        take.rate,
        take.first,
        take.last,
        float(take.peak),
    )
    health = (take.attempts, int(take.healthy), health_json(take.health), take.energies)
    spoken = (facts.engine, facts.voice, facts.language, len(facts.text), now, facts.base, facts.retake)
    return (*sound, *health, *spoken, facts.made_by, facts.device, facts.machine, facts.version)


def facts_here(identity: str, told: Mapping[str, str]) -> dict[str, str]:
    """Facts about a take: made_by, device, machine, version.

    told: what the engine tells of itself (voices.engine.facts_of); where it is several, each name has another before it.
    `platform` among it is the machine's that spoke, if it wasn't this one.
    """
    devices = dict.fromkeys(value for name, value in sorted(told.items()) if name.split()[-1] == "device")
    programs = [
        f"{name} {value}"
        for name, value in sorted(told.items())
        if name.split()[-1] not in ("device", "platform")
    ]
    return {
        "made_by": identity,
        "device": ", ".join(devices),
        "machine": told.get("platform") or get_platform(),
        "version": ", ".join([f"dotsbook {__version__}", *programs]),
    }


def health_json(health: dict) -> str:
    """Figures as strict JSON: what isn't finite is null."""
    return json.dumps(
        {
            name: None if isinstance(figure, float) and not math.isfinite(figure) else figure
            for name, figure in health.items()
        },
        allow_nan=False,
    )

"""What is checked of a project's state: takes against the ledger, finished files against their proofs, what nothing needs."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import Unfinished
from dotsbook.production.session import Session
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.render.audit import Problem
    from dotsbook.render.sweep import Orphan


@dataclass(frozen=True)
class Rebuilt:
    """A ledger that could not be opened was made anew from the takes."""

    why: str
    takes: int  # found again
    refused: int  # files that could not be taken up
    aside: Path | None  # where the old ledger lies


@dataclass(frozen=True)
class Verified:
    takes: tuple["Problem", ...]  # what is wrong with takes; repaired, if that was asked for
    outputs: tuple[tuple[Path, list[str]], ...]  # each finished file with its faults
    repaired: bool
    rebuilt: Rebuilt | None = None

    @property
    def faults(self) -> int:
        """What still is wrong."""
        return sum(bool(faults) for _, faults in self.outputs) + (0 if self.repaired else len(self.takes))

    def require_sound(self) -> None:
        """Raise Unfinished if something is wrong."""
        if self.faults:
            raise Unfinished(
                f"{count(self.faults, 'fault')} found; `dotsbook verify --repair`, then `dotsbook make`, puts takes and files right."
            )

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "takes": [
                {"key": problem.key, "file": problem.file, "kind": problem.kind, "detail": problem.detail}
                for problem in self.takes
            ],
            "outputs": [{"file": str(path), "faults": faults} for path, faults in self.outputs],
            "repaired": self.repaired,
        }


def verify_project(session: Session, repair: bool = False) -> Verified:
    """Re-hash every take, open every finished file again. repair: forget bad takes, make a lost ledger again."""
    from dotsbook.master.proof import recheck

    problems, rebuilt = mended(session) if repair else (checked(session), None)
    return Verified(tuple(problems), tuple(recheck(session.project.out)), repair, rebuilt)


def checked(session: Session) -> list["Problem"]:
    from dotsbook.render.audit import audit

    with session.reading() as ledger:
        return list(audit(ledger, session.project.takes))


def mended(session: Session) -> tuple[list["Problem"], Rebuilt | None]:
    """Forget the rows of bad takes; a ledger that can't be opened is made anew from the takes."""
    from dotsbook.render.audit import audit, rebuild, repair
    from dotsbook.render.ledger_file import Damaged
    from dotsbook.render.write_lock import writing

    project = session.project
    try:
        with session.writing() as ledger:
            problems = list(audit(ledger, project.takes))
            repair(ledger, problems)
            return problems, None
    except Damaged as error:
        with writing(project.state):
            aside, found, refused = rebuild(project.ledger, project.takes)
        return checked(session), Rebuilt(str(error), found, len(refused), aside)


@dataclass(frozen=True)
class Swept:
    files: tuple["Orphan", ...]
    removed: bool
    kept: int = 0  # takes of engines that the book has left, not among `files`

    @property
    def bytes(self) -> int:
        return sum(orphan.size for orphan in self.files)

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "removed": self.removed,
            "bytes": self.bytes,
            "kept": self.kept,
            "files": [
                {"file": orphan.file, "bytes": orphan.size, "reason": orphan.reason} for orphan in self.files
            ],
        }


def sweep_project(session: Session, remove: bool = False, other_engines: bool = False) -> Swept:
    """What no line of the book needs; removed if asked. other_engines: count takes of engines that the book has left."""
    from dotsbook.render import sweep

    with session.writing() if remove else session.reading() as ledger:
        chosen = ledger.choices()  # whoever chose among a line's takes may choose again
        needed = []
        for job in session.jobs(ledger):
            needed.append(job.key)
            if job.base in chosen:
                needed += [take.key for take in ledger.takes_of(job.base)]
        found = sweep.orphans(session.project.takes, ledger, needed, pinned=session.identities_pinned())
        unneeded = [orphan for orphan in found if other_engines or not orphan.other_engine]
        if remove:
            sweep.remove(session.project.takes, ledger, unneeded)
            ledger.forgive(sweep.forgettable(ledger, needed))
    return Swept(tuple(unneeded), remove, len(found) - len(unneeded))

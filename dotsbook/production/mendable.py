"""The take of a line that a fix begins with: its own, or the one it had before its words were changed."""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.errors import LedgerError, ManifestError
from dotsbook.files import sha256_of
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger

FEW = 2  # words that may differ where a line is mended by itself
LETTERS = 0.3  # of the line that may differ with them
NEAR = 0.6  # how alike two texts must be to be a line before and after a change


@dataclass(frozen=True, eq=False)
class MendableTake:
    """A take to be edited, whole and as it was committed."""

    take: Take
    text: str  # what it was to say
    samples: Samples

    @property
    def rate(self) -> int:
        return self.take.rate


def mendable_take(session: Session, ledger: "Ledger", job: "Job", former: bool = True) -> MendableTake:
    """The line's take, or (former) the one of its words before they were changed. ManifestError where there is none,
    LedgerError where its file is gone or altered."""
    own = ledger.finished([job.key]).get(job.key)
    if own:
        return opened(session, own, job.chunk.spoken)
    before = FormerTakes(session, ledger).nearest(job) if former else None
    if before is None:
        raise ManifestError(f"{job.chunk.id} has no take to mend: `dotsbook render` makes one.")
    return before


def opened(session: Session, take: Take, text: str) -> MendableTake:
    """A take with its sound, its file proved to be what was committed."""
    from dotsbook.render import store

    path = session.project.takes / take.file
    if not path.is_file() or sha256_of(path) != take.sha256:
        raise LedgerError(
            f"{path} is {'altered' if path.is_file() else 'gone'}, so it can't be mended; `dotsbook verify --repair` has it "
            "made anew."
        )
    samples, _ = store.read(session.project.takes, take.file)
    return MendableTake(take, store.text_of(session.project.takes, take.file) or text, samples)


class FormerTakes:
    """The takes that no line of the book needs any more: what lines said before their words were changed."""

    def __init__(self, session: Session, ledger: "Ledger", needed: Collection[str] | None = None):
        """needed: keys that lines need, if they are known already."""
        self.session, self.ledger = session, ledger
        needed = needed if needed is not None else {job.key for job in session.jobs(ledger)}
        rows = ledger.rows("SELECT key, voice, language, engine, chars FROM takes WHERE healthy")
        self.rows: dict[
            tuple[str, str, str], dict[str, int]
        ] = {}  # {(voice, language, engine): {key: characters}}
        for key, *place, chars in rows:
            if key not in needed:
                self.rows.setdefault((place[0], place[1], place[2]), {})[key] = chars
        self.texts: dict[str, str] = {}

    def nearest(self, job: "Job", few: bool = False) -> MendableTake | None:
        """The former take whose text is nearest to the line's; None if none is near. few: it may differ by FEW words only."""
        said, letters = job.chunk.spoken, len(job.chunk.spoken)
        within = max(12, letters * (LETTERS if few else 0.5))
        rows = self.rows.get((job.voice.name, job.chunk.language, job.engine), {})
        takes = self.ledger.finished([key for key, chars in rows.items() if abs(chars - letters) <= within])
        found: list[tuple[float, str]] = []
        for key, take in takes.items():
            text = self.text_of(take)
            matcher = SequenceMatcher(None, text, said, autojunk=False)
            if text == said or matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR:
                continue
            if (likeness := matcher.ratio()) >= NEAR and (not few or is_small(text, said)):
                found.append((likeness, key))
        if not found:
            return None
        take = takes[max(found)[1]]
        return opened(self.session, take, self.texts[take.key])

    def text_of(self, take: Take) -> str:
        from dotsbook.render import store

        if take.key not in self.texts:
            self.texts[take.key] = store.text_of(self.session.project.takes, take.file)
        return self.texts[take.key]

    def used(self, key: str) -> None:
        """It stands for a line again."""
        for rows in self.rows.values():
            rows.pop(key, None)


def is_small(before: str, after: str) -> bool:
    """Whether a word or two were changed, and most of the line stays."""
    from dotsbook.model.editing.changes import changes_between

    changed = [(old, new) for old, new in changes_between(before, after) if old != new]
    words = max(sum(len(words_in(old)) for old, _ in changed), sum(len(words_in(new)) for _, new in changed))
    letters = max(sum(len(old) for old, _ in changed), sum(len(new) for _, new in changed))
    return 0 < words <= FEW and letters <= LETTERS * max(len(before), len(after))


def words_in(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def unchanged_share(before: str, after: str) -> float:
    """How much of a text's letters stay."""
    from dotsbook.model.editing.changes import changes_between

    stays = sum(len(old) for old, new in changes_between(before, after) if old == new)
    return stays / max(1, len(before))


def place_of(session: Session, take: Take) -> str:
    """A take's file, for a person to listen to."""
    return os.path.relpath(session.project.takes / take.file)

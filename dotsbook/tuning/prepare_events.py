"""What a preparation tells while it goes on: clips kept and rejected, how far it is, the data set at the end."""

import time
from collections import Counter
from dataclasses import dataclass, field

from dotsbook.tuning.clip_checks import Rejection
from dotsbook.tuning.data_set import ClipLine, Dataset


@dataclass
class PrepareProgress:
    """How far it is, in seconds of recordings. Kept up to date."""

    total: float
    done: float = 0.0
    known: float = 0.0  # of `done`, from an earlier run
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float | None:
        """Seconds to go; None until that can be told."""
        new = self.done - self.known
        took = time.monotonic() - self.began
        return (self.total - self.done) * took / new if new > 0 and took > 1 else None


@dataclass(frozen=True)
class ClipKept:
    line: ClipLine
    progress: PrepareProgress


@dataclass(frozen=True)
class ClipRejected:
    where: str
    why: Rejection
    progress: PrepareProgress | None = None


@dataclass(frozen=True)
class LookedAt:
    """Of what is done to all clips at the end."""

    what: str  # voices, latents
    done: int
    total: int


@dataclass(frozen=True)
class PreparedSet:
    """The data set is made."""

    data: Dataset
    rejected: tuple[tuple[str, Rejection], ...]
    remarks: tuple[str, ...] = ()

    @property
    def reasons(self) -> Counter[str]:
        return Counter(why.reason for _, why in self.rejected)

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return self.data.record() | {
            "reasons": dict(self.reasons.most_common()),
            "remarks": list(self.remarks),
        }


PrepareEvent = ClipKept | ClipRejected | LookedAt | PreparedSet

"""What goes to a worker that is to hear takes, and what comes back: plain values, as in orders.py. It knows no dask."""

import hashlib
from dataclasses import dataclass

from dotsbook.cluster.orders import BatchAnswer, OpinionThere


@dataclass(frozen=True)
class JudgeOrder:
    """A judge, as a worker makes it: that of words, by its recogniser, or one that is installed there under its name."""

    name: str
    language: str = ""  # the book's
    recogniser: str | None = None  # as the manifest has it
    folder: str = ""  # that a path of it is relative to, if it is at the same place there
    allow_remote: bool = False
    respelled: tuple[tuple[str, str], ...] = ()  # (as the lexicon has it spoken, as it is written)
    installed: bool = False

    @property
    def key(self) -> str:
        return f"judge {self.name}"


@dataclass(frozen=True)
class HearingOrder:
    """One task: a take to hear."""

    judge: JudgeOrder
    take: str  # its key
    flac: bytes
    text: str  # as it was to be spoken
    language: str
    speaker: str  # the voice's name
    voice: str | None = (
        None  # none stays on one kind of device: a judge's version holds all that its opinion hangs on
    )

    @property
    def digest(self) -> str:
        return hashlib.sha256(f"{self.judge.key} {self.take}".encode()).hexdigest()[:32]

    @property
    def letters(self) -> int:
        return len(self.text)

    @property
    def key(self) -> str:
        """What a worker must have for it."""
        return self.judge.key

    @property
    def needs(self) -> str:
        return f"hear takes as the judge `{self.judge.name}`"

    @property
    def told(self) -> str:
        return f"hears a take of {self.speaker}"

    def parts(self) -> "list[HearingOrder]":
        return [self]

    def lost(self, why: str) -> BatchAnswer:
        return BatchAnswer("", (OpinionThere(error=why),))

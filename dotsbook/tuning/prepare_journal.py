"""What became of each recording so far, a line each in a file: by it a preparation goes on where it was stopped.

A line is written when the clips it names are on disk: that is the commit point. A line that a death cut short is passed over
and its recording is made again.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dotsbook.files import unwritable
from dotsbook.tuning.clip_checks import Rejection
from dotsbook.tuning.data_set import ClipLine

JOURNAL = "journal.jsonl"
STATE = ".preparing"


@dataclass(frozen=True)
class RecordingOutcome:
    """What became of a recording, or of a piece of a long one."""

    of: str  # a hash of all that decides it
    made: tuple[ClipLine, ...] = ()
    rejected: tuple[tuple[str, Rejection], ...] = ()  # (where, why)
    words: int = 0  # of a long text: where the next piece of the same recording goes on


@dataclass
class PrepareJournal:
    path: Path
    found: dict[str, RecordingOutcome] = field(default_factory=dict)
    written: set[str] = field(default_factory=set)  # hashes of lines.jsonl as `prepare` wrote it

    @classmethod
    def open(cls, folder: Path) -> "PrepareJournal":
        """Of a data set's folder."""
        path = folder / STATE / JOURNAL
        journal = cls(path)
        if path.is_file():
            for row in path.read_bytes().split(b"\n"):
                journal.take_in(row)
        return journal

    def take_in(self, row: bytes) -> None:
        try:
            said = json.loads(row)
            if "written" in said:
                self.written.add(str(said["written"]))
                return
            outcome = RecordingOutcome(
                said["of"],
                tuple(ClipLine(**line) for line in said["made"]),
                tuple((where, Rejection(**why)) for where, why in said["rejected"]),
                said["words"],
            )
        except (ValueError, KeyError, TypeError):
            return
        self.found[outcome.of] = outcome

    def add(self, outcome: RecordingOutcome) -> None:
        """OutputError if the disk refuses."""
        self.append(
            {
                "of": outcome.of,
                "made": [asdict(line) for line in outcome.made],
                "rejected": [[where, asdict(why)] for where, why in outcome.rejected],
                "words": outcome.words,
            }
        )
        self.found[outcome.of] = outcome

    def note_written(self, sha256: str) -> None:
        self.append({"written": sha256})
        self.written.add(sha256)

    def append(self, row: dict) -> None:
        data = (
            b"\n" + json.dumps(row, ensure_ascii=False).encode() + b"\n"
        )  # begun anew, after whatever a death left
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(self.path, error) from error

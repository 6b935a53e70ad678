"""What became of each recording so far, a line each in a file: by it a preparation goes on where it was stopped.

A line is written when the clips it names are on disk: that is the commit point. A line that a death cut short is passed over
and its recording is made again.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from dotsbook.json_rows import add_row, json_rows
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
        journal = cls(folder / STATE / JOURNAL)
        for row in json_rows(journal.path):
            with suppress(ValueError, KeyError, TypeError):
                journal.take_in(row)
        return journal

    def take_in(self, row: dict) -> None:
        """A row of the file. ValueError, KeyError or TypeError for one of another version."""
        if "written" in row:
            self.written.add(str(row["written"]))
            return
        self.found[row["of"]] = RecordingOutcome(
            row["of"],
            tuple(ClipLine(**line) for line in row["made"]),
            tuple((where, Rejection(**why)) for where, why in row["rejected"]),
            row["words"],
        )

    def add(self, outcome: RecordingOutcome) -> None:
        """OutputError if the disk refuses."""
        row = {
            "of": outcome.of,
            "made": [asdict(line) for line in outcome.made],
            "rejected": [[where, asdict(why)] for where, why in outcome.rejected],
            "words": outcome.words,
        }
        add_row(self.path, row, lasting=True)
        self.found[outcome.of] = outcome

    def note_written(self, sha256: str) -> None:
        add_row(self.path, {"written": sha256}, lasting=True)
        self.written.add(sha256)

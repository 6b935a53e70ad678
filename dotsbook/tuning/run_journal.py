"""A training's log, log.jsonl: a line an event, cut back to where the training goes on from. It knows files only."""

import json
from pathlib import Path
from typing import IO

from dotsbook.files import unwritable, write_whole
from dotsbook.json_rows import json_rows
from dotsbook.tuning.training_events import (
    SamplesSpoken,
    SavedAt,
    Stepped,
    TrainingForecast,
    TrainingNews,
    TuneRemark,
    TuningEnded,
    Validated,
    record,
)

KEPT = (TrainingForecast, TuneRemark, Stepped, Validated, SavedAt, SamplesSpoken, TuningEnded)


class RunJournal:
    """log.jsonl, open to be added to."""

    def __init__(self, path: Path):
        self.path = path
        self.file: IO[str] | None = None

    def begin(self, at: int) -> None:
        """Drop what is told of steps from `at` on: they are made again, and come out the same. OutputError if it can't be."""
        kept = [json.dumps(row) + "\n" for row in json_rows(self.path) if not told_again(row, at)]
        write_whole(self.path, "".join(kept).encode())
        try:
            self.file = open(self.path, "a", encoding="utf-8")  # noqa: SIM115  closed by `close`
        except OSError as error:
            raise unwritable(self.path, error) from error

    def add(self, event: TrainingNews) -> None:
        """OutputError if the disk refuses."""
        if self.file is None or not isinstance(event, KEPT):
            return
        try:
            self.file.write(json.dumps(record(event)) + "\n")
            self.file.flush()
        except OSError as error:
            raise unwritable(self.path, error) from error

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


def told_again(row: dict, at: int) -> bool:
    """Whether a training that goes on from step `at` tells this line once more."""
    step = row.get("step")
    if not isinstance(step, int):
        return False
    return step >= at if row.get("event") == "step" or at == 0 else step > at


def curves(rows: list[dict]) -> dict[str, list[tuple[int, float]]]:
    """The losses by step: fm as trained on, and as held out."""
    found: dict[str, list[tuple[int, float]]] = {"training": [], "held out": []}
    for row in rows:
        name = {"step": "training", "validation": "held out"}.get(str(row.get("event")))
        if name and isinstance(row.get("fm"), (int, float)) and isinstance(row.get("step"), int):
            found[name].append((row["step"], float(row["fm"])))
    return {name: curve for name, curve in found.items() if curve}

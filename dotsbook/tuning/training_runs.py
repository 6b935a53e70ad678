"""The trainings of a data set: one opened by its name and its config. It trains nothing."""

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError, SourceError
from dotsbook.tuning.training_config import read_config, smoke

if TYPE_CHECKING:
    from dotsbook.tuning.training_run import TrainingRun

SMOKE = "smoke"  # the name of a run that only tries


def opened_run(
    folder: Path, config: Path | None = None, name: str = "voice", tries: bool = False, **said: object
) -> "TrainingRun":
    """A training of the data set in `folder`, new or to be gone on with.

    said: keys of the config put over the file's. tries: a few steps under a name of its own, begun anew each time.
    Raises SourceError, ManifestError.
    """
    from dotsbook.tuning.data_set import Dataset
    from dotsbook.tuning.training_run import RUNS, TrainingRun

    if config is not None and not config.is_file():
        raise ManifestError(
            f"There is no config {config}. Make one, or train without: every key has a default."
        )
    found = read_config(config, **said)
    if not re.fullmatch(r"[\w][\w.-]{0,63}", name):
        raise SourceError(f"A run can't be called {name!r}: letters, digits, `-`, `_` and `.` make a name.")
    data = Dataset.open(folder)
    if tries:
        shutil.rmtree(data.folder / RUNS / SMOKE, ignore_errors=True)
        return TrainingRun(data, smoke(found), data.folder / RUNS / SMOKE)
    return TrainingRun(data, found, data.folder / RUNS / name)

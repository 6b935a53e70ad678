"""The command line of a benchmark that measures a folder: `FOLDER [--json]`, a table or JSON."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Report = TypeVar("Report")


def run(said: str | None, measure: Callable[[Path], Report], show: Callable[[Report], None]) -> None:
    """said: the module's docstring, whose first line is the help's."""
    arguments = argparse.ArgumentParser(description=(said or "").split("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--json", action="store_true")
    options = arguments.parse_args()
    report = measure(options.folder)
    if options.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        show(report)

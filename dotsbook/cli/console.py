"""Where the program speaks to a person or to another program: the only printer."""

import json
import sys

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def emit(record: object) -> None:
    """One JSON object on one line of stdout."""
    json.dump(record, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")
    sys.stdout.flush()

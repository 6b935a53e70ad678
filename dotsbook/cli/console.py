"""Where the program speaks to a person or to another program: the only printer."""

import json
import sys

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def emit(record: object) -> None:
    """One JSON object on one line of stdout, in ASCII where its letters would not come through."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(record)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()

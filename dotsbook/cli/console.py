"""Where the program speaks to a person or to another program: the only printer."""

import json
import sys
from collections.abc import Collection
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

console = Console(highlight=False, soft_wrap=True)
complaints = Console(stderr=True, highlight=False, soft_wrap=True)


def remark(sentence: str) -> None:
    """Something the user should know, beside what was asked for."""
    complaints.print(f"note: {sentence}", style="yellow", markup=False)


def agreed(unsure: list[str]) -> bool:
    """Whether a person at a terminal agrees to what would be left out. False where nobody can be asked."""
    if not unsure or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    for sentence in unsure:
        remark(sentence)
    return complaints.input("Leave it out? [y/N] ").strip().lower() in ("y", "yes")


def emit(record: object) -> None:
    """One JSON object on one line of stdout, in ASCII where its letters would not come through."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        line = json.dumps(record)
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def plain(text: str) -> str:
    """A manuscript's words in a table: on one line, with nothing that rich or a terminal would obey."""
    return escape("".join(letter if letter.isprintable() else " " for letter in text))


def relative(path: Path) -> Path:
    """A path as it is shorter from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def table(*names: str, right: Collection[int] = ()) -> Table:
    """A plain table of these columns; those of figures stand to the right."""
    made = Table(*names, box=None, header_style="dim", pad_edge=False)
    for column in right:
        made.columns[column].justify = "right"
    return made

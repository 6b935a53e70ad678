"""Files of JSON, an object a line, that grow while work goes on. What a death cut short is passed over when they are read."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotsbook.files import unwritable


def json_rows(path: Path) -> Iterator[dict]:
    """All rows that are whole; none of a file that isn't there."""
    for line in path.read_bytes().split(b"\n") if path.is_file() else ():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def add_row(path: Path, row: Mapping[str, object], lasting: bool = False) -> None:
    """Add a row, in the file when this returns; lasting: on the disk too. OutputError if the disk refuses."""
    data = json.dumps(row, ensure_ascii=False).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                data = (
                    data if file.read(1) == b"\n" else b"\n" + data
                )  # begun anew, after whatever a death left
            file.write(data + b"\n")
            if lasting:
                file.flush()
                os.fsync(file.fileno())
    except OSError as error:
        raise unwritable(path, error) from error

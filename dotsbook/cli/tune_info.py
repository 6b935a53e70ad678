"""`dotsbook tune info`: what is in a data set."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit
from dotsbook.wording import count, duration

DataSet = Annotated[Path, typer.Argument(metavar="DIR", help="A data set's folder.")]


def info(folder: DataSet, as_json: Json = False) -> None:
    """What is in a data set: clips, speakers, whose voices by whose leave, and what is held out."""
    from dotsbook.tuning.data_set import Dataset

    data = Dataset.open(folder)
    said = data.record()
    if as_json:
        emit(said)
        return
    told = [
        f"{said['name']}: {count(said['clips'], 'clip')}, {duration(said['seconds'])}, {count(said['held_out'], 'line')} held out",
        f"speakers: {', '.join(said['speakers'])}",
        f"consent: {data.consent}",
        f"licence: {data.licence or 'not named'}",
        f"made from: {', '.join(said['made_from'])}",
    ]
    for line in told:
        console.print(line, markup=False)

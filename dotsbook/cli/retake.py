"""`dotsbook retake`: ask for a new take of named chunks; the next render makes them."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import ProjectPath
from dotsbook.cli.console import console
from dotsbook.cli.words import count
from dotsbook.errors import ManifestError
from dotsbook.production.session import Session


def retake(
    chunks: Annotated[
        list[str],
        typer.Argument(metavar="CHUNK…", help="Chunks by number, e.g. 3.42; `plan --text` shows them."),
    ],
    project: Annotated[
        ProjectPath.__origin__,
        typer.Option("--project", "-p", help="The project's folder.", show_default="this folder"),
    ] = None,
    why: Annotated[str, typer.Option(help="What is wrong with them, for the record.")] = "",
) -> None:
    """Ask for a new take of these chunks; the old ones stay until swept."""
    from pathlib import Path

    with Session(project or Path()) as session, session.writing() as ledger:
        jobs = {job.chunk.id: job for job in session.jobs(ledger)}
        unknown = [name for name in chunks if name not in jobs]
        if unknown:
            raise ManifestError(
                f"There is no chunk {', '.join(unknown)}; `dotsbook plan --text` shows them all."
            )
        ledger.bump([jobs[name].base for name in dict.fromkeys(chunks)], why)
    console.print(f"{count(len(set(chunks)), 'chunk')} will be made anew by the next `dotsbook render`.")

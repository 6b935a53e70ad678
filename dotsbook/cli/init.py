"""`dotsbook init`: a new project from a template and, if there is one, a manuscript."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.console import console, remark


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make; it may exist.")],
    source: Annotated[
        Path | None,
        typer.Option(help="The manuscript: .epub, .docx, .pdf, .md, .txt or another that is read."),
    ] = None,
    template: Annotated[str, typer.Option(help="novel, nonfiction or drama.")] = "novel",
    engine: Annotated[
        str,
        typer.Option(help="Which engine speaks: draft, piper, kokoro, dots; `dotsbook engines` lists all."),
    ] = "draft",
    point: Annotated[
        bool, typer.Option("--point", help="Point to the source instead of copying it.")
    ] = False,
) -> None:
    """Make a project: a commented book.yaml beside the manuscript. Overwrites nothing."""
    from dotsbook.production.new_project import begin

    made = begin(folder, source, template, point, engine)
    if made.remark:
        remark(made.remark)
    by = f" by {made.author}" if made.author else ""
    console.print(f"Made {made.manifest}: “{made.title}”{by}, language {made.language}.", markup=False)
    if made.pull:
        console.print(f"It speaks with what `{made.pull}` fetches.", markup=False)
    console.print(
        f"Next: look it over, then `dotsbook plan {folder}` shows what will be read and `dotsbook make {folder}` "
        "makes the book.",
        markup=False,
    )

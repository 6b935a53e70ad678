"""`dotsbook notes`: what is to be corrected, as listeners and editors take it, and what they wrote of it."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import At, By, Json, ProjectPath, opened
from dotsbook.cli.console import console, emit, plain, remark, table
from dotsbook.wording import count

app = typer.Typer(no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file.")]
Chapter = Annotated[
    int | None,
    typer.Option("--chapter", "-c", min=0, help="Only this chapter, with the times of its own file."),
]


@app.command("list")
def list_notes(
    project: ProjectPath = None, at: At = None, chapter: Chapter = None, as_json: Json = False
) -> None:
    """List doubtful words and open notes in the order of the book."""
    with opened(project, at) as book:
        found = book.corrections(None if chapter is None else [chapter])
    if as_json:
        for one in found:
            emit(one.record())
        return
    rows = table("chunk", "chapter", "time", "written", "heard", "note")
    for one in found:
        cells = one.row()
        rows.add_row(
            one.chunk,
            cells[0],
            cells[2],
            plain(one.written[:60]),
            plain(one.heard),
            plain(one.note or one.why),
        )
    console.print(rows if found else "Nothing is doubtful, and no note is open.")


@app.command("export")
def export_notes(
    file: File,
    at: At = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--as", metavar="csv|audacity|reaper", help="What it is for.", show_default="by its ending"
        ),
    ] = None,
    chapter: Chapter = None,
) -> None:
    """Write them as a correction sheet (CSV), an Audacity label track (.txt) or Reaper's markers."""
    with opened(at) as book:
        number = book.export_notes(file, form, chapter)
    console.print(f"{file}: {count(number, 'place')} to listen to.", markup=False)


@app.command("import")
def import_notes(file: File, at: At = None, chapter: Chapter = None, by: By = "") -> None:
    """Read notes out of a sheet, a label track, markers or what a reviewer's bundle saved; what is known already isn't added again."""
    with opened(at) as book:
        read = book.import_notes(file, chapter, by)
    for sentence in read.lost:
        remark(sentence)
    console.print(
        f"{count(read.added, 'note')} added, {read.known:,} known before, {len(read.lost):,} without a place."
    )

"""`dotsbook assemble`: join the takes into finished, proven files."""

from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from dotsbook.cli.arguments import At, Chapters, Formats, Json, ProjectPath, chapters_of, names, opened
from dotsbook.cli.console import console, emit, relative, remark
from dotsbook.wording import size

if TYPE_CHECKING:
    from dotsbook.production.assembly import Made
    from dotsbook.production.production import Production


def assemble(
    project: ProjectPath = None,
    at: At = None,
    formats: Formats = None,
    chapter: Chapters = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Go on without missing takes; titles say so.")
    ] = False,
    signed: Annotated[
        bool, typer.Option("--signed", help="Refuse what isn't signed; see `dotsbook sign`.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Join the takes into finished files under out/, each opened again and proved before it gets its name."""
    with opened(project, at) as book:
        assemble_shown(book, as_json, names(formats), chapters_of(book, chapter), partial, signed)


def assemble_shown(
    book: "Production",
    as_json: bool,
    formats: tuple[str, ...] | None,
    chapters: set[int] | None,
    partial: bool,
    signed: bool = False,
) -> None:
    """Make each format; say what was written and what its proof found."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f} %"))
    quiet = as_json or not console.is_terminal
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=quiet, transient=True) as bar:
        lines: dict[str, TaskID] = {}

        def on_progress(format_: str, what: str, share: float) -> None:
            if format_ not in lines:
                lines[format_] = bar.add_task(format_, total=1.0)
            bar.update(lines[format_], description=f"{format_}: {what}", completed=share)

        made = book.assemble(
            formats,
            chapters,
            partial=partial,
            signed=signed,
            on_progress=on_progress,
            on_remark=remark if not as_json else lambda sentence: None,
        )
        for one in made:
            emit(one.record()) if as_json else show(one)


def show(made: "Made") -> None:
    """What was written, and on one screen what its proof found."""
    console.print(f"{relative(made.path)}  {size(made.bytes)}", markup=False, style="bold")
    for row in made.proof.rows if made.proof else ():
        sign = "[green]ok[/]" if row.ok else "[red]not[/]" if row.binding else "[yellow]note[/]"
        if row.what.startswith("tag ") and row.ok:
            continue
        console.print(f"  {sign}  ", end="")
        meant = "" if row.ok else f" (meant: {row.expected})"
        console.print(f"{row.what}: {row.found}{meant}", markup=False)

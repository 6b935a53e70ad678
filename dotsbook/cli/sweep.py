"""`dotsbook sweep`: list what nothing needs any more, and remove it when told to."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.console import console, emit
from dotsbook.wording import count, size


def sweep(
    project: ProjectPath = None,
    at: At = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove what is listed.")] = False,
    other_engines: Annotated[
        bool, typer.Option("--other-engines", help="Also takes of engines the book left.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List takes that no line of the book needs, and leftovers; remove them with --yes."""
    with opened(project, at) as book:
        swept = book.sweep(remove=yes, other_engines=other_engines)
    if as_json:
        emit(swept.record())
        return
    for orphan in swept.files:
        console.print(f"{orphan.file}  {orphan.size:,} bytes  {orphan.reason}", markup=False)
    if swept.kept:
        console.print(
            f"Kept: {count(swept.kept, 'take')} of engines this book was rendered with before; "
            "--other-engines lists them too."
        )
    if not swept.files:
        console.print("Nothing to sweep: every take is needed.")
    elif yes:
        console.print(f"Removed {count(len(swept.files), 'file')}, {size(swept.bytes)}.")
    else:
        again = "dotsbook sweep --yes" + (" --other-engines" if other_engines else "")
        console.print(f"{count(len(swept.files), 'file')}, {size(swept.bytes)}; `{again}` removes them.")

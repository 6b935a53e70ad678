"""`dotsbook sweep`: list what nothing needs any more, and remove it when told to."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import HERE, Json, ProjectPath
from dotsbook.cli.console import console, emit
from dotsbook.cli.words import count, size
from dotsbook.production.session import Session


def sweep(
    project: ProjectPath = HERE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Remove what is listed.")] = False,
    as_json: Json = False,
) -> None:
    """List takes that no line of the book needs, and leftovers; remove them with --yes."""
    from dotsbook.render.sweep import forgettable, orphans, remove

    with Session(project) as session, session.writing() if yes else session.reading() as ledger:
        needed = [job.key for job in session.jobs(ledger)]
        found = orphans(session.project.takes, ledger, needed)
        if yes:
            remove(session.project.takes, ledger, found)
            ledger.forgive(forgettable(ledger, needed))
    total = sum(orphan.size for orphan in found)
    if as_json:
        emit(
            {
                "removed": yes,
                "bytes": total,
                "files": [
                    {"file": orphan.file, "bytes": orphan.size, "reason": orphan.reason} for orphan in found
                ],
            }
        )
        return
    for orphan in found:
        console.print(f"{orphan.file}  {orphan.size:,} bytes  {orphan.reason}", markup=False)
    if not found:
        console.print("Nothing to sweep: every take is needed.")
    elif yes:
        console.print(f"Removed {count(len(found), 'file')}, {size(total)}.")
    else:
        console.print(f"{count(len(found), 'file')}, {size(total)}; `dotsbook sweep --yes` removes them.")

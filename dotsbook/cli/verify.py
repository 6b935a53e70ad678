"""`dotsbook verify`: re-hash the takes, check the ledger against them, open the finished files again."""

from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.console import console, emit
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.audits import Rebuilt, Verified


def verify(
    project: ProjectPath = None,
    at: At = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Forget bad takes; find takes again if the ledger is lost.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check every take against the ledger and every finished file against its proof."""
    with opened(project, at) as book:
        found = book.verify(repair=repair)
    if as_json:
        emit(found.record())
    else:
        show(found)
    found.require_sound()


def show(found: "Verified") -> None:
    if found.rebuilt:
        show_rebuilt(found.rebuilt)
    for problem in found.takes:
        console.print(f"{problem.file}: {problem.kind}, {problem.detail}", style="red", markup=False)
    for path, faults in found.outputs:
        said = "; ".join(faults) or "as proved"
        console.print(f"{path}: {said}", style="red" if faults else "", markup=False)
    if found.takes and found.repaired:
        console.print(f"{count(len(found.takes), 'take')} forgotten; `dotsbook render` makes them again.")
    if not found.takes:
        console.print("Every take is as the ledger says.")


def show_rebuilt(rebuilt: "Rebuilt") -> None:
    console.print(rebuilt.why, style="yellow", markup=False)
    aside = f"; the old one lies at {rebuilt.aside}" if rebuilt.aside else ""
    refused = f"; {count(rebuilt.refused, 'file')} could not be taken up" if rebuilt.refused else ""
    console.print(
        f"A new ledger holds the {count(rebuilt.takes, 'take')} found again{aside}{refused}.", markup=False
    )

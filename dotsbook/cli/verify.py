"""`dotsbook verify`: re-hash the takes, check the ledger against them, open the finished files again."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import HERE, Json, ProjectPath
from dotsbook.cli.console import console, emit
from dotsbook.cli.words import count
from dotsbook.errors import Unfinished
from dotsbook.production.session import Session


def verify(
    project: ProjectPath = HERE,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Forget bad takes, so that the next render makes them; find takes again if the ledger is lost.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Check every take against the ledger and every finished file against its proof."""
    from dotsbook.master.proof import recheck

    with Session(project) as session:
        bad = mended(session, as_json) if repair else checked(session)
        outputs = recheck(session.project.out)
    if as_json:
        emit(
            {
                "takes": [
                    {"key": problem.key, "file": problem.file, "kind": problem.kind, "detail": problem.detail}
                    for problem in bad
                ],
                "outputs": [{"file": str(path), "faults": faults} for path, faults in outputs],
                "repaired": repair,
            }
        )
    else:
        show(bad, outputs, repair)
    wrong = sum(bool(faults) for _, faults in outputs) + (0 if repair else len(bad))
    if wrong:
        raise Unfinished(
            f"{count(wrong, 'fault')} found; `dotsbook verify --repair`, then `dotsbook make`, puts takes and files right."
        )


def checked(session: Session) -> list:
    from dotsbook.render.audit import audit

    with session.reading() as ledger:
        return list(audit(ledger, session.project.takes))


def mended(session: Session, as_json: bool) -> list:
    """Forget the rows of bad takes; a ledger that can't be opened is made anew from the takes."""
    from dotsbook.render.audit import audit, rebuild, repair
    from dotsbook.render.ledger_file import Damaged
    from dotsbook.render.write_lock import writing

    project = session.project
    try:
        with session.writing() as ledger:
            problems = list(audit(ledger, project.takes))
            repair(ledger, problems)
            return problems
    except Damaged as error:
        with writing(project.state):
            aside, found, refused = rebuild(project.ledger, project.takes)
        if not as_json:
            console.print(f"{error}", style="yellow", markup=False)
            console.print(
                f"A new ledger holds the {count(found, 'take')} found again"
                + (f"; the old one lies at {aside}" if aside else "")
                + (f"; {count(len(refused), 'file')} could not be taken up" if refused else "")
                + ".",
                markup=False,
            )
        return checked(session)


def show(bad: list, outputs: list, repaired: bool) -> None:
    for problem in bad:
        console.print(f"{problem.file}: {problem.kind}, {problem.detail}", style="red", markup=False)
    for path, faults in outputs:
        console.print(
            f"{path}: {'; '.join(faults) or 'as proved'}", style="red" if faults else "", markup=False
        )
    if bad and repaired:
        console.print(f"{count(len(bad), 'take')} forgotten; `dotsbook render` makes them again.")
    if not bad:
        console.print("Every take is as the ledger says.")

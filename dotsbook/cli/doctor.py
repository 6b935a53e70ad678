"""`dotsbook doctor`: what this machine has and lacks, with the line that mends it."""

from dataclasses import asdict

from rich.markup import escape

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit

SIGNS = {"ok": "[green]ok[/]     ", "missing": "[red]missing[/]", "note": "[yellow]note[/]   "}


def doctor(as_json: Json = False) -> None:
    """Say what this machine has and lacks for making books."""
    from dotsbook.production.machine_check import findings

    found = list(findings())
    if as_json:
        emit([asdict(finding) for finding in found])
        return
    for finding in found:
        console.print(f"{SIGNS[finding.state]}  {finding.what}: {escape(finding.found)}")
        if finding.mend:
            console.print(f"         → {finding.mend}", markup=False)

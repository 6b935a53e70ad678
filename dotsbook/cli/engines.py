"""`dotsbook engines`: which engines can speak here, what each can do, how fast it is."""

from dataclasses import asdict
from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit, plain, remark, table


def engines(
    measure: Annotated[
        bool, typer.Option("--measure", help="Hear each for up to 20 seconds, to know how fast it is here.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Name the engines that can speak, what each can do, and how fast it was measured on this machine."""
    from dotsbook.production.engines import engines_here

    found = list(engines_here(measure))
    if as_json:
        emit([asdict(one) for one in found])
        return
    rows = table("engine", "can", "× real time", "what it is", right=[2])
    for one in found:
        rate = f"{one.rate:,.1f}" if one.rate else "—"
        rows.add_row(plain(one.name), plain(", ".join(one.can) or "—"), rate, plain(one.about))
    console.print(rows)
    for one in found:
        if one.lacks:
            remark(f"{one.name} {one.lacks}")

"""`dotsbook cast doubtful`: the lines whose speaker is unsure, listed or asked about."""

import sys
from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.cast_lines import show_lines
from dotsbook.cli.console import console


def doubtful(
    project: ProjectPath = None,
    at: At = None,
    limit: Annotated[int, typer.Option(min=1, help="How many lines to list.")] = 20,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for each line, and decide it.")] = False,
    as_json: Json = False,
) -> None:
    """List the lines whose speaker is unsure, the longest first, with whom they may be by."""
    with opened(project, at) as book:
        if not ask:
            show_lines(book.cast.doubtful(limit), as_json)
            return
        if not sys.stdin.isatty():
            raise typer.BadParameter("--ask needs a terminal to answer in.")
        for line in book.cast.doubtful(limit):
            console.print(f"\n{line.chunk}  {line.text}", markup=False)
            for number, (name, chance) in enumerate(line.choices, 1):
                console.print(f"  {number} {name} ({chance:.0%})", markup=False)
            said = typer.prompt(
                "A number, a name, `narrator`, or Enter to leave it", default="", show_default=False
            )
            if said:
                chosen = (
                    line.choices[int(said) - 1][0]
                    if said.isdigit() and 0 < int(said) <= len(line.choices)
                    else said
                )
                book.cast.decide(line.chunk, chosen)

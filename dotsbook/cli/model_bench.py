"""`dotsbook model bench`: how fast dots.tts is on this machine, and what is best for it here."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit
from dotsbook.production import models


def bench(
    model: Annotated[
        str | None, typer.Argument(metavar="MODEL", help="A folder, or a hub name that was pulled.")
    ] = None,
    random: Annotated[
        bool, typer.Option("--random", help="The released size with random weights: 5 GB, nothing to fetch.")
    ] = False,
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="How long to measure, loading apart.")
    ] = models.BENCH_SECONDS,
    as_json: Json = False,
) -> None:
    """Measure dots.tts here, part by part; rendering uses what it finds best. Close other programs first."""
    for stage, figures in models.bench(model, random, seconds):
        if as_json:
            emit({"stage": stage} | figures)
        elif stage == "line":
            console.print(
                f"\nTo compare with others, paste this line:\n{figures['line']}", markup=False, soft_wrap=True
            )
        else:
            console.print(stage, style="bold")
            for name, figure in figures.items():
                told = f"{figure:,.3g}" if isinstance(figure, float) else figure
                console.print(f"  {name:<46} {told}", markup=False, highlight=False)

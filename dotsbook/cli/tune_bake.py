"""`dotsbook tune bake`: an adapter made part of a model, as a folder of its own."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import emit, remark
from dotsbook.cli.model_convert import made


def bake(
    adapter: Annotated[Path, typer.Argument(metavar="ADAPTER", help="What was trained.")],
    model: Annotated[str, typer.Option("--into", metavar="MODEL", help="A folder or a hub name.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="The new folder.", show_default="beside ADAPTER, named after both"),
    ] = None,
    bits: Annotated[
        int | None, typer.Option(help="4 or 8: pack the language model; 16: unpack it. Without: as it is.")
    ] = None,
    strength: Annotated[float, typer.Option(min=0.0, max=2.0, help="Of the adapter.")] = 1.0,
    dtype: Annotated[str | None, typer.Option(help="float32 or bfloat16; without it, as stored.")] = None,
    as_json: Json = False,
) -> None:
    """Bake an adapter into a model: one folder that needs neither, and says whose voice is in it."""
    from dotsbook.tuning.baking import BakePlan, bake

    plan = BakePlan(adapter, model, out, bits, strength, dtype)
    found = bake(plan)
    if as_json:
        emit(found.record())
        return
    made(plan.folder, found.about, as_json)
    for sentence in found.remarks:
        remark(sentence)

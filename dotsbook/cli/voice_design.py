"""`dotsbook voice design`: make a voice of a description, and keep one of several candidates."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, VoiceName, opened
from dotsbook.cli.console import console, emit, plain, remark, table
from dotsbook.cli.key_values import options_of

if TYPE_CHECKING:
    from dotsbook.production.voice_design import Design


def design(
    name: VoiceName,
    description: Annotated[
        str, typer.Option("--as", metavar="TEXT", help='Who speaks: "an old sailor, slow, gravelly".')
    ] = "",
    choose: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Keep this one; of those made before, without --as."),
    ] = None,
    text: Annotated[str, typer.Option(help="What they speak.", show_default="lines of the book")] = "",
    language: Annotated[str | None, typer.Option(help="Of that text, if not the book's.")] = None,
    engine: Annotated[
        str | None, typer.Option(help="What makes them.", show_default="the book's if it can, or mlx-audio")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Of that engine.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Of that engine, as under `options:`.")
    ] = None,
    count: Annotated[int, typer.Option(min=1, max=20, help="How many to choose from.")] = 4,
    seed: Annotated[int, typer.Option(min=0)] = 1,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Make a voice of a description: several candidates, one of which is kept as a recording."""
    if not description and choose is None:
        raise typer.BadParameter("Say with --as who speaks, or with --choose which candidate to keep.")
    with opened(at) as book:
        if description:
            options = options_of(option or [])
            wishes = {
                "text": text,
                "language": language,
                "engine": engine,
                "model": model,
                "options": options,
            }
            made = book.voices.design(name, description, **wishes, count=count, seed=seed)
            choose = show(made, as_json, choose)
        kept = book.voices.choose(name, choose) if choose else None
    if kept and as_json:
        emit(kept.record())
    elif kept:
        console.print(f"Voice {name} is candidate {choose} ({kept.fields['reference']}).", markup=False)


def show(made: "Design", as_json: bool, choose: int | None) -> int | None:
    """Tell of the candidates; the one to keep, asked for where somebody can answer."""
    if as_json:
        for one in made.candidates:
            emit(one.record())
        return choose
    for told in made.remarks:
        remark(told)
    console.print(f"They speak: {made.words}", markup=False)
    rows = table("candidate", "speech", "state", "file", right=[0, 1])
    for one in made.candidates:
        rows.add_row(*map(plain, (str(one.number), f"{one.seconds:.1f} s", one.state, str(one.file))))
    console.print(rows)
    if choose is not None:
        return choose
    if sys.stdin.isatty():
        return typer.prompt("Keep which one? 0 for none", type=int, default=0)
    console.print(f"Keep one: dotsbook voice design {made.name} --choose N", markup=False)
    return None

"""`dotsbook cast`: the people of a book, who says what, in which voice."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.cast_doubtful import doubtful
from dotsbook.cli.cast_lines import set_speaker, who
from dotsbook.cli.cast_listing import listing
from dotsbook.cli.cast_measure import measure_cast
from dotsbook.cli.cast_people import merge, sample
from dotsbook.cli.console import complaints, console, emit, remark
from dotsbook.cli.default_command import DefaultCommand

app = typer.Typer(cls=DefaultCommand, no_args_is_help=False)
app.command("who")(who)
app.command("set")(set_speaker)
app.command("merge")(merge)
app.command("doubtful")(doubtful)
app.command("sample")(sample)

On = Annotated[bool, typer.Option("--on", help="Write `casting: {threshold: 0.7}` into book.yaml.")]
Anew = Annotated[
    bool, typer.Option("--anew", help="Find out again by today's rules, whatever the book keeps.")
]
Measure = Annotated[
    Path | None, typer.Option(help="Measure casting on the annotated novels of a folder, of no book.")
]
Model = Annotated[
    str | None, typer.Option(help="With --measure: a local language model, as `casting.model`.")
]
Look = Annotated[bool, typer.Option("--look", help="Only look: write no cast.yaml, deal no voices.")]


@app.command("show")
def show(
    project: ProjectPath = None,
    at: At = None,
    on: On = False,
    anew: Anew = False,
    look: Look = False,
    measure: Measure = None,
    model: Model = None,
    as_json: Json = False,
) -> None:
    """List the people of the book; write cast.yaml, or bring it up to date, and deal voices to those without."""
    if measure is not None:
        measure_cast(measure, model, as_json)
        return
    with opened(project, at) as book:
        if anew:
            book.cast.answers(anew=True)
        done = [] if look else book.cast.write()
        if on:
            book.cast.switch_on()
        place = book.project.folder
    with opened(place) as book:
        members, told = book.cast.members(), book.cast.told
        off = book.project.manifest.casting is None
    if as_json:
        emit([one.record() for one in members])
        return
    for sentence in told:
        remark(sentence)
    listing(members)
    for sentence in done:
        complaints.print(sentence, markup=False)
    if off:
        console.print(
            "Casting is off, and the narrator reads every line: `dotsbook cast --on` switches it on."
        )

"""`dotsbook cast`: the people of a book, who says what, in which voice."""

from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.cast_doubtful import doubtful
from dotsbook.cli.cast_lines import set_speaker, who
from dotsbook.cli.cast_people import merge, sample
from dotsbook.cli.console import complaints, console, emit, plain, remark, table
from dotsbook.cli.default_command import DefaultCommand
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.book_cast import CastMember

app = typer.Typer(cls=DefaultCommand, no_args_is_help=False)
for name, command in (
    ("who", who),
    ("set", set_speaker),
    ("merge", merge),
    ("doubtful", doubtful),
    ("sample", sample),
):
    app.command(name)(command)

On = Annotated[bool, typer.Option("--on", help="Write `casting: {threshold: 0.7}` into book.yaml.")]
Anew = Annotated[
    bool, typer.Option("--anew", help="Find out again by today's rules, whatever the book keeps.")
]
Look = Annotated[bool, typer.Option("--look", help="Only look: write no cast.yaml, deal no voices.")]


@app.command("show")
def show(
    project: ProjectPath = None,
    at: At = None,
    on: On = False,
    anew: Anew = False,
    look: Look = False,
    as_json: Json = False,
) -> None:
    """List the people of the book; write cast.yaml, or bring it up to date, and deal voices to those without."""
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


def listing(members: "list[CastMember]") -> None:
    rows = table("who", "", "lines", "words", "sure", "voice", "a line of theirs", right=[2, 3, 4])
    for one in members:
        name = f"{one.name} (I)" if one.is_narrator else one.name
        cells = (f"{one.lines:,}", f"{one.words:,}", f"{one.sure:.0%}", one.voice or "narrator's")
        rows.add_row(plain(name), one.gender, *map(plain, cells), plain(one.example[:60]))
    console.print(rows)
    console.print(
        f"{count(len(members), 'person').replace('persons', 'people')}. Join two: dotsbook cast merge A B"
    )

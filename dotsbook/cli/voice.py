"""`dotsbook voice add|design|pull|list|say|remove`: look at the voices of the book, try one, take one out."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, VoiceName, opened
from dotsbook.cli.console import console, emit, plain, table
from dotsbook.cli.voice_add import add
from dotsbook.cli.voice_design import design
from dotsbook.cli.voice_pull import pull

app = typer.Typer(no_args_is_help=True)
app.command()(add)
app.command()(pull)
app.command()(design)


@app.command("list")
def list_voices(project: ProjectPath = None, at: At = None, as_json: Json = False) -> None:
    """The voices of the book: who speaks in them, their references, and whether they are fit."""
    with opened(project, at) as book:
        rows = list(book.voices.list())
    if as_json:
        emit([row.record() for row in rows])
        return
    names = ("voice", "engine", "speaks", "chunks", "reference", "speech", "state")
    voices = table(*names, right=[3])
    for row in rows:
        speech = f"{row.seconds:.1f} s" if row.seconds else "—"
        who = ", ".join(row.cast) or "—"
        cells = (row.voice, row.engine, who, f"{row.chunks:,}", row.reference or "—", speech, row.state)
        voices.add_row(*map(plain, cells))
    console.print(voices)


@app.command()
def say(
    name: VoiceName,
    text: Annotated[str, typer.Argument(help="A line to speak.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where to, as FLAC.", show_default="say-NAME.flac"),
    ] = None,
    language: Annotated[str | None, typer.Option(help="Of the text, if not the book's.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another seed is another reading.")] = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Speak a test line in a voice, to a file."""
    from dotsbook.production.book_voices import slug

    target = out or Path(f"say-{slug(name)}.flac")
    with opened(at) as book:
        seconds = book.voices.say(name, text, target, language, seed)
    if as_json:
        emit({"voice": name, "file": str(target), "seconds": round(seconds, 3)})
        return
    console.print(f"{target}: {seconds:.1f} s", markup=False)


@app.command()
def remove(name: VoiceName, at: At = None, as_json: Json = False) -> None:
    """Take a voice out of the book. Its recording stays where it is."""
    with opened(at) as book:
        kept = book.voices.remove(name)
    if as_json:
        emit({"removed": name, "kept": kept})
        return
    still = f" {kept} is still there." if kept else ""
    console.print(f"Voice {name} is out of the book.{still}", markup=False)

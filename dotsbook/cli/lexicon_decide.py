"""`dotsbook lexicon say`, `respell` and `accept`: a word heard, and what is decided of it, written into the lexicon."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import At, ProjectPath, opened
from dotsbook.cli.console import complaints, console
from dotsbook.wording import count, first_few

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="The file to write.", show_default="say-WORD.flac in the project's output folder"
    ),
]


def say(
    word: Annotated[str, typer.Argument(help="A word or phrase of the book.")],
    project: ProjectPath = None,
    at: At = None,
    respelling: Annotated[str | None, typer.Option("--as", help="Try this respelling.")] = None,
    out: Out = None,
) -> None:
    """Speak a word in a sentence of the book, as the lexicon has it now or as you propose."""
    with opened(project, at) as book:
        said = book.lexicon.say(word, respelling, out)
    console.print(f"{said.chunk}  {said.text}", markup=False)
    complaints.print(f"{said.path}", markup=False)


def respell(
    word: Annotated[str, typer.Argument(help="A word or phrase of the book.")],
    say_it: Annotated[str, typer.Argument(metavar="RESPELLING", help="How it is to be spoken.")],
    at: At = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")] = False,
) -> None:
    """Say where a respelling will act, ask, and write it into the lexicon."""
    with opened(at) as book:
        effect = book.lexicon.effect(word, say_it)
        if not effect.chunks:
            console.print(f"No line is changed by {word} → {say_it}.", markup=False)
            return
        lines = first_few(effect.chunks, 12)
        console.print(
            f"{word} → {say_it}: {count(len(effect.chunks), 'line')} ({lines}), "
            f"{count(effect.takes, 'take')} to be made anew.",
            markup=False,
        )
        if yes or typer.confirm("Write it?"):
            console.print(f"Written into {book.lexicon.respell(word, say_it)}.", markup=False)


def accept(
    words: Annotated[list[str], typer.Argument(metavar="WORD…", help="Words that sound right as they are.")],
    at: At = None,
) -> None:
    """Write that words are right as they are, so that they aren't listed any more."""
    with opened(at) as book:
        console.print(f"{count(len(words), 'word')} accepted in {book.lexicon.accept(words)}.", markup=False)

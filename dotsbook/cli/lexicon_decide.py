"""`dotsbook lexicon respell` and `accept`: what is decided of a word, written into the lexicon."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, opened
from dotsbook.cli.console import console
from dotsbook.wording import count


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
        lines = ", ".join(effect.chunks[:12]) + (" …" if len(effect.chunks) > 12 else "")
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

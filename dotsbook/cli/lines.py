"""`dotsbook takes`, `say`, `sign`, `undo`: a line's takes and words, chapters heard through, and what is taken back."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, By, Json, opened
from dotsbook.cli.console import console, emit
from dotsbook.cli.review import Line
from dotsbook.wording import duration


def takes(
    chunk: Line,
    at: At = None,
    choose: Annotated[
        str | None, typer.Option(metavar="KEY", help="Use this take; `newest` for the newest again.")
    ] = None,
    by: By = "",
    as_json: Json = False,
) -> None:
    """All takes of a chunk, or choose one of them."""
    with opened(at) as book:
        story = book.review.story(chunk)
        if choose is not None:
            named = [take.key for take in story.takes if take.key.removeprefix("r1:").startswith(choose)]
            one = None if choose == "newest" else named[0] if len(named) == 1 else choose
            book.choose(chunk, one, by)
            story = book.review.story(chunk)
    if as_json:
        return emit(story.record())
    for take in story.takes:
        sign = "→" if take.stands else " "
        what = "recorded" if take.recorded else f"retake {take.retake}" if take.retake else "first"
        what = "edited" if take.edited else what
        doubts = "; ".join(take.reasons)
        console.print(f"{sign} {take.key[3:15]}  {duration(take.seconds)}  {what}  {doubts}", markup=False)
    return None


def say(
    chunk: Line,
    text: Annotated[
        str, typer.Argument(help="What is to be spoken; leave it out to have it as the book has it.")
    ] = "",
    at: At = None,
) -> None:
    """Have a chunk spoken otherwise than it is written; kept in spoken.yaml, beside the book."""
    with opened(at) as book:
        line = book.review.say_instead(chunk, text or None)
    console.print(f"{line.id}: {text or line.text}", markup=False)


def sign(
    chapter: Annotated[int, typer.Argument(help="A chapter's number.")],
    hearing: Annotated[str, typer.Argument(metavar="accuracy|performance", help="What it was heard for.")],
    at: At = None,
    by: By = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take a signature back.")] = False,
) -> None:
    """Sign a chapter as heard through; another take of any of its lines ends that."""
    with opened(at) as book:
        book.checked([chapter])
        book.review.sign(chapter, hearing, by, withdraw=withdraw)
    console.print(
        f"Chapter {chapter} is {'no longer ' if withdraw else ''}signed for {hearing}.", markup=False
    )


def undo(at: At = None, by: By = "") -> None:
    """Take back the last retake, note, approval, lock, choice or signature."""
    with opened(at) as book:
        change = book.review.undo(by)
    console.print(f"Taken back: {change.what}." if change else "There is nothing to take back.", markup=False)

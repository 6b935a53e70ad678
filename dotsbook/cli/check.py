"""`dotsbook check`: have judges hear the takes that exist."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Chapters, Json, ProjectPath, chapters_of, opened
from dotsbook.cli.console import console, emit, remark
from dotsbook.cli.interrupt import interruptible
from dotsbook.wording import count


def check(
    project: ProjectPath = None,
    at: At = None,
    chapter: Chapters = None,
    judge: Annotated[
        list[str] | None, typer.Option("--judge", metavar="NAME", help="Only this judge; may be given again.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Have judges hear the takes that exist. Stop it any time: nothing is heard twice."""
    from dotsbook.production.checking import HeardLine, judge_remarks

    heard = doubted = 0
    with opened(project, at) as book, interruptible() as wished:
        for sentence in judge_remarks(judge):
            remark(sentence)
        for event in book.check(chapters_of(book, chapter), judge or None, wished):
            if not isinstance(event, HeardLine):
                remark(event.text)
                continue
            heard += 1
            doubted += event.doubted
            if as_json:
                emit(event.record())
            elif event.doubted:
                why = "; ".join(event.reasons)
                console.print(f"{event.chunk}  {event.judge} {event.score:.2f}  {why}", markup=False)
        if wished.is_set():
            raise KeyboardInterrupt
    if not as_json:
        console.print(f"{count(heard, 'opinion')} new, {doubted:,} of them doubtful.")

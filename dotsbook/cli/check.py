"""`dotsbook check`: have judges hear the takes that exist."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Chapters, Cluster, Json, ProjectPath, chapters_of, opened
from dotsbook.cli.console import console
from dotsbook.cli.interrupt import interruptible
from dotsbook.wording import count


def check(
    project: ProjectPath = None,
    at: At = None,
    chapter: Chapters = None,
    judge: Annotated[
        list[str] | None, typer.Option("--judge", metavar="NAME", help="Only this judge; may be given again.")
    ] = None,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Have judges hear the takes that exist. Stop it any time: nothing is heard twice."""
    from dotsbook.cli.show_check import ShownCheck

    with opened(project, at) as book, interruptible() as wished, ShownCheck(as_json) as shown:
        for event in book.check(chapters_of(book, chapter), judge or None, wished, cluster):
            shown.hear(event)
        if wished.is_set():
            raise KeyboardInterrupt
    if not as_json:
        console.print(f"{count(shown.heard, 'opinion')} new, {shown.doubted:,} of them doubtful.")
        if shown.doubted:
            console.print(
                "`dotsbook status` names them; listen in out/report.html, `dotsbook retake` what you don't like."
            )

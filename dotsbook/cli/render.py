"""`dotsbook render`: make the takes that are missing, and show how it goes."""

from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import (
    AnyDevice,
    At,
    Chapters,
    Cluster,
    Json,
    Locked,
    Memory,
    ProjectPath,
    Yes,
    chapters_of,
    opened,
)
from dotsbook.cli.console import agreed
from dotsbook.cli.interrupt import interruptible
from dotsbook.cli.show import ForPeople
from dotsbook.cli.show_json import ForPrograms

if TYPE_CHECKING:
    from dotsbook.production.production import Production

Until = Annotated[str | None, typer.Option("--until", metavar="07:00", help="Stop at this time of day.")]
For = Annotated[str | None, typer.Option("--for", metavar="6h", help="Stop cleanly after this long.")]
EngineAnew = Annotated[bool, typer.Option("--engine-anew", help="Make all takes of other engines again.")]


def render(
    project: ProjectPath = None,
    at: At = None,
    chapter: Chapters = None,
    again: Annotated[bool, typer.Option("--again", help="Make the chapters named anew.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most this many takes.")] = None,
    until: Until = None,
    for_: For = None,
    memory: Memory = None,
    cluster: Cluster = None,
    any_device: AnyDevice = False,
    locked: Locked = False,
    engine_anew: EngineAnew = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Render what is missing. Stop it any time: the same command goes on from there."""
    with opened(project, at, memory) as book:
        render_shown(
            book,
            as_json,
            chapters=chapters_of(book, chapter),
            again=again,
            limit=limit,
            until=until,
            lasting=for_,
            locked=locked,
            engine_anew=engine_anew,
            skips_agreed=yes,
            cluster=cluster,
            any_device=any_device,
        )


def render_shown(book: "Production", as_json: bool, **options) -> None:
    """Render and show it. Raises KeyboardInterrupt after a clean stop, Unfinished if something failed."""
    from dotsbook.production.events import Rendered

    options["skips_agreed"] = options.get("skips_agreed") or not as_json and agreed(book.unsure_skips)
    show = ForPrograms() if as_json else ForPeople()
    with interruptible(show.stopping) as wished, show:
        for event in book.render(stop=wished, **options):
            show.hear(event)
    assert isinstance(event, Rendered)
    if event.outcome and event.outcome.stopped == "interrupted":
        raise KeyboardInterrupt
    event.require_complete()

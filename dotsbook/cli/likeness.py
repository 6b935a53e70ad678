"""`dotsbook likeness`: whether every take is in its voice, and where a voice drifts."""

from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.console import complaints, console, emit, plain, remark, table
from dotsbook.cli.interrupt import interruptible
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.likeness import LikenessPass

EVERY = 200  # takes between two lines of progress


def likeness(
    project: ProjectPath = None,
    at: At = None,
    retake: Annotated[bool, typer.Option("--retake", help="Ask for new takes of those that aren't.")] = False,
    as_json: Json = False,
) -> None:
    """Hear whether every take is in its voice, and where a voice drifts; what was heard before isn't heard again."""
    with interruptible() as wished, opened(project, at) as book:
        found = None
        for found in book.likeness(stop=wished):
            if not as_json and found.takes % EVERY == 0 and found.takes:
                complaints.print(f"{count(found.takes, 'take')} heard")
        if found is None:
            return
        asked = book.retake_unlike(found) if retake else 0
        if wished.is_set():
            raise KeyboardInterrupt
        if as_json:
            emit(
                {
                    "unlike": [one.record() for one in found.unlike],
                    "drift": [one.record() for one in found.drifting],
                }
            )
        else:
            show(found, asked)


def show(found: "LikenessPass", asked: int) -> None:
    for name in found.without:
        remark(f"The voice {name} has too few takes to be known.")
    if found.unlike:
        rows = table("chunk", "voice", "spreads off", right=[2])
        for one in sorted(found.unlike, key=lambda one: one.likeness):
            rows.add_row(one.chunk, plain(one.voice), f"{one.likeness:.1f}")
        console.print(rows)
    units = {"pitch": "semitones of pitch", "brightness": "dB of brightness", "pace": "of pace"}
    for drifting in found.drifting:
        by = ", ".join(
            f"{change:+.0%} {units[name]}" if name == "pace" else f"{change:+.1f} {units[name]}"
            for name, change in drifting.changes.items()
        )
        console.print(
            f"The voice {drifting.voice} drifts from {drifting.chunk} on: {by} by its end.", markup=False
        )
    console.print(
        f"{count(len(found.unlike), 'take')} not in their voice"
        + (f"; {count(asked, 'new take')} asked for: `dotsbook render` makes them." if asked else ".")
    )

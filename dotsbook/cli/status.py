"""`dotsbook status`: what is done, what is missing, what went wrong."""

from typing import TYPE_CHECKING

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.console import console, emit, plain, table
from dotsbook.wording import count, duration

if TYPE_CHECKING:
    from dotsbook.production.status import Status

WORST = 20  # doubtful chunks that are named


def status(project: ProjectPath = None, at: At = None, as_json: Json = False) -> None:
    """Say, chapter by chapter, what is rendered, missing or failed."""
    with opened(project, at) as book:
        found = book.status()
    if as_json:
        emit(found.record())
    else:
        show(found)


def show(status: "Status") -> None:
    show_chapters(status)
    for failure in status.failures:
        tried = count(failure.attempts, "attempt")
        console.print(f"{failure.chunk} failed after {tried}: {failure.error}", style="red", markup=False)
    if status.doubtful:
        show_doubtful(status)
    if status.notes or status.approved or status.locked:
        console.print(
            f"Review: {count(status.notes, 'open note')}, {count(status.approved, 'line')} approved, "
            f"{status.locked:,} locked."
        )
    rest = "" if status.done == status.chunks else " `dotsbook render` makes the rest."
    console.print(
        f"{status.done:,} of {count(status.chunks, 'chunk')} rendered, {duration(status.seconds)} of speech.{rest}",
        markup=False,
    )


def show_doubtful(status: "Status") -> None:
    worst = status.doubtful[:WORST]
    for chunk in worst:
        console.print(
            f"{chunk}  {status.against[chunk] or 'a check of its sound'}", style="yellow", markup=False
        )
    more = len(status.doubtful) - len(worst)
    console.print(
        f"{count(len(status.doubtful), 'take')} kept though doubtful{f', {more:,} more than these' if more else ''}: listen "
        "to them in out/report.html, `dotsbook retake` what you don't like.",
        style="yellow",
        markup=False,
    )


def show_chapters(status: "Status") -> None:
    names = ("", "chapter", "chunks", "done", "missing", "failed", "audio")
    chapters = table(*names, right=[0, 2, 3, 4, 5, 6])
    for chapter in status.chapters:
        chapters.add_row(
            str(chapter.number) if 0 < chapter.number < 9999 else "",
            "  " * chapter.depth + plain(chapter.title),
            f"{chapter.chunks:,}",
            f"{chapter.done:,}",
            f"{chapter.missing:,}" if chapter.missing else "",
            f"[red]{chapter.failed}[/]" if chapter.failed else "",
            duration(chapter.seconds) if chapter.done else "",
        )
    console.print(chapters)

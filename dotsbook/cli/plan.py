"""`dotsbook plan`: what will be read, what won't and why, how long it takes: before anything is rendered."""

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Chapters, Cluster, Json, ProjectPath, chapters_of, opened
from dotsbook.cli.console import console, emit, remark
from dotsbook.cli.plan_view import show_plan

if TYPE_CHECKING:
    from dotsbook.production.production import Production


def plan(
    project: ProjectPath = None,
    at: At = None,
    chapter: Chapters = None,
    text: Annotated[bool, typer.Option("--text", help="Print exactly what will be spoken.")] = False,
    changes: Annotated[
        bool,
        typer.Option("--changes", help="Print what is spoken otherwise than written, and what stays unread."),
    ] = False,
    measure: Annotated[
        bool, typer.Option("--measure", help="Speak for 20 seconds, to know how long it takes.")
    ] = False,
    cluster: Cluster = None,
    as_json: Json = False,
) -> None:
    """Show what will be read and what won't, with the receipt, the time and the disk it takes."""
    with opened(project, at) as book:
        wanted = chapters_of(book, chapter)
        if measure and not book.measure(cluster):
            remark("too little could be spoken to measure anything by")
        if text:
            show_text(book, wanted, as_json)
        elif changes:
            show_changes(book, wanted, as_json)
        else:
            found = book.plan(wanted, chunks=as_json, cluster=cluster)
            emit(found.record()) if as_json else show_plan(found, whole=wanted is None)


def show_text(book: "Production", wanted: set[int] | None, as_json: bool) -> None:
    """One line a chunk; for people an empty line between paragraphs and a title before each chapter."""
    chapter = paragraph = None
    titles = {listed.number: listed.title for listed in book.chapters}
    for chunk in book.chunks(wanted):
        if as_json:
            names = ("chapter", "voice", "speaker", "spoken")
            emit({"chunk": chunk.id, **{name: getattr(chunk, name) for name in names}})
            continue
        if chunk.chapter != chapter:
            title = f"{chunk.chapter}. {titles[chunk.chapter]}" if chunk.chapter in titles else "Credits"
            console.print(f"\n── {title}", markup=False, style="bold")
            chapter, paragraph = chunk.chapter, None
        if paragraph not in (None, chunk.paragraph):
            console.print()
        paragraph = chunk.paragraph
        said_by = f"{chunk.speaker} ({chunk.voice})" if chunk.speaker else chunk.voice
        console.print(f"{chunk.id}\t{said_by}\t{' '.join(chunk.spoken.split())}", markup=False)


def show_changes(book: "Production", wanted: set[int] | None, as_json: bool) -> None:
    unread: Counter[str] = Counter()
    for change in book.changes(wanted):
        if as_json:
            names = ("chunk", "source", "start", "end", "before", "after", "rule")
            emit({name: getattr(change, name) for name in names})
            continue
        place = f"{change.source} {change.start}"
        said = (
            repr(change.before) if change.before == change.after else f"{change.before!r} → {change.after!r}"
        )
        console.print(f"{change.chunk}\t{said}\t{change.rule}\t{place}", markup=False)
        unread[change.rule] += change.rule.startswith("unread")
    for rule, number in unread.most_common():
        if number and not as_json:
            remark(f"{rule}: {number}, left as written")

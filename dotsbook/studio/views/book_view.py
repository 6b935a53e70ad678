"""The Book view: what the book is, how far it is, and its long work: rendered, checked, assembled, stopped."""

import re

from pydantic import Field, field_validator

from dotsbook.errors import DotsbookError
from dotsbook.production.assembly import KNOWN
from dotsbook.production.checking import CheckStarted, HeardLine
from dotsbook.production.events import Done, Remark, Rendered, Started, WorkersNow, sentence
from dotsbook.production.finished_files import finished_files
from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, ChapterNumber, Endpoint
from dotsbook.studio.studio_house import StudioHouse
from dotsbook.studio.tasks import StudioTask, TaskKind
from dotsbook.wording import duration

UNTIL = re.compile(r"\d{1,2}:\d\d")
LASTING = re.compile(r"\d{1,4}(\.\d)?[hm]")


class RenderWish(ChangeWish):
    first: ChapterNumber | None = None  # this chapter before all others
    chapters: list[ChapterNumber] | None = Field(default=None, max_length=10_000)
    until: str | None = None
    lasting: str | None = None
    skips_agreed: bool = False

    @field_validator("until")
    @classmethod
    def a_time(cls, value: str | None) -> str | None:
        if value and not UNTIL.fullmatch(value):
            raise ValueError("a time of day, e.g. 07:00")
        return value or None

    @field_validator("lasting")
    @classmethod
    def a_length(cls, value: str | None) -> str | None:
        if value and not LASTING.fullmatch(value):
            raise ValueError("a length, e.g. 6h or 30m")
        return value or None


class StopWish(ChangeWish):
    kind: TaskKind


class AssembleWish(ChangeWish):
    formats: list[str] | None = Field(default=None, max_length=20)
    chapters: list[ChapterNumber] | None = Field(default=None, max_length=10_000)
    partial: bool = False
    signed: bool = False


def told_book(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """What the book is."""
    manifest = book.project.manifest
    return {
        "title": manifest.title,
        "author": manifest.author,
        "language": manifest.language,
        "engine": manifest.engine,
        "voices": list(manifest.voices),
        "default_voice": manifest.default_voice,
        "formats": list(manifest.output.formats),
        "known_formats": list(KNOWN),
        "ears": manifest.ears.words == "on",
        "warnings": [*manifest.notes, *book.session.narration.warnings],
        "unsure": book.unsure_skips,
        "chapters": [chapter.record() for chapter in book.review.board.chapters.values()],
        "lines": sum(chapter.lines for chapter in book.review.board.chapters.values()),
    }


def files(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """The finished files that lie in the book's folder, with their proofs."""
    return {"files": [one.record() for one in finished_files(book.project)]}


def render(house: StudioHouse, book: Production, asked: RenderWish) -> dict:
    """Begin a render; one that goes on is stopped first where a chapter is wanted before others."""
    if asked.first is not None and house.tasks.running("render"):
        house.tasks.stop("render", wait=30.0)
    chapters = book.checked(asked.chapters)
    order: list[set[int] | None] = [chapters]
    if asked.first is not None:
        order = [book.checked([asked.first]), chapters]
    house.rest_voice()
    return house.tasks.start(
        "render", lambda own, task: render_all(own, task, order, asked, house.cluster)
    ).record()


def render_all(
    book: Production,
    task: StudioTask,
    order: list[set[int] | None],
    asked: RenderWish,
    cluster: str | None = None,
) -> None:
    for chapters in order:
        if task.stop.is_set():
            return
        progress = None
        for event in book.render(
            chapters,
            until=asked.until,
            lasting=asked.lasting,
            skips_agreed=asked.skips_agreed,
            stop=task.stop,
            cluster=cluster,
        ):
            if told := sentence(event):
                task.tell(told)
            match event:
                case Started():
                    progress = event.progress
                    task.what = f"{event.chunks:,} lines"
                case WorkersNow():
                    task.show(event)
                case Done() if progress:
                    task.share = progress.done / max(1, progress.total)
                    left = f", {duration(progress.eta)} to go" if progress.eta is not None else ""
                    task.what = f"{progress.done:,} of {progress.total:,} lines{left}"
                case Rendered():
                    event.require_complete()


def check(house: StudioHouse, book: Production, asked: ChangeWish) -> dict:
    """Have the book's judges hear the takes they haven't heard."""
    return house.tasks.start("check", lambda own, task: check_all(own, task, house.cluster)).record()


def check_all(book: Production, task: StudioTask, cluster: str | None = None) -> None:
    takes = heard = 0
    for event in book.check(stop=task.stop, cluster=cluster):
        match event:
            case WorkersNow():
                task.show(event)
            case CheckStarted():
                takes = event.takes
            case HeardLine():
                heard += 1
            case Remark():
                task.tell(event.text)
        task.share = heard / takes if takes else None
        task.what = f"{heard:,} of {takes:,} takes heard"


def assemble(house: StudioHouse, book: Production, asked: AssembleWish) -> dict:
    """Join the takes into finished, proven files."""
    book.check_outputs(asked.formats)
    chapters = book.checked(asked.chapters)
    return house.tasks.start("assemble", lambda own, task: assemble_all(own, task, asked, chapters)).record()


def assemble_all(book: Production, task: StudioTask, asked: AssembleWish, chapters: set[int] | None) -> None:
    def on_progress(format_: str, what: str, share: float) -> None:
        task.share, task.what = share, f"{format_}: {what}"
        if task.stop.is_set():
            raise DotsbookError("Stopped; what was finished before stands.")

    for made in book.assemble(
        asked.formats,
        chapters,
        partial=asked.partial,
        signed=asked.signed,
        on_progress=on_progress,
        on_remark=task.tell,
    ):
        task.made = [*task.made, made.record() | {"path": str(made.path.relative_to(book.project.folder))}]


def stop(house: StudioHouse, book: Production, asked: StopWish) -> dict:
    """Ask what goes on to stop; finished takes are kept."""
    house.tasks.stop(asked.kind)
    return {}


ENDPOINTS = (
    Endpoint("book", Asked, told_book),
    Endpoint("files", Asked, files),
    Endpoint("render", RenderWish, render),
    Endpoint("check", ChangeWish, check),
    Endpoint("assemble", AssembleWish, assemble),
    Endpoint("stop", StopWish, stop),
)

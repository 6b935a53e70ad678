"""`dotsbook assemble`: join the takes into finished, proven files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import HERE, Chapters, Json, ProjectPath
from dotsbook.cli.console import console, emit
from dotsbook.cli.words import count, size
from dotsbook.errors import ManifestError, SourceError, Unfinished
from dotsbook.manifest import Format, Manifest
from dotsbook.production.cover import cover_of
from dotsbook.production.session import Session

Formats = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="m4b,mp3", help="Instead of the manifest's output.formats."),
]


def assemble(
    project: ProjectPath = HERE,
    formats: Formats = None,
    chapter: Chapters = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Go on although takes are missing; the title says so.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Join the takes into finished files under out/, each opened again and proved before it gets its name."""
    with Session(project) as session:
        assemble_book(
            session,
            formats_of(formats, session.project.manifest),
            session.chapters(chapter),
            partial=partial,
            as_json=as_json,
        )


def formats_of(text: str | None, manifest: Manifest) -> tuple[str, ...]:
    """What --format names, or the manifest's."""
    if text is None:
        return manifest.output.formats
    known = Format.__args__
    wanted = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise ManifestError(
            f"--format {text!r}: there is no {', '.join(unknown) or 'format in it'}; there are {', '.join(known)}."
        )
    return wanted


def assemble_book(
    session: Session, formats: tuple[str, ...], chapters: set[int] | None, *, partial: bool, as_json: bool
) -> None:
    """Make each format; say what was written and what its proof found."""
    timeline, holes = timeline_of(session, chapters, partial)
    incomplete = bool(holes) or chapters is not None
    about = about_of(session, incomplete)
    for made in produced(session, timeline, formats, about, quiet=as_json):
        tell(made, as_json)
        if not incomplete:
            clear_incomplete(made.path, about, session.project.out, quiet=as_json)
    if holes:
        raise Unfinished(
            f"{count(len(holes), 'chunk')} without a take: {', '.join(holes[:12])}{' …' if len(holes) > 12 else ''}; "
            "what was written says (incomplete). `dotsbook render` makes them."
        )


def timeline_of(session: Session, chapters: set[int] | None, partial: bool):
    """(the timeline, ids of chunks without a take). Raises Unfinished on a hole unless `partial`."""
    from dotsbook.master.layout import lay_out
    from dotsbook.master.timeline import VoicedChunk
    from dotsbook.production import credits

    with session.reading() as ledger:
        jobs = list(session.jobs(ledger, chapters))
        takes = ledger.finished([job.key for job in jobs])
    if not jobs:
        raise SourceError("There is nothing to assemble: these chapters have no text; see `dotsbook plan`.")
    holes = [job.chunk.id for job in jobs if job.key not in takes]
    if holes and (not partial or len(holes) == len(jobs)):
        raise Unfinished(
            f"{count(len(holes), 'chunk')} of {len(jobs):,} {'has' if len(holes) == 1 else 'have'} no take, {holes[0]} first; "
            "`dotsbook render` makes them, or --partial goes on without."
        )
    folder, pieces = session.project.takes, {}
    for job in jobs:
        if take := takes.get(job.key):
            pieces.setdefault(job.chunk.chapter, []).append(VoicedChunk(job.chunk, take, folder / take.file))
    laid = [
        (listed.number, listed.title, pieces[listed.number])
        for listed in session.narration.chapters
        if listed.number in pieces
    ]
    manifest = session.project.manifest
    if chapters is None:
        around = credits.chapters(session.project, takes, jobs, manifest.output.rate)
        laid = [entry for entry in (around.get("opening"), *laid, around.get("closing")) if entry]
    return lay_out(laid, manifest.pacing, manifest.output.rate), holes


def clear_incomplete(finished: Path, about, out: Path, *, quiet: bool) -> None:
    """Take away what was assembled under this name before the book was whole."""
    from dotsbook.master.incomplete import drop_incomplete

    removed = drop_incomplete(finished, about, out)
    if removed and not quiet:
        console.print(
            f"  removed {relative(removed[0] if len(removed) == 1 else removed[0].parent)}", markup=False
        )


def produced(session: Session, timeline, formats: tuple[str, ...], about, *, quiet: bool) -> Iterator:
    """Each finished file, with a progress line while it is made."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from dotsbook.production.formats import make_formats

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=quiet or not console.is_terminal, transient=True) as bar:
        line = bar.add_task("", total=1.0)

        def on_progress(format_: str, what: str, share: float) -> None:
            bar.update(line, description=f"{format_}: {what}", completed=share)

        yield from make_formats(session, timeline, formats, about, on_progress)


def about_of(session: Session, incomplete: bool):
    """What the tags say of the book: the manifest first, then the source's own word."""
    from dotsbook.master.about import About

    manifest, details = session.project.manifest, session.narration.details

    def said(key: str) -> str | None:
        return getattr(manifest, key) or details.get(key) or None

    return About(
        title=manifest.title,
        author=manifest.author,
        language=manifest.language,
        genre=manifest.genre,
        narrator=manifest.narrator
        or ("Draft voice" if manifest.engine == "draft" else ", ".join(list(session.narration.voices)[:4])),
        subtitle=said("subtitle"),
        series=said("series"),
        part=said("part"),
        publisher=said("publisher"),
        date=said("date"),
        isbn=said("isbn"),
        description=said("description"),
        copyright=said("copyright"),
        cover=cover_of(session.project),
        partial=incomplete,
    )


def tell(made, as_json: bool) -> None:
    """What was written, and on one screen what its proof found."""
    if as_json:
        emit(
            {
                "path": str(made.path),
                "proved": made.proof.ok,
                "rows": [
                    {"what": row.what, "expected": row.expected, "found": row.found, "ok": row.ok}
                    for row in made.proof.rows
                ],
            }
        )
        return
    bytes_ = (
        sum(file.stat().st_size for file in made.files) if made.path.is_dir() else made.path.stat().st_size
    )
    console.print(f"{relative(made.path)}  {size(bytes_)}", markup=False, style="bold")
    for row in made.proof.rows:
        sign = "[green]ok[/]" if row.ok else "[red]not[/]" if row.binding else "[yellow]note[/]"
        if row.what.startswith("tag ") and row.ok:
            continue
        console.print(f"  {sign}  ", end="")
        console.print(
            f"{row.what}: {row.found}" + ("" if row.ok else f" (meant: {row.expected})"), markup=False
        )


def relative(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path

"""`dotsbook plan`: what will be read, what won't and why, how long it takes: before anything is rendered."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Annotated

import typer
from rich.table import Table

from dotsbook.book import Chunk
from dotsbook.cli.arguments import HERE, Chapters, Json, ProjectPath
from dotsbook.cli.console import complaints, console, emit
from dotsbook.cli.words import count, duration, size
from dotsbook.production.estimate import Estimate, Sums
from dotsbook.production.narration import Narration
from dotsbook.production.session import Session

SAMPLE = 200  # lines, spread over the book, that a measurement may speak


def plan(
    project: ProjectPath = HERE,
    chapter: Chapters = None,
    text: Annotated[bool, typer.Option("--text", help="Print exactly what will be spoken.")] = False,
    changes: Annotated[
        bool, typer.Option("--changes", help="Print what is spoken otherwise than written, with its place.")
    ] = False,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure", help="Speak some lines for up to 20 seconds, to know how long the book will take."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Show what will be read and what won't, with the receipt, the time and the disk it takes."""
    with Session(project) as session:
        wanted = session.chapters(chapter)
        if measure:
            measure_rate(session)
        if text:
            show_text(session.narration, wanted)
        elif changes:
            show_changes(session.narration, wanted)
        else:
            show_plan(session, wanted, as_json)


def measure_rate(session: Session) -> None:
    """Time the engine on this machine with lines of the book, and keep the figure for every later plan."""
    from dotsbook.render.calibration import calibrate, note
    from dotsbook.render.jobs import seed_for
    from dotsbook.voices.engine import Request

    session.check_voices()
    with session.reading() as ledger:
        step = max(1, session.narration.count() // SAMPLE)
        jobs = islice(session.jobs(ledger), None, None, step)
        requests = [
            Request(job.chunk.spoken, job.voice, job.chunk.language, seed_for(job.key, 1)) for job in jobs
        ]
    if rate := calibrate(session.engine, requests):
        note(session.project.cache, session.engine.identity, rate)
    else:
        complaints.print("note: too little could be spoken to measure anything by", style="yellow")


def show_text(narration: Narration, wanted: set[int] | None) -> None:
    """One line a chunk; an empty line between paragraphs, a title before each chapter."""
    chapter = paragraph = None
    titles = {listed.number: listed.title for listed in narration.chapters}
    for chunk in narration.of(wanted):
        if chunk.chapter != chapter:
            console.print(f"\n── {chunk.chapter}. {titles[chunk.chapter]}", markup=False, style="bold")
            chapter, paragraph = chunk.chapter, None
        if paragraph not in (None, chunk.paragraph):
            console.print()
        paragraph = chunk.paragraph
        console.print(f"{chunk.id}\t{chunk.voice}\t{' '.join(chunk.spoken.split())}", markup=False)


def show_changes(narration: Narration, wanted: set[int] | None) -> None:
    for chunk, source, start, _, before, after, rule in narration.changes(wanted):
        console.print(f"{chunk}\t{before!r} → {after!r}\t{rule}\t{source} {start}", markup=False)


def show_plan(session: Session, wanted: set[int] | None, as_json: bool) -> None:
    from dotsbook.render.calibration import known

    narration, manifest = session.narration, session.project.manifest
    sums = Sums(manifest.pacing, known(session.project.cache, session.engine.identity), session.engine.rate)
    tallies, voices, written = defaultdict(Tally), Counter(), defaultdict(list)
    with session.reading() as ledger:
        for job, take in ledger.briefed(session.jobs(ledger, wanted)):
            chunk = job.chunk
            sums.add(chunk, take is None)
            tallies[chunk.chapter].add(chunk, take is None)
            voices[chunk.voice] += 1
            if as_json:
                written[chunk.chapter].append(described(job))
    expected = sums.estimate()
    if as_json:
        emit(record(session, tallies, written, wanted, expected))
        return
    for warning in narration.warnings:
        complaints.print(f"note: {warning}", style="yellow", markup=False)
    console.print(
        f"{manifest.title}{' by ' + manifest.author if manifest.author else ''}, {manifest.language}, engine {manifest.engine}",
        markup=False,
        style="bold",
    )
    console.print(chapter_table(narration, tallies, wanted))
    if wanted is None:
        show_skipped(narration)
        console.print(
            "Voices: "
            + ", ".join(f"{name} ({count(number, 'chunk')})" for name, number in voices.most_common()),
            markup=False,
        )
        receipt = narration.receipt
        console.print(
            f"Receipt: {receipt.source_chars:,} characters in the manuscript = {receipt.spoken_chars:,} spoken + "
            f"{receipt.skipped_chars:,} skipped; {receipt.unaccounted} unaccounted for."
        )
    console.print(totals(expected, voices.total()))


def totals(expected: Estimate, chunks: int) -> str:
    """The last line: length, what is left, time, disk."""
    if not expected.chunks:
        return f"{count(chunks, 'chunk')}, about {duration(expected.audio_seconds)} long; all rendered: `dotsbook assemble`."
    time = (
        "in a time not yet measured on this machine"
        if expected.render_seconds is None
        else f"in about {duration(expected.render_seconds)}"
    )
    return (
        f"{count(chunks, 'chunk')}, about {duration(expected.audio_seconds)} long; {expected.chunks:,} still to render, {time}, "
        f"filling about {size(expected.disk_bytes)}."
    )


@dataclass
class Tally:
    """Of a chapter's chunks."""

    words: int = 0
    chunks: int = 0
    left: int = 0  # to be rendered

    def add(self, chunk: Chunk, pending: bool) -> None:
        from dotsbook.text.script.script_writer import words

        self.words += words(chunk.text)
        self.chunks += 1
        self.left += pending


def chapter_table(narration: Narration, tallies: dict[int, Tally], wanted: set[int] | None) -> Table:
    table = Table(
        "", "chapter", "words", "chunks", "done", "source", box=None, header_style="dim", pad_edge=False
    )
    for column in (0, 2, 3, 4):
        table.columns[column].justify = "right"
    for listed in narration.chapters:
        if wanted is None or listed.number in wanted:
            tally = tallies[listed.number]
            table.add_row(
                str(listed.number),
                "  " * listed.depth + plain(listed.title),
                f"{tally.words:,}",
                f"{tally.chunks:,}",
                f"{tally.chunks - tally.left:,}",
                plain(listed.source),
            )
    return table


def show_skipped(narration: Narration) -> None:
    inline = Counter()
    table = Table("skipped", "reason", "characters", box=None, header_style="dim", pad_edge=False)
    table.columns[2].justify = "right"
    for skip in narration.skipped:
        if skip.inline:
            inline[skip.reason] += skip.chars
        else:
            table.add_row(plain(f"{skip.title} ({skip.source})"), plain(skip.reason), f"{skip.chars:,}")
    for reason, chars in inline.most_common():
        table.add_row("[dim]in the text[/]", plain(reason), f"{chars:,}")
    if table.rows:
        console.print(table)


def plain(text: str) -> str:
    """A manuscript's words in a table: on one line, with nothing that rich or a terminal would obey."""
    from rich.markup import escape

    return escape("".join(letter if letter.isprintable() else " " for letter in text))


def described(job) -> dict:
    """A chunk as other programs read it."""
    chunk = job.chunk
    return {
        "id": chunk.id,
        "key": job.key,
        "text": chunk.text,
        "spoken": chunk.spoken,
        "voice": chunk.voice,
        "language": chunk.language,
        "source": chunk.source,
        "start": chunk.start,
        "end": chunk.end,
        "pause": chunk.pause.value,
    }


def record(
    session: Session, tallies: dict, written: dict, wanted: set[int] | None, expected: Estimate
) -> dict:
    """The plan as other programs read it; documented in the README."""
    narration, manifest = session.narration, session.project.manifest
    return {
        "title": manifest.title,
        "author": manifest.author,
        "language": manifest.language,
        "chapters": [
            {
                "number": listed.number,
                "title": listed.title,
                "source": listed.source,
                "words": tallies[listed.number].words,
                "chunks": written[listed.number],
            }
            for listed in narration.chapters
            if wanted is None or listed.number in wanted
        ],
        "skipped": [
            {"source": skip.source, "title": skip.title, "reason": skip.reason, "chars": skip.chars}
            for skip in narration.skipped
        ],
        "receipt": asdict(narration.receipt),
        "estimate": asdict(expected),
        "warnings": list(narration.warnings),
    }

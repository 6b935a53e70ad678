"""`dotsbook status`: what is done, what is missing, what went wrong."""

from collections import defaultdict
from dataclasses import dataclass

from rich.table import Table

from dotsbook.cli.arguments import HERE, Json, ProjectPath
from dotsbook.cli.console import console, emit
from dotsbook.cli.plan import plain
from dotsbook.cli.words import count, duration
from dotsbook.production.session import Session


@dataclass
class Tally:
    chunks: int = 0
    done: int = 0
    failed: int = 0
    doubtful: int = 0
    seconds: float = 0.0


def status(project: ProjectPath = HERE, as_json: Json = False) -> None:
    """Say, chapter by chapter, what is rendered, missing or failed."""
    with Session(project) as session:
        with session.reading() as ledger:
            failures = ledger.failures()
            tallies: dict[int, Tally] = defaultdict(Tally)
            doubtful, failed = [], []
            for job, take in ledger.briefed(session.jobs(ledger)):
                tally = tallies[job.chunk.chapter]
                tally.chunks += 1
                if take:
                    tally.done += 1
                    tally.seconds += take.seconds
                    if not take.healthy:
                        tally.doubtful += 1
                        doubtful.append(job.chunk.id)
                elif failure := failures.get(job.key):
                    tally.failed += 1
                    failed.append(
                        {"chunk": job.chunk.id, "attempts": failure.attempts, "error": failure.error}
                    )
        if as_json:
            emit(
                {
                    "chapters": [
                        {
                            "number": listed.number,
                            "title": listed.title,
                            "chunks": tallies[listed.number].chunks,
                            "done": tallies[listed.number].done,
                            "failed": tallies[listed.number].failed,
                            "seconds": round(tallies[listed.number].seconds, 3),
                        }
                        for listed in session.narration.chapters
                    ],
                    "failures": failed,
                    "doubtful": doubtful,
                }
            )
            return
        show(session, tallies, failed, doubtful)


def show(session: Session, tallies: dict[int, Tally], failed: list[dict], doubtful: list[str]) -> None:
    table = Table(
        "",
        "chapter",
        "chunks",
        "done",
        "missing",
        "failed",
        "audio",
        box=None,
        header_style="dim",
        pad_edge=False,
    )
    for column in (0, 2, 3, 4, 5, 6):
        table.columns[column].justify = "right"
    for listed in session.narration.chapters:
        tally = tallies[listed.number]
        missing = tally.chunks - tally.done - tally.failed
        table.add_row(
            str(listed.number),
            "  " * listed.depth + plain(listed.title),
            f"{tally.chunks:,}",
            f"{tally.done:,}",
            f"{missing:,}" if missing else "",
            f"[red]{tally.failed}[/]" if tally.failed else "",
            duration(tally.seconds) if tally.done else "",
        )
    console.print(table)
    for failure in failed:
        console.print(
            f"{failure['chunk']} failed after {count(failure['attempts'], 'attempt')}: {failure['error']}",
            style="red",
            markup=False,
        )
    if doubtful:
        console.print(
            f"Kept though doubtful: {', '.join(doubtful[:20])}{' …' if len(doubtful) > 20 else ''}; "
            "listen to them in out/report.html, `dotsbook retake` what you don't like.",
            style="yellow",
            markup=False,
        )
    done, chunks = sum(t.done for t in tallies.values()), sum(t.chunks for t in tallies.values())
    rest = "" if done == chunks else " `dotsbook render` makes the rest."
    spoken = duration(sum(t.seconds for t in tallies.values()))
    console.print(f"{done:,} of {count(chunks, 'chunk')} rendered, {spoken} of speech.{rest}", markup=False)

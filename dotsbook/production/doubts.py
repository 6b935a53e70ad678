"""`out/report.html`: every take kept though doubtful and every chunk without one, to be listened to."""

from collections import defaultdict
from pathlib import Path

from dotsbook.production.credits import TITLES
from dotsbook.production.session import Session

MOST_SOUNDS = 200  # players in the page; beyond that a row has its words only


def write_report(session: Session) -> Path | None:
    """Write the page if there is anything to say, or if one stands there from before; its path, or None."""
    from dotsbook.files import write_whole
    from dotsbook.render.doubtful_page import report_html

    path = session.project.out / "report.html"
    rows = doubts(session)
    if not rows and not path.exists():
        return None
    write_whole(path, report_html(rows, session.project.manifest.title).encode())
    return path


def doubts(session: Session) -> list:
    """A report row for each chunk whose take is unhealthy or that failed."""
    from dotsbook.render.doubtful_page import DoubtfulLine
    from dotsbook.render.judgement import norms_for

    with session.reading() as ledger:
        failures = ledger.failures()
        clock: dict[int, float] = defaultdict(float)  # {chapter: seconds so far}
        bad = []
        for job, brief in ledger.briefed(session.jobs(ledger)):
            wrong = not brief.healthy if brief else job.key in failures
            if wrong:
                bad.append((job, clock[job.chunk.chapter]))
            clock[job.chunk.chapter] += brief.seconds if brief else 0.0
        norms = norms_for(ledger, [job for job, _ in bad])
        takes = ledger.finished([job.key for job, _ in bad])
    titles = TITLES | {listed.number: listed.title for listed in session.narration.chapters}
    rows: list[DoubtfulLine] = []
    for job, start in bad:
        chunk = job.chunk
        if take := takes.get(job.key):
            file = session.project.takes / take.file
            sound = file.read_bytes() if file.is_file() and len(rows) < MOST_SOUNDS else None
            rows.append(
                DoubtfulLine(
                    chunk.id,
                    titles[chunk.chapter],
                    chunk.text,
                    reasons_against(take, norms.get((job.voice.name, chunk.language))),
                    start,
                    sound,
                    language=chunk.language,
                )
            )
        else:
            failure = failures[job.key]
            rows.append(
                DoubtfulLine(
                    chunk.id,
                    titles[chunk.chapter],
                    chunk.text,
                    (f"{failure.error} ({failure.attempts} attempts)",),
                    language=chunk.language,
                )
            )
    return rows


def reasons_against(take, norm) -> tuple[str, ...]:
    """What a judge of the user's has against a take, or else what the checks have."""
    from dotsbook.render.health import judge
    from dotsbook.render.take_rows import OBJECTION

    if said := take.health.get(OBJECTION):
        return (said,)
    figures = {name: figure for name, figure in take.health.items() if figure is not None}
    return (judge(figures, norm).reasons if figures else ()) or (
        "it was doubtful when it was made; by today's limits it isn't",
    )

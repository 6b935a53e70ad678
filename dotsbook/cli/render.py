"""`dotsbook render`: make the takes that are missing, and show how it goes."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from itertools import chain, islice
from typing import Annotated

import typer

from dotsbook.cli.arguments import HERE, Chapters, Json, ProjectPath
from dotsbook.cli.console import complaints
from dotsbook.cli.show import Reporter, reporter
from dotsbook.cli.words import count, duration
from dotsbook.errors import ManifestError, Unfinished
from dotsbook.production.estimate import Estimate, Sums
from dotsbook.production.session import Session

Memory = Annotated[
    float | None,
    typer.Option(
        "--memory", min=0.5, help="GiB that the engine may use.", show_default="60 % of the machine's"
    ),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="07:00", help="Stop cleanly at this time of day.")
]
For = Annotated[str | None, typer.Option("--for", metavar="6h", help="Stop cleanly after this long.")]
Locked = Annotated[
    bool, typer.Option("--locked", help="Refuse if model, engine or voices differ from book.lock.yaml.")
]

LONG = 80  # characters; a shorter line isn't worth splitting
SHARE = 0.6  # of a line that each part may be


def render(
    project: ProjectPath = HERE,
    chapter: Chapters = None,
    again: Annotated[
        bool, typer.Option("--again", help="Make new takes of the chapters named; the old stay until swept.")
    ] = False,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most this many takes.")] = None,
    until: Until = None,
    for_: For = None,
    memory: Memory = None,
    locked: Locked = False,
    as_json: Json = False,
) -> None:
    """Render what is missing. Stop it any time: the same command goes on from there."""
    if again and chapter is None:
        raise ManifestError("--again needs --chapter: which ones are to be made anew?")
    with Session(project, memory) as session:
        render_missing(
            session,
            session.chapters(chapter),
            again=again,
            limit=limit,
            until=until,
            lasting=for_,
            locked=locked,
            report=reporter(as_json),
        )


def render_missing(
    session: Session,
    chapters: set[int] | None,
    *,
    again: bool = False,
    limit: int | None = None,
    until: str | None = None,
    lasting: str | None = None,
    locked: bool = False,
    report: Reporter,
) -> None:
    """Render and say what came of it. Raises KeyboardInterrupt after a clean stop, Unfinished if something failed."""
    from dotsbook.render import deadline

    ends = deadline.earliest(
        deadline.until(until) if until else None, deadline.lasting(lasting) if lasting else None
    )
    for warning in session.narration.warnings:
        complaints.print(f"note: {warning}", style="yellow", markup=False)
    with session.writing() as ledger:
        if again:
            ledger.bump([job.base for job in session.jobs(ledger, chapters)], "the chapter again")
        book, wanted = session.jobs(ledger), session.jobs(ledger, chapters)
        outcome = make_takes(session, ledger, book, wanted, limit, ends, locked, report)
    if outcome is None:
        there = session.narration.count(chapters) + (len(session.credits) if chapters is None else 0)
        report.say(f"Nothing to render: all {count(there, 'take')} are there.")
        return
    conclude(session, outcome, report)


def make_takes(
    session: Session,
    ledger,
    book: Iterable,
    wanted: Iterable,
    limit: int | None,
    ends,
    locked: bool,
    report: Reporter,
):
    """The render loop with all that it needs; its Outcome, or None if nothing was missing.

    book: a job for each of its chunks; wanted: those to render. Both are gone through more than once.
    """
    from dotsbook.memory import share_heap
    from dotsbook.production.session import Again
    from dotsbook.render.judgement import Judgement
    from dotsbook.render.judges import find
    from dotsbook.render.loop import pending

    judges, broken = find()
    judge = Judgement(ledger, book, judges)
    doubted = judge.doubted(wanted)
    again = Again(lambda: (job for job in wanted if job.key in doubted)) if doubted else ()
    missing = Again(lambda: chain(pending(wanted, ledger), again))
    waiting = missing if limit is None else Again(lambda: islice(missing, limit))
    if locked:
        from dotsbook.voices.lock import check_lock

        check_lock(session.project, session.engine)
    if not any(True for _ in waiting):
        return None
    share_heap()
    ahead = prepare(session, waiting)
    from dotsbook.cli.interrupt import interruptible
    from dotsbook.render.awake import awake
    from dotsbook.render.calibration import note

    for sentence in broken:
        report.say(sentence)
    report.say(
        f"{count(ahead.chunks, 'take')} to make{f', in about {duration(ahead.render_seconds)}' if ahead.render_seconds else ''}."
    )
    start = time.monotonic()
    with (
        report.working(waiting, session.narration.chapters, missing) as hear,
        awake(),
        interruptible(report.stopping) as wished,
    ):
        outcome = spoken(session, ledger, waiting, judge, doubted, hear, wished.is_set, ends)
        if not outcome.stopped and (
            found := judge.doubted(wanted)
        ):  # healthy as far as was known when they were made
            jobs = [job for job in wanted if job.key in found]
            outcome = together(
                outcome, spoken(session, ledger, jobs, judge, found, hear, wished.is_set, ends)
            )
    if rate := judge.tally.rate(time.monotonic() - start):
        note(session.project.cache, session.engine.identity, rate)
    for complaint in judge.complaints():
        report.say(complaint)
    return outcome


def spoken(session: Session, ledger, jobs: Iterable, judge, doubted: dict, hear, stop, ends):
    """One pass of the render loop: what is missing, and what is doubted."""
    from dotsbook.render.calibration import known
    from dotsbook.render.loop import Options, render
    from dotsbook.render.progress import Finished

    project, engine = session.project, session.engine

    options = Options(
        retries=project.manifest.retries, budget=session.memory, rate=known(project.cache, engine.identity)
    )
    events = render(
        jobs,
        engine,
        ledger,
        project.takes,
        options=options,
        examine=judge.examine,
        split=splitter(project.manifest.language),
        restart=session.new_engine,
        stop=stop,
        deadline=ends,
        first=judge.first,
        doubted=doubted,
    )
    with closing(events):
        for event in events:
            if isinstance(event, Finished):
                break
            judge.learn(event)
            hear(event)
    return event.outcome


def splitter(language: str) -> Callable[[str], list[str]]:
    """What cuts a long line at its clauses: text → parts, one if it is short or won't part."""

    def split(text: str) -> list[str]:
        from dotsbook.text.script.clauses import parts

        cuts = parts(text, language, round(len(text) * SHARE)) if len(text) >= LONG else []
        return [text[start:end].strip() for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    return split


def together(first, second):
    """Two passes' outcomes as one: what was made anew counts once."""
    anew = {done.job.key for done in second.doubtful}
    return replace(
        second,
        wanted=first.wanted,
        done=first.done,
        failed=first.failed + second.failed,
        doubtful=tuple(done for done in first.doubtful if done.job.key not in anew) + second.doubtful,
        seconds=first.seconds + second.seconds,
        audio=first.audio + second.audio,
    )


def prepare(session: Session, waiting: Iterable) -> Estimate:
    """All that can be found wrong before the first take: voices, languages, room on the disk. Writes book.lock.yaml."""
    from dotsbook.render.calibration import known
    from dotsbook.render.disk import check_room
    from dotsbook.voices.lock import write_lock

    for warning in session.check_voices():
        complaints.print(f"note: {warning}", style="yellow", markup=False)
    sums = Sums(
        session.project.manifest.pacing,
        known(session.project.cache, session.engine.identity),
        session.engine.rate,
    )
    for job in waiting:
        sums.add(job.chunk, pending=True)
    ahead = sums.estimate()
    check_room(session.project.takes, ahead.disk_bytes)
    write_lock(session.project, session.engine)
    return ahead


def conclude(session: Session, outcome, report: Reporter) -> None:
    """Say what came of a render, write the report of what is doubtful, and end as it deserves."""
    from dotsbook.production.doubts import write_report

    made = f"{count(outcome.done, 'take')} made, {duration(outcome.audio)} of speech in {duration(outcome.seconds)}"
    report.say(f"{made} ({outcome.audio / max(outcome.seconds, 1e-3):.1f} times real time).")
    page = write_report(session)
    if outcome.doubtful or outcome.failed:
        report.say(
            f"{count(len(outcome.doubtful), 'take')} of this run kept though doubtful, {len(outcome.failed)} failed: listen in {page}."
        )
    if outcome.stopped == "interrupted":
        raise KeyboardInterrupt
    if outcome.stopped:
        report.say(
            f"Stopped at the time asked for; {count(outcome.left, 'chunk')} to go: the same command goes on."
        )
    if outcome.failed:
        first = outcome.failed[0]
        raise Unfinished(
            f"{count(len(outcome.failed), 'chunk')} could not be rendered, {first.job.chunk.id} first ({first.error}); "
            "`dotsbook status` names them all, and `dotsbook render` tries them again."
        )

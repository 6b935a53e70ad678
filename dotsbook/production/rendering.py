"""Rendering: what is missing is spoken, judged and committed, and told of event by event.

A generator: it works on whatever thread asks for its events, prints nothing, knows no signals, and is stopped by its
`stop` argument or by closing it. What was told of as done stays done.
"""

import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError
from dotsbook.machine import cores
from dotsbook.production.book_judges import judges_of, learner_of, unheard_languages
from dotsbook.production.clusters import BookCluster, ClusterWish, on_cluster
from dotsbook.production.estimate import Estimate, Sums
from dotsbook.production.hearing_elsewhere import heard_on
from dotsbook.production.line_review import ask_again
from dotsbook.production.pinning import drift_of, pin, pin_anew, require_locked
from dotsbook.production.session import Session
from dotsbook.production.small_edits import mend_changed_lines
from dotsbook.production.unsure_skips import require_agreed

if TYPE_CHECKING:
    from dotsbook.production.events import ChapterDone, RenderEvent
    from dotsbook.production.voice_learning import VoiceLearner
    from dotsbook.render.cases import Judged
    from dotsbook.render.deadline import Deadline
    from dotsbook.render.jobs import Job, Jobs
    from dotsbook.render.judgement import Judgement
    from dotsbook.render.judges import GuardedJudge
    from dotsbook.render.ledger import Ledger
    from dotsbook.render.progress import Outcome, Progress

SHARE = 0.6  # of a line that each part of a split one may be
LONG = 80  # characters; a shorter line isn't worth splitting
Stop = Callable[[], bool] | threading.Event | None


@dataclass(frozen=True)
class RenderOptions:
    """Where and how much; nothing here changes what anything sounds like."""

    chapters: Collection[int] | None = None  # None: all
    again: bool = False  # make new takes of these chapters; the old stay until swept
    limit: int | None = None  # at most so many takes
    until: str | None = None  # stop cleanly at this time of day, "07:00"
    lasting: str | None = None  # stop cleanly after this long, "6h"
    locked: bool = False  # refuse if engines, models or voices differ from book.lock.yaml
    engine_anew: bool = (
        False  # pin the book to the engines installed here: all takes by others are made again
    )
    stop: Stop = None  # asked between takes
    skips_agreed: bool = False  # what `plan` is unsure of may be left out
    cluster: ClusterWish | None = None  # speak there


def render_book(session: Session, options: RenderOptions) -> Iterator["RenderEvent"]:
    """Render what is missing; the last event is Rendered. Holds the project's write lock until it ends or is closed."""
    from dotsbook.ears.words_judge import WordsJudge
    from dotsbook.production.doubts import write_report
    from dotsbook.production.events import Remark, Rendered
    from dotsbook.production.unknown_words import weigh_together
    from dotsbook.render import deadline

    if options.again and options.chapters is None:
        raise ManifestError("--again needs --chapter: which ones are to be made anew?")
    ends = deadline.earliest(
        deadline.until(options.until) if options.until else None,
        deadline.lasting(options.lasting) if options.lasting else None,
    )
    narration = session.narration
    if not options.skips_agreed:
        require_agreed(narration.skipped, narration.receipt.source_chars)
    yield from map(Remark, narration.warnings)
    with session.writing() as ledger, on_cluster(session, options.cluster, options.engine_anew) as cluster:
        judges, broken = judges_of(session)
        judges = heard_on(session, cluster, judges) if cluster else judges
        if options.engine_anew:
            yield from map(Remark, pin_anew(session))
        if options.again and options.chapters is not None and (kept := ask_again(session, options.chapters)):
            yield Remark(
                f"kept as they are, being locked: {', '.join(kept)}; `dotsbook unlock` lets them be made anew"
            )
        yield from mend_changed_lines(session, ledger, options.chapters, wish(options.stop))
        outcome = yield from make_takes(session, ledger, options, ends, (judges, broken), cluster)
        heard = outcome is not None and WordsJudge.name in {judge.name for judge in judges}
        asked = weigh_together(session.jobs(ledger), ledger) if heard else []
    yield from map(Remark, asked)
    report = None if outcome is None else write_report(session, asked)
    yield Rendered(outcome, session.narration.count(options.chapters), report)


def make_takes(
    session: Session,
    ledger: "Ledger",
    options: RenderOptions,
    ends: "Deadline | None",
    ears: "tuple[list[GuardedJudge], list[str]]",
    cluster: BookCluster | None = None,
) -> "Generator[RenderEvent, None, Outcome | None]":
    """The render loop with all that it needs; gives its Outcome, or None if nothing was missing. ears: as `judges_of`."""
    from dotsbook.memory import share_heap
    from dotsbook.production.events import Remark, Started
    from dotsbook.render.awake import awake
    from dotsbook.render.judgement import Judgement
    from dotsbook.render.loop import pending
    from dotsbook.render.progress import Progress

    book = session.jobs(ledger)
    wanted = Again(lambda: book.of(options.chapters))
    judges, broken = ears
    learner = learner_of(session, ledger, book, judges)
    judge = Judgement(ledger, book, judges, session.project.takes)
    doubted = judge.doubted(wanted)
    again = Again(lambda: (job for job in wanted if job.key in doubted)) if doubted else ()
    missing = Again(lambda: chain(pending(wanted, ledger), again))
    waiting = missing if options.limit is None else Again(lambda: islice(missing, options.limit))
    if options.locked:
        require_locked(session)
    if not any(True for _ in waiting):
        return None
    share_heap()
    place = cluster.address if cluster else None
    ahead, remarks = prepare(session, waiting, place)
    yield from map(Remark, [*remarks, *broken, *unheard_languages(session, judges)])
    progress = Progress(waiting, missing=missing)
    yield Started(ahead.chunks, ahead, progress)
    start = time.monotonic()
    pass_of = partial(one_pass, session, ledger, book, judge, learner, options, ends, progress, cluster)
    with awake():
        outcome = yield from pass_of(waiting, doubted)
        if not outcome.stopped and (
            found := judge.doubted(wanted)
        ):  # healthy as far as was known when they were made
            jobs = [job for job in wanted if job.key in found]
            more = yield from pass_of(jobs, found)
            outcome = together(outcome, more)
    rate = judge.tally.rate(time.monotonic() - start)
    if rate:
        session.note_rate(rate, place)
    yield from map(Remark, judge.complaints())
    return outcome


def one_pass(
    session: Session,
    ledger: "Ledger",
    book: "Jobs",
    judge: "Judgement",
    learner: "VoiceLearner | None",
    options: RenderOptions,
    ends: "Deadline | None",
    progress: "Progress",
    cluster: BookCluster | None,
    jobs: "Iterable[Job]",
    doubted: "Mapping[str, Judged]",
) -> "Generator[RenderEvent, None, Outcome]":
    """One pass of the render loop: what is missing, and what is doubted."""
    from dotsbook.production.events import of_cluster
    from dotsbook.render import loop
    from dotsbook.render.calibration import known
    from dotsbook.render.progress import Done, Finished

    project, engine = session.project, session.engine
    how = loop.Options(
        retries=project.manifest.retries,
        budget=session.memory,
        rate=known(project.cache, engine.identity, cluster.address if cluster else None),
        # the health checks alone are quickest on one thread
        examiners=cluster.hearers() if cluster and judge.judges else min(cores(), 1 + len(judge.judges)),
    )
    events = loop.render(
        jobs,
        engine,
        ledger,
        project.takes,
        options=how,
        examine=judge.examine,
        split=splitter(project.manifest.language),
        restart=session.new_engine,
        stop=options.stop,
        deadline=ends,
        first=judge.first | (learner.first if learner else set()),
        doubted=doubted,
        renewed=lambda: session.asked_since(book, ledger, options.chapters),
    )
    with closing(events):
        yield from of_cluster(cluster)
        for event in events:
            if isinstance(event, Finished):
                return event.outcome
            judge.learn(event)
            if learner:
                learner.take_in(event)
            whole = progress.add(event)
            yield event
            yield from of_cluster(cluster)
            if whole and isinstance(event, Done):
                yield chapter_done(session, event.job.chunk.chapter)
    raise AssertionError("the loop ends with Finished")


def chapter_done(session: Session, number: int) -> "ChapterDone":
    from dotsbook.production.credits import TITLES
    from dotsbook.production.events import ChapterDone

    titles = TITLES | {listed.number: listed.title for listed in session.narration.chapters}
    return ChapterDone(number, titles[number])


class Again:
    """Jobs that are gone through anew each time, so that a large book's are never all there at once."""

    def __init__(self, each: "Callable[[], Iterator[Job]]"):
        self.each = each

    def __iter__(self) -> "Iterator[Job]":
        return self.each()


def wish(stop: Stop) -> Callable[[], bool]:
    if isinstance(stop, threading.Event):
        return stop.is_set
    return stop or (lambda: False)


def prepare(
    session: Session, waiting: "Iterable[Job]", place: str | None = None
) -> tuple[Estimate, list[str]]:
    """All that can be found wrong before the first take: voices, languages, room on the disk. Pins the book's engines.

    place: the cluster that is to speak. Gives what lies ahead and what the user should know of it.
    """
    from dotsbook.render.disk import check_room

    remarks = session.check_voices()
    sums = Sums(session.project.manifest.pacing, session.rates(place), session.sample_rates())
    news = set(session.narration.news.lines) if session.narration.news else set()
    reread = 0
    for job in waiting:
        sums.add(job.chunk, pending=True)
        reread += job.chunk.id in news
    ahead = sums.estimate()
    check_room(session.project.takes, ahead.disk_bytes)
    session.keep_narration()
    remarks += [*session.reread_note(reread), *map(str, drift_of(session))]
    pin(session)
    return ahead, remarks


def together(first: "Outcome", second: "Outcome") -> "Outcome":
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


def splitter(language: str) -> Callable[[str], list[str]]:
    """What cuts a long line at its clauses: text → parts, one if it is short or won't part."""

    def split(text: str) -> list[str]:
        from dotsbook.text.script.clauses import parts

        cuts = parts(text, language, round(len(text) * SHARE)) if len(text) >= LONG else []
        return [text[start:end].strip() for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    return split

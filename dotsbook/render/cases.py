"""A chunk on its way to a take: what has been tried, what was best, what to try next. Pure; it knows no engine.

A bad take is tried again with another seed up to `retries` times; then, if it can be split at a clause, once in parts
that are joined; then the best of what came stands, marked unhealthy; with nothing usable it has failed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dotsbook.audio import Samples
from dotsbook.render.health import Verdict
from dotsbook.render.jobs import Job, seed_for
from dotsbook.voices.engine import RecordedTake, Request

SILENT = 0.001  # peak, −60 dBFS: below the noise of a quiet room, so nothing has been said
JOIN = 0.2  # seconds of silence between the parts of a line that had to be split


@dataclass(frozen=True, slots=True)
class Judged:
    """A usable attempt."""

    attempt: int
    samples: Samples | None  # None: as its file has it, committed before
    verdict: Verdict
    rate: int = 0  # Hz of the samples
    facts: Mapping[str, str] | None = None  # where and with what it was spoken, as the answer said
    recorded: RecordedTake | None = None  # the samples as they were recorded elsewhere


@dataclass(eq=False, slots=True)
class Case:
    job: Job
    place: int = 0  # in the script
    window: float = 0  # of chapters: see batching.py
    tried: int = 0  # attempts, in all runs
    left: int = 0  # whole attempts that may still be made
    split: bool = False  # it is being, or has been, tried in parts
    parts: list[Samples | None] = field(default_factory=list)  # as they arrive, in their places
    waiting: int = 0  # parts that haven't been answered
    best: Judged | None = None
    replaces: str = ""  # the file of the take that stands now and doesn't hold, relative to takes/
    error: str = ""  # why the last attempt gave nothing, or the reasons against the best
    alone: bool = False  # it takes the engine down with it: never beside others

    def better(self, judged: Judged) -> None:
        """Keep an attempt if it is good, or better than the bad ones before."""
        if self.best is None or judged.verdict.ok or judged.verdict.score > self.best.verdict.score:
            self.best = judged


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """One request's worth of a case."""

    case: Case
    attempt: int
    text: str
    part: int = 0  # of those the text was split into

    def request(self) -> Request:
        job = self.case.job
        return Request(
            self.text,
            job.voice,
            job.chunk.language,
            seed_for(job.key, self.attempt, self.part),
            self,
            self.case.window,
        )


def reopened(job: Job, place: int, window: float, judged: Judged, most: int) -> Case:
    """A case whose committed take doesn't hold any more: it goes on where it was, with `most` attempts in all."""
    return Case(
        job,
        place,
        window,
        judged.attempt,
        max(0, most - judged.attempt),
        "split" in judged.verdict.figures,
        best=judged,
    )


def again(case: Case) -> Task:
    """The next attempt at the whole line."""
    case.tried += 1
    case.left -= 1
    return Task(case, case.tried, case.job.chunk.spoken)


def following(case: Case, split: Callable[[str], Sequence[str]] | None) -> list[Task]:
    """What to try after a bad attempt; nothing if all has been tried."""
    if case.left > 0:
        return [again(case)]
    if case.split or split is None:
        return []
    case.split = True
    texts = split(case.job.chunk.spoken)
    if len(texts) < 2:
        return []
    case.tried += 1
    case.parts, case.waiting = [None] * len(texts), len(texts)
    return [Task(case, case.tried, text, part) for part, text in enumerate(texts)]


def gathered(task: Task, samples: Samples | None) -> list[Samples | None] | None:
    """A line's parts when the last has come (one, where it was asked for whole); None while others are to come."""
    case = task.case
    if not case.waiting:
        return [samples]
    case.parts[task.part] = samples
    case.waiting -= 1
    if case.waiting:
        return None
    parts, case.parts = case.parts, []
    return parts


def join(parts: Sequence[Samples], rate: int, measure: Callable[[Samples, int], Any]) -> Samples:
    """Parts of a line as one: each cut to its speech, a short silence between. float32 (samples,)."""
    if len(parts) == 1:
        return parts[0]
    gap = np.zeros(round(JOIN * rate), np.float32)
    pieces = []
    for index, samples in enumerate(parts):
        figures = measure(samples, rate)
        start = 0 if index == 0 else figures.first
        end = len(samples) if index == len(parts) - 1 else figures.last
        pieces += [gap, samples[start:end]] if index else [samples[start:end]]
    return np.concatenate(pieces).astype(np.float32)


def unusable(samples: Samples | None) -> str:
    """Why samples can't be kept at all, however little else there is; "" if they can."""
    if samples is None or not len(samples):
        return "the engine gave no sound"
    if samples.ndim != 1:
        return "the engine gave something that is no mono sound"
    if not np.isfinite(samples).all():
        return "the engine gave numbers that are no sound (NaN or infinite)"
    if max(samples.max(), -samples.min()) < SILENT:
        return "the take is silent"
    return ""

"""A book whose engine goes wrong in every way there is, rendered with the health checks, and what became of each fault."""

import contextlib
import random
from collections import Counter
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from bench import Bench
from fakes import ScriptedEngine, chunk, jobs_of, spoil

from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.jobs import seed_for
from dotsbook.render.judgement import Judgement
from dotsbook.render.loop import Options
from dotsbook.render.progress import Done, Failed, Halved, Restarted, Retried
from dotsbook.render.watchdog import Patience
from dotsbook.voices.syllables import RATE, draw

SOUNDS = (
    "empty",
    "silence",
    "nan",
    "inf",
    "clip",
    "truncate",
    "skip",
    "loop",
    "runaway",
    "noise",
    "tone",
    "gap",
    "quiet",
)
ENGINE = ("error", "mute", "oom", "crash", "hang")
FAULTS = SOUNDS + ENGINE
WORDS = [
    "lamp",
    "harbour",
    "ledger",
    "winter",
    "carried",
    "nobody",
    "window",
    "seven",
    "kettle",
    "slowly",
    "across",
    "the",
    "of",
]
CALM = 40  # lines before the first fault, of which the voice's norm is partly made


@dataclass
class Fate:
    """What became of one kind of fault."""

    lines: int = 0
    noticed: int = 0  # lines tried again, reported, or after whose batch the engine was halved or restarted
    healed: int = 0  # that ended with a healthy take that is none of the faulty ones
    reported: int = 0  # that ended marked doubtful or failed
    missed: int = 0  # whose faulty sound was kept as healthy
    named: Counter = field(default_factory=Counter)


@cache
def said(text: str, seed: int) -> np.ndarray:
    return draw("narrator", text, seed)


class Faulty(ScriptedEngine):
    """Says lines[text] = (fault, how many attempts it spoils); all engines share what was asked before one died."""

    def __init__(self, lines: dict, asked: Counter):
        super().__init__(self.fault, voice=lambda request: said(request.text, request.seed), rate=RATE)
        self.lines, self.asked = lines, asked

    def fault(self, request, times: int) -> str | None:
        fault, spoiled = self.lines.get(request.text, (None, 0))
        return fault if times <= spoiled else None


def book(each: int) -> tuple[list, dict]:
    """(chunks, {text: (fault, attempts it spoils)}): of each fault `each` lines, two in three of them spoiled once."""
    chance, texts = random.Random(3), []
    while len(texts) < CALM + each * len(FAULTS):
        text = " ".join(chance.choices(WORDS, k=chance.randrange(8, 20))).capitalize() + "."
        texts += [text] if text not in texts else []
    lines = {
        text: (FAULTS[at % len(FAULTS)], 99 if at // len(FAULTS) % 3 == 2 else 1)
        for at, text in enumerate(texts[CALM:])
    }
    return [chunk(number, text) for number, text in enumerate(texts)], lines


def fates(bench: Bench, each: int) -> dict[str, Fate]:
    """Render the book, as the command does, and tell what became of each fault. Raises what the loop raises."""
    chunks, lines = book(each)
    asked, events, reasons = Counter(), [], {}
    options = Options(largest=4, patience=Patience(first=2.5, least=2.5, grace=8.0))
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        jobs = jobs_of(chunks)
        judge = Judgement(rows, jobs)

        for _ in ("at first", "once the norm is known"):
            doubted = judge.doubted(jobs)
            reasons |= {key: list(judged.verdict.reasons) for key, judged in doubted.items()}
            engine = Faulty(lines, asked)
            with contextlib.closing(engine):
                for event in loop.render(
                    jobs,
                    engine,
                    rows,
                    bench.takes,
                    options=options,
                    examine=judge.examine,
                    restart=lambda: Faulty(lines, asked),
                    first=judge.first,
                    doubted=doubted,
                ):
                    judge.learn(event)
                    events.append(event)
    return told(jobs, lines, events, reasons, bench)


def told(
    jobs: list, lines: dict, events: list, reasons: dict[str, list[str]], bench: Bench
) -> dict[str, Fate]:
    """reasons: {key: what was held against a take when it was judged again}."""
    found, sounds, takes = {fault: Fate() for fault in FAULTS}, bench.pcm(), bench.finished()
    deaths = sum(isinstance(event, Restarted) for event in events)
    halved = sum(isinstance(event, Halved) for event in events)
    for event in events:
        if isinstance(event, Retried | Done):
            reasons.setdefault(event.job.key, []).extend(event.reasons)
        elif isinstance(event, Failed):
            reasons.setdefault(event.job.key, []).append(event.error)
    for job in jobs:
        fault, spoiled = lines.get(job.chunk.spoken, ("", 0))
        if not fault:
            continue
        fate, take = found[fault], takes.get(job.key)
        fate.lines += 1
        fate.named.update({reason.partition(":")[0][:60] for reason in reasons.get(job.key, ())})
        noticed = job.key in reasons and bool(reasons[job.key])
        fate.noticed += (
            noticed or (fault in ("crash", "hang") and deaths > 0) or (fault == "oom" and halved > 0)
        )
        if take is None or not take.healthy:
            fate.reported += 1
        elif spoiled > 1 or (fault in SOUNDS and same(sounds[job.key][1], job, fault)):
            fate.missed += 1
        else:
            fate.healed += 1
    return found


def same(pcm: bytes, job, fault: str) -> bool:
    """Whether a take is the first attempt with its fault."""
    spoiled = spoil(said(job.chunk.spoken, seed_for(job.key, 1)), RATE, fault)
    kept = np.frombuffer(pcm, np.int16) / 32768
    return len(kept) == len(spoiled) and bool(np.allclose(kept, np.nan_to_num(spoiled), atol=1e-3))

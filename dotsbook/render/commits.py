"""What is settled goes to disk in the commit order that ledger.py tells: files first, then all rows of a group at once."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.book import Take
from dotsbook.render import store
from dotsbook.render.calibration import Tally
from dotsbook.render.ledger import Facts, Ledger
from dotsbook.render.progress import Done, Failed
from dotsbook.render.take_rows import facts_here
from dotsbook.voices.engine import Engine, Voice, engine_for, facts_of

if TYPE_CHECKING:
    from dotsbook.render.cases import Case
    from dotsbook.render.examiners import Measure

WRITERS = 4  # threads that measure, encode and sync: one's fsync is another's arithmetic


class Commits:
    """The takes of a run as they are committed, and lines given up as they are noted."""

    def __init__(self, ledger: Ledger, takes: Path, engine: Callable[[], Engine], measure: "Measure"):
        """takes: the take files' folder; engine: gives the one that speaks now."""
        self.ledger, self.takes, self.engine, self.measure = ledger, takes, engine, measure
        self.writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="writer")
        self.tally = Tally()
        self.origins: dict[str, dict[str, str]] = {}  # {voice's name: who speaks it, and where}
        self.done = 0
        self.doubtful: list[Done] = []
        self.failed: list[Failed] = []

    def commit(self, settled: Sequence["Case"]) -> list[Done | Failed]:
        """Write what came of these cases and commit it: takes, and failures where there is none to keep."""
        lost = [case for case in settled if not case.best]
        written = list(self.writers.map(self.write, [case for case in settled if case.best]))
        return [*self.keep(written), *self.lose(lost)]

    def write(self, case: "Case") -> tuple["Case", Take, Facts]:
        """Step 1: the file, under a new name where the take it replaces still stands."""
        best, job = case.best, case.job
        assert best is not None
        samples, rate = best.samples, best.rate
        if samples is None:
            samples, rate = store.read(self.takes, case.replaces)
            origin = store.origin_of(self.takes, case.replaces)
        else:
            origin = self.origin(job.voice, best.facts)
        figures = (
            dict(best.verdict.figures)
            | ({"split": 1.0} if case.split else {})
            | ({} if best.verdict.ok else {"attempt": best.attempt})
        )
        facts = Facts(
            case.tried,
            bool(best.verdict.ok),
            figures,
            job.engine,
            job.voice.name,
            job.chunk.language,
            job.chunk.spoken,
            job.base,
            job.retake,
            **origin,
        )
        file = store.successor(case.replaces) if case.replaces else None
        how = (self.measure, file, best.recorded)
        return case, store.write(self.takes, job.key, samples, rate, facts, *how), facts

    def origin(self, voice: Voice, told: Mapping[str, str] | None) -> dict[str, str]:
        """Who speaks a voice and where, as its engine tells when it has spoken, or as the answer told."""
        if told is not None:
            return facts_here(engine_for(self.engine(), voice).identity, told)
        if voice.name not in self.origins:
            engine = engine_for(self.engine(), voice)
            self.origins[voice.name] = facts_here(engine.identity, facts_of(engine))
        return self.origins[voice.name]

    def keep(self, written: Sequence[tuple["Case", Take, Facts]]) -> list[Done]:
        """Step 2: the rows. Step 3: what they replaced goes."""
        if not written:
            return []
        self.ledger.add([(take, facts) for _, take, facts in written])
        told = []
        for case, take, facts in written:
            assert case.best is not None
            done = Done(case.job, take, () if take.healthy else tuple(case.best.verdict.reasons))
            told.append(done)
            if not take.healthy:
                self.doubtful.append(done)
            self.tally.add(facts.language, len(facts.text), take.seconds)
            case.best = None  # its samples are on disk; let them go
            if case.replaces:
                with contextlib.suppress(OSError):  # `sweep` finds it
                    (self.takes / case.replaces).unlink()
        self.done += len(told)
        return told

    def lose(self, lost: Sequence["Case"]) -> list[Failed]:
        """Note lines of which nothing can be kept."""
        if not lost:
            return []
        self.ledger.fail([(case.job.key, case.job.chunk.id, case.tried, case.error) for case in lost])
        failed = [Failed(case.job, case.tried, case.error) for case in lost]
        self.failed += failed
        return failed

    def close(self) -> None:
        """Wait for the files being written; no more are begun."""
        self.writers.shutdown(cancel_futures=True)

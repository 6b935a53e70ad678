"""Render a synthetic book of many chunks with a fake engine, one in twenty of its takes bad, and print time and memory.

python tests/benchmarks/render_scale.py [CHUNKS] [FOLDER]        100,000 chunks, a temporary folder
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "render"))

from bench import told  # noqa: E402
from fakes import VOICES, ScriptedEngine, chunk  # noqa: E402

from dotsbook.render import ledger, loop, write_lock  # noqa: E402
from dotsbook.render.health import Verdict  # noqa: E402
from dotsbook.render.jobs import Jobs  # noqa: E402
from dotsbook.render.progress import Done, Progress  # noqa: E402

RATE = 8_000
HUM = (0.3 * np.sin(np.arange(RATE // 5) / 7)).astype(np.float32)


def megabytes() -> float:
    return psutil.Process().memory_info().rss / 2**20


def judge(samples, rate, request):
    good = float(abs(samples).max()) < 0.99
    return Verdict(good, 0.5 + good, {"peak": 0.3}, () if good else ("clipped",))


def chunks(count: int):
    return (chunk(number, voice="mara" if number % 7 == 3 else "narrator") for number in range(count))


def main(count: int, folder: Path) -> None:
    state = folder / ".dotsbook"
    engine = ScriptedEngine(
        lambda request, times: "clip" if request.seed % 20 == 0 else None,
        voice=lambda request: HUM,
        rate=RATE,
    )
    engine.batches = Nothing()
    start = time.monotonic()
    jobs = Jobs(lambda: chunks(count), VOICES, dict.fromkeys(VOICES, engine.identity), 42)
    progress = Progress(jobs)
    print(f"{count:,} jobs with keys: {time.monotonic() - start:.1f} s, {megabytes():.0f} MB", flush=True)
    start, step = time.monotonic(), max(1, count // 10)

    def hear(event):
        progress.add(event)
        if isinstance(event, Done) and progress.done % step == 0:
            engine.asked.clear()
            speed = progress.done / (time.monotonic() - start)
            print(f"{progress.done:9,} takes  {speed:6.0f} a second  {megabytes():5.0f} MB", flush=True)

    with write_lock.writing(state), ledger.writer(state / "ledger.db", state / "takes") as rows:
        outcome = told(loop.render(jobs, engine, rows, state / "takes", examine=judge), hear)
        assert outcome.complete and len(outcome.doubtful) < 1 + count / 10_000
    print(
        f"rendered: {outcome.seconds:.0f} s, peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
    )
    with ledger.reader(state / "ledger.db", state / "takes") as rows:
        start = time.monotonic()
        found = sum(take is not None for _, take in rows.briefed(jobs))
        print(f"jobs with their takes, {found:,}: {time.monotonic() - start:.2f} s, {megabytes():.0f} MB")
        start = time.monotonic()
        print(f"takes whole, {len(rows.finished()):,}: {time.monotonic() - start:.2f} s")
    print(f"ledger: {(state / 'ledger.db').stat().st_size / 2**20:.0f} MB")


class Nothing(list):
    """A list that keeps nothing."""

    def append(self, item: object) -> None:
        """Forget it."""


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as place:
        main(number, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place))

"""Long work that goes on while the page is used: a render, a check, an assembly, a fix. Each on a thread with a book of its own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from dotsbook.errors import DotsbookError
from dotsbook.production.clusters import WorkersNow
from dotsbook.production.production import Production

TaskKind = Literal["render", "check", "assemble", "fix"]
KINDS = get_args(TaskKind)
SAID = 40  # sentences of a task that are kept


@dataclass
class StudioTask:
    """A piece of work, as the page shows it."""

    kind: TaskKind
    state: str = "running"  # "done", "stopped", "failed"
    share: float | None = None  # 0 … 1
    what: str = ""  # what is going on
    said: list[str] = field(default_factory=list)
    made: list[dict] = field(default_factory=list)  # finished files with their proofs
    workers: list[dict] = field(default_factory=list)  # of a cluster: who does what, how fast
    dashboard: str = ""  # dask's own pages
    began: float = field(default_factory=time.time)
    ended: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def tell(self, sentence: str) -> None:
        self.said = [*self.said, sentence][-SAID:]

    def show(self, now: WorkersNow) -> None:
        self.workers, self.dashboard = [worker.record() for worker in now.workers], now.dashboard

    def record(self) -> dict:
        return {
            "kind": self.kind,
            "state": self.state,
            "share": self.share if self.share is None else round(self.share, 4),
            "what": self.what,
            "said": self.said,
            "made": self.made,
            "workers": self.workers,
            "dashboard": self.dashboard,
            "began": self.began,
            "ended": self.ended,
        }


class Tasks:
    """One of each kind at a time. Close it: what runs is asked to stop."""

    def __init__(self, path: Path, memory: float | None):
        self.path, self.memory = path, memory
        self.latest: dict[str, StudioTask] = {}
        self.threads: dict[str, threading.Thread] = {}
        self.lock = threading.Lock()

    def running(self, kind: TaskKind) -> bool:
        task = self.latest.get(kind)
        return task is not None and task.state == "running"

    def start(self, kind: TaskKind, work: Callable[[Production, StudioTask], None]) -> StudioTask:
        """Begin a piece of work. DotsbookError if one of its kind goes on."""
        with self.lock:
            if self.running(kind):
                raise DotsbookError(f"A {kind} goes on already; stop it first.")
            task = self.latest[kind] = StudioTask(kind)
            thread = threading.Thread(target=self.run, args=(task, work), name=kind, daemon=True)
            self.threads[kind] = thread
        thread.start()
        return task

    def run(self, task: StudioTask, work: Callable[[Production, StudioTask], None]) -> None:
        with ending(task), Production(self.path, self.memory) as book:
            work(book, task)

    def stop(self, kind: TaskKind, wait: float = 0.0) -> None:
        """Ask what goes on to stop; wait for it, so many seconds at most."""
        task, thread = self.latest.get(kind), self.threads.get(kind)
        if task is not None and thread is not None:
            task.stop.set()
            if wait and thread.is_alive():
                thread.join(wait)

    def records(self) -> list[dict]:
        return [task.record() for task in self.latest.values()]

    def close(self) -> None:
        for kind in KINDS:
            self.stop(kind)
        for kind in KINDS:
            self.stop(kind, wait=20.0)


@contextmanager
def ending(task: StudioTask) -> Iterator[None]:
    """What ends a task is told in its own words; a fault of ours is told as one, and kept from nobody."""
    task.state = "running"
    try:
        yield
        task.state = "stopped" if task.stop.is_set() else "done"
    except DotsbookError as error:
        task.tell(str(error))
        task.state = "failed"
    except OSError as error:
        task.tell(f"It could not go on: {error}.")
        task.state = "failed"
    finally:
        if task.state == "running":
            task.tell("It met something that was not foreseen; finished takes are safe.")
            task.state = "failed"
        task.ended = time.time()

"""A render that can be told where to die, for a process of its own: `victim.py STATE COUNT LARGEST [STEP NUMBER HOW]`.

It appends a line to STATE/../log at every request that is spoken ("ask KEY") and every take that is told of
("done KEY"), each one write, so that what a dead one had promised can be read. HOW: raise | exit | kill.
"""

import os
import signal
import sys
from pathlib import Path

from fakes import ScriptedEngine, book, jobs_of

from dotsbook import files
from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.progress import Done

ENDS = {"exit": lambda: os._exit(7), "kill": lambda: os.kill(os.getpid(), signal.SIGKILL)}


def die_at(step: str, number: int, how: str) -> None:
    """Put a death at the `number`th time a step is passed."""
    passed = []

    def pass_by(name: str) -> None:
        if name == step:
            passed.append(name)
            if len(passed) == number:
                if how == "raise":
                    raise RuntimeError(f"died at {step}")
                ENDS[how]()

    files.step = pass_by


def main(state: Path, count: int, largest: int) -> None:
    log = os.open(state.parent / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    asking = ScriptedEngine(each=lambda request: os.write(log, f"ask {request.tag.case.job.key}\n".encode()))

    with write_lock.writing(state), ledger.writer(state / "ledger.db", state / "takes") as rows:
        jobs = jobs_of(book(count), retakes=rows.retakes())
        for event in loop.render(
            jobs,
            asking,
            rows,
            state / "takes",
            options=loop.Options(largest=largest, margin=0),
        ):
            if isinstance(event, Done):
                os.write(log, f"done {event.job.key}\n".encode())


if __name__ == "__main__":
    if len(sys.argv) > 4:
        die_at(sys.argv[4], int(sys.argv[5]), sys.argv[6])
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

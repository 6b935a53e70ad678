"""One `dask worker` for voices, as a process that is started again when it ends. It knows dask's command line only."""

import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from dotsbook.cluster.cluster_address import ClusterError

AGAIN = (0.5, 15.0)  # seconds before it is started again: at first, and at most
STEADY = 60.0  # seconds that it lived for its end to be no failure to start
THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "DOTSBOOK_CORES",
)


@dataclass(frozen=True)
class WorkerOptions:
    """What a worker may use, and how it finds its scheduler."""

    address: str
    memory: int | None = None  # bytes for engines; None: 60 % of the machine's
    tls: Path | None = None  # a folder with ca.pem, cert.pem, key.pem; None: dask's own settings
    fetch: bool = False  # models that it lacks may be fetched
    cores: int | None = None  # to use; None: all
    patience: int | None = None  # seconds to look for the scheduler; None: without end
    name: str = ""

    def command(self) -> list[str]:
        name = f"{self.name or platform.node()}-{uuid4().hex[:4]}"
        said = [sys.executable, "-m", "distributed.cli.dask_worker", self.address]
        said += [
            "--no-nanny",
            "--nthreads",
            "1",
            "--resources",
            "VOICE=1",
            "--memory-limit",
            "0",
            "--no-dashboard",
        ]
        said += ["--name", name, "--preload", "dotsbook.cluster.voice_plugin"]
        if self.patience:
            said += ["--death-timeout", str(self.patience)]
        if self.tls:
            for option, file in (("ca-file", "ca.pem"), ("cert", "cert.pem"), ("key", "key.pem")):
                said += [f"--tls-{option}", str(self.tls / file)]
        return said

    def environment(self, before: Mapping[str, str]) -> dict[str, str]:
        """What the process is started with. dask reads DASK_… as its own settings."""
        found = dict(before)
        found.setdefault("DASK_LOGGING__DISTRIBUTED", "warning")
        if self.memory:
            found["DASK_DOTSBOOK__MEMORY"] = str(self.memory)
        if self.fetch:
            found["DASK_DOTSBOOK__FETCH"] = "True"
        for variable in THREADS if self.cores else ():
            found.setdefault(variable, str(self.cores))
        return found

    def require_tls(self) -> None:
        """ClusterError where certificates are asked for and not there."""
        lacking = [
            name for name in ("ca.pem", "cert.pem", "key.pem") if self.tls and not (self.tls / name).is_file()
        ]
        if lacking:
            raise ClusterError(
                f"{self.tls} lacks {', '.join(lacking)}; docs/cluster.md tells how to make them."
            )


class WorkerProcess:
    """Keeps one worker going until it is told to end."""

    def __init__(
        self,
        options: WorkerOptions,
        tell: Callable[[str], None] = lambda said: None,
        output: int | None = None,
    ):
        """tell: hears when it is started again; output: a file for what it writes, subprocess.DEVNULL; None: ours."""
        options.require_tls()
        self.options, self.tell, self.output = options, tell, output
        self.process: subprocess.Popen[bytes] | None = None
        self.ended = threading.Event()
        self.failures = 0  # starts in a row that came to nothing

    def start(self) -> None:
        environment = self.options.environment(os.environ)
        self.process = subprocess.Popen(
            self.options.command(),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
        )

    def keep(self) -> None:
        """Run it, and again when it ended, until `end` is called from another thread."""
        while not self.ended.is_set():
            begun = time.monotonic()
            self.start()
            assert self.process is not None
            while self.process.poll() is None and not self.ended.is_set():
                self.ended.wait(0.2)
            if self.ended.is_set():
                break
            lived = time.monotonic() - begun
            self.failures = 0 if lived > STEADY else self.failures + 1
            pause = min(AGAIN[1], AGAIN[0] * 2**self.failures)
            self.tell(f"the worker ended ({self.process.returncode}); it is started again in {pause:.0f} s")
            self.ended.wait(pause)
        self.stop()

    def stop(self) -> None:
        """End the process: asked first, then made to."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def end(self) -> None:
        self.ended.set()


def end_all(workers: Sequence[WorkerProcess]) -> None:
    """End several together."""
    for worker in workers:
        worker.end()
        if worker.process is not None and worker.process.poll() is None:
            worker.process.terminate()
    for worker in workers:
        worker.stop()

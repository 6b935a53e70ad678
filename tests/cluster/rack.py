"""A cluster of real processes: a scheduler at a fixed port and workers that are started again, each to be killed at will."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from dotsbook.cluster.worker_process import WorkerOptions, WorkerProcess, end_all

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Rack:
    def __init__(self, workers: int, host: str = "127.0.0.1", site: Path | None = None):
        """site: a folder on the workers' path, for an engine of a test's own."""
        self.host, self.port = host, free_port()
        path = os.pathsep.join([*([str(site)] if site else []), str(ROOT)])
        os.environ["PYTHONPATH"] = self.path = path
        self.start_scheduler()
        self.workers = [
            WorkerProcess(
                WorkerOptions(self.address, memory=2**30, cores=1, name=f"w{number}"),
                output=subprocess.DEVNULL,
            )
            for number in range(workers)
        ]
        for worker in self.workers:
            threading.Thread(target=worker.keep, daemon=True).start()

    @property
    def address(self) -> str:
        return f"tcp://{self.host}:{self.port}"

    def start_scheduler(self) -> None:
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", self.host]
        command += ["--port", str(self.port), "--no-dashboard", "--no-show"]
        self.scheduler = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_scheduler(self, away: float = 0.0) -> None:
        """Kill it, and start another at its place after a while."""
        self.scheduler.send_signal(signal.SIGKILL)
        self.scheduler.wait()
        time.sleep(away)
        self.start_scheduler()

    def kill_worker(self, number: int) -> None:
        process = self.workers[number].process
        if process is not None:
            process.send_signal(signal.SIGKILL)

    def __enter__(self) -> "Rack":
        return self

    def __exit__(self, *_: object) -> None:
        end_all(self.workers)
        self.scheduler.kill()
        self.scheduler.wait()

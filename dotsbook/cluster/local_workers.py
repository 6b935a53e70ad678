"""`local:N`: a scheduler in this process and N workers in processes of their own, which end with it."""

import subprocess
import threading

from dotsbook.cluster.worker_process import WorkerOptions, WorkerProcess, end_all
from dotsbook.machine import cores

HOPELESS = 3  # starts in a row that came to nothing
ORPHANED = 60  # seconds that a worker looks for its scheduler before it ends


class LocalWorkers:
    """memory: bytes that they may use together."""

    def __init__(self, count: int, memory: int | None = None):
        from distributed import LocalCluster

        self.scheduler = LocalCluster(
            n_workers=0,
            processes=True,
            host="127.0.0.1",
            scheduler_port=0,
            dashboard_address="127.0.0.1:0" if has_dashboard() else None,
            silence_logs=False,
        )
        options = WorkerOptions(
            self.address,
            memory // count if memory else None,
            cores=max(1, cores() // count),
            patience=ORPHANED,
            name="local",
        )
        self.workers = [WorkerProcess(options, output=subprocess.DEVNULL) for _ in range(count)]
        for worker in self.workers:
            threading.Thread(target=worker.keep, name="worker", daemon=True).start()

    @property
    def address(self) -> str:
        return self.scheduler.scheduler_address

    @property
    def failed(self) -> str:
        """Why there is no hope that they come; "" while there is."""
        if all(worker.failures >= HOPELESS for worker in self.workers):
            return "their processes end as soon as they begin"
        return ""

    def close(self) -> None:
        end_all(self.workers)
        self.scheduler.close(timeout=5)


def has_dashboard() -> bool:
    """Whether dask's pages can be shown here: they need bokeh."""
    from importlib.util import find_spec

    return find_spec("bokeh") is not None

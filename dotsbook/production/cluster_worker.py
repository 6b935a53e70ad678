"""This machine as a worker of a cluster, until it is told to end."""

import threading
from collections.abc import Callable
from pathlib import Path


def serve_cluster(
    address: str,
    memory: float | None,
    tls: Path | None,
    fetch: bool,
    name: str,
    stop: threading.Event,
    tell: Callable[[str], None],
) -> None:
    """Keep one worker going that speaks for a scheduler.

    memory: GiB that engines may use (None: 60 % of the machine's); tls: a folder of certificates; fetch: bring models
    that it lacks; stop: set to end it; tell: hears what goes wrong. Raises ClusterError.
    """
    from dotsbook.cluster.cluster_address import ClusterError, address_of, require_dask
    from dotsbook.cluster.worker_process import WorkerOptions, WorkerProcess

    where = address_of(address)
    require_dask()
    if where.is_local:
        raise ClusterError("A worker joins a scheduler by its address; `local:N` starts workers by itself.")
    if where.in_the_open:
        tell(where.in_the_open)
    bytes_ = round(memory * 2**30) if memory else None
    worker = WorkerProcess(WorkerOptions(where.text, bytes_, tls, fetch, name=name), tell)
    keeping = threading.Thread(target=worker.keep, name="worker")
    keeping.start()
    stop.wait()
    worker.end()
    keeping.join()

"""The connection to a dask scheduler: made anew when it was lost, and every way that it can be away is one error.

It knows tasks and addresses, and nothing of what they are about.
"""

import asyncio
import contextlib
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from dotsbook.cluster.cluster_address import ClusterError
from dotsbook.voices.engine import EngineDied, EngineUnavailable

if TYPE_CHECKING:
    from distributed import Client, Future

RESOURCE = "VOICE"
AGAIN_AFTER = (2.0, 15.0)  # seconds after which to ask again where nobody is there: at first, and at most
CALL = 20.0  # seconds for the scheduler to answer
FETCHING = 60.0  # seconds for a result to come
FIRST = 1000  # priority over all batches


def quiet_dask() -> None:
    """dask's own log shows what is dire only, unless somebody has set it up already: what matters is told in sentences."""
    if "distributed" not in sys.modules:
        import dask.config

        dask.config.set({"logging.distributed": "critical"})


@dataclass(frozen=True)
class ClusterTimes:
    """Seconds."""

    connecting: float = 10.0
    first_worker: float = 60.0  # to wait for one at the beginning
    meeting: float = 300.0  # for a worker to say what it is: a model may have to be fetched
    first: float = 900.0  # for a worker's first answer: models are loaded
    least: float = 120.0  # for another
    times: float = 10.0  # of the time that its slowest batch would have taken
    leaving: float = 15.0  # for what is being spoken, once the run is to stop


class SchedulerLink:
    def __init__(self, place: str, times: ClusterTimes):
        self.place, self.times = place, times
        self.client: Client | None = None
        self.token, self.number = uuid4().hex[:8], 0  # of tasks
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.away_since: float | None = None

    def connect(self) -> None:
        """Raises ClusterError where no scheduler answers."""
        from distributed import Client

        self.require_certificates()
        try:
            self.client = Client(
                self.place, timeout=self.times.connecting, set_as_default=False, name="dotsbook"
            )
        except (OSError, TimeoutError) as error:
            raise ClusterError(
                f"No scheduler answers at {self.place} ({str(error).splitlines()[0][:120]}); start one there with "
                "`dask scheduler`, and workers with `dotsbook worker` (docs/cluster.md)."
            ) from error
        except ValueError as error:  # an address that dask doesn't take
            raise ClusterError(f"{self.place} can't be reached as it is set up here: {error}.") from error

    def require_certificates(self) -> None:
        """ClusterError where TLS is asked for and dask has no certificates here: its client would never end."""
        from distributed import Security

        if not self.place.startswith("tls://"):
            return
        why = "none are set"
        try:
            if Security().get_connection_args("client").get("ssl_context"):
                return
        except (OSError, ValueError) as error:
            why = str(error)
        raise ClusterError(
            f"{self.place} needs certificates in dask's own settings ({why}); docs/cluster.md tells how to make them."
        )

    def connected(self) -> "Client":
        """The client, made anew where the scheduler was gone for long. EngineUnavailable while it is."""
        with self.lock:
            if self.ended.is_set():
                raise EngineDied("The cluster was let go of.")
            if self.client is None or self.client.status == "closed":
                try:
                    self.connect()
                except ClusterError as error:
                    raise self.absent() from error
            assert self.client is not None
            if self.client.status != "running":
                raise self.absent()
            return self.client

    def absent(self, why: str = "") -> EngineUnavailable:
        """Nobody can speak now: to be asked again the later, the longer that lasts. `there` ends it."""
        now = time.monotonic()
        self.away_since = now if self.away_since is None else self.away_since
        seconds = min(AGAIN_AFTER[1], max(AGAIN_AFTER[0], now - self.away_since))
        return EngineUnavailable(why or f"the scheduler at {self.place} is away", seconds)

    def there(self) -> None:
        self.away_since = None

    @contextlib.contextmanager
    def away_told(self) -> Iterator[None]:
        """What dask raises while a scheduler goes away, or the connection ends, as EngineUnavailable."""
        from distributed.client import ClosedClientError

        away = (
            OSError,
            TimeoutError,
            RuntimeError,
            CancelledError,
            asyncio.CancelledError,
            ClosedClientError,
        )
        try:
            yield
        except away as error:
            raise self.absent() from error

    def call(self, name: str, **arguments: Any) -> Any:
        """Ask the scheduler itself."""
        client = self.connected()
        with self.away_told():
            return client.sync(getattr(client.scheduler, name), callback_timeout=CALL, **arguments)

    def submit(
        self,
        task: Callable,
        *arguments: Any,
        name: str,
        workers: Sequence[str],
        priority: float = FIRST,
        resources: dict[str, float] | None = None,
    ) -> "Future":
        """Hand over a task for one of these workers. It has a name of its own among all clients of the scheduler."""
        client = self.connected()
        with self.lock:
            self.number += 1
            key = f"{name}-{self.token}-{self.number}"
        with self.away_told():
            return client.submit(
                task,
                *arguments,
                key=key,
                workers=list(workers),
                priority=priority,
                resources=resources,
                pure=False,
            )

    def result(self, future: "Future") -> Any:
        """Of a task that is done. Raises what the task raised."""
        with self.away_told():
            error = future.exception(timeout=FETCHING)
        if error is not None:
            raise error
        with self.away_told():
            return future.result(timeout=FETCHING)

    def at(self, address: str, task: Callable, *arguments: Any, there: Callable[[], bool]) -> Any:
        """Run a short task on one worker. EngineUnavailable where it is gone meanwhile, as `there` tells."""
        future = self.submit(task, *arguments, name=task.__name__, workers=[address])
        until = time.monotonic() + self.times.meeting
        while future.status == "pending":
            if self.ended.wait(0.01) or time.monotonic() > until or not there():
                raise EngineUnavailable(f"the worker at {address} is gone", 0.0)
        return self.result(future)

    def dashboard(self, port: int | None) -> str:
        """Where dask's own pages are; "" where there are none."""
        from distributed.comm import get_address_host
        from distributed.utils import format_dashboard_link

        return format_dashboard_link(get_address_host(self.place), port) if port else ""

    def close(self) -> None:
        self.ended.set()
        client, self.client = self.client, None
        if client is not None:
            with contextlib.suppress(EngineUnavailable), self.away_told():
                client.close(timeout=2)

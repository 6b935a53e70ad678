"""A dask cluster as one client uses it: batches of lines in, answers out, whatever becomes of workers and scheduler.

A batch is one task. dask gives it to one of the workers that may speak it, and to another if that one dies; a worker
that hangs is left out (cluster_watch.py) and its batches are asked of others here. It knows requests and no takes.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import replace

from dotsbook.cluster.cluster_address import ClusterAddress, ClusterError, require_dask
from dotsbook.cluster.cluster_watch import LOOKING, ClusterWatch, Waited
from dotsbook.cluster.crew import Crew
from dotsbook.cluster.hearing_orders import HearingOrder, JudgeOrder
from dotsbook.cluster.local_workers import LocalWorkers
from dotsbook.cluster.orders import BatchAnswer, EngineOrder, Files, OpinionThere, SaidLine, SpeechOrder
from dotsbook.cluster.scheduler_link import RESOURCE, ClusterTimes, SchedulerLink, quiet_dask
from dotsbook.errors import VoiceError
from dotsbook.voices.engine import EngineDied, EngineUnavailable, Request, Voice

TIMES = ClusterTimes()
Order = SpeechOrder | HearingOrder


class DaskCluster:
    """Use it in a `with`; any thread may `ask`."""

    def __init__(
        self,
        address: ClusterAddress,
        orders: Sequence[EngineOrder | JudgeOrder],
        crew: Crew,
        memory: int | None = None,
        times: ClusterTimes | None = None,
    ):
        """orders: the engines and judges that will be asked for; memory: bytes that local workers may use together."""
        require_dask()
        quiet_dask()
        self.address, self.orders, self.crew = address, orders, crew
        self.memory, self.times, self.files = memory, times or TIMES, Files()
        self.local: LocalWorkers | None = None
        self.waited: dict[str, Waited] = {}
        self.leaving_by: float | None = None

    # opened and closed

    def __enter__(self) -> "DaskCluster":
        """Connect, and wait for a first worker (for all, of `local:N`). ClusterError where that fails."""
        if self.address.is_local:
            self.local = LocalWorkers(self.address.processes, self.memory)
        elif said := self.address.in_the_open:
            self.crew.tell(said)
        self.link = SchedulerLink(self.local.address if self.local else self.address.text, self.times)
        self.watch = ClusterWatch(self.link, self.crew, self.orders, self.waited)
        ready = False
        try:
            self.link.connect()
            self.watch.start()
            self.await_workers()
            ready = True
        finally:
            if not ready:
                self.close()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def await_workers(self) -> None:
        wanted, until = self.address.processes or 1, time.monotonic() + self.times.first_worker
        while len(self.crew.members) < wanted and time.monotonic() < until:
            if self.local and self.local.failed:
                break
            if wanted == 1 and self.crew.left_out and not self.crew.members and not self.watch.meeting:
                break
            time.sleep(0.05)
        if not self.crew.members:
            why = self.crew.why_nobody() or (self.local.failed if self.local else "")
            raise ClusterError(
                f"{self.link.place} has no worker that can be used here{f' ({why})' if why else ''}; start one with "
                f"`dotsbook worker {self.link.place}`."
            )

    def close(self) -> None:
        """Let go of the cluster; what waits raises EngineDied. A cluster elsewhere goes on, one of here ends."""
        self.link.ended.set()
        for waited in list(self.waited.values()):
            waited.news.set()
        self.link.close()
        if self.local is not None:
            self.local.close()

    # asking

    def ask(self, order: Order, urgency: float, closed: threading.Event) -> BatchAnswer | None:
        """Have a batch done; None where the run ends before. urgency: higher goes first; closed: nobody wants it any more.

        EngineUnavailable while nobody can do it, EngineDied when the cluster or the engine is closed.
        """
        while True:
            answer = self.asked(order, urgency, closed)
            if answer is None:
                return None
            if answer.lacks:
                self.send(answer.worker, answer.lacks)
            elif answer.refused or (answer.narrow and self.others(answer.worker, order)):
                self.crew.leave_out(
                    answer.worker, self.crew.name(answer.worker), answer.refused or answer.narrow
                )
            elif answer.away:
                raise EngineUnavailable(*answer.away)
            else:
                self.link.there()
                self.crew.answered(answer, order.letters)
                return answer

    def others(self, address: str, order: Order) -> bool:
        """Whether somebody else can do it."""
        return any(member.address != address for member in self.crew.able(order.key, order.voice))

    def asked(self, order: Order, urgency: float, closed: threading.Event) -> BatchAnswer | None:
        """One task's answer, from whoever gave it."""
        from distributed import KilledWorker

        from dotsbook.cluster.voice_plugin import do_batch

        while not self.is_over():
            able = [member.address for member in self.crew.able(order.key, order.voice)]
            if not able:
                why = self.crew.why_nobody()
                raise self.link.absent(
                    f"no worker of {self.link.place} can {order.needs} now{f': {why}' if why else ''}"
                )
            future = self.link.submit(
                do_batch,
                order,
                name=f"do-{order.digest}",
                workers=able,
                priority=urgency,
                resources={RESOURCE: 1},
            )
            waited = self.waited[str(future.key)] = Waited(order, future)
            future.add_done_callback(lambda future, waited=waited: waited.news.set())
            try:
                if self.awaited(waited, able, closed):
                    return self.link.result(future)
            except KilledWorker:
                return self.one_by_one(order, urgency, closed)
            finally:
                del self.waited[str(future.key)]
        return None

    def awaited(self, waited: Waited, able: Sequence[str], closed: threading.Event) -> bool:
        """Whether a batch is done; False: it isn't, and is taken back."""
        while True:
            waited.news.wait(LOOKING)
            status = waited.future.status
            if closed.is_set() or self.link.ended.is_set():
                raise EngineDied("The cluster was let go of.")
            if status in ("finished", "error"):
                return True
            if status != "pending":  # dask's client cancels all it has when the scheduler is gone
                raise self.link.absent()
            nobody = not any(address in self.crew.members for address in able)
            if waited.moved or nobody or self.is_over():
                with self.link.away_told():
                    waited.future.cancel()
                return False

    def is_over(self) -> bool:
        """Whether the run is to stop and has waited long enough."""
        return self.leaving_by is not None and time.monotonic() > self.leaving_by

    def one_by_one(self, order: Order, urgency: float, closed: threading.Event) -> BatchAnswer | None:
        """A batch at which several workers died: each line by itself, to find the one that brings them down."""
        parts = order.parts()
        if len(parts) == 1:
            return order.lost("Every worker that was to do it died.")
        lines: list[SaidLine | OpinionThere] = []
        for part in parts:
            answer = self.ask(part, urgency, closed)
            if answer is None:
                return None
            lines += answer.lines
        return answer and replace(answer, lines=tuple(lines))

    # beside that

    def send(self, address: str, names: Sequence[str]) -> None:
        """Bring a worker voices' files; what doesn't arrive is asked for again."""
        from dotsbook.cluster.voice_plugin import keep_files

        there = self.crew.members
        self.link.at(address, keep_files, self.files.data(names), there=lambda: address in there)

    def check(self, order: EngineOrder, voice: Voice, languages: Sequence[str]) -> list[str]:
        """What a worker's engine says of a voice. Raises VoiceError."""
        from dotsbook.cluster.voice_plugin import check_voice

        able = self.crew.able(order.key)
        if not able:
            raise VoiceError(f"No worker of {self.link.place} can speak with {order.key}.")
        address, there = able[0].address, self.crew.members
        [line] = self.files.batch(order, [Request("", voice, "", 0)]).lines
        while True:
            remarks, refusal, missing = self.link.at(
                address, check_voice, order, line, list(languages), there=lambda: address in there
            )
            if missing:
                self.send(address, missing)
            elif refusal:
                raise VoiceError(refusal)
            else:
                return remarks

    def wind_down(self) -> None:
        """The run is to stop: what is spoken now may still end, for a while."""
        if self.leaving_by is None:
            self.leaving_by = time.monotonic() + self.times.leaving

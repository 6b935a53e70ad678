"""Looks at a cluster each second: who came and is to be asked what it is, who went, who hangs, who does what."""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dotsbook.cluster.crew import Crew, CrewMember
from dotsbook.cluster.hearing_orders import HearingOrder, JudgeOrder
from dotsbook.cluster.orders import EngineOrder, SpeechOrder
from dotsbook.cluster.scheduler_link import RESOURCE, SchedulerLink
from dotsbook.voices.engine import EngineDied, EngineUnavailable

if TYPE_CHECKING:
    from distributed import Future

LOOKING = 1.0  # seconds between two looks; one more for each hundred workers
FIRST_LOOKS = 0.1  # the same while nobody is there


@dataclass(eq=False)
class Waited:
    """A batch that somebody waits for."""

    order: SpeechOrder | HearingOrder
    future: "Future"
    news: threading.Event = field(default_factory=threading.Event)  # something has happened to it
    moved: bool = False  # to be given to somebody else

    def move(self) -> None:
        self.moved = True
        self.news.set()


class ClusterWatch:
    """waited: {task's key: a batch}, kept by whoever asks for them."""

    def __init__(
        self,
        link: SchedulerLink,
        crew: Crew,
        orders: Sequence[EngineOrder | JudgeOrder],
        waited: Mapping[str, Waited],
    ):
        self.link, self.crew, self.orders, self.waited = link, crew, list(orders), waited
        self.meeting: dict[str, tuple[str, Future, float]] = {}  # {address: (name, what it says, since)}
        self.dashboard = ""

    def start(self) -> None:
        threading.Thread(target=self.run, name="cluster", daemon=True).start()

    def run(self) -> None:
        try:
            while not self.link.ended.is_set():
                try:
                    self.look()
                except EngineUnavailable:
                    self.crew.forget()
                    self.meeting.clear()
                count = len(self.crew.members)
                self.link.ended.wait(LOOKING * (1 + count / 100) if count else FIRST_LOOKS)
        except EngineDied:
            return
        finally:  # nobody waits for what nobody watches
            self.link.ended.set()
            for waited in list(self.waited.values()):
                waited.news.set()

    def look(self) -> None:
        told = self.link.call("identity", n_workers=-1)
        self.dashboard = self.link.dashboard(told["services"].get("dashboard"))
        workers = told["workers"]
        for address in [*self.crew.members, *self.crew.left_out, *self.meeting]:
            if address not in workers:
                self.meeting.pop(address, None)
                self.crew.gone(address)
        for address, about in workers.items():
            if not (self.crew.knows(address) or address in self.meeting):
                self.meet(address, str(about["name"]), about["resources"])
        self.hear_introductions()
        self.look_at_work(self.link.call("processing", workers=None))

    def meet(self, address: str, name: str, resources: Mapping[str, float]) -> None:
        """Ask a worker what it is."""
        from dotsbook.cluster.voice_plugin import introduce

        if not resources.get(RESOURCE):
            self.crew.leave_out(
                address, name, f"it offers no {RESOURCE}; start it with `--resources {RESOURCE}=1`"
            )
            return
        future = self.link.submit(introduce, self.orders, name="introduce", workers=[address])
        self.meeting[address] = (name, future, time.monotonic())

    def hear_introductions(self) -> None:
        for address, (name, future, since) in list(self.meeting.items()):
            if future.status == "finished":
                self.crew.take_in(address, name, self.link.result(future))
            elif future.status == "error":
                error = future.exception(timeout=20)
                lacks = isinstance(error, ModuleNotFoundError)
                why = f"{error}; install dotsbook there" if lacks else f"{type(error).__name__}: {error}"
                self.crew.leave_out(address, name, why)
            elif future.status == "pending" and time.monotonic() - since < self.link.times.meeting:
                continue
            elif future.status == "pending":
                self.crew.leave_out(
                    address, name, f"it hasn't said what it is in {self.link.times.meeting:.0f} seconds"
                )
            del self.meeting[address]

    def look_at_work(self, processing: Mapping[str, Sequence[str]]) -> None:
        """Who speaks what; who has said nothing for too long is left out, and what it had goes to others."""
        for address, keys in processing.items():
            member = self.crew.members.get(address)
            mine = [waited for key in keys if (waited := self.waited.get(key))]
            if member is None:
                for waited in mine:
                    waited.move()
                continue
            member.doing = mine[0].order.told if mine else ""
            now = time.monotonic()
            if not mine:
                member.heard = now
            elif now - member.heard > self.patience(member, mine[0].order):
                silent = now - member.heard
                self.crew.leave_out(
                    address,
                    member.name,
                    f"it has said nothing for {silent:.0f} seconds; what it had goes to others",
                )
                for waited in mine:
                    waited.move()

    def patience(self, member: CrewMember, order: SpeechOrder | HearingOrder) -> float:
        """Seconds without an answer that are still no hang."""
        times = self.link.times
        return max(times.least, times.times * member.pace * order.letters) if member.batches else times.first

"""The workers of a cluster as the client knows them: who may speak what, who is left out and why, who does what how fast.

It decides and asks nobody; `dask_cluster.py` tells it what it sees. Used from several threads under one lock.
"""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dotsbook.cluster.orders import BatchAnswer
from dotsbook.release import __version__

RECENT = 180.0  # seconds of the past that a worker's rate is made of


def kind_of(device: str, machine: str) -> str:
    """The kind of device that bits hang on: a GPU's name for itself, else processor and architecture.

    machine: as sysconfig.get_platform has it, "macosx-14.0-arm64".
    """
    if device and "cpu" not in device.lower():
        return device
    architecture = machine.rpartition("-")[2].replace("aarch64", "arm64").replace("universal2", "arm64")
    return f"CPU {architecture}".strip()


@dataclass(frozen=True)
class EngineThere:
    """An engine as a worker has it."""

    identity: str
    in_keys: str  # its identity as keys have it
    rate: int
    together: int | None
    kind: str


@dataclass(eq=False)
class CrewMember:
    """A worker that may speak."""

    address: str
    name: str
    engines: Mapping[str, EngineThere]  # by EngineChoice.key
    memory: int
    done: int = 0  # lines
    audio: float = 0.0  # seconds of sound
    recent: deque[tuple[float, float]] = field(default_factory=deque)  # (when an answer came, sound so far)
    heard: float = 0.0  # when it last answered, or was given something while it had nothing
    pace: float = 0.0  # seconds a letter, of its slowest batch
    batches: int = 0  # that it has answered
    doing: str = ""  # what it speaks, for people


@dataclass(frozen=True)
class WorkerSeen:
    """A worker at a moment, for whoever watches."""

    name: str
    address: str
    kind: str
    doing: str  # the lines it has, "" for none
    rate: float | None  # seconds of sound a second, over the last minutes
    done: int  # lines
    left_out: str = ""  # why it gets nothing

    def record(self) -> dict[str, object]:
        return {
            "name": self.name,
            "address": self.address,
            "device": self.kind,
            "doing": self.doing,
            "rate": None if self.rate is None else round(self.rate, 3),
            "done": self.done,
            "left_out": self.left_out,
        }


class Crew:
    def __init__(
        self,
        wanted: Mapping[str, str],
        tell: Callable[[str], None],
        any_device: bool = False,
        spoken_on: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ):
        """wanted: {an engine's key: the identity that it must have}, of those where it is known; tell: takes a sentence for the user;
        any_device: a voice may be spoken on several kinds of device; spoken_on: {voice: the kind of most of its takes}."""
        self.wanted, self.tell, self.any_device, self.clock = wanted, tell, any_device, clock
        self.spoken_on = dict(spoken_on or {})
        self.members: dict[str, CrewMember] = {}
        self.left_out: dict[str, tuple[str, str]] = {}  # {address: (name, why)}
        self.identities: dict[str, str] = {}  # {engine's key: the identity that all have}
        self.kinds: dict[tuple[str, str], str] = {}  # {(engine's key, voice): where it is spoken}
        self.idle: set[str] = set()  # addresses that were told of
        self.said: set[str] = set()  # sentences of which once is enough
        self.lock = threading.RLock()

    # who comes and goes

    def take_in(self, address: str, name: str, said: Mapping) -> None:
        """A worker has said what it is."""
        with self.lock:
            if said.get("version") != __version__:
                self.leave_out(
                    address,
                    name,
                    f"it has dotsbook {said.get('version')}, this is {__version__}; install the same on both",
                )
                return
            engines, wrong = {}, []
            for key, told in said["engines"].items():
                if "error" in told:
                    wrong.append(told["error"])
                else:
                    facts = told["facts"]
                    kind = kind_of(facts.get("device", ""), said["machine"])
                    engines[key] = EngineThere(
                        told["identity"], told["in_keys"], told["rate"], told["together"], kind
                    )
            if not engines and wrong:
                self.leave_out(address, name, wrong[0])
                return
            for sentence in wrong:
                self.tell(f"The worker {name} can't speak a part of the book: {sentence}")
            self.members[address] = CrewMember(address, name, engines, said["memory"], heard=self.clock())
            self.settle()

    def gone(self, address: str) -> None:
        with self.lock:
            member, left = self.members.pop(address, None), self.left_out.pop(address, None)
            self.idle.discard(address)
        if member is not None and not left:
            self.tell(f"The worker {member.name} is gone; what it had goes to others.")

    def leave_out(self, address: str, name: str, why: str) -> None:
        """Give it nothing any more, and say so once."""
        with self.lock:
            self.members.pop(address, None)
            if address in self.left_out:
                return
            self.left_out[address] = (name, why)
        self.tell(f"The worker {name} is left out: {why.rstrip('.')}.")

    def tell_once(self, sentence: str) -> None:
        with self.lock:
            new = sentence not in self.said
            self.said.add(sentence)
        if new:
            self.tell(sentence)

    def forget(self) -> None:
        """The scheduler is gone, and all that was known of its workers."""
        with self.lock:
            self.members.clear()
            self.left_out.clear()
            self.idle.clear()

    def knows(self, address: str) -> bool:
        return address in self.members or address in self.left_out

    def name(self, address: str) -> str:
        member = self.members.get(address)
        return member.name if member else address

    def why_nobody(self) -> str:
        """Why a worker that is there gets nothing; "" where none is."""
        with self.lock:
            return next((f"{name}: {why.rstrip('.')}" for name, why in self.left_out.values()), "")

    # who may do what

    def settle(self) -> None:
        """For each engine choose its identity, once there is somebody who has it; leave out who differs."""
        with self.lock:
            there: dict[str, Counter[str]] = {}
            for member in self.members.values():
                for key, engine in member.engines.items():
                    there.setdefault(key, Counter())[engine.in_keys] += 1
            for key, count in there.items():
                if key not in self.identities:
                    self.identities[key] = self.wanted.get(key) or count.most_common(1)[0][0]
            for member in list(self.members.values()):
                fit = {
                    key: engine
                    for key, engine in member.engines.items()
                    if engine.in_keys == self.identities[key]
                }
                if not fit:
                    other = next(iter(member.engines.values())).in_keys
                    wanted = self.identities[next(iter(member.engines))]
                    self.leave_out(
                        member.address,
                        member.name,
                        f"it has another model, {other}, where {wanted} is wanted",
                    )
                member.engines = fit

    def able(self, key: str, voice: str | None = None) -> list[CrewMember]:
        """Who may speak with an engine, or a voice of it."""
        with self.lock:
            found = [member for member in self.members.values() if key in member.engines]
            if voice is None or self.any_device or not found:
                return found
            kind = self.kind(key, voice, found)
            here = [member for member in found if member.engines[key].kind == kind]
            for member in found:
                if member not in here and member.address not in self.idle and len(self.kinds) == 1:
                    self.idle.add(member.address)
                    self.tell(
                        f"The worker {member.name} ({member.engines[key].kind}) has nothing to do: the voice `{voice}` stays "
                        f"on {kind} within the book, since bits differ; `--any-device` lets it speak too."
                    )
            return here

    def kind(self, key: str, voice: str, found: Sequence[CrewMember]) -> str:
        """The kind of device on which a voice is spoken: as its takes so far, else that of most workers."""
        count = Counter(member.engines[key].kind for member in found)
        before = self.kinds.get((key, voice)) or self.spoken_on.get(voice)
        kind = before if before and before in count else count.most_common(1)[0][0]
        if before and kind != before:
            self.tell(
                f"The voice `{voice}` was spoken on {before} so far, and no worker is one: it goes on on {kind}, where the "
                "same line differs in its last digits."
            )
        self.kinds[key, voice] = kind
        return kind

    def engine(self, key: str) -> EngineThere | None:
        """An engine as the workers have it: its rate, and the most lines together that any of them gains by."""
        with self.lock:
            found = [member.engines[key] for member in self.members.values() if key in member.engines]
            if not found:
                return None
            most = [one.together for one in found]
            together = None if None in most else max(number for number in most if number is not None)
            return replace(found[0], together=together)

    def count(self, key: str) -> int:
        """How many may speak with an engine: those of the kinds of device that its voices are spoken on."""
        with self.lock:
            found = [member for member in self.members.values() if key in member.engines]
            kinds = {kind for (of, _), kind in self.kinds.items() if of == key}
            if self.any_device or not kinds:
                return len(found)
            return sum(member.engines[key].kind in kinds for member in found)

    # how it goes

    def answered(self, answer: BatchAnswer, letters: int) -> CrewMember | None:
        """A worker has spoken a batch."""
        with self.lock:
            member = self.members.get(answer.worker)
            if member is None:
                return None
            now = self.clock()
            if not member.recent:
                member.recent.append((now - answer.seconds, 0.0))
            member.done += len(answer.lines)
            member.audio += answer.audio
            member.recent.append((now, member.audio))
            while len(member.recent) > 2 and now - member.recent[1][0] > RECENT:
                member.recent.popleft()
            member.heard, member.batches = now, member.batches + 1
            member.pace = max(member.pace, answer.seconds / max(1, letters))
            return member

    def seen(self) -> list[WorkerSeen]:
        with self.lock:
            present = [
                WorkerSeen(
                    member.name,
                    member.address,
                    next((engine.kind for engine in member.engines.values()), ""),
                    member.doing,
                    rate_of(member.recent),
                    member.done,
                )
                for member in self.members.values()
            ]
            out = [
                WorkerSeen(name, address, "", "", None, 0, why)
                for address, (name, why) in self.left_out.items()
            ]
            return present + out


def rate_of(recent: Sequence[tuple[float, float]]) -> float | None:
    """Seconds of sound a second."""
    if len(recent) < 2:
        return None
    (start, before), (end, after) = recent[0], recent[-1]
    return (after - before) / (end - start) if end > start else None

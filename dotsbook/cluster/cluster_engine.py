"""An engine whose batches are spoken by a cluster: same identity, rate and sound as the engine that it stands for."""

import io
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence

from dotsbook.audio import Samples
from dotsbook.cluster.crew import EngineThere
from dotsbook.cluster.dask_cluster import DaskCluster
from dotsbook.cluster.orders import SaidLine, engine_order
from dotsbook.errors import VoiceError
from dotsbook.voices.engine import EngineDied, RecordedTake, Request, Spoken, Voice
from dotsbook.voices.spec import EngineChoice

AHEAD = 2  # batches a worker: what it speaks, and what it speaks next
SINGLE = 4  # lines a task, of an engine that speaks them one by one
BYTES = 100_000  # of a line here, while it is on its way


class ClusterEngine:
    """One engine of a book, on every worker that has it. The cluster is opened and closed by whoever made it."""

    elastic = True  # `slots` follows the workers
    ends_hangs = True  # by its own clock: a worker that says nothing is left out

    def __init__(self, choice: EngineChoice, joined: Callable[[], DaskCluster], batches: bool):
        """joined: gives the cluster, at the first need of it; batches: it gains by several lines at once."""
        self.choice, self.joined, self.batches = choice, joined, batches
        self.order = engine_order(choice)
        self.closed = threading.Event()
        self.told: dict[str, str] = {}

    @property
    def cluster(self) -> DaskCluster:
        return self.joined()

    def there(self) -> EngineThere:
        found = self.cluster.crew.engine(self.choice.key)
        if found is None:
            raise VoiceError(f"No worker of the cluster can speak with {self.choice.key}.")
        return found

    @property
    def identity(self) -> str:
        if "identity" not in self.told:
            self.told["identity"] = self.there().identity
        return self.told["identity"]

    @property
    def rate(self) -> int:
        if "rate" not in self.told:
            self.told["rate"] = str(self.there().rate)
        return int(self.told["rate"])

    @property
    def slots(self) -> int:
        return AHEAD * max(1, self.cluster.crew.count(self.choice.key))

    @property
    def together(self) -> int | None:
        found = self.cluster.crew.engine(self.choice.key)
        return (found.together if found else None) if self.batches else SINGLE

    def facts(self) -> Mapping[str, str]:
        """None of its own: each answer has those of its worker."""
        return {}

    def check(self, voice: Voice, languages: Sequence[str]) -> Sequence[str]:
        return self.cluster.check(self.order, voice, languages)

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        """Here, next to nothing; a worker sees to its own memory, and cuts a batch that is too much for it."""
        return BYTES * len(requests)

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """Yield the batch's answers when a worker has spoken all of it; nothing where the run ends before."""
        if self.closed.is_set():
            raise EngineDied("The engine was closed.")
        order = self.cluster.files.batch(self.order, batch)
        urgency = -min(request.window for request in batch)
        answer = self.cluster.ask(order, urgency, self.closed)
        for request, line in zip(batch, answer.lines if answer else (), strict=False):
            assert answer is not None and isinstance(line, SaidLine)
            if line.flac is None:
                yield Spoken(request, error=VoiceError(line.error))
            else:
                yield Spoken(request, heard(line), None, line.rate, answer.facts, recorded(line))

    def wind_down(self) -> None:
        self.cluster.wind_down()

    def close(self) -> None:
        self.closed.set()


def recorded(line: SaidLine) -> RecordedTake | None:
    return RecordedTake(line.flac, line.figures, line.measures) if line.flac and line.measures else None


def heard(line: SaidLine) -> Samples:
    """Its samples, mono float32: written as 16 bit again they are the same to the bit."""
    import soundfile

    samples, _ = soundfile.read(io.BytesIO(line.flac or b""), dtype="float32", always_2d=False)
    return samples

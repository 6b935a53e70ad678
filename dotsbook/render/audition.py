"""Lines spoken outside a render: asked for as a render would ask, and never waited for without end. It makes no takes."""

import contextlib
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dotsbook.errors import Hung, RenderError
from dotsbook.mlx_streams import leave_mlx
from dotsbook.render.captured import Captured
from dotsbook.render.jobs import seed_for, sound_of, take_key
from dotsbook.render.watchdog import Patience
from dotsbook.voices.engine import Engine, EngineAround, Request, Spoken, Voice

LEAVING = 5.0  # seconds that `close` waits for a thread at most


def request_as_rendered(
    text: str,
    voice: Voice,
    language: str,
    *,
    identity: str,
    seed: int,
    chosen: int | None = None,
    occurrence: int = 0,
    retake: int = 0,
    tag: object = None,
) -> Request:
    """The request that a render's first attempt at this line makes, its seed among it.

    text: as spoken; identity: the engine's in the key, so the pinned one; seed: the book's, unless the voice has its
    own; chosen: a seed to try in place of both, heard as if it stood in the manifest (0 is a seed as any other);
    occurrence: which one this is of the same lines in the book, 0 for the first.
    """
    drawn = chosen if chosen is not None else voice.settings.get("seed", seed)
    key = take_key(
        text=text,
        voice=sound_of(voice),
        engine=identity,
        language=language,
        seed=drawn,
        retake=retake,
        occurrence=occurrence,
    )
    return Request(text, voice, language, seed_for(key, 1), tag)


def speak_once(
    engine: Engine, requests: Sequence[Request], patience: Patience = Patience()
) -> list[tuple[Spoken, int]]:
    """An answer for each request, in their order, each with its rate in Hz.

    Raises the first answer's error, what the engine raises, RenderError if an answer is missing or the engine says
    nothing for too long, and Hung if it can't even be stopped.
    """
    with WatchedEngine(engine, patience) as watched:
        asked = [replace(request, tag=number) for number, request in enumerate(requests)]
        answers = {spoken.request.tag: spoken for spoken in watched.speak(asked)}
    found = []
    for number, request in enumerate(requests):
        spoken = answers.get(number)
        if spoken is None:
            raise RenderError(f"The engine gave no answer for {request.text[:40]!r}; try again.")
        if spoken.error is not None:
            raise spoken.error
        found.append((replace(spoken, request=request), spoken.rate or engine.rate))
    return found


class WatchedEngine(EngineAround):
    """An engine that is ended when it says nothing for too long; otherwise the engine it holds.

    It speaks on a thread of its own for each that asks, which `close` ends (the engine held is left open, unless it
    hung). Made for what is spoken outside a render: the loop watches its engine itself.
    """

    def __init__(self, engine: Engine, patience: Patience = Patience()):
        super().__init__(engine)
        self.patience = patience
        self.pace: float | None = None  # seconds a character, of the slowest batch so far
        self.threads: dict[int, EngineBehind] = {}  # by who asks

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        """As the engine held does it. RenderError if it says nothing for too long, Hung if it can't be stopped."""
        me = threading.get_ident()
        thread = self.threads[me] = self.threads.get(me) or EngineBehind(self.engine)
        start, over = time.monotonic(), False
        letters = sum(len(request.text) for request in batch)
        limit = self.patience.limit(self.pace * letters if self.pace is not None else None)
        thread.work.put(list(batch))
        try:
            while not isinstance(said := self.next(thread, limit), Captured):
                yield said
            over = True
        finally:
            if not over:  # what it still says belongs to nobody
                self.threads.pop(me, thread).work.put(None)
        if said.error is not None:
            raise said.error
        self.pace = max(self.pace or 0.0, (time.monotonic() - start) / max(1, letters))

    def next(self, thread: "EngineBehind", limit: float) -> "Spoken | Captured":
        """What the engine says next, waited for up to `limit` seconds."""
        with contextlib.suppress(queue.Empty):
            return thread.heard.get(timeout=limit)
        self.engine.close()
        with contextlib.suppress(queue.Empty):
            thread.heard.get(timeout=self.patience.grace)
            raise RenderError(
                f"The voice engine said nothing for {limit:.0f} seconds and was ended; "
                "see `dotsbook doctor`, then try again."
            )
        raise Hung(f"The voice engine has said nothing for {limit:.0f} seconds and can't be stopped.")

    def close(self) -> None:
        """End each thread once its batch is over; from any thread, more than once."""
        threads, self.threads = self.threads, {}
        for thread in threads.values():
            thread.work.put(None)
        for thread in threads.values():
            thread.thread.join(LEAVING)

    def __enter__(self) -> "WatchedEngine":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class EngineBehind:
    """The thread: batches in at `work`, answers out at `heard`, a Captured where a batch is over."""

    def __init__(self, engine: Engine):
        self.engine = engine
        self.work: queue.SimpleQueue[Sequence[Request] | None] = queue.SimpleQueue()
        self.heard: queue.SimpleQueue[Spoken | Captured] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self.run, name="watched engine", daemon=True)
        self.thread.start()

    def run(self) -> None:
        while (batch := self.work.get()) is not None:
            captured = Captured()
            with captured:
                for spoken in self.engine.speak(batch):
                    self.heard.put(spoken)
            self.heard.put(captured)
        leave_mlx()

"""A thread for work that uses MLX, which belongs to one thread. It ends in order when the program does. It knows no models."""

import atexit
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

from dotsbook.mlx_streams import leave_mlx

LEAVING = 5.0  # seconds that the program's end waits for it
Result = TypeVar("Result")


class MlxThread:
    """Does one thing after another, asked from any thread."""

    def __init__(self, name: str):
        self.work: SimpleQueue[tuple[Future, Callable[[], Any]] | None] = SimpleQueue()
        self.thread = threading.Thread(target=self.run, name=name, daemon=True)
        self.thread.start()
        atexit.register(self.close)

    def do(self, work: Callable[[], Result]) -> Result:
        """What the work gives, waited for; raises what it raises."""
        future: Future[Result] = Future()
        self.work.put((future, work))
        return future.result()

    def run(self) -> None:
        from dotsbook.render.captured import Captured

        while (asked := self.work.get()) is not None:
            future, work = asked
            with Captured() as captured:
                future.set_result(work())
            if captured.error is not None:
                future.set_exception(captured.error)
        leave_mlx()

    def close(self) -> None:
        self.work.put(None)
        self.thread.join(LEAVING)

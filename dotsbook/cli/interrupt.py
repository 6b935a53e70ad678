"""Ctrl-C and SIGTERM as a wish to stop: the first asks, the second insists. It knows no work."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def interruptible(tell: Callable[[], None] = lambda: None) -> Iterator[threading.Event]:
    """Yield an event that the first SIGINT or SIGTERM sets, after calling `tell`; the next raises KeyboardInterrupt.

    Must be used on the main thread; the handlers that stood before are put back.
    """
    wished = threading.Event()

    def handle(number: int, frame: object) -> None:
        if wished.is_set():
            raise KeyboardInterrupt
        wished.set()
        tell()

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wished
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

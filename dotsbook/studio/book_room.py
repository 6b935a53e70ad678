"""A book open on a thread of its own: whatever is asked of it waits its turn.

When its files change it is opened anew beside the old one. A small book is waited for; a large one answers as it was
until it is read again.
"""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from dotsbook.production.production import Production
from dotsbook.studio.coming_book import ComingBook, Stamp, opened, prepared, stamp_of

T = TypeVar("T")
SMALL = 1000  # lines of a book that is waited for
PATIENCE = 0.5  # s that a larger one is waited for


class BookRoom:
    """Close it."""

    def __init__(self, path: Path, memory: float | None = None, holds: bool = False):
        """holds: keep the parsed manuscript in memory, for all who ask for it in this process."""
        self.path, self.memory, self.holds = path, memory, holds
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="book")
        self.book: Production | None = None
        self.stamp: Stamp = ()
        self.reader = ThreadPoolExecutor(1, thread_name_prefix="reader")
        self.coming: ComingBook | None = None
        self.held: object = None  # the parsed manuscript, or who will have it
        self.epoch = 0  # raised each time it is opened

    def do(self, work: Callable[[Production], T]) -> "Future[T]":
        """Have something asked of the book, on its thread."""
        return self.thread.submit(lambda: work(self.fresh()))

    @property
    def reading(self) -> float | None:
        """How far the book as its files are now is read, 0 … 1; None where that is what answers."""
        coming = self.coming
        return None if coming is None or coming.over else coming.share

    def fresh(self) -> Production:
        """The book as its files are now, or, while those are read, as it was. Only on its thread. Raises what opening it
        raises."""
        now = stamp_of(self.path, self.book)
        if self.book is not None and now == self.stamp and self.coming is None:
            return self.book
        if self.book is None or "narration" not in self.book.session.__dict__:
            self.let_go()
            self.take(*opened(self.path, self.memory))
        else:
            self.come(self.book, now)
        assert self.book is not None, "it is open"
        return self.book

    def come(self, book: Production, now: Stamp) -> None:
        """Have the book opened anew, and take the new one if it is ready."""
        coming = self.coming
        if coming is None or (coming.failed and coming.seen != now):
            board = "review" in book.__dict__ and "board" in book.review.__dict__
            coming = self.coming = ComingBook(self.path, self.memory, now, self.reader, board, self.holds)
        small = book.session.narration.count() <= SMALL
        coming.wait(None if small else max(0.0, coming.began + PATIENCE - time.monotonic()))
        if not coming.over:
            return
        new = coming.book
        self.coming = None
        book.close()
        self.held = coming.manuscript
        self.take(new, coming.stamp)

    def take(self, book: Production, stamp: Stamp) -> None:
        self.book, self.stamp = book, stamp
        self.epoch += 1

    def settle(self) -> None:
        """Have the manuscript parsed and its names looked for, once the book is shown, so that nobody who needs that waits. Only
        on its thread."""
        if self.holds and self.held is None and self.book is not None:
            self.held = self.reader.submit(prepared, self.path, self.book)

    def let_go(self) -> None:
        """Close the book and its engines. Only on its thread."""
        if self.coming is not None:
            self.coming.close()
            self.coming = None
        if self.book is not None:
            self.book.close()
            self.book = None

    def close(self) -> None:
        self.thread.submit(self.let_go)
        self.thread.shutdown(wait=True)
        self.reader.shutdown(wait=True)

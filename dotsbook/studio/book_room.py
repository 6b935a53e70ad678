"""A book open on a thread of its own: whatever is asked of it waits its turn, and it is opened anew when its files change."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from dotsbook.errors import DotsbookError
from dotsbook.production.production import Production

T = TypeVar("T")
Stamp = tuple[tuple[str, int, int], ...]


class BookRoom:
    """Close it."""

    def __init__(self, path: Path, memory: float | None = None):
        self.path, self.memory = path, memory
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="book")
        self.book: Production | None = None
        self.stamp: Stamp = ()
        self.epoch = 0  # raised each time it is opened

    def do(self, work: Callable[[Production], T]) -> "Future[T]":
        """Have something asked of the book, on its thread."""
        return self.thread.submit(lambda: work(self.fresh()))

    def fresh(self) -> Production:
        """The book as its files are now. Only on its thread. Raises what opening it raises."""
        now = stamp_of(self.path, self.book)
        if self.book is None or now != self.stamp:
            self.let_go()
            before = stamp_of(self.path, None)
            self.book = Production(self.path, self.memory)
            self.stamp = stamp_of(self.path, self.book)
            if (
                stamp_of(self.path, None) != before
            ):  # written to while it was opened: it is opened again next time
                self.stamp = ()
            self.epoch += 1
        return self.book

    def let_go(self) -> None:
        """Close the book and its engines. Only on its thread."""
        if self.book is not None:
            self.book.close()
            self.book = None

    def close(self) -> None:
        self.thread.submit(self.let_go)
        self.thread.shutdown(wait=True)


def stamp_of(path: Path, book: Production | None) -> Stamp:
    """Size and time of all the files that a book is made of: those in its folder, its sources, its references."""
    files = {
        entry.path for entry in os.scandir(path.parent) if entry.is_file() and not entry.name.startswith(".")
    }
    if book is not None:
        with suppress(DotsbookError):  # one is gone: whoever reads the book says so
            files |= set(map(os.fspath, book.project.sources))
    found = []
    for file in sorted(files):
        try:
            told = os.stat(file)
        except OSError:
            continue
        found.append((file, told.st_mtime_ns, told.st_size))
    return tuple(found)

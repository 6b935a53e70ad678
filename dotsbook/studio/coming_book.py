"""A book whose files changed, opened and read on a thread of its own while the one before still answers."""

import os
import threading
import time
from concurrent.futures import Executor, wait
from contextlib import ExitStack, suppress
from pathlib import Path

from dotsbook.book import Book
from dotsbook.errors import DotsbookError
from dotsbook.production.narration_copy import book_of
from dotsbook.production.production import Production

Stamp = tuple[tuple[str, int, int], ...]
READ = 0.7  # of the work is reading, the rest finding the lines' states
SLICE = 0.05  # s


class ComingBook:
    """Begins at once. Take its `book` when it is `over`, or `close` it."""

    def __init__(
        self,
        path: Path,
        memory: float | None,
        seen: Stamp,
        reader: Executor,
        board: bool = False,
        manuscript: bool = False,
    ):
        """seen: the files that it was begun for; reader: whose thread reads it. board: with all lines' states; manuscript: with
        the parsed manuscript."""
        self.path, self.memory, self.seen = path, memory, seen
        self.wants_board, self.wants_manuscript = board, manuscript
        self.began = time.monotonic()
        self.share = 0.0
        self.stamp: Stamp = ()
        self.manuscript: Book | None = None
        self.unwanted = threading.Event()
        self.work = reader.submit(self.read)

    @property
    def over(self) -> bool:
        return self.work.done()

    @property
    def failed(self) -> bool:
        return self.over and self.work.exception() is not None

    @property
    def book(self) -> Production:
        """Once it is over. Raises what reading it raised."""
        return self.work.result()

    def wait(self, seconds: float | None) -> None:
        """Until it is over, or for so long."""
        wait([self.work], seconds)

    def read(self) -> Production:
        with ExitStack() as undo:
            book, self.stamp = opened(self.path, self.memory)
            undo.callback(book.close)
            if self.wants_manuscript:  # first, so that it isn't read twice
                self.manuscript = book_of(book.project)
            book.session.on_reading = self.tell
            lines = book.session.narration.count()
            while self.wants_board and not book.review.board.load(SLICE):
                self.tell(len(book.review.board.lines) / lines, READ)
            if self.wants_manuscript:
                book.lexicon.find()
            undo.pop_all()
            return book

    def tell(self, share: float, begun: float = 0.0) -> None:
        """How far it is: of the reading, or of what comes after."""
        if self.unwanted.is_set():
            raise DotsbookError("The studio ends.")
        self.share = round(begun + share * (1 - READ if begun else READ), 2)

    def close(self) -> None:
        self.unwanted.set()
        with suppress(DotsbookError):  # it was told to nobody yet, and nobody asks any more
            self.book.close()


def prepared(path: Path, book: Production) -> Book:
    """A book's parsed manuscript; its names are looked for too, in a copy of its own, as another thread may close this one."""
    manuscript = book_of(book.project)
    with Production(path) as own:
        book.lexicon.odd = own.lexicon.find()
    return manuscript


def opened(path: Path, memory: float | None) -> tuple[Production, Stamp]:
    """A book, and the files as it found them; no file's where one was written to meanwhile, so that it is opened again."""
    before = stamp_of(path, None)
    book = Production(path, memory)
    stamp = stamp_of(path, book)
    return book, stamp if stamp_of(path, None) == before else ()


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

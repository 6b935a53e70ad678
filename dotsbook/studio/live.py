"""What is new, told to every page as it happens: lines whose state changed, figures, work that goes on.

The ledger is the truth: whoever wrote there, this program or another, is seen within half a second. A page that was
away begins with a greeting that holds all, so nothing need be told twice.
"""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import AsyncIterator

from dotsbook.production.production import Production
from dotsbook.production.shown_lines import state_record
from dotsbook.production.works import works_of
from dotsbook.studio.studio_house import StudioHouse

EVERY = 0.4  # seconds between looks
SHARE = 4  # a look that took long is followed by so many times its own length
MANY = 300  # changed lines that are named one by one
WAITING = 100  # messages that a page may be behind
BEAT = 15.0  # seconds after which a silent connection is told that all is well


class Live:
    """Looks at the book on a thread of its own, and tells the pages. Close it."""

    def __init__(self, house: StudioHouse):
        self.house = house
        self.pages: set[LivePage] = set()
        self.stopped = threading.Event()
        self.state: dict = {"epoch": 0, "trouble": "The book is being read."}
        self.thread = threading.Thread(target=self.watch, name="live", daemon=True)
        self.thread.start()

    def watch(self) -> None:
        while not self.stopped.is_set():
            begun = time.monotonic()
            try:
                looked = self.house.desk.do(self.look)
            except RuntimeError:  # the house is being closed
                return
            fault = looked.exception()
            if fault is None:
                found = looked.result()
            else:  # a mistake in the book's files is a sentence; whatever else it is, the watch goes on
                found = {"epoch": self.house.desk.epoch, "trouble": str(fault)}, []
            self.tell(*found)
            took = time.monotonic() - begun
            busy = found[0].get("loading", False)
            self.stopped.wait(0.02 if busy else max(EVERY, SHARE * took))

    def look(self, book: Production) -> tuple[dict, list[dict]]:
        """(what all pages should know, the lines that changed)."""
        board = book.review.board
        loading = not board.load(0.1)
        if not loading:
            self.house.desk.settle()
        changed = board.changes()
        works = works_of(book.project)
        state = {
            "epoch": self.house.desk.epoch,
            "loading": loading,
            "reading": self.house.desk.reading,
            "chapters": [chapter.record() for chapter in board.chapters.values()],
            "rate": board.rate and round(board.rate, 2),
            "eta": board.eta and round(board.eta),
            "ahead": round(board.ahead),
            "free": works.free,
            "busy": works.busy,
            "tasks": self.house.tasks.records(),
        }
        return state, [state_record(line) for line in changed]

    def tell(self, state: dict, lines: list[dict]) -> None:
        before, self.state = self.state, state
        messages = []
        if {**state, "rate": 0, "eta": 0, "free": 0} != {**before, "rate": 0, "eta": 0, "free": 0}:
            messages.append(("state", state))
        if lines:
            messages.append(("lines", {"lines": lines if len(lines) <= MANY else None}))
        for page in list(self.pages):
            for message in messages:
                page.put(message)

    def close(self) -> None:
        self.stopped.set()
        self.thread.join(30)
        for page in list(self.pages):
            page.put(None)


class LivePage:
    """One page's connection."""

    def __init__(self, live: Live):
        self.live, self.loop = live, asyncio.get_running_loop()
        self.waiting: asyncio.Queue[tuple[str, dict] | None] = asyncio.Queue(WAITING)

    def put(self, message: tuple[str, dict] | None) -> None:
        """From any thread. A page that is too far behind is cut off: it comes again and is greeted anew."""
        with contextlib.suppress(RuntimeError):  # the server has ended meanwhile
            self.loop.call_soon_threadsafe(self.take, message)

    def take(self, message: tuple[str, dict] | None) -> None:
        try:
            self.waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.live.pages.discard(self)
            self.waiting.get_nowait()
            self.waiting.put_nowait(None)

    async def told(self) -> AsyncIterator[str]:
        """Server-sent events, the greeting first."""
        self.live.pages.add(self)
        try:
            yield event("hello", self.live.state)
            while True:
                try:
                    message = await asyncio.wait_for(self.waiting.get(), BEAT)
                except TimeoutError:
                    yield ": all is well\n\n"
                    continue
                if message is None:
                    return
                yield event(*message)
        finally:
            self.live.pages.discard(self)


def event(name: str, data: dict) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=True)}\n\n"

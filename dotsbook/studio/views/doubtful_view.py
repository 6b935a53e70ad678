"""The Doubtful view: the queue of lines that want an ear, and what is decided about each."""

from typing import Annotated

from pydantic import Field

from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, ChapterNumber, Endpoint, LineId
from dotsbook.studio.studio_house import StudioHouse

SHOWN = 1000  # of the queue at a time


class LinesWish(ChangeWish):
    lines: Annotated[list[LineId], Field(min_length=1, max_length=1000)]
    withdraw: bool = False


class AcceptAllWish(ChangeWish):
    chapter: ChapterNumber | None = None  # None: the whole book


def doubtful(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """The lines that want an ear, the worst first."""
    found = book.review.board.doubtful()
    return {
        "count": len(found),
        "lines": [
            {"id": line.id, "place": line.place, "state": line.state, "score": line.score}
            for line in found[:SHOWN]
        ],
    }


def accept(house: StudioHouse, book: Production, asked: LinesWish) -> dict:
    """The takes that these lines have are good as they are, or aren't any more."""
    return {"lines": book.approve(asked.lines, asked.by, withdraw=asked.withdraw)}


def accept_all(house: StudioHouse, book: Production, asked: AcceptAllWish) -> dict:
    """Accept every take that nobody doubts and that has no open note."""
    return {"lines": book.review.approve_undoubted(asked.chapter, asked.by)}


def lock(house: StudioHouse, book: Production, asked: LinesWish) -> dict:
    """Keep lines from being made anew, or let them be."""
    return {"lines": book.lock(asked.lines, asked.by, unlock=asked.withdraw)}


ENDPOINTS = (
    Endpoint("doubtful", Asked, doubtful),
    Endpoint("accept", LinesWish, accept),
    Endpoint("accept-all", AcceptAllWish, accept_all),
    Endpoint("lock", LinesWish, lock),
)

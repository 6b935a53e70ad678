"""The Takes view: all takes of a line, another asked for, one chosen, and what is taken back."""

from pydantic import Field

from dotsbook.production.production import Production
from dotsbook.studio.endpoint import ChangeWish, Endpoint, Key, LineAsked, LineWish
from dotsbook.studio.studio_house import StudioHouse


class RetakeWish(LineWish):
    why: str = Field(default="", max_length=1000)
    key: Key | None = (
        None  # the take that isn't wanted: where another stands by now, nothing more is asked for
    )


class ChooseWish(LineWish):
    key: Key | None = None  # None: the newest again


def story(house: StudioHouse, book: Production, asked: LineAsked) -> dict:
    """All that is known of a line."""
    return book.review.story(asked.line).record()


def retake(house: StudioHouse, book: Production, asked: RetakeWish) -> dict:
    """Ask for another take: by the render that goes on, or by the next."""
    board = book.review.board
    board.refresh()
    known = asked.key is None or board.line(asked.line).key == asked.key
    lines = book.retake([asked.line], asked.why, asked.by) if known else 0
    return {"lines": lines, "rendering": house.tasks.running("render")}


def choose(house: StudioHouse, book: Production, asked: ChooseWish) -> dict:
    """Use this take of a line."""
    book.choose(asked.line, asked.key, asked.by)
    return {}


def undo(house: StudioHouse, book: Production, asked: ChangeWish) -> dict:
    """Take back the last that this person wanted."""
    change = book.review.undo(asked.by)
    return {"undone": change.what if change else None}


ENDPOINTS = (
    Endpoint("line", LineAsked, story),
    Endpoint("retake", RetakeWish, retake),
    Endpoint("choose", ChooseWish, choose),
    Endpoint("undo", ChangeWish, undo),
)

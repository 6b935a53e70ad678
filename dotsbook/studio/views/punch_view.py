"""The Punch-in view: a line recorded by a person, kept as a take of it."""

from dotsbook.errors import DotsbookError
from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Endpoint, LineWish
from dotsbook.studio.studio_house import StudioHouse


def punch_in(house: StudioHouse, book: Production, asked: LineWish, sound: bytes) -> dict:
    """Keep a recording as a take of a line, checked and levelled, and choose it."""
    if house.tasks.running("render"):
        raise DotsbookError(
            "A render goes on: stop it, then keep the recording; it stays in this page until then."
        )
    done = book.review.punch_in(asked.line, sound, asked.by)
    return {
        "key": done.key,
        "seconds": round(done.seconds, 2),
        "healthy": done.healthy,
        "reasons": list(done.reasons),
    }


ENDPOINTS = (Endpoint("punch-in", LineWish, punch_in, sound=True),)

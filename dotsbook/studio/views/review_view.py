"""The Review view: chapters signed in two passes, and the notes that go out and come back."""

from typing import Literal

from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, ChapterNumber, Endpoint
from dotsbook.studio.studio_house import StudioHouse


class SignWish(ChangeWish):
    chapter: ChapterNumber
    hearing: Literal["accuracy", "performance"]
    withdraw: bool = False


def signed(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """The chapters with who signed them."""
    return {"chapters": [one.record() for one in book.review.signed()]}


def sign(house: StudioHouse, book: Production, asked: SignWish) -> dict:
    """Sign a chapter as heard through."""
    book.checked([asked.chapter])
    book.review.sign(asked.chapter, asked.hearing, asked.by, withdraw=asked.withdraw)
    return {}


ENDPOINTS = (
    Endpoint("signed", Asked, signed),
    Endpoint("sign", SignWish, sign),
)

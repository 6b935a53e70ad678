"""The steps between reading a manuscript and making its script: each takes a Book and gives a Book.

A step may add marks to paragraphs (who speaks, in which language) and may change no text: offsets and the receipt hold.
Its name and version are part of what the script is known by, so that a changed step has the manuscript read again.
A new step is a file of its own and its line here.
"""

from typing import Protocol

from dotsbook.book import Book
from dotsbook.manifest import Manifest


class BookStep(Protocol):
    name: str
    version: int  # raised whenever the step may give another book for the same one

    def apply(self, book: Book, manifest: Manifest) -> Book: ...


STEPS: tuple[BookStep, ...] = ()

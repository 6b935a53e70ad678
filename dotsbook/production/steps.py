"""The steps between reading a manuscript and making its script: each takes a Book and gives a Book.

A step may add marks to paragraphs (who speaks, in which language) and may change no text: offsets and the receipt hold.
Its name and version are part of what the script is known by, so that a changed step has the manuscript read again.
A new step is a file of its own and its line here.
"""

from typing import Protocol

from dotsbook.book import Book
from dotsbook.production.cast_step import CastStep
from dotsbook.production.direct_step import DirectStep
from dotsbook.project import Project


class BookStep(Protocol):
    name: str
    version: int  # raised whenever the step may give another book for the same one

    def facts(self, project: Project) -> list:
        """What it depends on besides the book and the manifest's own words, as JSON can hold it."""

    def apply(self, book: Book, project: Project) -> Book: ...


STEPS: tuple[BookStep, ...] = (CastStep(), DirectStep())

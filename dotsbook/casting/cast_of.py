"""Who speaks in a book: quotations, characters, and for each quotation the likeliest speaker. It changes nothing.

Languages without rules of their own have their quotation marks found and nobody cast; `Casting.told` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dotsbook.book import Book
from dotsbook.casting.attribution import Attributed
from dotsbook.casting.character import Character
from dotsbook.casting.quotation import Place
from dotsbook.casting.roster import Roster

VERSION = 1  # raised whenever the same book may be cast otherwise: part of what cached answers are known by


@dataclass(frozen=True, slots=True)
class Casting:
    """What `read_cast` found. Quotations stand in the order of the book."""

    language: str  # the book's, BCP 47
    characters: tuple[Character, ...]  # by words spoken, most first
    lines: tuple[Attributed, ...]
    told: tuple[str, ...] = ()  # sentences for the user: no rules for this language, no quotations …


def read_cast(
    book: Book, roster: Roster | None = None, decided: Mapping[Place, str] | None = None
) -> Casting:
    """The characters of a book and who says each of its quotations.

    decided: places whose speaker a person has settled; they get probability 1 and help their neighbours. A name
    there that nobody has becomes a character. "" is the narrator's: nobody speaks.
    """
    return Casting(book.language, (), (), ("Nobody is cast yet.",))

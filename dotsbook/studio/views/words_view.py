"""The Words view: how names are said, and lines that are spoken otherwise than written."""

from typing import Annotated

from pydantic import Field

from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, Endpoint, LineAsked, LineId, LineWish
from dotsbook.studio.studio_house import StudioHouse

SHOWN = 500  # odd words; places of a word

Said = Annotated[str, Field(min_length=1, max_length=200)]


class PlacesAsked(Asked):
    word: Said
    say: Said | None = None


class EntryWish(ChangeWish):
    word: Said
    say: Said | None = None  # None takes the entry out


class InsteadWish(LineWish):
    text: Annotated[str, Field(min_length=1, max_length=2000)] | None = None  # None: as the book has it


class RewriteWish(LineWish):
    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    before: Annotated[str, Field(min_length=1, max_length=20_000)]  # as it was shown


class TryWish(ChangeWish):
    line: LineId
    text: Annotated[str, Field(min_length=1, max_length=2000)]


def words(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """The names and odd words of the book, and the lexicon's entries."""
    return {
        "words": [
            {"word": one.word, "why": one.reason, "count": one.count, "line": one.chunk, "entry": one.entry}
            for one in book.lexicon.find()[:SHOWN]
        ],
        "entries": [{"word": word, "say": say} for word, say in book.lexicon.entries()],
    }


def places(house: StudioHouse, book: Production, asked: PlacesAsked) -> dict:
    """Which lines hold a word, and what another way to say it costs."""
    found = book.lexicon.places(asked.word, asked.say).record()
    return found | {"count": len(found["places"]), "places": found["places"][:SHOWN]}


def write_entry(house: StudioHouse, book: Production, asked: EntryWish) -> dict:
    """Write an entry into the lexicon, or take it out."""
    lexicon = book.lexicon
    return {
        "file": (lexicon.respell(asked.word, asked.say) if asked.say else lexicon.forget(asked.word)).name
    }


def say_instead(house: StudioHouse, book: Production, asked: InsteadWish) -> dict:
    """Have a line spoken otherwise than written."""
    book.review.say_instead(asked.line, asked.text)
    return {}


def source_line(house: StudioHouse, book: Production, asked: LineAsked) -> dict:
    """A line as it stands in the manuscript's own file."""
    return book.review.source_line(asked.line).record()


def rewrite(house: StudioHouse, book: Production, asked: RewriteWish) -> dict:
    """Write a line otherwise into that file; the file as it was is kept."""
    return book.review.rewrite(asked.line, asked.text, asked.before).record()


def try_text(house: StudioHouse, book: Production, asked: TryWish) -> dict:
    """A text in the voice of a line, as its first take would sound."""
    chunk = book.review.story(asked.line).chunk
    return house.spoken(book, chunk.voice, asked.text, chunk.language)


ENDPOINTS = (
    Endpoint("words", Asked, words),
    Endpoint("places", PlacesAsked, places),
    Endpoint("write-entry", EntryWish, write_entry),
    Endpoint("say-instead", InsteadWish, say_instead),
    Endpoint("source-line", LineAsked, source_line),
    Endpoint("rewrite", RewriteWish, rewrite),
    Endpoint("try-text", TryWish, try_text, room="voice"),
)

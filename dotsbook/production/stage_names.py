"""A play in one voice: the names of those who speak are read out there, as nobody could tell them apart otherwise."""

from dataclasses import replace

from dotsbook.book import Book, Kind
from dotsbook.manifest import Manifest
from dotsbook.wording import count

PLAY = 0.5  # of a play's paragraphs at least have a speaker


def names_unheard(book: Book, manifest: Manifest) -> bool:
    """Whether a book is a play whose speakers all have one voice, and the manifest doesn't say what becomes of their names."""
    from dotsbook.text.script.speakers import SpeakerVoices

    if "speakers" in manifest.reading.model_fields_set:
        return False
    lines = [
        part for chapter in book.chapters for part in chapter.paragraphs if part.kind is not Kind.HEADING
    ]
    said = {part.speaker for part in lines if part.speaker}
    if len(said) < 2 or sum(bool(part.speaker) for part in lines) < PLAY * len(lines):
        return False
    cast = SpeakerVoices(manifest)
    return {cast.voice(name) for name in said} == {manifest.default_voice}


def told(book: Book, names: int) -> Book:
    """The book with a line on what was done."""
    sentence = (
        f"the names of {count(names, 'speaker')} are read out, as all speak in one voice; `cast:` gives them voices, "
        "`reading: {speakers: voice}` leaves the names out"
    )
    return replace(book, warnings=(*book.warnings, sentence))


def speakers_in(book: Book) -> int:
    return len({part.speaker for chapter in book.chapters for part in chapter.paragraphs if part.speaker})

"""Which voice a person of the book speaks in: written where their voice stands today, book.yaml's `cast` or cast.yaml."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from dotsbook.book import folded_name
from dotsbook.casting.character import Character
from dotsbook.casting.roster_file import known_names, updated, with_field
from dotsbook.errors import ManifestError
from dotsbook.files import write_through
from dotsbook.production.book_roster import DEFAULT
from dotsbook.production.bookfile import set_cast
from dotsbook.project import Project
from dotsbook.yaml_file import read_text


class NamedPerson(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


def assign_voice(
    project: Project, people: Sequence[NamedPerson], found: Iterable[Character], name: str, voice: str
) -> str:
    """Give a person a voice, `default` for the narrator's; the name of the file that says so now.

    Raises ManifestError for a person or a voice that isn't there. The book must be opened again to see it.
    """
    if voice != DEFAULT and voice not in project.manifest.voices:
        raise ManifestError(
            f"There is no voice `{voice[:60]}`; enrolled are {', '.join(project.manifest.voices)}."
        )
    person = next(
        (one for one in people if folded_name(name) in map(folded_name, (one.name, *one.aliases))), None
    )
    if person is None:
        raise ManifestError(
            f"There is nobody called {name[:60]} in this book; `dotsbook cast` lists everybody."
        )
    called = {folded_name(one) for one in (person.name, *person.aliases)}
    for character in project.manifest.cast:
        if folded_name(character) in called:
            set_cast(project.file, character, project.manifest.default_voice if voice == DEFAULT else voice)
            return project.file.name
    before = read_text(project.cast_file) if project.cast_file.is_file() else ""
    text = updated(before, found, {})
    entry = next((known for known in map(known_names(text).get, called) if known), person.name)
    write_through(project.cast_file, with_field(text, entry, "voice", voice).encode())
    return project.cast_file.name

"""`dotsbook make`: render what is missing, then assemble."""

from dotsbook.cli.arguments import (
    At,
    Chapters,
    Formats,
    Json,
    Locked,
    Memory,
    ProjectPath,
    Yes,
    chapters_of,
    names,
    opened,
)
from dotsbook.cli.assemble import assemble_shown
from dotsbook.cli.render import render_shown


def make(
    project: ProjectPath = None,
    at: At = None,
    formats: Formats = None,
    chapter: Chapters = None,
    memory: Memory = None,
    locked: Locked = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Render, then assemble: from manuscript to finished book in one command."""
    with opened(project, at, memory) as book:
        wanted, chapters = names(formats), chapters_of(book, chapter)
        book.check_outputs(wanted)
        render_shown(book, as_json, chapters=chapters, locked=locked, skips_agreed=yes)
        assemble_shown(book, as_json, wanted, chapters, partial=False)

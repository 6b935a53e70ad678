"""`dotsbook make`: render what is missing, then assemble."""

from dotsbook.cli.arguments import (
    AnyDevice,
    At,
    Chapters,
    Cluster,
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
    cluster: Cluster = None,
    any_device: AnyDevice = False,
    locked: Locked = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Render, then assemble: from manuscript to finished book in one command."""
    with opened(project, at, memory) as book:
        wanted, chapters = names(formats), chapters_of(book, chapter)
        book.check_outputs(wanted)
        how = {"locked": locked, "skips_agreed": yes, "cluster": cluster, "any_device": any_device}
        render_shown(book, as_json, chapters=chapters, **how)
        assemble_shown(book, as_json, wanted, chapters, partial=False)

"""`dotsbook make`: render what is missing, then assemble."""

from dotsbook.cli.arguments import HERE, Json, ProjectPath
from dotsbook.cli.assemble import Formats, assemble_book, formats_of
from dotsbook.cli.render import Locked, Memory, render_missing
from dotsbook.cli.show import reporter
from dotsbook.production.cover import named_cover
from dotsbook.production.session import Session


def make(
    project: ProjectPath = HERE,
    formats: Formats = None,
    memory: Memory = None,
    locked: Locked = False,
    as_json: Json = False,
) -> None:
    """Render, then assemble: from manuscript to finished book in one command."""
    with Session(project, memory) as session:
        wanted = formats_of(formats, session.project.manifest)
        named_cover(session.project)  # better refused now than after a night of rendering
        render_missing(session, None, locked=locked, report=reporter(as_json))
        assemble_book(session, wanted, None, partial=False, as_json=as_json)

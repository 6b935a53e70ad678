"""Who is at work on a project, in this program or another, and how much room the disk has."""

from dataclasses import dataclass

from dotsbook.project import Project


@dataclass(frozen=True)
class Works:
    busy: str  # when whoever holds the project's write lock began; "" if nobody does
    free: int  # bytes on the project's disk


def works_of(project: Project) -> Works:
    """Looked at without touching the lock."""
    from dotsbook.render.disk import free
    from dotsbook.render.write_lock import working

    found = working(project.state)
    return Works(found[1] if found else "", free(project.folder))

"""The takes of a book as recordings with texts: those that its lines have, doubtful ones left out. It changes nothing there."""

from collections.abc import Iterator
from pathlib import Path

from dotsbook.tuning.source_clip import SourceClip

GOOD = ("made", "accepted")  # states of a line whose take may be learned from
AT_ONCE = 500  # lines


def accepted_takes(project: Path) -> list[SourceClip]:
    """Each line's take with what is spoken in it. A take that is doubtful counts once a person approved it."""
    from dotsbook.production.session import Session

    session = Session(project)
    return list(takes_of(session))


def takes_of(session) -> Iterator[SourceClip]:
    from dotsbook.production.line_board import LineBoard

    board = LineBoard(session)
    try:
        while not board.load():
            pass
        with session.reading() as ledger:
            for first in range(0, len(board.lines), AT_ONCE):
                lines = board.lines[first : first + AT_ONCE]
                takes = ledger.finished([line.key for line in lines if line.state in GOOD])
                chunks = session.narration.stretch(first, len(lines))
                for line, chunk in zip(lines, chunks, strict=True):
                    if line.key in takes and line.state in GOOD:
                        yield SourceClip(
                            session.project.takes / takes[line.key].file,
                            chunk.spoken,
                            chunk.voice,
                            chunk.language,
                            f"{session.project.manifest.title}-{chunk.id}",
                            f"{session.project.folder} {chunk.id}",
                        )
    finally:
        board.close()


def consents_of(project: Path) -> dict[str, str]:
    """{voice: what book.yaml says under its `consent`}, where it says something."""
    from dotsbook.project import open_project

    voices = open_project(project).manifest.voices
    return {name: entry.consent for name, entry in voices.items() if entry.consent}

"""A book under review: its lines with their states, each line's story, sign-offs, recordings, and what is taken back."""

from collections.abc import Collection
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import LedgerError, OutputError
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.book import Chunk
    from dotsbook.production.line_board import LineBoard
    from dotsbook.production.line_story import LineStory
    from dotsbook.production.manuscript_lines import ManuscriptLine
    from dotsbook.production.punch_in import PunchedIn
    from dotsbook.production.shown_lines import ShownLine
    from dotsbook.production.sign_off import SignedChapter
    from dotsbook.render.review import ReviewChange, ReviewNote


class BookReview:
    """What is known of a book's lines and what people decide about them. All but `punch_in` works beside a render."""

    def __init__(self, session: Session):
        self.session = session

    @cached_property
    def board(self) -> "LineBoard":
        """Every line with the state it is in; `load()` it until it is whole, ask it for `changes()`."""
        from dotsbook.production.line_board import LineBoard
        from dotsbook.render.review import make_current

        ledger, takes = self.session.project.ledger, self.session.project.takes
        if ledger.is_file():
            with suppress(LedgerError, OutputError):  # an older one is read too, much slower
                make_current(ledger, takes)
        return LineBoard(self.session)

    def lines(self, first: int, count: int) -> "list[ShownLine]":
        """A stretch of lines (500 at most) from a place on, 0 being the book's first: text, state, what can be heard."""
        from dotsbook.production.shown_lines import shown_lines

        return shown_lines(self.board, first, count)

    def story(self, line: str) -> "LineStory":
        """All that is known of a line: its takes, what was heard, notes, history. Raises ManifestError."""
        from dotsbook.production.line_story import story_of

        return story_of(self.session, line)

    def take_file(self, key: str) -> Path:
        """A take's sound, as FLAC. Raises LedgerError for a key that no take has."""
        from dotsbook.production.line_story import take_file

        return take_file(self.session, key)

    def peaks(self, key: str, bars: int = 240) -> tuple[list[float], float]:
        """(a take's waveform as so many peaks, 0 … 1; its seconds)."""
        from dotsbook.production.line_story import peaks_of

        return peaks_of(self.session, key, bars)

    def punch_in(self, line: str, recording: str | Path | bytes, by: str = "") -> "PunchedIn":
        """Keep a recording (a file, or its bytes) as a take of a line and choose it; not while a render runs.

        Raises VoiceError, LedgerError.
        """
        from dotsbook.production.punch_in import punch_in

        sound = Path(recording) if isinstance(recording, str) else recording
        return punch_in(self.session, line, sound, by)

    def say_instead(self, line: str, say: str | None) -> "Chunk":
        """Have a line spoken as `say`, or as the book has it where that is None; kept in spoken.yaml.

        The book must be opened again to see it. Raises ManifestError.
        """
        from dotsbook.production.line_wording import say_instead

        return say_instead(self.session, line, say)

    def source_line(self, line: str) -> "ManuscriptLine":
        """A line as it stands in the manuscript's own file, of Markdown and plain text. Raises ManifestError for others."""
        from dotsbook.production.manuscript_lines import manuscript_line

        return manuscript_line(self.session, line)

    def rewrite(self, line: str, text: str, before: str) -> "ManuscriptLine":
        """Write a line otherwise into that file, where nothing but the line changes by it. before: as it was shown.

        The file as it was is kept in .dotsbook/manuscripts/. The book must be opened again to see it. Raises ManifestError.
        """
        from dotsbook.production.manuscript_lines import rewrite_line

        return rewrite_line(self.session, line, text, before)

    def notes(self) -> "list[tuple[str, ReviewNote]]":
        """(the line's id, note) of all open notes; an id is "" where the line's words have changed since."""
        from dotsbook.production.line_review import open_notes

        known = self.__dict__.get("board")
        lines = {base: line.id for base, line in known.by_base.items()} if known and known.whole else None
        return open_notes(self.session, lines)

    def approve_undoubted(self, chapter: int | None = None, by: str = "") -> int:
        """Approve every take, of a chapter or of all, that nobody doubts and that has no open note; how many lines."""
        from dotsbook.production.line_review import reviewing

        board = self.board
        while not board.load():
            pass
        board.refresh()
        takes = [
            (line.base, line.key)
            for line in board.lines
            if line.state == "made" and not line.notes and chapter in (None, line.chapter)
        ]
        with reviewing(self.session) as review:
            review.approve(takes, by)
        return len(takes)

    def resolve(self, note: int, by: str = "") -> bool:
        """A note, by its number, is dealt with; False if it was before or isn't there."""
        from dotsbook.production.line_review import reviewing

        with reviewing(self.session) as review:
            return review.resolve_note(note, by)

    def sign(self, chapter: int, hearing: str, by: str = "", *, withdraw: bool = False) -> None:
        """Sign a chapter as heard through for `accuracy` or `performance`. Another take of a line in it ends that."""
        from dotsbook.production.sign_off import sign_chapter

        sign_chapter(self.session, chapter, hearing, by, withdraw)

    def signed(self, chapters: Collection[int] | None = None) -> "list[SignedChapter]":
        """The chapters with their signatures."""
        from dotsbook.production.line_board import UNMADE
        from dotsbook.production.sign_off import signed_by, signed_chapters

        board = self.__dict__.get("board")
        if board is None or not board.whole:
            return signed_chapters(self.session, chapters)
        board.refresh()
        lines = (line for line in board.lines if chapters is None or line.chapter in chapters)
        told = ((line.chapter, line.key, line.state not in UNMADE) for line in lines)
        with self.session.reading() as ledger:
            return signed_by(self.session, ledger, told)

    def undo(self, by: str = "") -> "ReviewChange | None":
        """Take back the last that `by` wanted of a line; what it was, None if there is nothing."""
        from dotsbook.production.line_review import reviewing
        from dotsbook.render.undoing import undo

        with reviewing(self.session) as review:
            return undo(review, by)

    def close(self) -> None:
        if "board" in self.__dict__:
            self.board.close()

"""The public door: a book being produced, from its manuscript to its finished files.

    import dotsbook

    with dotsbook.open("mybook") as book:
        print(book.plan().estimate)
        for event in book.render(chapters=[1, 2]):
            ...
        for made in book.assemble(formats=["m4b"]):
            print(made.path)

Nothing is printed and no signal is touched. Every call works from any thread; two calls of one Production at a time do
not, so a second thread opens its own. What can go wrong for a user is a DotsbookError with a sentence.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.production.book_lexicon import BookLexicon
from dotsbook.production.session import Session
from dotsbook.production.voices_of_book import BookVoices
from dotsbook.project import Project

if TYPE_CHECKING:
    from dotsbook.book import Chunk
    from dotsbook.master.mastering import Made
    from dotsbook.production.assembly import OnProgress
    from dotsbook.production.audits import Swept, Verified
    from dotsbook.production.book_cast import BookCast
    from dotsbook.production.book_direction import BookDirection
    from dotsbook.production.book_review import BookReview
    from dotsbook.production.checking import CheckEvent
    from dotsbook.production.corrections import Correction
    from dotsbook.production.events import Remark, RenderEvent
    from dotsbook.production.fix_wish import FixWish
    from dotsbook.production.fixing import EditedTake, Fixed
    from dotsbook.production.likeness import LikenessPass
    from dotsbook.production.narration import ChangedWords, ListedChapter
    from dotsbook.production.notes_taking import NotesRead
    from dotsbook.production.plan import Plan
    from dotsbook.production.rendering import Stop
    from dotsbook.production.speaking import Speaker
    from dotsbook.production.status import Status


class Production:
    """A book being produced. Close it, or use it in a `with`."""

    def __init__(self, path: str | Path = ".", memory: float | None = None):
        """path: a project's folder or its book.yaml; memory: GiB that engines may use (None: 60 % of the machine's).

        Raises ManifestError.
        """
        self.session = Session(Path(path), memory)
        self.voices = BookVoices(self.session)
        self.lexicon = BookLexicon(self.session)
        self.speaking: Speaker | None = None  # once it was asked for

    @property
    def project(self) -> Project:
        """Its folder, manifest and paths."""
        return self.session.project

    @cached_property
    def cast(self) -> "BookCast":
        """The people of the book: who says what, in which voice."""
        from dotsbook.production.book_cast import BookCast

        return BookCast(self.session)

    @cached_property
    def direction(self) -> "BookDirection":
        """How lines are to be spoken: pauses, rate, emotion."""
        from dotsbook.production.book_direction import BookDirection

        return BookDirection(self.session)

    @cached_property
    def review(self) -> "BookReview":
        """The book's lines with their states, and what people decide about them."""
        from dotsbook.production.book_review import BookReview

        return BookReview(self.session)

    # what will be spoken

    @property
    def chapters(self) -> "tuple[ListedChapter, ...]":
        """The chapters in reading order. Raises SourceError."""
        return self.session.narration.chapters

    def plan(
        self, chapters: Collection[int] | None = None, *, chunks: bool = True, cluster: str | None = None
    ) -> "Plan":
        """What will be read, what won't and why, the receipt, time and disk.

        chunks: with every chunk in it · cluster: the time that it takes there, as it was measured; it isn't asked.
        """
        from dotsbook.production.plan import plan_of

        return plan_of(self.session, self.checked(chapters), chunks, cluster)

    def chunks(self, chapters: Collection[int] | None = None) -> "Iterator[Chunk]":
        """The chunks in order, as they will be spoken; the spoken credits last."""
        return self.session.narration.of(self.checked(chapters))

    def changes(self, chapters: Collection[int] | None = None) -> "Iterator[ChangedWords]":
        """What is spoken otherwise than written."""
        return self.session.narration.changes(self.checked(chapters))

    def measure(self, cluster: str | None = None) -> bool:
        """Speak some lines for up to 20 seconds, so that plans know how long this machine, or a cluster, takes; False if
        nothing came."""
        from dotsbook.production.plan import measure_rate

        return measure_rate(self.session, cluster)

    def checked(self, chapters: Collection[int] | None) -> set[int] | None:
        """Chapter numbers that the book has. Raises ManifestError for others."""
        from dotsbook.errors import ManifestError

        if chapters is None:
            return None
        last = len(self.chapters)
        for number in chapters:
            if not 1 <= number <= last:
                raise ManifestError(
                    f"There is no chapter {number}: the book has chapters 1 to {last}; `dotsbook plan` lists them."
                )
        return set(chapters)

    # takes

    def render(
        self,
        chapters: Collection[int] | None = None,
        *,
        again: bool = False,
        limit: int | None = None,
        until: str | None = None,
        lasting: str | None = None,
        locked: bool = False,
        engine_anew: bool = False,
        skips_agreed: bool = False,
        stop: "Stop" = None,
        cluster: str | None = None,
        any_device: bool = False,
    ) -> "Iterator[RenderEvent]":
        """Render what is missing, event by event; the last is Rendered. Close it, or set `stop`, to end at the next take.

        chapters: these only · again: new takes of these chapters · limit: at most so many takes · until: a time of day,
        "07:00" · lasting: a length, "6h" · locked: refuse if anything differs from book.lock.yaml · engine_anew: make
        again what other engines than those installed here made · skips_agreed: leave out what `unsure_skips` names; without it
        a ManifestError asks about it · stop: a callable or a threading.Event · cluster: speak on dask's workers, "local:4" or
        "tcp://host:8786" · any_device: a voice may be spoken there by several kinds of device.
        """
        from dotsbook.production.clusters import wish_of
        from dotsbook.production.rendering import RenderOptions, render_book

        wanted = self.checked(chapters)
        return render_book(
            self.session,
            RenderOptions(
                wanted,
                again,
                limit,
                until,
                lasting,
                locked,
                engine_anew,
                stop,
                skips_agreed,
                wish_of(cluster, any_device),
            ),
        )

    @property
    def unsure_skips(self) -> list[str]:
        """A sentence for each part that would be left out though the evidence for it is thin."""
        from dotsbook.production.unsure_skips import described, unsure

        narration = self.session.narration
        return [described(skip, narration.receipt.source_chars) for skip in unsure(narration.skipped)]

    def status(self) -> "Status":
        """Per chapter: done, missing, failed, doubtful, seconds; what failed and why; what reviewers said."""
        from dotsbook.production.status import status_of

        return status_of(self.session)

    def check(
        self,
        chapters: Collection[int] | None = None,
        judges: Collection[str] | None = None,
        stop: "Stop" = None,
        cluster: str | None = None,
    ) -> "Iterator[CheckEvent]":
        """Have judges hear the takes that exist and that they haven't heard: what is to be heard, then each opinion as it is kept.

        cluster: they hear there, as `render` speaks there.
        """
        from dotsbook.production.checking import check_takes

        return check_takes(self.session, self.checked(chapters), judges, stop, cluster)

    def likeness(self, stop: "Stop" = None) -> "Iterator[LikenessPass]":
        """Hear whether every take is in its voice, and where a voice drifts; the last that comes has all of it."""
        from dotsbook.production.likeness import likeness_pass

        return likeness_pass(self.session, stop)

    def retake_unlike(self, found: "LikenessPass") -> int:
        """Ask for new takes of what isn't in its voice; how many."""
        from dotsbook.production.likeness import ask_for_retakes

        return ask_for_retakes(self.session, found)

    def verify(self, *, repair: bool = False) -> "Verified":
        """Re-hash every take, open every finished file again. repair: forget bad takes, make a lost ledger again."""
        from dotsbook.production.audits import verify_project

        return verify_project(self.session, repair)

    def sweep(self, *, remove: bool = False, other_engines: bool = False) -> "Swept":
        """List, or remove, takes that no line needs. other_engines: those too that the book's former engines made."""
        from dotsbook.production.audits import sweep_project

        return sweep_project(self.session, remove, other_engines)

    # review: works while a render goes on, which sees it at its next window

    def retake(self, lines: Sequence[str], why: str = "", by: str = "") -> int:
        """Ask for new takes of lines, by their ids or the beginning of their keys; how many. The old takes stay.

        Raises ManifestError for a line that isn't there or is locked.
        """
        from dotsbook.production.line_review import ask_retakes

        return ask_retakes(self.session, lines, why, by)

    def note(self, line: str, text: str, category: str = "", at: float | None = None, by: str = "") -> None:
        """Note something about a line's take. category: misread, missing, extra, pace, tone, noise; at: second in it."""
        from dotsbook.production.line_review import add_note

        add_note(self.session, line, text, category, at, by)

    def approve(self, lines: Sequence[str], by: str = "", *, withdraw: bool = False) -> int:
        """Approve the takes that lines have now, or take an approval back; how many lines."""
        from dotsbook.production.line_review import approve_lines

        return approve_lines(self.session, lines, by, withdraw)

    def lock(self, lines: Sequence[str], by: str = "", *, unlock: bool = False) -> int:
        """Keep lines from being rendered again until they are unlocked; how many lines."""
        from dotsbook.production.line_review import lock_lines

        return lock_lines(self.session, lines, by, unlock)

    def choose(self, line: str, key: str | None, by: str = "") -> None:
        """Use this take of a line rather than its newest; None: the newest again."""
        from dotsbook.production.line_review import choose_take

        choose_take(self.session, line, key, by)

    def corrections(self, chapters: Collection[int] | None = None) -> "list[Correction]":
        """Doubtful words and open notes with their places in the finished file, in the order of the book."""
        from dotsbook.production.corrections import corrections

        return corrections(self.session, self.checked(chapters))

    def export_notes(self, file: str | Path, form: str | None = None, chapter: int | None = None) -> int:
        """Write the corrections for a listener or an editor; how many. form: csv, audacity or reaper; None: by the ending.

        chapter: only its own, with the times of its own file.
        """
        from dotsbook.production.corrections import write_corrections

        return write_corrections(self.session, Path(file), form, chapter)

    def import_notes(self, file: str | Path, chapter: int | None = None, by: str = "") -> "NotesRead":
        """Make notes of what was written into such a file, or into a reviewer's bundle; none twice. Raises SourceError."""
        from dotsbook.production.bundle_notes import read_notes

        return read_notes(self.session, Path(file), chapter, by)

    def fix(
        self, line: str, wish: "FixWish", takes: int | None = None, keep: bool | str = False, by: str = ""
    ) -> "Iterator[EditedTake | Remark | Fixed]":
        """Mend a line's take: edited takes of it, each as it is made and judged; the last that comes is Fixed.

        takes: how many · keep: use the one proposed, or one by the beginning of its key. What is there isn't made
        again. Raises VoiceError for an engine that can't edit, InstructionError.
        """
        from dotsbook.production.fixing import fix_line

        return fix_line(self.session, line, wish, takes, keep, by)

    def fix_directed(self, takes: int | None = None) -> "Iterator[EditedTake | Remark | Fixed]":
        """Edited takes of every line with an emotion that its voice can't speak, to choose from; after those of a line its Fixed.

        takes: how many of each. None is used before it is chosen. Raises VoiceError for an engine that can't edit.
        """
        from dotsbook.production.directed_takes import make_directed

        return make_directed(self.direction, takes)

    # speech outside a book's lines

    def speaker(self) -> "Speaker":
        """What speaks any text in the book's voices, for several threads at a time; it ends with the book."""
        from dotsbook.production.speaking import Speaker

        if self.speaking is None:
            self.speaking = Speaker(self.session)
        return self.speaking

    # finished files

    def assemble(
        self,
        formats: Sequence[str] | None = None,
        chapters: Collection[int] | None = None,
        *,
        partial: bool = False,
        signed: bool = False,
        on_progress: "OnProgress | None" = None,
        on_remark: Callable[[str], None] | None = None,
    ) -> "Iterator[Made]":
        """Join the takes into files under `out/`, each proven before it has its name; each as it is done.

        formats: instead of the manifest's · partial: go on although takes are missing; titles say so · signed: refuse
        chapters that aren't signed in both passes. Raises Unfinished on a hole, EncodeError, OutputError.
        """
        from dotsbook.production.assembly import assemble_book
        from dotsbook.production.sign_off import require_signed

        if signed:
            require_signed(self.session, self.checked(chapters))
        return assemble_book(self.session, formats, self.checked(chapters), partial, on_progress, on_remark)

    def check_outputs(self, formats: Sequence[str] | None = None) -> None:
        """Raise what `assemble` would find wrong with its formats and the cover: better now than after a night."""
        from dotsbook.production.assembly import formats_of
        from dotsbook.production.cover import named_cover

        formats_of(self.session, formats)
        named_cover(self.project)

    def close(self) -> None:
        """Let go of engines and files."""
        if self.speaking is not None:
            self.speaking.close()
        if "review" in self.__dict__:
            self.review.close()
        self.session.close()

    def __enter__(self) -> "Production":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

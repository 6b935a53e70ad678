"""`edits: small`: a line of which a word or two were changed is mended in its take, instead of being rendered anew.

Only what is sure is done: the take must be fit by all the book's judges, else the line is rendered as any other.
"""

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

from dotsbook.errors import DotsbookError, ModelError, VoiceError
from dotsbook.production.events import Remark
from dotsbook.production.fixing import LineFix, best_of, open_editing
from dotsbook.production.mendable import FormerTakes, MendableTake
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from dotsbook.production.fixing import EditedTake
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger
    from dotsbook.voices.edits import Editing

TAKES = 2  # of a line
MOST = 300  # changed lines; a book of which more was changed is rendered
BY = "edits: small"  # who chose the take, for the record


def mend_changed_lines(
    session: Session, ledger: "Ledger", chapters: Collection[int] | None, stopped: "Callable[[], bool]"
) -> Iterator[Remark]:
    """Mend what can be mended of the lines that have no take; a sentence for each, and for what hinders it."""
    if session.project.manifest.edits.small == "off":
        return
    with ExitStack() as engines:
        editors: dict[str, Editing | None] = {}  # {language: what edits it}
        for job, source in changed_lines(session, ledger, chapters):
            if stopped():
                return
            language = job.chunk.language
            if language not in editors:
                try:
                    editors[language] = engines.enter_context(open_editing(session, language))
                except (VoiceError, ModelError) as error:
                    editors[language] = None
                    yield Remark(f"Changed lines are rendered and not mended: {error}")
            if editor := editors[language]:
                yield mend(session, ledger, job, source, editor)


def changed_lines(
    session: Session, ledger: "Ledger", chapters: Collection[int] | None
) -> Iterator[tuple["Job", MendableTake]]:
    """Lines without a take, each with the take that it had before a word or two of it were changed."""
    from dotsbook.render.loop import pending

    book = session.jobs(ledger)
    former = FormerTakes(session, ledger, {job.key for job in book})
    if not former.rows:
        return
    locked, _ = ledger.kept_as_they_are()
    missing = [
        job
        for job in islice(pending(book.of(chapters), ledger), MOST + 1)
        if not job.retake and job.base not in locked
    ]
    for job in missing if len(missing) <= MOST else ():
        if source := former.nearest(job, few=True):
            former.used(source.take.key)
            yield job, source


def mend(session: Session, ledger: "Ledger", job: "Job", source: MendableTake, editor: "Editing") -> Remark:
    """Mend one line; what came of it."""
    from dotsbook.model.editing.changes import instruction_between
    from dotsbook.render.review import Review

    try:
        fix = LineFix(
            session, ledger, job, source, instruction_between(source.text, job.chunk.spoken), editor
        )
        for _ in fix.make(TAKES):
            pass
    except DotsbookError as error:
        return Remark(f"{job.chunk.id} is rendered and not mended: {error}")
    best: EditedTake | None = best_of(fix.made)
    if best is None:
        return Remark(f"{job.chunk.id} is rendered and not mended: no edited take was fit.")
    Review(ledger).choose(job.base, best.take.key, BY)
    how = "the changed words are new" if best.spliced else f"whole; {best.note}" if best.note else "whole"
    return Remark(f"{job.chunk.id} is mended ({how}).")

"""Recordings with their texts to a data set: each read, checked, cut, levelled, written; then looked at all together.

It goes on where it was stopped, by its journal. What is decided over all clips (doubles, other speakers, which are held out)
is decided anew at the end of every run, from what was kept.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError, SourceError
from dotsbook.files import remove_abandoned, sha256_of
from dotsbook.tuning.data_set import LINES
from dotsbook.tuning.prepare_events import ClipKept, ClipRejected, PrepareEvent, PrepareProgress
from dotsbook.tuning.prepare_journal import STATE, PrepareJournal, RecordingOutcome
from dotsbook.tuning.prepare_plan import PreparePlan, named_clips

if TYPE_CHECKING:
    from dotsbook.production.rendering import Stop


def prepare(plan: PreparePlan, stop: "Stop" = None) -> Iterator[PrepareEvent]:
    """Make a data set, or go on with it; the last event is the `PreparedSet`, unless it was stopped.

    Raises SourceError, ManifestError, ModelError, OutputError, LedgerError (someone else prepares it).
    """
    from dotsbook.production.rendering import wish
    from dotsbook.render.write_lock import writing

    if not plan.consent.strip():
        raise ManifestError(
            "A data set needs its consent line: whose voices are these, and by whose leave? "
            'Say it with --consent "M. Doe, 2026-03-02", or "mine" if it is your own voice.'
        )
    if not 0 <= plan.held_out <= 0.5:
        raise ManifestError("The share that is held out lies between 0 and 0.5.")
    from dotsbook.tuning.clip_making import ClipMaker
    from dotsbook.tuning.set_finishing import finished

    ended = wish(stop)
    with writing(plan.folder / STATE):
        remove_abandoned(plan.folder)
        journal = PrepareJournal.open(plan.folder)
        require_unedited(plan.folder / LINES, journal)
        maker = ClipMaker(plan, journal)
        clips = named_clips(plan)
        progress = PrepareProgress(sum(clip.seconds for clip in clips))
        outcomes: list[RecordingOutcome] = []
        for clip in clips:
            before = progress.done
            for outcome, new in maker.outcomes(clip):
                outcomes.append(outcome)
                if new:
                    yield from told(outcome, progress)
                if ended():
                    return
                progress.done = min(before + clip.seconds, progress.done + outcome_seconds(outcome))
            if not maker.worked:
                progress.known += clip.seconds
            progress.done = before + clip.seconds
        yield from finished(plan, maker, journal, outcomes, ended)


def require_unedited(path: Path, journal: PrepareJournal) -> None:
    """SourceError where a person edited lines.jsonl since it was written: their work isn't overwritten."""
    if path.is_file() and sha256_of(path) not in journal.written:
        raise SourceError(
            f"{path} was edited since it was made, and preparing would write it anew. Prepare into another folder, or take "
            "the file away first."
        )


def outcome_seconds(outcome: RecordingOutcome) -> float:
    return sum(line.seconds for line in outcome.made)


def told(outcome: RecordingOutcome, progress: PrepareProgress) -> Iterator[PrepareEvent]:
    for line in outcome.made:
        yield ClipKept(line, progress)
    for where, why in outcome.rejected:
        yield ClipRejected(where, why, progress)

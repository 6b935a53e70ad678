"""Pick-ups: edited takes of a line, made from the take it has, judged, kept, and the best of them proposed.

All that is made is a take of the line like any other: its file first, then its row. Its key is a hash of the source
take's key, the instruction, the engine that edits and the seed, so that what was stopped goes on where it was and nothing
is made twice. The source take stays as it is.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.errors import DotsbookError, ManifestError, RenderError
from dotsbook.production.events import Remark
from dotsbook.production.fix_wish import FixWish
from dotsbook.production.line_review import choose_take, locked_among, reviewing
from dotsbook.production.mendable import MendableTake, mendable_take, place_of, unchanged_share
from dotsbook.production.selection import jobs_named
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.model.editing.instruction import Instruction
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger
    from dotsbook.voices.edits import Editing, EditRequest

MOST = 50  # takes of a fix
SPLICE = 1  # raised by whoever changes what mending.py makes of two takes


@dataclass(frozen=True)
class EditedTake:
    """A take that was made by editing, and what is thought of it."""

    take: Take
    spliced: bool  # only what changed is new; else all of the line is
    healthy: bool
    score: float  # 0 … 1
    reasons: tuple[str, ...]  # what is wrong with it
    note: str = ""  # why only the whole line could be taken
    file: str = ""  # where to listen to it

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "key": self.take.key,
            "file": self.file,
            "seconds": round(self.take.seconds, 3),
            "spliced": self.spliced,
            "healthy": self.healthy,
            "score": round(self.score, 4),
            "reasons": list(self.reasons),
            "note": self.note,
        }


@dataclass(frozen=True)
class Fixed:
    """What a fix came to."""

    line: str  # the chunk's id
    instruction: str
    before: str  # what is said in the source take
    after: str
    takes: tuple[EditedTake, ...]
    proposed: EditedTake | None  # None: none of them is fit
    kept: bool = False  # it stands for the line now

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "line": self.line,
            "instruction": self.instruction,
            "before": self.before,
            "after": self.after,
            "takes": [take.record() for take in self.takes],
            "proposed": self.proposed and self.proposed.take.key,
            "kept": self.kept,
        }


def fix_line(
    session: Session, name: str, wish: FixWish, takes: int | None, keep: bool | str, by: str
) -> Iterator[EditedTake | Remark | Fixed]:
    """Make edited takes of a line, each as it is done; the last that comes is Fixed. Holds the project's write lock."""
    check_count(takes)
    [job] = jobs_named(session, [name])
    with reviewing(session) as review:
        if locked_among([job], review):
            raise ManifestError(f"{job.chunk.id} is locked; `dotsbook unlock` lets it be mended.")
    with session.writing() as ledger:
        source = mendable_take(session, ledger, job, former=wish.is_of_words)
        instruction = wish.instruction_for(wish.heard or source.text, job.chunk.spoken)
        with open_editing(session, job.chunk.language) as editing:
            fix = LineFix(session, ledger, job, source, instruction, editing)
            there = fix.count_of_made() if isinstance(keep, str) else 0  # one of those is meant
            yield from fix.make(takes or there or wish.usual)
        yield from map(Remark, fix.judges.complaints())
    fixed = fix.fixed()
    if keep:
        chosen = fix.named(keep) if isinstance(keep, str) else fixed.proposed
        if chosen is None:
            yield Remark(
                "None of the takes is fit, so the line keeps the one it has; --take KEY keeps one all the same."
            )
        else:
            choose_take(session, job.chunk.id, chosen.take.key, by)
            fixed = Fixed(
                fixed.line, fixed.instruction, fixed.before, fixed.after, fixed.takes, chosen, kept=True
            )
    yield fixed


def check_count(takes: int | None) -> None:
    if takes is not None and not 1 <= takes <= MOST:
        raise ManifestError(f"{takes} takes can't be made: from 1 to {MOST} can.")


def open_editing(session: Session, language: str) -> "Editing":
    """The engine that the manifest's `edits:` names. VoiceError if it can't edit, or not in this language."""
    from dotsbook.voices.edits import open_editor

    return open_editor(session.project, session.memory, language)


def edit_key(source: str, instruction: "Instruction", identity: str, seed: int) -> str:
    """The key of an edited take."""
    from dotsbook.render.jobs import VERSION, canonical

    facts = {
        "source": source,
        "instruction": instruction.text,
        "before": instruction.source,
        "after": instruction.target,
        "editor": identity,
        "seed": seed,
    }
    return VERSION + hashlib.sha256(canonical(facts).encode("ascii")).hexdigest()


def splice_key(edited: str) -> str:
    """The key of the line with only the changed words of an edited take in it."""
    from dotsbook.render.jobs import VERSION, canonical

    return (
        VERSION + hashlib.sha256(canonical({"edited": edited, "splice": SPLICE}).encode("ascii")).hexdigest()
    )


class LineFix:
    """One line being mended."""

    def __init__(
        self,
        session: Session,
        ledger: "Ledger",
        job: "Job",
        source: MendableTake,
        instruction: "Instruction",
        editing: "Editing",
    ):
        from dotsbook.production.fix_judges import FixJudges

        self.session, self.ledger, self.job = session, ledger, job
        self.source, self.instruction, self.editing = source, instruction, editing
        self.judges = FixJudges(session, ledger, job, instruction.target)
        self.words = instruction.source != instruction.target
        self.made: list[EditedTake] = []
        self.origin: dict[str, str] | None = None

    def make(self, count: int) -> Iterator[EditedTake | Remark]:
        """So many takes, and for each, where its words are others, the splice of it. Those that are there aren't made again."""
        keys = [self.key_of(seed) for seed in range(1, count + 1)]
        there = self.ledger.finished(keys)
        for key in (key for key in keys if key in there):
            yield from self.settle(there[key], *self.read(there[key]))
        errors: list[DotsbookError] = []
        waiting = [key for key in keys if key not in there]
        for edited in self.editing.edit(self.requests(waiting)) if waiting else ():
            if edited.samples is None:
                errors.append(edited.error or RenderError("The engine gave no sound and no reason."))
                continue
            take = self.commit(str(edited.request.tag), edited.samples, self.editing.rate, spliced=False)
            yield from self.settle(take, *self.read(take))
        yield from (
            Remark(f"A take could not be made: {error}") for error in errors[: -1 if not self.made else None]
        )
        if not self.made:
            raise errors[-1] if errors else RenderError("The engine that edits gave no answer; try again.")

    def key_of(self, seed: int) -> str:
        return edit_key(self.source.take.key, self.instruction, self.editing.identity, seed)

    def count_of_made(self) -> int:
        """How many takes were made before, by the seeds in a row."""
        keys = [self.key_of(seed) for seed in range(1, MOST + 1)]
        there = self.ledger.finished(keys)
        return next((at for at, key in enumerate(keys) if key not in there), MOST)

    def requests(self, keys: Sequence[str]) -> "list[EditRequest]":
        """What is asked of the engine for takes of these keys."""
        from dotsbook.render.jobs import seed_for
        from dotsbook.voices.edits import EditRequest

        asked = self.instruction
        return [
            EditRequest(
                self.source.samples,
                self.source.rate,
                asked.text,
                asked.source,
                asked.target,
                self.job.chunk.language,
                seed_for(key, 1),
                key,
            )
            for key in keys
        ]

    def settle(self, take: Take, samples: Samples, rate: int) -> Iterator[EditedTake]:
        """A whole edited take: it and its splice, judged."""
        spliced, note = self.splice(take, samples, rate)
        whole = self.judged(take, samples, rate, False, note)
        self.made.append(whole)
        yield whole
        if spliced is not None:
            self.made.append(self.judged(spliced, *self.read(spliced), True, ""))
            yield self.made[-1]

    def splice(self, take: Take, samples: Samples, rate: int) -> tuple[Take | None, str]:
        """The source take with the changed words out of an edited one, or why it can't be."""
        from dotsbook.audio import resample
        from dotsbook.mending import Mended, mended

        if not self.words:
            return None, ""
        key = splice_key(take.key)
        if there := self.ledger.finished([key]).get(key):
            return there, ""
        share = unchanged_share(self.source.text, self.instruction.target)
        found = mended(
            self.source.samples, resample(samples, rate, self.source.rate), self.source.rate, share
        )
        if not isinstance(found, Mended):
            return None, f"the whole line is new: {found}"
        return self.commit(key, found.samples, self.source.rate, spliced=True), ""

    def commit(self, key: str, samples: Samples, rate: int, spliced: bool) -> Take:
        """File, then row."""
        from dotsbook.render import store
        from dotsbook.render.take_rows import Facts, facts_here

        if self.origin is None:
            self.origin = facts_here(self.editing.identity, self.editing.facts())
        verdict = self.judges.examine(samples, rate)
        facts = Facts(
            1,
            bool(verdict.ok),
            {**verdict.figures, "edited": 1.0, **({"spliced": 1.0} if spliced else {})},
            self.job.engine,
            self.job.voice.name,
            self.job.chunk.language,
            self.instruction.target,
            self.job.base,
            self.job.retake,
            **self.origin,
        )
        take = store.write(self.session.project.takes, key, samples, rate, facts)
        self.ledger.add([(take, facts)])
        return take

    def judged(self, take: Take, samples: Samples, rate: int, spliced: bool, note: str) -> EditedTake:
        verdict = self.judges.verdict(take.key, samples, rate)
        return EditedTake(
            take,
            spliced,
            verdict.ok,
            verdict.score,
            tuple(verdict.reasons),
            note,
            place_of(self.session, take),
        )

    def read(self, take: Take) -> tuple[Samples, int]:
        from dotsbook.render import store

        return store.read(self.session.project.takes, take.file)

    def fixed(self) -> Fixed:
        return Fixed(
            self.job.chunk.id,
            self.instruction.text,
            self.instruction.source,
            self.instruction.target,
            tuple(self.made),
            best_of(self.made),
        )

    def named(self, key: str) -> EditedTake:
        """One of the takes by the beginning of its key."""
        found = [
            one for one in self.made if one.take.key.removeprefix("r1:").startswith(key.removeprefix("r1:"))
        ]
        if len(found) != 1:
            keys = ", ".join(one.take.key for one in self.made)
            raise ManifestError(
                f"{key!r} names {'none' if not found else 'more than one'} of the takes {keys}."
            )
        return found[0]


def best_of(takes: Sequence[EditedTake]) -> EditedTake | None:
    """The one to propose: a fit one, spliced rather than whole, the best liked."""
    fit = [take for take in takes if take.healthy]
    order: Callable[[EditedTake], tuple] = lambda take: (take.spliced, take.score)  # noqa: E731
    return max(fit, key=order, default=None)

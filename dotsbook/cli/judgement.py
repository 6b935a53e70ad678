"""How takes are judged in a run: the health checks, the voices' norms as they become known, the user's own validators."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace

LONG = 80  # characters; a shorter line isn't worth splitting
SHARE = 0.6  # of a line that each part may be
OBJECTED = (
    0.4  # the score of a take that a validator speaks against: better than one that breaks a safe limit
)


class Judgement:
    """Examines takes, learns from those that pass, and finds those that don't hold once their voice's norm is known.

    Norms are made of the same lines whatever the run renders first, so that two runs come to the same takes.
    """

    def __init__(self, ledger, engine: str, jobs: Iterable, validators: Sequence = ()):
        """jobs: all of the book's, gone through twice at most; engine: its identity."""
        from dotsbook.render.calibration import Tally
        from dotsbook.render.norms import Norms, lines_of, samples_of

        self.ledger, self.tally, self.validators = ledger, Tally(), validators
        voices: dict = {}
        samples = samples_of(lines_of(noted(jobs, voices)))
        self.names = names_of(engine, voices)
        self.norms = Norms(samples, known_norms(ledger, self.names))
        self.catch_up(jobs)

    @property
    def first(self) -> set[str]:
        """Keys of the lines that norms wait for."""
        return set().union(*self.norms.waiting.values())

    def catch_up(self, jobs: Iterable) -> None:
        """Learn from what earlier runs have decided."""
        first = self.first
        waited = [job for job in jobs if job.key in first] if first else []
        takes, failures = self.ledger.finished([job.key for job in waited]), self.ledger.failures()
        for job in waited:
            if job.key in takes or job.key in failures:
                self.decide(job, takes.get(job.key))

    def decide(self, job, take) -> None:
        """A line has its take, or None."""
        voice, language = job.voice.name, job.chunk.language
        norm = self.norms.add(voice, language, job.key, take.health if take and take.healthy else None)
        if norm:
            self.ledger.keep_norm(self.names[voice, language], asdict(norm))

    def examine(self, samples, rate: int, request):
        """The verdict on a take. A user's validators are asked about every take within safe limits."""
        from dotsbook.render.health import SAFE, examine
        from dotsbook.render.ledger import NORMED, OBJECTION

        norm = self.norms.of(request.voice.name, request.language)
        verdict = examine(samples, rate, request.text, request.language, norm)
        if norm:
            verdict.figures[NORMED] = 1.0
        if verdict.score < SAFE:
            return verdict
        reasons = tuple(
            said
            for validator in self.validators
            if (said := validator(samples, rate, request.text, request.language))
        )
        if not reasons:
            return verdict
        return replace(
            verdict,
            ok=False,
            score=OBJECTED,
            reasons=reasons,
            figures=verdict.figures | {OBJECTION: "; ".join(reasons)},
        )

    def learn(self, event) -> None:
        """Take in an event of the render loop."""
        from dotsbook.render.progress import Done, Failed

        if isinstance(event, Done):
            self.tally.add(event.job.chunk.language, len(event.job.chunk.spoken), event.take.seconds)
        if isinstance(event, Done | Failed):
            self.decide(event.job, event.take if isinstance(event, Done) else None)

    def doubted(self, jobs: Iterable) -> dict:
        """{key: Judged} of takes that passed before their voice's norm was known and don't hold against it."""
        if not self.norms.known:
            return {}
        from dotsbook.render.cases import Judged
        from dotsbook.render.health import judge
        from dotsbook.render.ledger import NORMED, batches
        from dotsbook.render.norms import NEEDED

        found = {}
        for batch in batches(jobs):
            tentative = self.ledger.tentative([job.key for job in batch])
            for job in batch:
                norm = self.norms.of(job.voice.name, job.chunk.language)
                attempts, figures = tentative.get(job.key, (0, {}))
                if (
                    norm
                    and figures.keys() >= set(NEEDED)
                    and not (verdict := judge(figures | {NORMED: 1.0}, norm)).ok
                ):
                    found[job.key] = Judged(attempts, None, verdict)
        return found


def noted(jobs: Iterable, voices: dict) -> Iterator:
    """The jobs; {(voice's name, language): Voice} is filled in as they pass."""
    for job in jobs:
        voices[job.voice.name, job.chunk.language] = job.voice
        yield job


def names_of(engine: str, voices: Mapping) -> dict:
    """{(voice's name, language): what its norm is kept by}, of the same: Voice."""
    from dotsbook.render.norms import name_of

    return {(name, language): name_of(engine, voice, language) for (name, language), voice in voices.items()}


def known_norms(ledger, names: dict) -> dict:
    """{(voice, language): Norm} of those the ledger keeps."""
    from dotsbook.render.norms import Norm

    kept = ledger.norms()
    return {place: Norm.kept(kept[name]) for place, name in names.items() if name in kept}


def splitter(language: str) -> Callable[[str], list[str]]:
    """What cuts a long line at its clauses: text → parts, one if it is short or won't part."""

    def split(text: str) -> list[str]:
        from dotsbook.text.script.clauses import parts

        cuts = parts(text, language, round(len(text) * SHARE)) if len(text) >= LONG else []
        return [text[start:end].strip() for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    return split

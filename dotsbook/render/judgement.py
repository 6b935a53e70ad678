"""How takes are judged in a run: the health checks, the voices' norms as they become known, the user's own judges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace

from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.render.calibration import Tally
from dotsbook.render.cases import Judged
from dotsbook.render.health import SAFE, Verdict, examine, judge
from dotsbook.render.jobs import Job
from dotsbook.render.judges import Judge
from dotsbook.render.ledger import Ledger, batches
from dotsbook.render.norms import NEEDED, Norm, Norms, Place, lines_of, name_of, samples_of
from dotsbook.render.progress import Done, Event, Failed
from dotsbook.render.take_rows import NORMED, OBJECTION
from dotsbook.voices.engine import Request, Voice

OBJECTED = 0.4  # the score of a take that a judge speaks against: better than one that breaks a safe limit


class Judgement:
    """Examines takes, learns from those that pass, and finds those that don't hold once their voice's norm is known.

    Norms are made of the same lines whatever the run renders first, so that two runs come to the same takes.
    """

    def __init__(self, ledger: Ledger, jobs: Iterable[Job], judges: Sequence[Judge] = ()):
        """jobs: all of the book's, gone through twice at most."""
        self.ledger, self.tally, self.judges = ledger, Tally(), judges
        speakers: dict[Place, tuple[str, Voice]] = {}
        samples = samples_of(lines_of(noted(jobs, speakers)))
        self.names = names_of(speakers)
        self.norms = Norms(samples, known_norms(ledger, self.names))
        self.catch_up(jobs)

    @property
    def first(self) -> set[str]:
        """Keys of the lines that norms wait for."""
        return set().union(*self.norms.waiting.values())

    def catch_up(self, jobs: Iterable[Job]) -> None:
        """Learn from what earlier runs have decided."""
        first = self.first
        waited = [job for job in jobs if job.key in first] if first else []
        takes, failures = self.ledger.finished([job.key for job in waited]), self.ledger.failures()
        for job in waited:
            if job.key in takes or job.key in failures:
                self.decide(job, takes.get(job.key))

    def decide(self, job: Job, take: Take | None) -> None:
        """A line has its take, or None."""
        voice, language = job.voice.name, job.chunk.language
        norm = self.norms.add(voice, language, job.key, take.health if take and take.healthy else None)
        if norm:
            self.ledger.keep_norm(self.names[voice, language], asdict(norm))

    def examine(self, samples: Samples, rate: int, request: Request) -> Verdict:
        """The verdict on a take. A user's judges are asked about every take within safe limits."""
        norm = self.norms.of(request.voice.name, request.language)
        verdict = examine(samples, rate, request.text, request.language, norm)
        if norm:
            verdict.figures[NORMED] = 1.0
        if verdict.score < SAFE:
            return verdict
        reasons = tuple(
            said for judge in self.judges if (said := judge(samples, rate, request.text, request.language))
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

    def learn(self, event: Event) -> None:
        """Take in an event of the render loop."""
        if isinstance(event, Done):
            self.tally.add(event.job.chunk.language, len(event.job.chunk.spoken), event.take.seconds)
        if isinstance(event, Done | Failed):
            self.decide(event.job, event.take if isinstance(event, Done) else None)

    def doubted(self, jobs: Iterable[Job]) -> dict[str, Judged]:
        """{key: Judged} of takes that passed before their voice's norm was known and don't hold against it."""
        if not self.norms.known:
            return {}
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


def noted(jobs: Iterable[Job], speakers: dict[Place, tuple[str, Voice]]) -> Iterator[Job]:
    """The jobs; {(voice's name, language): (engine's identity, Voice)} is filled in as they pass."""
    for job in jobs:
        speakers[job.voice.name, job.chunk.language] = job.engine, job.voice
        yield job


def names_of(speakers: Mapping[Place, tuple[str, Voice]]) -> dict[Place, str]:
    """What the norm of each is kept by."""
    return {place: name_of(engine, voice, place[1]) for place, (engine, voice) in speakers.items()}


def known_norms(ledger: Ledger, names: Mapping[Place, str]) -> dict[Place, Norm]:
    """The norms that the ledger keeps."""
    kept = ledger.norms()
    return {place: Norm.kept(kept[name]) for place, name in names.items() if name in kept}


def norms_for(ledger: Ledger, jobs: Iterable[Job]) -> dict[Place, Norm]:
    """The norms that the ledger keeps for these jobs' voices and languages."""
    speakers: dict[Place, tuple[str, Voice]] = {}
    for _ in noted(jobs, speakers):
        pass
    return known_norms(ledger, names_of(speakers))

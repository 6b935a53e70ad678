"""How takes are judged in a run: the health checks, the voices' norms as they become known, the user's own judges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.render.calibration import Tally
from dotsbook.render.cases import Judged, Task
from dotsbook.render.health import SAFE, Verdict, figures_of, judge
from dotsbook.render.jobs import Job
from dotsbook.render.judges import GuardedJudge, HeardTake, check
from dotsbook.render.ledger import Ledger, batches
from dotsbook.render.norms import NEEDED, Norm, Norms, Place, lines_of, name_of, samples_of
from dotsbook.render.opinions import KeptOpinion, Opinion, keep, kept, put_off
from dotsbook.render.progress import Done, Event, Failed
from dotsbook.render.take_rows import NORMED, OBJECTION
from dotsbook.voices.engine import Request, Voice

OBJECTED = (
    0.3,
    0.45,
)  # the score of a take that a judge speaks against: better than one that breaks a safe limit


class Judgement:
    """Examines takes, learns from those that pass, and finds those that don't hold once their voice's norm is known.

    Norms are made of the same lines whatever the run renders first, so that two runs come to the same takes.
    """

    def __init__(
        self,
        ledger: Ledger,
        jobs: Iterable[Job],
        judges: Sequence[GuardedJudge] = (),
        takes: Path | None = None,
    ):
        """jobs: all of the book's, gone through twice at most; takes: the folder of takes that a judge has put off."""
        self.ledger, self.tally, self.judges, self.takes = ledger, Tally(), judges, takes
        self.heard: dict[str, dict[int, list[KeptOpinion]]] = {}  # {key: {attempt: what judges said of it}}
        self.before: dict[str, list[KeptOpinion]] = {}  # {key: …} of takes that are doubted
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

    def examine(
        self, samples: Samples, rate: int, request: Request, figures: Mapping[str, float] | None = None
    ) -> Verdict:
        """The verdict on a take; from any thread. A user's judges are asked about every take within safe limits.

        figures: as `figures_of` has them, where they were measured already.
        """
        norm = self.norms.of(request.voice.name, request.language)
        verdict = judge(figures or figures_of(samples, rate, request.text, request.language), norm)
        if norm:
            verdict.figures[NORMED] = 1.0
        if not self.judges:
            return verdict
        task = request.tag
        key, attempt = (task.case.job.key, task.attempt) if isinstance(task, Task) else ("", 0)
        told: list[KeptOpinion] = []
        for ear in self.judges if verdict.score >= SAFE else ():
            about = (request.text, request.language, request.voice, key)
            if said := ear.hear(HeardTake(samples.copy(), rate, *about)):
                told.append(said)
        self.heard.setdefault(key, {})[attempt] = told
        return weighed(verdict, self.with_judges(told))

    def with_judges(self, told: Iterable[KeptOpinion]) -> list[tuple[GuardedJudge, Opinion]]:
        """The opinions among these, each with its judge."""
        by_name = {judge.name: judge for judge in self.judges}
        return [(by_name[one.judge], one.opinion) for one in told if one.opinion and one.judge in by_name]

    def learn(self, event: Event) -> None:
        """Take in an event of the render loop."""
        if isinstance(event, Done):
            self.tally.add(event.job.chunk.language, len(event.job.chunk.spoken), event.take.seconds)
            self.keep_opinions(event.take)
        if isinstance(event, Done | Failed):
            self.heard.pop(event.job.key, None)
            self.decide(event.job, event.take if isinstance(event, Done) else None)

    def keep_opinions(self, take: Take) -> None:
        """What was said of the attempt that is committed: the last one, unless a doubtful take's figures name another."""
        attempts = self.heard.get(take.key, {})
        before = self.before.pop(take.key, [])
        last = int(take.health.get("attempt", max(attempts, default=0)))
        if told := attempts.get(last, before):
            keep(self.ledger, told)

    def complaints(self) -> list[str]:
        """A sentence for each judge in which something went wrong."""
        return [judge.complaint for judge in self.judges if judge.complaint]

    def doubted(self, jobs: Iterable[Job]) -> dict[str, Judged]:
        """{key: Judged} of takes that passed before all was known that judges them, and don't hold against it.

        Locked lines, and takes that someone has approved, stay as they are.
        """
        found = self.against_norms(jobs) | self.against_judges(jobs)
        for one in kept(self.ledger, list(found) if self.judges else []):
            self.before.setdefault(one.key, []).append(one)
        return found

    def against_norms(self, jobs: Iterable[Job]) -> dict[str, Judged]:
        """Those made before their voice's norm was known."""
        if not self.norms.known:
            return {}
        locked, approved = self.ledger.kept_as_they_are()
        found = {}
        for batch in batches(jobs):
            tentative = self.ledger.tentative([job.key for job in batch])
            for job in batch:
                norm = self.norms.of(job.voice.name, job.chunk.language)
                attempts, figures = tentative.get(job.key, (0, {}))
                if job.base in locked or job.key in approved:
                    continue
                if (
                    norm
                    and figures.keys() >= set(NEEDED)
                    and not (verdict := judge(figures | {NORMED: 1.0}, norm)).ok
                ):
                    found[job.key] = Judged(attempts, None, verdict)
        return found

    def against_judges(self, jobs: Iterable[Job]) -> dict[str, Judged]:
        """Those that a judge put off until it knew their voice: heard now, and kept as heard."""
        waiting = put_off(self.ledger) if self.judges else set()
        if not waiting or self.takes is None:
            return {}
        locked, approved = self.ledger.kept_as_they_are()
        late = {job.key: job for job in jobs if job.key in waiting}
        heard = {job.key for job, _, _ in check(late.values(), self.ledger, self.takes, self.judges)}
        heard -= approved | {key for key, job in late.items() if job.base in locked}
        told: dict[str, list[KeptOpinion]] = {}
        for one in kept(self.ledger, list(heard)):
            told.setdefault(one.key, []).append(one)
        found = {}
        for key, take in self.ledger.finished(list(heard)).items():
            job = late[key]
            figures = {
                name: figure for name, figure in take.health.items() if isinstance(figure, int | float)
            }
            verdict = judge(figures, self.norms.of(job.voice.name, job.chunk.language))
            verdict = weighed(verdict, self.with_judges(told.get(key, [])))
            if take.healthy and not verdict.ok:
                found[key] = Judged(take.attempts, None, verdict)
        return found


def weighed(verdict: Verdict, opinions: Sequence[tuple[GuardedJudge, Opinion]]) -> Verdict:
    """A verdict within safe limits and what judges say, as one.

    Between attempts that a judge speaks against, and between those that only the voice's norm does, the better is the
    one that judges like better on the whole.
    """
    if not opinions:
        return verdict
    liked = sum(opinion.score for _, opinion in opinions) / len(opinions)
    against = [(judge, opinion) for judge, opinion in opinions if opinion.score < judge.threshold]
    if not against:
        return replace(verdict, score=SAFE + (verdict.score - SAFE) * liked)
    reasons = tuple(
        f"{judge.name}: {reason}"
        for judge, opinion in against
        for reason in opinion.reasons or (f"{opinion.score:.2f}, where {judge.threshold:.2f} is the least",)
    )
    worst, best = OBJECTED
    score = worst + (best - worst) * liked
    figures = verdict.figures | {OBJECTION: "; ".join(reasons)}
    return replace(verdict, ok=False, score=score, reasons=reasons, figures=figures)


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

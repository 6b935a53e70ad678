"""What will be read, what won't and why, how long it takes: known before anything is rendered."""

from collections import Counter, defaultdict
from collections.abc import Collection
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TYPE_CHECKING

from dotsbook.book import Chunk, Skip
from dotsbook.production.estimate import Estimate, Sums
from dotsbook.production.narration import ReceiptTotals
from dotsbook.production.pinning import drift_of
from dotsbook.production.session import Session
from dotsbook.production.unsure_skips import by_evidence, described, unsure
from dotsbook.project import Project
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.voices.engine import Request

SAMPLE = 200  # lines, spread over the book, that a measurement may speak


@dataclass(frozen=True)
class PlannedChunk:
    """A chunk with the key its take has or will have; None while no engine is known that could make it."""

    chunk: Chunk
    key: str | None

    def record(self) -> dict:
        """As other programs read it."""
        chunk = self.chunk
        return {
            "id": chunk.id,
            "key": self.key,
            "text": chunk.text,
            "spoken": chunk.spoken,
            "voice": chunk.voice,
            "speaker": chunk.speaker,
            "language": chunk.language,
            "source": chunk.source,
            "start": chunk.start,
            "end": chunk.end,
            "pause": chunk.pause.value,
            "delivery": chunk.delivery or None,
            "pauses": [list(pause) for pause in chunk.pauses],
        }


@dataclass
class PlannedChapter:
    number: int
    title: str
    source: str
    depth: int = 0
    words: int = 0
    count: int = 0  # chunks
    missing: int = 0  # chunks still to be rendered
    chunks: tuple[PlannedChunk, ...] = ()  # where they were asked for

    def record(self) -> dict:
        return {
            "number": self.number,
            "title": self.title,
            "source": self.source,
            "words": self.words,
            "chunks": [planned.record() for planned in self.chunks],
        }


@dataclass(frozen=True)
class Plan:
    """A book before it is rendered, or as far as it is."""

    title: str
    author: str
    language: str
    engine: str
    chapters: tuple[PlannedChapter, ...]  # those asked for
    credits: PlannedChapter  # the spoken ones; without chunks if there are none, or if chapters were named
    skipped: tuple[Skip, ...]
    voices: dict[str, int]  # voice → chunks, the most first
    receipt: ReceiptTotals
    estimate: Estimate
    warnings: tuple[str, ...]
    casting: str = (
        ""  # what casting would find, in a sentence; "" where it is on, or would give nobody a line
    )

    @property
    def unsure(self) -> list[str]:
        """A sentence for each part that is left out on thin evidence."""
        return [described(skip, self.receipt.source_chars) for skip in unsure(self.skipped)]

    @property
    def skipped_by_evidence(self) -> dict[str, int]:
        return by_evidence(self.skipped)

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "title": self.title,
            "author": self.author,
            "language": self.language,
            "chapters": [chapter.record() for chapter in self.chapters],
            "credits": [planned.record() for planned in self.credits.chunks],
            "skipped": [
                {
                    "source": skip.source,
                    "title": skip.title,
                    "reason": skip.reason,
                    "chars": skip.chars,
                    "evidence": skip.evidence,
                }
                for skip in self.skipped
            ],
            "unsure": [
                {"source": skip.source, "title": skip.title, "chars": skip.chars, "opening": skip.opening}
                for skip in unsure(self.skipped)
            ],
            "receipt": {**asdict(self.receipt), "skipped_by_evidence": self.skipped_by_evidence},
            "estimate": asdict(self.estimate),
            "warnings": list(self.warnings),
            "casting": self.casting,
        }


def plan_of(
    session: Session, wanted: Collection[int] | None, with_chunks: bool, cluster: str | None = None
) -> Plan:
    """The plan of some chapters or all. with_chunks: hold every chunk too, which a long book's memory feels; cluster: how
    long it takes there, by its address."""
    from dotsbook.production.clusters import place_of
    from dotsbook.text.script.script_writer import words

    narration, manifest = session.narration, session.project.manifest
    sums = Sums(manifest.pacing, session.rates(place_of(cluster)), session.sample_rates())
    voices: Counter[str] = Counter()
    chunks: dict[int, list[PlannedChunk]] = defaultdict(list)
    credits = PlannedChapter(0, "Credits", session.project.file.name)
    chapters = {
        listed.number: PlannedChapter(listed.number, listed.title, listed.source, listed.depth)
        for listed in narration.chapters
        if wanted is None or listed.number in wanted
    }
    news = set(narration.news.lines) if narration.news else set()
    reread = 0
    with session.reading() as ledger:
        for job, take in ledger.briefed(session.jobs(ledger).of(wanted)):
            chunk = job.chunk
            chapter = chapters.get(chunk.chapter, credits)
            sums.add(chunk, take is None)
            chapter.words += words(chunk.text)
            chapter.count += 1
            chapter.missing += take is None
            voices[chunk.voice] += 1
            reread += take is None and chunk.id in news
            if with_chunks:
                key = job.key if session.is_known(job.voice.name) else None
                chunks[chapter.number].append(PlannedChunk(chunk, key))
    for chapter in (*chapters.values(), credits):
        chapter.chunks = tuple(chunks[chapter.number])
    return Plan(
        manifest.title,
        manifest.author,
        manifest.language,
        manifest.engine,
        tuple(chapters.values()),
        credits,
        narration.skipped,
        dict(voices.most_common()),
        narration.receipt,
        sums.estimate(),
        (
            *narration.warnings,
            *unused_lexicon(session.project),
            *session.reread_note(reread),
            *map(str, drift_of(session)),
        ),
        narration.casting,
    )


def unused_lexicon(project: Project) -> list[str]:
    """A sentence on a lexicon.yaml with entries that the manifest doesn't name."""
    file = project.folder / "lexicon.yaml"
    if project.manifest.lexicon or not file.is_file():
        return []
    lines = file.read_text("utf-8", errors="replace").splitlines()
    entries = sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in lines)
    if not entries:
        return []
    return [
        f"{file.name} has {count(entries, 'line')}, but {project.file.name} doesn't name it, so it isn't used; "
        f"`lexicon: {file.name}` uses it"
    ]


def measure_rate(session: Session, cluster: str | None = None) -> bool:
    """Time the engines on this machine, or on a cluster, with lines of the book, and keep the figures for every later plan.

    False if too little could be spoken to measure anything by. Raises VoiceError, Hung.
    """
    from dotsbook.production.clusters import on_cluster, place_of, wish_of
    from dotsbook.render.audition import WatchedEngine
    from dotsbook.render.calibration import calibrate, note

    measured = False
    with on_cluster(session, wish_of(cluster)):
        session.check_voices()
        for key, asked in lines_to_measure(session).items():
            with closing(WatchedEngine(session.single(key))) as engine:
                rate = calibrate(engine, asked)
            identity = session.identities[asked[0].voice.name]
            if rate and identity:
                note(session.project.cache, identity, rate, place_of(cluster))
                measured = True
    return measured


def lines_to_measure(session: Session) -> "dict[str, list[Request]]":
    """{engine: lines of the book that it speaks}, from all over it."""
    from dotsbook.render.jobs import seed_for
    from dotsbook.voices.engine import Request

    requests: dict[str, list[Request]] = defaultdict(list)
    with session.reading() as ledger:
        step = max(1, session.narration.count() // SAMPLE)
        for job in islice(session.jobs(ledger), None, None, step):
            request = Request(job.chunk.spoken, job.voice, job.chunk.language, seed_for(job.key, 1))
            requests[job.voice.engine].append(request)
    return requests

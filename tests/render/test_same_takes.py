"""Which takes a book ends with hangs on the book and the engine, not on order, batches or deaths on the way."""

import contextlib
import hashlib
import random
from types import SimpleNamespace

import numpy as np
import pytest
from fakes import RATE, ScriptedEngine, chunk

from dotsbook import files
from dotsbook.manifest import Ears
from dotsbook.production import rendering
from dotsbook.production.book_judges import judges_of
from dotsbook.production.estimate import Estimate
from dotsbook.production.events import ChapterDone, Started
from dotsbook.render import health, ledger, norms, write_lock
from dotsbook.render.judges import GuardedJudge, ValidatorJudge
from dotsbook.render.length import length_of

LINES = 150
SAMPLE = 16
WORDS = [
    "salt",
    "road",
    "mill",
    "bridge",
    "winter",
    "harbour",
    "lamp",
    "letter",
    "ferry",
    "rain",
    "they",
    "went",
    "over",
]
STEPS = ("created", "renamed", "row begun", "row written", "row committed")


class Death(BaseException):
    pass


def book():
    """Eight chapters; every third line is Mara's. Every fourth can be split at a comma if it is long; later a third of these are
    deep: never right as a whole, and in parts only as far as the safe limits tell.
    """
    chance = random.Random(4)
    lines = [
        chance.choices(WORDS, k=24 if number % 12 == 2 else chance.randrange(3, 30))
        for number in range(LINES)
    ]
    for words in lines[2::4]:
        words[len(words) // 2] += ","
    for words in lines[50::12]:
        words[0] = words[len(words) // 2 + 1] = "deep"
    return [
        chunk(number, f"{' '.join(words)} {number % 50}.", voice="mara" if number % 3 == 1 else "narrator")
        for number, words in enumerate(lines)
    ]


def wavering(request) -> np.ndarray:
    """Sound whose length and level follow the seed: most are right, many just not, some not at all; a few lines never."""
    luck = np.random.default_rng(
        int.from_bytes(hashlib.sha256(f"{request.seed}/{request.text}".encode()).digest()[:8])
    )
    slow = 1.3 if request.voice.name == "mara" else 1.0
    hard = len(request.text) % (4 if len(request.text) < 80 else 3) == 1
    wrong = luck.random() * (0.2 if hard else 1.0)
    much = (
        luck.uniform(0.3, 0.52 if hard else 0.95)
        if wrong < 0.2
        else luck.uniform(1.1, 2.6)
        if wrong < 0.3
        else 1.0
    )
    if request.text.startswith("deep"):
        much = 0.3 if ", deep" in request.text else 0.45
    pace = slow * luck.normal(1.0, 0.05) * much
    level = 0.1 if wrong < 0.95 else 0.02 if wrong < 0.98 else 0.0
    return np.full(round(length_of(request.text).least * pace * RATE), level, np.float32)


def heard(samples, rate) -> dict[str, float]:
    """Figures that only length and level make."""
    seconds, level = len(samples) / rate, 20 * np.log10(max(float(samples[0]), 1e-6))
    return {
        "broken": 0.0,
        "seconds": seconds,
        "speech": seconds,
        "said": seconds,
        "clipped": 0.0,
        "level": level,
        "flatness": 0.05,
        "hiss": 0.0,
        "range": 40.0,
        "gap": 0.1,
        "lead": 0.05,
        "tail": 0.05,
        "tone": 0.1,
        "loop": 0.5,
        "loop_long": 0.4,
        "start": -30.0,
        "end": -30.0,
    }


def picky(samples, rate, text, language):
    """A validator who dislikes three takes in ten, by their length alone."""
    return "it sounds odd" if len(samples) % 10 in (2, 5, 7) else ""


@pytest.fixture
def ears(monkeypatch):
    monkeypatch.setattr(health, "hear", heard)
    monkeypatch.setattr(norms, "SAMPLE", SAMPLE)
    monkeypatch.setattr(rendering, "prepare", lambda session, waiting, place: (Estimate(0, 0.0, None, 0), []))
    monkeypatch.setattr(
        "dotsbook.render.judges.find", lambda: ([GuardedJudge(ValidatorJudge("picky", picky))], [])
    )


class Jobs(list):
    """The book's jobs, as the house has them."""

    def of(self, chapters):
        return (job for job in self if chapters is None or job.chunk.chapter in chapters)


class Session:
    """As much of a session as rendering asks for, over the bench's ledger and book."""

    def __init__(self, bench, memory):
        manifest = SimpleNamespace(retries=3, language="en", ears=Ears())
        self.project = SimpleNamespace(manifest=manifest, takes=bench.takes, cache=bench.state / "cache")
        self.memory, self.engine, self.new_engine = memory, ScriptedEngine(voice=wavering), ScriptedEngine
        self.narration = SimpleNamespace(chapters=[SimpleNamespace(number=n, title="") for n in range(20)])
        self.bench = bench

    def jobs(self, ledger):
        return Jobs(self.bench.jobs(book()))

    def asked_since(self, begun, ledger, chapters):
        return []

    def note_rate(self, rate, cluster=None):
        """Not here."""


def rendered(bench, memory=10**9, wanted=None, limit=None):
    """One run, of all chapters or those wanted; what its loop told."""
    with write_lock.writing(bench.state), ledger.writer(bench.ledger, bench.takes) as rows:
        session, options = Session(bench, memory), rendering.RenderOptions(wanted, limit=limit)
        events = rendering.make_takes(session, rows, options, None, judges_of(session))
        return [event for event in events if not isinstance(event, Started | ChapterDone)]


def kept(bench):
    """{key: which attempt stands, whether it is healthy, how many there were, whether in parts, its file}."""
    return {
        key: (
            take.health.get("attempt", take.attempts),
            take.healthy,
            take.attempts,
            "split" in take.health,
            take.sha256,
        )
        for key, take in bench.finished().items()
    }


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """What an undisturbed run of the whole book keeps."""
    from bench import Bench

    bench = Bench(tmp_path_factory.mktemp("calm") / ".dotsbook")
    with pytest.MonkeyPatch.context() as patch:
        ears.__wrapped__(patch)
        events = rendered(bench)
        assert not rendered(bench)
    takes = kept(bench)
    told = [event.job.key for event in events if type(event).__name__ == "Done"]
    assert len(told) > LINES, "some takes passed at first and were thought over"
    assert len({attempt for attempt, *_ in takes.values()}) >= 4
    assert {(healthy, split) for _, healthy, _, split, _ in takes.values()} == {
        (True, False),
        (True, True),
        (False, True),
    }
    with bench.reading() as rows:
        assert len(rows.norms()) == 2
        assert any("objection" in take.health for take in rows.finished().values())
    return takes


def dying(patch, chance):
    """Death at some step of some commit, if the run comes so far."""
    step, left = chance.choice(STEPS), chance.randrange(1, 60)

    def pass_by(name):
        nonlocal left
        left -= name == step
        if left == 0:
            raise Death(step)

    patch.setattr(files, "step", pass_by)


@pytest.mark.parametrize("memory", [30_000, 200_000, 500_000])
def test_batches_change_no_choice(bench, ears, calm, memory):
    rendered(bench, memory)
    assert kept(bench) == calm


@pytest.mark.parametrize("order", [(8, 7, 6, 5, 4, 3, 2, 1), (3, 1, 5, 8, 2, 4, 7, 6)])
def test_the_order_of_chapters_changes_no_choice(bench, ears, calm, order):
    for number in order:
        rendered(bench, wanted={number})
    rendered(bench)
    assert kept(bench) == calm


@pytest.mark.parametrize("seed", range(12))
def test_deaths_limits_and_any_order_change_no_choice(bench, ears, calm, seed):
    chance = random.Random(seed)
    for _ in range(chance.randrange(2, 9)):
        wanted = set(chance.sample(range(1, 9), chance.randrange(1, 9))) if chance.random() < 0.5 else None
        limit = chance.randrange(1, 30) if chance.random() < 0.3 else None
        with pytest.MonkeyPatch.context() as patch:
            if chance.random() < 0.7:
                dying(patch, chance)
            with contextlib.suppress(Death):
                rendered(bench, chance.choice([30_000, 300_000, 10**9]), wanted, limit)
    rendered(bench)
    assert kept(bench) == calm
    assert not rendered(bench)

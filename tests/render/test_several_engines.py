"""A book whose voices are spoken by several engines, rendered: batches of one engine, each as large as it says, and models
that don't take turns in memory."""

from collections import Counter
from itertools import pairwise

from dotsbook.book import Chunk, Pause
from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.jobs import Jobs
from dotsbook.voices.engine import Voice, together_of
from dotsbook.voices.mixed import MixedEngine
from dotsbook.voices.spec import EngineChoice
from dotsbook.voices.syllables import SyllablesEngine

CHAPTERS, LINES = 12, 14  # a chapter
MODEL = 100  # bytes, of a model


class Model(SyllablesEngine):
    """Takes memory while it is open, and tells what it was asked for."""

    def __init__(self, name, told, together, slots):
        self.name, self.told, self.slots = name, told, slots
        self.together = together
        told.append(("opened", name))

    identity = property(lambda self: f"{self.name}:1")

    def peak_bytes(self, requests):
        return MODEL + len(requests)

    def speak(self, batch):
        self.told.append((self.name, [one.voice.name for one in batch]))
        yield from super().speak(batch)

    def close(self):
        self.told.append(("closed", self.name))


KINDS = {"clones": (None, 1), "served": (1, 8)}  # together, slots
VOICES = {
    "narrator": Voice("narrator", engine="clones"),
    "mara": Voice("mara", engine="served"),
    "tom": Voice("tom", engine="clones"),
}


def rendered(folder, memory):
    """What the engines were told, in order, while a book was rendered whose lines take turns among three voices."""
    told = []

    def open_one(choice):
        return Model(choice.name, told, *KINDS[choice.name])

    engine = MixedEngine({name: EngineChoice(name) for name in KINDS}, open_one, memory)
    names = list(VOICES)
    chunks = [
        Chunk(
            f"{chapter}.{line}", chapter, "book.md", 0, 1, text, text, names[line % 3], "en", Pause.SENTENCE
        )
        for chapter in range(1, CHAPTERS + 1)
        for line in range(LINES)
        for text in [f"Chapter {chapter}, line {line}, and nobody waved."]
    ]
    identities = {name: f"{voice.engine}:1" for name, voice in VOICES.items()}
    with write_lock.writing(folder), ledger.writer(folder / "ledger.db", folder / "takes") as rows:
        jobs = list(Jobs(lambda: iter(chunks), VOICES, identities, 42))
        *_, last = loop.render(jobs, engine, rows, folder / "takes", options=loop.Options(budget=memory))
        assert len(rows.keys()) == len(jobs) and last.outcome.failed == ()
    return told, engine


def test_models_do_not_take_turns(tmp_path):
    told, _ = rendered(tmp_path, memory=MODEL + 50)
    open_now = set()
    for what, name in told:
        if what == "opened":
            open_now.add(name)
        elif what == "closed":
            open_now.discard(name)
        elif isinstance(name, list):
            assert what in open_now
    spoken = [what for what, name in told if isinstance(name, list)]
    swaps = sum(one != other for one, other in pairwise(spoken))
    assert swaps <= CHAPTERS / 3  # one for each window of three chapters
    opened = Counter(name for what, name in told if what == "opened")
    assert sum(opened.values()) <= swaps + 2  # each is opened once to be asked, and once for each swap


def test_a_batch_is_of_one_engine_and_as_large_as_it_says(tmp_path):
    told, engine = rendered(tmp_path, memory=10 * MODEL)
    batches = [(what, name) for what, name in told if isinstance(name, list)]
    assert all(VOICES[voice].engine == what for what, voices in batches for voice in voices)
    assert max(len(voices) for what, voices in batches if what == "clones") > 8
    assert (
        max(len(voices) for what, voices in batches if what == "served") == 8
    )  # its eight slots, in one batch
    assert together_of(engine, VOICES["mara"]) == 8 and together_of(engine, VOICES["tom"]) is None
    assert [name for what, name in told if what == "opened"].count("clones") == 1

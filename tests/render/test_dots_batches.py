"""The tiny model behind the render loop: the same takes whatever is spoken beside them."""

import numpy as np
import pytest
from bench import told
from fakes import chunk, jobs_of

from dotsbook.audio import write_flac
from dotsbook.render import ledger, loop, write_lock
from dotsbook.render.health import Verdict
from dotsbook.render.loop import Options
from dotsbook.render.progress import Retried
from dotsbook.voices.dots import DotsEngine
from dotsbook.voices.engine import Voice
from dotsbook.voices.syllables import RATE, draw

pytest.importorskip("mlx.core")
TRANSCRIPT = "The lamp on the hill had burned, it is said, for years."
CLOSE = 60.0  # dB of a take over its difference from the other
LINES = [
    " ".join(["salt", "road", "rain", "and", "mill"][: 1 + number % 5]) + f" {number}."
    for number in range(11)
]


@pytest.fixture(scope="module", params=["fm", "mf"])
def engine(request, tmp_path_factory):
    from tests.model.tiny import write_tiny

    folder = tmp_path_factory.mktemp("model")
    engine = DotsEngine(str(write_tiny(folder / "tiny", kind=request.param)), folder / "profiles")
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def voices(tmp_path_factory):
    file = tmp_path_factory.mktemp("voices") / "mara.flac"
    write_flac(file, draw("mara", TRANSCRIPT, 1), RATE)
    short = {"steps": 2, "eos_threshold": 0.68}  # random weights may go on for long
    return {
        "mara": Voice("mara", file, TRANSCRIPT, "en", short),
        "narrator": Voice("narrator", settings=short),
    }


def doubt(samples, rate, request):
    """One attempt in three is bad, by its seed, so that lines come again in other company."""
    good = request.seed % 3 > 0
    return Verdict(
        good, 1.0 if good else 0.1 + request.seed % 100 / 200, {}, () if good else ("by its seed",)
    )


def rendered(bench, engine, voices, options):
    """({key: attempts}, {key: samples}, sizes of the batches) of the book."""
    sizes = []
    speak = engine.speak

    def counted(batch):
        sizes.append(len(batch))
        return speak(batch)

    chunks = [
        chunk(number, text, voice="mara" if number % 6 == 1 else "narrator")
        for number, text in enumerate(LINES)
    ]
    events = []
    with (
        write_lock.writing(bench.state),
        ledger.writer(bench.ledger, bench.takes) as rows,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(engine, "speak", counted)
        jobs = jobs_of(chunks, voices, engine.identity)
        outcome = told(
            loop.render(jobs, engine, rows, bench.takes, options=options, examine=doubt), events.append
        )
    assert outcome.complete and any(isinstance(event, Retried) for event in events)
    sounds = {key: np.frombuffer(data, np.int16).astype(float) for key, (_, data) in bench.pcm().items()}
    return {key: take.attempts for key, take in bench.finished().items()}, sounds, sizes


def test_batches_of_one_and_of_eight_make_the_same_takes(bench, tmp_path, engine, voices):
    alone, one, singly = rendered(bench, engine, voices, Options(largest=1))
    together, eight, sizes = rendered(type(bench)(tmp_path / "eight"), engine, voices, Options(largest=8))
    assert set(singly) == {1} and max(sizes) == 8 and len(sizes) < len(singly) / 2
    assert alone == together and len({len(sound) for sound in one.values()}) > 3
    for key, sound in one.items():
        assert len(sound) == len(eight[key]) > 0 and sound.any()
        difference = np.square(sound - eight[key]).sum()
        assert difference <= np.square(sound).sum() * 10 ** (-CLOSE / 10)

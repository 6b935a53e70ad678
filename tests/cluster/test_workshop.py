"""What a worker does with a batch, and what it says where something goes wrong."""

import numpy as np
import pytest

from dotsbook.cluster import workshop
from dotsbook.cluster.orders import EngineOrder, Files
from dotsbook.cluster.workshop import Workshop
from dotsbook.errors import VoiceError
from dotsbook.voices.engine import EngineDied, EngineOutOfMemory, EngineUnavailable, Request, Spoken, Voice
from dotsbook.voices.spec import EngineSpec

ORDER = EngineOrder("fake", None, None, {}, "fake")
SOUND = np.linspace(-1.2, 1.2, 4001, dtype=np.float32)


class FakeEngine:
    identity, rate, slots = "fake:1", 16000, 1

    def __init__(self):
        self.batches: list[list[str]] = []

    def check(self, voice, languages):
        return ["mind the gap"]

    def peak_bytes(self, requests):
        return 100 * len(requests)

    def speak(self, batch):
        texts = [request.text for request in batch]
        self.batches.append(texts)
        for request in batch:
            match request.text:
                case "memory" if len(batch) > 1:
                    raise EngineOutOfMemory("too much")
                case "dies":
                    raise EngineDied("it died")
                case "nan":
                    yield Spoken(request, samples=SOUND * np.nan)
                case "refused":
                    yield Spoken(request, error=VoiceError("not that word"))
                case "away":
                    raise EngineUnavailable("later", 7.0)
                case "bug":
                    raise ZeroDivisionError("of ours")
                case _:
                    yield Spoken(request, samples=SOUND)

    def close(self):
        pass


@pytest.fixture
def engines(monkeypatch) -> list[FakeEngine]:
    made = []

    def open_fake(setup):
        made.append(FakeEngine())
        return made[-1]

    monkeypatch.setattr(workshop, "spec_of", lambda name: EngineSpec("fake", open_fake, keeps_tempo=True))
    monkeypatch.setattr(
        "dotsbook.voices.catalogue.spec_of", lambda name: EngineSpec("fake", open_fake, keeps_tempo=True)
    )
    return made


@pytest.fixture
def shop(tmp_path, engines):
    shop = Workshop(1000, tmp_path)
    yield shop
    shop.close()


def batch(*texts, voice=None):
    voice = voice or Voice("narrator", settings={"tempo": 1.0}, fingerprint="f")
    return Files().batch(ORDER, [Request(text, voice, "en", number) for number, text in enumerate(texts)])


def test_the_sound_comes_as_flac_with_facts(shop):
    answer = shop.speak(batch("one", "two"), "tcp://here")
    assert [line.rate for line in answer.lines] == [16000, 16000]
    assert answer.audio == pytest.approx(2 * len(SOUND) / 16000)
    assert answer.facts["platform"] and answer.worker == "tcp://here"


def test_written_again_it_is_the_same_to_the_bit(shop):
    import io

    import soundfile

    from dotsbook.audio import write_flac
    from dotsbook.cluster.cluster_engine import heard

    [line] = shop.speak(batch("one"), "").lines
    there, here = io.BytesIO(), io.BytesIO()
    write_flac(there, SOUND, 16000)
    write_flac(here, heard(line), 16000)
    once, again = (soundfile.read(io.BytesIO(one.getvalue()), dtype="int16")[0] for one in (there, here))
    assert (once == again).all()


def test_the_file_is_the_one_that_would_be_made_here(shop):
    from dotsbook.measure import measure
    from dotsbook.render import store
    from dotsbook.render.health import figures_of
    from dotsbook.render.take_rows import Facts

    [line] = shop.speak(batch("Nobody waved."), "").lines
    note = store.comment("r1:ab", Facts(text="Nobody wáved."))
    file = store.encode(SOUND, 16000, note)
    assert store.with_note(line.flac, note) == file
    assert line.measures == measure(*store.decode(file))
    assert line.figures == figures_of(SOUND, 16000, "Nobody waved.", "en")


def test_too_much_for_the_memory_is_cut(shop, engines):
    shop.memory = 250
    assert len(shop.speak(batch("a", "b", "c", "d", "e"), "").lines) == 5
    assert max(map(len, engines[0].batches)) == 2


def test_out_of_memory_and_deaths_are_tried_in_halves(shop, engines):
    answer = shop.speak(batch("a", "memory", "dies", "b"), "")
    assert [bool(line.flac) for line in answer.lines] == [True, True, False, True]
    assert answer.lines[2].error == "it died" and len(engines) > 1


def test_faults_of_single_lines_stay_theirs(shop):
    answer = shop.speak(batch("nan", "refused", "c"), "")
    assert (
        "no sound" in answer.lines[0].error
        and answer.lines[1].error == "not that word"
        and answer.lines[2].flac
    )


def test_an_engine_that_is_away_and_one_that_is_broken(shop):
    assert shop.speak(batch("away"), "").away == ("later", 7.0)
    assert shop.speak(batch("bug"), "").refused == "it failed with ZeroDivisionError: of ours"


def test_recordings_are_asked_for_once_by_their_content(shop, tmp_path):
    recording = tmp_path / "me.wav"
    recording.write_bytes(b"sound")
    files = Files()
    voice = Voice("me", recording, "words", "en", {"tempo": 1.0}, "f")
    order = files.batch(ORDER, [Request("one", voice, "en", 1)])
    [missing] = shop.speak(order, "").lacks
    shop.keep(files.data([missing]))
    assert shop.speak(order, "").lines[0].flac
    recording.rename(tmp_path / "other.wav")
    moved = Voice("me", tmp_path / "other.wav", "words", "en", {"tempo": 1.0}, "f")
    assert shop.speak(Files().batch(ORDER, [Request("one", moved, "en", 1)]), "").lines[0].flac


def test_it_says_what_it_is(shop):
    said = shop.introduce([ORDER])
    assert said["engines"]["fake"] == {
        "identity": "fake:1",
        "in_keys": "fake:1",
        "rate": 16000,
        "together": None,
        "facts": {"platform": said["machine"]},
    }


def test_a_batch_is_named_by_what_is_heard_of_it():
    assert batch("one", "two").digest == batch("one", "two").digest
    assert batch("one").digest != batch("two").digest


def test_a_model_is_fetched_by_repo_and_revision_where_that_is_allowed(tmp_path, engines, monkeypatch):
    brought = []
    spec = EngineSpec(
        "fake", lambda setup: FakeEngine(), keeps_tempo=True, bring=lambda setup: brought.append(setup.model)
    )
    monkeypatch.setattr(workshop, "spec_of", lambda name: spec)
    monkeypatch.setattr("dotsbook.voices.catalogue.spec_of", lambda name: spec)
    named = "owner/repo@0123abc"
    order = EngineOrder("fake", named, "/nowhere/here", {}, f"fake {named}")
    for fetch in (False, True):
        shop = Workshop(1000, tmp_path, fetch)
        assert shop.introduce([order])["engines"][order.key]["identity"] == "fake:1"
        shop.introduce([order])
        shop.close()
    assert brought == [named]
    here = EngineOrder("fake", named, str(tmp_path), {}, f"fake {named}")
    assert here.choice().place == str(tmp_path), "a folder that is at the same place there is taken"

"""`ears: {likeness: on}`: takes in another voice are tried again in the render, whichever was rendered first."""

import numpy as np
import pytest

import dotsbook
from dotsbook.errors import ModelError
from dotsbook.production import voice_learning
from dotsbook.production.checking import HeardLine
from dotsbook.production.events import Done, Rendered, Retried
from dotsbook.production.voice_encoders import encoder_of
from dotsbook.voices.syllables import SyllablesEngine
from tests.model.tiny import write_tiny
from tests.production.conftest import make
from tests.voices import tiny_onnx

MANIFEST = """title: T
author: A
language: en
source: story.md
engine: syllables
voices: {narrator: {}}
ears: {likeness: on}
"""
LINES = [
    f"The boat left at half past {number} and nobody waved from the quay that day." for number in range(60)
]
STORY = "# T\n\n## One\n\n" + "\n\n".join(LINES[:40]) + "\n\n## Two\n\n" + "\n\n".join(LINES[40:]) + "\n"
STRANGE = ("past three and", "past fifty and")  # lines whose first attempt is in another voice


@pytest.fixture
def slipping(monkeypatch):
    """An engine into whose voice another slips, and how often it spoke each of those lines."""
    spoken: dict[str, int] = {}
    usual = SyllablesEngine.speak

    def speak(self, batch):
        for one in usual(self, batch):
            strange = next((words for words in STRANGE if words in one.request.text), None)
            if strange:
                spoken[strange] = spoken.get(strange, 0) + 1
            if strange and spoken[strange] == 1:
                bright = np.append(np.diff(np.diff(one.samples)), np.zeros(2, np.float32)).astype(np.float32)
                bright *= np.sqrt((one.samples**2).mean() / (bright**2).mean())
                one = type(one)(one.request, samples=np.clip(bright, -0.9, 0.9), rate=one.rate)
            yield one

    monkeypatch.setattr(SyllablesEngine, "speak", speak)
    monkeypatch.setattr(voice_learning, "MODELLED", 40)
    return spoken


def events_of(folder, **how):
    with dotsbook.open(folder) as book:
        return list(book.render(**how))


def files(folder):
    return sorted(path.name for path in folder.glob(".dotsbook/takes/*/*.flac"))


def test_a_take_in_another_voice_is_tried_again_before_and_after_the_voice_is_known(tmp_path, slipping):
    folder = make(tmp_path / "book", STORY, MANIFEST)
    events_of(folder, chapters=[1])
    assert slipping == {STRANGE[0]: 2}, "heard once the voice is known, and made again"
    events = events_of(folder)
    assert slipping == dict.fromkeys(STRANGE, 2)
    retried = [event for event in events if isinstance(event, Retried)]
    assert len(retried) == 1 and "likeness: the voice isn't narrator's" in retried[0].reasons[0]
    assert isinstance(events[-1], Rendered) and events[-1].outcome.doubtful == ()
    with dotsbook.open(folder) as book:
        assert book.status().doubtful == ()
        heard = [event for event in book.check() if isinstance(event, HeardLine)]
        assert heard == [], "every take was heard in the render"


def test_the_same_takes_are_kept_whatever_is_rendered_first(tmp_path, slipping):
    whole = make(tmp_path / "whole", STORY, MANIFEST)
    events_of(whole)
    slipping.clear()
    parted = make(tmp_path / "parted", STORY, MANIFEST)
    events_of(parted, chapters=[2])
    for event in (events := iter(dotsbook.open(parted).render())):
        if isinstance(event, Done):
            events.close()
            break
    events_of(parted)
    names = [sorted(name.partition(".")[0] for name in files(folder)) for folder in (whole, parted)]
    assert names[0] == names[1] and slipping == dict.fromkeys(STRANGE, 2)
    with dotsbook.open(parted) as book:
        assert book.status().doubtful == ()


def test_a_voice_with_too_little_speech_is_not_judged(tmp_path, slipping):
    folder = make(tmp_path / "book", "# T\n\n## One\n\n" + "\n\n".join(LINES[:6]) + "\n", MANIFEST)
    events_of(folder)
    with dotsbook.open(folder) as book:
        assert book.status().doubtful == () and list(book.likeness())[-1].without == ["narrator"]


def with_encoder(name: str) -> str:
    return MANIFEST.replace("{likeness: on}", f"{{likeness: on, encoder: {name}}}")


def test_a_speaker_encoder_that_is_given_tells_voices_apart(tmp_path, slipping):
    folder = make(tmp_path / "book", STORY, with_encoder("voices.onnx"))
    (folder / "voices.onnx").write_bytes(tiny_onnx.speaker_encoder())
    events_of(folder)
    assert slipping == dict.fromkeys(STRANGE, 2)
    [kept] = (folder / ".dotsbook" / "cache" / "likeness").iterdir()
    assert "-onnx-" in kept.name, "what is known of a voice belongs to the encoder"
    (folder / "book.yaml").write_text(MANIFEST)
    with dotsbook.open(folder) as book:
        heard = [event for event in book.check() if isinstance(event, HeardLine)]
    assert len(heard) == len(LINES), "another timbre judges anew"


def test_the_encoder_inside_a_dots_model_is_one(tmp_path):
    write_tiny(tmp_path / "model", kind="mf")
    encoder = encoder_of("model", tmp_path)
    low, high = (np.sin(np.arange(16_000) * step).astype(np.float32) * 0.3 for step in (0.05, 0.2))
    vectors = [encoder.vector(sound, 16_000) for sound in (low, high)]
    assert [float(np.linalg.norm(one)) for one in vectors] == pytest.approx([1.0, 1.0])
    assert vectors[0] @ vectors[1] < 0.9999
    assert encoder.identity == encoder_of(str(tmp_path / "model"), tmp_path).identity


@pytest.mark.parametrize("name", ["away.onnx", "./away"])
def test_an_encoder_that_is_not_there_is_told_before_anything_is_spoken(tmp_path, slipping, name):
    folder = make(tmp_path / "book", STORY, with_encoder(name))
    with pytest.raises(ModelError, match="away"):
        events_of(folder)
    assert slipping == {} and not files(folder)

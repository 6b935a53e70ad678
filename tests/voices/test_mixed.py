"""Several engines as one: each voice by its own, each answer at its own rate, each opened when it is needed."""

import numpy as np
import pytest

from dotsbook.errors import VoiceError
from dotsbook.project import open_project
from dotsbook.voices import syllables
from dotsbook.voices.catalogue import open_engines, voice_of
from dotsbook.voices.engine import EngineDied, Request, Voice, engine_for, facts_of, slots_of
from dotsbook.voices.mixed import MixedEngine
from dotsbook.voices.spec import EngineChoice
from dotsbook.voices.syllables import SyllablesEngine

LINE = "The lamp on Sorrel Head had burned for years."


class Other(SyllablesEngine):
    """Another rate, another identity, and a memory of what was done with it."""

    identity, rate, slots = "other:1", 22_050, 4

    def __init__(self):
        self.closed = False

    def facts(self):
        return {"device": "here"}

    def check(self, voice, languages):
        return [f"{voice.name} by the other"]

    def peak_bytes(self, requests):
        return 7

    def close(self):
        self.closed = True


@pytest.fixture
def opened():
    return {}


@pytest.fixture
def mixed(opened):
    def open_one(choice):
        opened[choice.name] = SyllablesEngine() if choice.name == "syllables" else Other()
        return opened[choice.name]

    return MixedEngine({"syllables": EngineChoice("syllables"), "other": EngineChoice("other")}, open_one)


NARRATOR, ROBOT = Voice("narrator", engine="syllables"), Voice("robot", engine="other")


def test_each_is_opened_at_its_first_need(mixed, opened):
    assert opened == {}
    list(mixed.speak([Request(LINE, NARRATOR, "en", 1)]))
    assert opened.keys() == {"syllables"}
    assert mixed.check(ROBOT, ["en"]) == ["robot by the other"]
    assert opened.keys() == {"syllables", "other"}


def test_each_answer_has_its_rate_and_each_voice_its_engine(mixed):
    asked = [Request(LINE, voice, "en", 1, voice.name) for voice in (NARRATOR, ROBOT, Voice("nobody's"))]
    answers = {spoken.request.tag: spoken for spoken in mixed.speak(asked)}
    assert {tag: spoken.rate for tag, spoken in answers.items()} == {
        "narrator": 24_000,
        "robot": 22_050,
        "nobody's": 24_000,
    }
    assert np.array_equal(answers["narrator"].samples, syllables.draw("narrator", LINE, 1))
    assert engine_for(mixed, ROBOT).identity == "other:1"
    assert facts_of(engine_for(mixed, ROBOT)) == {"device": "here"} == facts_of(Other())
    assert facts_of(mixed) == {"other device": "here"}
    assert mixed.rate == 24_000 and slots_of(mixed) == 1


def test_memory_is_that_of_the_voices_own_engine(mixed):
    lines = [Request(LINE, NARRATOR, "en", 1), Request(LINE, ROBOT, "en", 1)]
    assert mixed.peak_bytes(lines[1:]) == 7
    assert mixed.peak_bytes(lines) == mixed.peak_bytes(lines[:1]) == SyllablesEngine().peak_bytes(lines[:1])


def test_close_closes_all_and_opens_no_more(mixed, opened):
    mixed.check(ROBOT, ["en"])
    mixed.close()
    mixed.close()
    assert opened["other"].closed and opened.keys() == {"other"}
    with pytest.raises(EngineDied):
        list(mixed.speak([Request(LINE, NARRATOR, "en", 1)]))


def test_a_voice_of_an_engine_that_is_not_there(mixed):
    with pytest.raises(VoiceError, match="`mara` is spoken by piper"):
        mixed.check(Voice("mara", engine="piper"), ["en"])


def project(folder, voices):
    (folder / "book.yaml").write_text(
        f"title: T\nlanguage: en\nsource: t.md\nengine: syllables\nvoices: {voices}\n"
    )
    return open_project(folder)


def test_a_book_of_one_engine_has_no_mixture(tmp_path):
    book = project(tmp_path, "{narrator: {}, mara: {engine: syllables}}")
    engine = open_engines(book)
    assert engine.identity == "mumble:1" and not hasattr(engine, "choices")
    assert voice_of(book, "mara").engine == voice_of(book, "narrator").engine == "syllables"


def test_syllables_beside_the_draft_voice(tmp_path):
    pytest.importorskip("espeakng_loader")
    book = project(
        tmp_path, "{robot: {engine: draft, options: {variant: m3}, tempo: 1.2}, narrator: {tempo: 1.2}}"
    )
    engine = open_engines(book)
    try:
        answers = {
            name: next(iter(engine.speak([Request(LINE, voice_of(book, name), "en", 1)])))
            for name in ("robot", "narrator")
        }
        plain = next(iter(engine.speak([Request(LINE, Voice("robot", engine="draft"), "en", 1)])))
    finally:
        engine.close()
    assert (answers["robot"].rate, answers["narrator"].rate, engine.choices) == (
        22_050,
        24_000,
        {"syllables": EngineChoice("syllables"), "draft": EngineChoice("draft")},
    )
    assert engine.identity.startswith("draft:") and engine.identity.endswith(
        " + mumble:1"
    )  # also once closed
    assert all(spoken.error is None for spoken in (*answers.values(), plain))
    length = len(syllables.draw("narrator", LINE, 1))
    assert len(answers["narrator"].samples) == round(length / 1.2)


def test_only_what_the_voices_of_a_run_need_is_opened(tmp_path):
    book = project(tmp_path, "{narrator: {}, robot: {engine: dots, model: nowhere}}")
    assert open_engines(book, ["narrator"]).identity == "mumble:1"
    assert voice_of(book, "robot").engine == "dots nowhere"


class Heavy(SyllablesEngine):
    def __init__(self):
        self.closed = False

    def peak_bytes(self, requests):
        return 100

    def close(self):
        self.closed = True


def heavy_cast(memory):
    opened = []

    def open_one(choice):
        opened.append((choice.name, Heavy()))
        return opened[-1][1]

    names = ("a", "b", "c")
    return MixedEngine({name: EngineChoice(name) for name in names}, open_one, memory), opened


def said_by(engine, *names):
    return [
        len(one.samples)
        for name in names
        for one in engine.speak([Request(LINE, Voice(name, engine=name), "en", 1)])
    ]


def test_models_are_in_memory_one_at_a_time_where_it_holds_no_more():
    engine, opened = heavy_cast(memory=150)
    assert len(said_by(engine, "a", "b", "b", "a")) == 4
    assert [name for name, _ in opened] == ["a", "b", "a"]
    assert [one.closed for _, one in opened] == [True, True, False]


def test_as_many_as_memory_holds_stay():
    engine, opened = heavy_cast(memory=250)
    said_by(engine, "a", "b", "a", "c", "a")
    assert [name for name, _ in opened] == ["a", "b", "c"]
    assert [one.closed for _, one in opened] == [False, True, False]  # the longest unused went
    free, every = heavy_cast(memory=None)
    said_by(free, "a", "b", "c", "a")
    assert len(every) == 3 and not any(one.closed for _, one in every)


def test_one_that_speaks_is_not_closed():
    engine, opened = heavy_cast(memory=150)
    first = engine.speak([Request(LINE, Voice("a", engine="a"), "en", number) for number in range(2)])
    next(first)
    said_by(engine, "b")
    assert not opened[0][1].closed and len(list(first)) == 1

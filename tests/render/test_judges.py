"""The user's own judges: found, asked, and survived."""

from importlib.metadata import EntryPoint
from types import SimpleNamespace

import numpy as np
import pytest

from dotsbook.production.doubts import reasons_against
from dotsbook.render import judges
from dotsbook.render.health import SAFE, figures_of
from dotsbook.render.judgement import Judgement
from dotsbook.render.judges import GROUP, Judge, find
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.syllables import RATE, draw

SOUND = np.ones(10, np.float32)


def agrees(samples, rate, text, language):
    return None


def objects(samples, rate, text, language):
    samples[:] = 0
    return f"{text} at {rate} in {language}"


def breaks(samples, rate, text, language):
    raise ValueError("no model")


class ItsOwn(Exception):
    """One that no list of ours would name."""


def falls(samples, rate, text, language):
    raise ItsOwn("no ear")


def stops(samples, rate, text, language):
    raise KeyboardInterrupt


def mumbles(samples, rate, text, language):
    return 0.7


NUMBER = 3


def test_opinions():
    assert Judge("a", agrees)(SOUND, 8000, "Hi", "en") is None
    assert Judge("o", objects)(SOUND, 8000, "Hi", "en") == "o: Hi at 8000 in en"
    assert SOUND.all()  # it was handed a copy


def test_one_that_fails_is_told_of_and_costs_nothing():
    for check, word in ((breaks, "ValueError: no model"), (falls, "ItsOwn: no ear"), (mumbles, "float")):
        validator = Judge("v", check)
        assert validator(SOUND, 8000, "Hi", "en") is None
        assert word in validator.complaint


def test_an_interrupt_in_one_is_still_an_interrupt():
    with pytest.raises(KeyboardInterrupt):
        Judge("s", stops)(SOUND, 8000, "Hi", "en")


def test_they_are_found_by_entry_point():
    points = [
        EntryPoint(name, f"{__name__}:{value}", GROUP)
        for name, value in (("z", "objects"), ("a", "agrees"), ("gone", "missing"), ("number", "NUMBER"))
    ]
    points.append(EntryPoint("nowhere", "no_such_module_here:check", GROUP))
    found, broken = find(points)
    assert [validator.name for validator in found] == ["a", "z"]
    assert len(broken) == 3
    assert all("validator" in sentence for sentence in broken)


def test_none_are_installed_here():
    assert judges.find() == ([], [])


class Decided:
    """A judgement's norms where nothing is known of any voice."""

    def of(self, voice, language):
        return None


def test_what_one_says_stands_in_the_report():
    judgement = Judgement.__new__(Judgement)
    judgement.norms, judgement.judges = Decided(), [Judge("o", objects)]
    line = "The lamp on Sorrel Head had burned for years."
    request = Request(line, Voice("mara"), "en", 1)
    take = draw("mara", line, 1)
    verdict = judgement.examine(take, RATE, request)
    assert not verdict.ok and 0 < verdict.score < SAFE
    assert reasons_against(SimpleNamespace(health=verdict.figures), None) == (f"o: {line} at {RATE} in en",)
    assert (
        "doubtful when it was made"
        in reasons_against(SimpleNamespace(health=figures_of(take, RATE, line, "en")), None)[0]
    )

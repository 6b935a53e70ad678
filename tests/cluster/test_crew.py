"""Who may speak what: versions, models, kinds of device, and what is said of who may not."""

import pytest

from dotsbook.cluster.crew import Crew, kind_of
from dotsbook.cluster.orders import BatchAnswer, SaidLine
from dotsbook.release import __version__


def said(identity="dots:a", device="Metal", version=__version__, machine="macosx-14.0-arm64", together=8):
    engine = {
        "identity": identity,
        "in_keys": identity,
        "rate": 24000,
        "together": together,
        "facts": {"device": device},
    }
    return {"version": version, "machine": machine, "memory": 1, "engines": {"dots": engine}}


@pytest.fixture
def told() -> list[str]:
    return []


def crew_of(told, wanted="", **options) -> Crew:
    return Crew({"dots": wanted} if wanted else {}, told.append, **options)


def names(members) -> list[str]:
    return [member.name for member in members]


def test_another_version_is_named_and_left_out(told):
    crew = crew_of(told)
    crew.take_in("tcp://a", "a", said())
    crew.take_in("tcp://b", "b", said(version="0.0.1"))
    assert names(crew.able("dots", "narrator")) == ["a"]
    assert told == [
        f"The worker b is left out: it has dotsbook 0.0.1, this is {__version__}; install the same on both."
    ]


def test_another_model_is_named_and_left_out_by_what_the_book_is_pinned_to(told):
    crew = crew_of(told, wanted="dots:b")
    crew.take_in("tcp://b", "b", said("dots:b"))
    crew.take_in("tcp://a", "a", said("dots:a"))
    crew.take_in("tcp://c", "c", said("dots:a"))
    assert names(crew.able("dots", "narrator")) == ["b"]
    assert [line for line in told if "another model" in line and ("worker a" in line or "worker c" in line)]


def test_a_voice_stays_on_one_kind_of_device(told):
    crew = crew_of(told)
    for name, device in (("a", "Metal"), ("b", "Metal"), ("c", "Device(gpu, 0)")):
        crew.take_in(f"tcp://{name}", name, said(device=device))
    assert names(crew.able("dots", "narrator")) == ["a", "b"]
    assert crew.count("dots") == 2
    assert len(told) == 1 and "c (Device(gpu, 0)) has nothing to do" in told[0] and "--any-device" in told[0]


def test_it_stays_where_most_of_its_takes_were_made_and_says_so_where_it_cannot(told):
    crew = crew_of(told, spoken_on={"narrator": "Device(gpu, 0)", "mara": "CPU x86_64"})
    for name, device in (("a", "Metal"), ("b", "Metal"), ("c", "Device(gpu, 0)")):
        crew.take_in(f"tcp://{name}", name, said(device=device))
    assert names(crew.able("dots", "narrator")) == ["c"]
    assert names(crew.able("dots", "mara")) == ["a", "b"]
    assert [line for line in told if "`mara` was spoken on CPU x86_64 so far" in line]


def test_any_device_lets_all_speak(told):
    crew = crew_of(told, any_device=True)
    for name, device in (("a", "Metal"), ("c", "Device(gpu, 0)")):
        crew.take_in(f"tcp://{name}", name, said(device=device))
    assert names(crew.able("dots", "narrator")) == ["a", "c"] and not told


def test_kinds_of_devices():
    assert kind_of("Metal", "macosx-14.0-arm64") == "Metal"
    assert kind_of("Device(cpu, 0)", "linux-x86_64") == kind_of("", "linux-x86_64") == "CPU x86_64"
    assert kind_of("", "linux-aarch64") == kind_of("", "macosx-11.0-universal2") == "CPU arm64"


def test_rates_are_by_worker(told):
    now = [100.0]
    crew = crew_of(told, clock=lambda: now[0])
    crew.take_in("tcp://a", "a", said())
    for _ in range(4):
        now[0] += 10
        crew.answered(BatchAnswer("tcp://a", (SaidLine(b"x", 24000),), seconds=10, audio=25.0), letters=100)
    [seen] = crew.seen()
    assert seen.rate == pytest.approx(2.5) and seen.done == 4
    assert crew.members["tcp://a"].pace == pytest.approx(0.1)


def test_who_goes_is_told_of_once(told):
    crew = crew_of(told)
    crew.take_in("tcp://a", "a", said())
    crew.gone("tcp://a")
    crew.gone("tcp://a")
    assert told == ["The worker a is gone; what it had goes to others."]

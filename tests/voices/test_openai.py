"""The engine `openai` against a server that speaks well and one that fails in every way servers do."""

import base64
import threading
import time

import numpy as np
import pytest
from pydantic import ValidationError

from dotsbook.audio import read_flac, write_flac
from dotsbook.errors import VoiceError
from dotsbook.voices import openai
from dotsbook.voices.engine import EngineDied, EngineUnavailable, Request, Voice
from dotsbook.voices.openai import SPEC, OpenAIOptions, open_openai
from dotsbook.voices.spec import EngineSetup
from dotsbook.voices.syllables import RATE, draw
from dotsbook.voices.wave_answer import read_wave
from tests.voices.bad_server import Script, serving, wave

LINE = "The lamp on Sorrel Head had burned for years."
NARRATOR = Voice("narrator", settings={"tempo": 1.0})


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(openai, "PAUSES", (0.0, 0.0))
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def address(script):
    with serving(script) as address:
        yield address


def engine(address, tmp_path=None, **options):
    return open_openai(EngineSetup("tts-1", {"base_url": address, **options}, tmp_path))


def line(text=LINE, voice=NARRATOR, seed=1, tag=None):
    return Request(text, voice, "en", seed, tag)


def test_a_line_is_what_the_server_spoke_to_the_sample(address, script, tmp_path):
    [found] = engine(address).speak([line(seed=2**62 + 1)])
    assert found.rate == RATE
    write_flac(tmp_path / "direct.flac", draw("narrator", LINE, 2**62 + 1), RATE)
    write_flac(tmp_path / "served.flac", found.samples, RATE)
    assert np.array_equal(read_flac(tmp_path / "direct.flac")[0], read_flac(tmp_path / "served.flac")[0])
    [(path, _, fields)] = script.asked
    assert path == "/v1/audio/speech"
    assert fields == {
        "model": "tts-1",
        "input": LINE,
        "voice": "narrator",
        "response_format": "wav",
        "language": "en",
        "seed": 2**62 + 1,
    }


def test_pcm_and_headers_written_before_the_sound(address, script):
    script.faults = ["pcm", "unknown length"]
    [pcm] = engine(address, format="pcm", rate=RATE).speak([line()])
    [unknown] = engine(address).speak([line()])
    assert np.array_equal(pcm.samples, unknown.samples)
    assert len(pcm.samples) == len(draw("narrator", LINE, 1))


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"])
def test_every_common_wave_is_read(subtype):
    samples = draw("a", LINE, 1)
    read, rate = read_wave(wave(np.stack([samples, samples], axis=1), RATE, subtype))
    assert rate == RATE
    assert read.dtype == np.float32
    assert np.abs(read - samples).max() < 1e-4


@pytest.mark.parametrize(
    "fault", ["cut", "cut chunks", "cut wave", "empty", "hang up", (500, "CUDA error"), (501, "oh")]
)
def test_what_may_go_well_the_next_time_is_asked_for_again(address, script, fault):
    script.faults = [fault, fault]
    [found] = engine(address).speak([line()])
    assert found.error is None
    assert len(found.samples) == len(draw("narrator", LINE, 1))
    assert len(script.asked) == 3


@pytest.mark.parametrize(
    ("fault", "told", "count"),
    [
        ("cut", "broke off", 3),
        ("empty", "sent nothing", 3),
        ((500, "CUDA error"), "500: CUDA error", 3),
        ((400, "input too long"), "400: input too long", 1),
        ((422, "no such voice"), "no such voice", 1),
        ("no samples", "no sound", 1),
    ],
)
def test_a_line_that_stays_bad_is_an_error_of_its_own(address, script, fault, told, count):
    script.faults = [fault] * 3
    [found] = engine(address).speak([line()])
    assert told in str(found.error)
    assert len(script.asked) == count


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("html", "web page.*base_url"),
        ("html as sound", "web page"),
        ("json", "JSON"),
        ("noise", "can't be read"),
        ("16000", "16000 Hz"),
        ("elsewhere", "sends elsewhere"),
        ("no http", "no HTTP"),
        ((401, "bad key"), "OPENAI_API_KEY"),
        ((404, "no model tts-1"), "no model tts-1.*base_url"),
    ],
)
def test_what_every_line_would_meet_ends_the_run_with_a_sentence(address, script, fault, told):
    script.faults = [fault] * 3
    with pytest.raises(VoiceError, match=told) as raised:
        list(engine(address, rate=RATE).speak([line()]))
    assert not isinstance(raised.value, EngineUnavailable)
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("fault", "after"), [((503, "loading", "7"), 7.0), ((429, "slow down", "x"), None), ((502, "bad"), None)]
)
def test_a_server_that_cannot_now_says_when(address, script, fault, after):
    script.faults = [fault]
    with pytest.raises(EngineUnavailable) as raised:
        list(engine(address).speak([line()]))
    assert raised.value.retry_after == after


def test_a_server_that_is_away_is_unavailable(address, script):
    with serving(Script()) as gone:
        pass
    with pytest.raises(EngineUnavailable, match="can't be reached"):
        list(engine(gone).speak([line()]))


def test_a_batch_goes_in_as_many_requests_at_once_as_slots_says(address, script):
    script.together = threading.Barrier(8)
    asked = [line(f"Line number {number}.", seed=number, tag=number) for number in range(16)]
    found = {one.request.tag: one for one in engine(address, slots=8).speak(asked)}
    assert found.keys() == set(range(16))
    assert script.most == 8


def test_close_ends_what_waits(address, script):
    script.pace = 30
    ours = engine(address)
    threading.Timer(0.3, ours.close).start()
    begun = time.monotonic()
    with pytest.raises(EngineDied):
        list(ours.speak([line()]))
    assert time.monotonic() - begun < 10


def test_the_key_goes_to_the_server_and_nowhere_else(address, script, monkeypatch):
    monkeypatch.setenv("SPEECH_KEY", "sk-secret")
    ours = engine(address, key_from="SPEECH_KEY")
    script.faults = ["speak", (401, "no")]
    [found] = ours.speak([line()])
    assert script.asked[0][1]["Authorization"] == "Bearer sk-secret"
    assert "secret" not in f"{ours.identity} {ours.facts()} {found}"
    with pytest.raises(VoiceError) as raised:
        list(ours.speak([line()]))
    assert "secret" not in str(raised.value)
    monkeypatch.setenv("SPEECH_KEY", "sk-secret\r\nX-Evil: 1")
    with pytest.raises(VoiceError, match="SPEECH_KEY holds no key") as raised:
        list(ours.speak([line()]))
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000/v1", True),
        ("http://localhost:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("http://192.168.1.9:8000/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
        ("http://localhost.example.org/v1", False),
        ("https://api.openai.com/v1", False),
    ],
)
def test_text_leaves_the_machine_only_where_that_is_allowed(address, here):
    ours = engine(address)
    assert ours.server.is_here == here
    if here:
        assert ours.check(NARRATOR, ["en"]) == []
        return
    with pytest.raises(VoiceError, match="allow_remote"):
        ours.check(NARRATOR, ["en"])
    with pytest.raises(VoiceError, match="allow_remote"):
        list(ours.speak([line()]))
    [told] = engine(address, allow_remote=True).check(NARRATOR, ["en"])
    assert "will be sent there" in told


def test_a_reference_goes_along_as_the_server_takes_it(address, script, tmp_path):
    file = tmp_path / "mara.flac"
    write_flac(file, draw("mara", LINE, 1), RATE)
    mara = Voice("mara", file, LINE, "en", {"tempo": 1.0, "clone": "references"})
    list(engine(address).speak([line(voice=mara)]))
    list(engine(address, recording="path").speak([line(voice=mara)]))
    mara.settings["clone"] = "ref_audio"
    list(engine(address, recording="path").speak([line(voice=mara)]))
    list(engine(address).speak([line(voice=mara)]))
    data, path, audio, url = (fields for _, _, fields in script.asked)
    assert base64.b64decode(data["references"][0]["data"]) == file.read_bytes()
    assert data["references"][0]["text"] == LINE
    assert path["references"] == [{"audio_path": str(file), "text": LINE}]
    assert (audio["ref_audio"], audio["ref_text"]) == (str(file), LINE)
    assert url["ref_audio"].startswith("data:audio/flac;base64,")
    unsent = Voice("mara", file, LINE, "en", {"tempo": 1.0})
    assert SPEC.fingerprint(unsent)["reference"] is None
    assert SPEC.fingerprint(mara)["reference"]
    assert "isn't sent" in engine(address).check(unsent, ["en"])[0]


def test_a_voice_says_how_it_is_asked_for(address, script):
    mara = Voice("mara", settings={"voice": "nova", "instructions": "slowly", "extra": {"speed": 0.9}})
    list(engine(address, seed=False).speak([line(voice=mara)]))
    [(_, _, fields)] = script.asked
    assert (fields["voice"], fields["instructions"], fields["speed"]) == ("nova", "slowly", 0.9)
    assert "seed" not in fields


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": "127.0.0.1:8000"},
        {"base_url": "ftp://127.0.0.1/v1"},
        {"base_url": "http://me:pass@127.0.0.1/v1"},
        {"base_url": "http://127.0.0.1:99999/v1"},
        {"base_url": "http://127.0.0.1/v1?key=sk-1"},
        {"extra": {"input": "another"}},
        {"key_from": "sk-abc-def"},
        {"slots": 0},
        {"api_key": "sk-1"},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(ValidationError):
        OpenAIOptions(**options)


def test_the_identity_is_the_model_and_not_the_host():
    assert (
        engine("http://127.0.0.1:1/v1").identity == engine("http://127.0.0.1:2/v1").identity == "openai:tts-1"
    )

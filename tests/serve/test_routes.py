"""The server's answers: every form of sound, the lists, and refusals in OpenAI's shape."""

import http.client
import io
import json
import socket
import threading
import time
from urllib.parse import urlsplit

import av
import numpy as np
import pytest
import soundfile

from dotsbook.errors import ManifestError, OutputError
from dotsbook.serve import gate
from dotsbook.serve.running import serving, token_for
from dotsbook.voices.syllables import RATE, draw
from dotsbook.voices.wave_answer import read_wave

LINE = "The lamp on Sorrel Head had burned for years."


@pytest.mark.parametrize(
    ("form", "kind", "tolerance"),
    [
        ("wav", "audio/wav", 0.0),
        ("flac", "audio/flac", 0.0),
        ("mp3", "audio/mpeg", 0.1),
        ("opus", "audio/ogg", 0.1),
        ("aac", "audio/aac", 0.15),
    ],
)
def test_every_form_holds_the_line(client, form, kind, tolerance):
    status, headers, data = client.speech(LINE, voice="mara", seed=7, response_format=form)
    assert (status, headers["content-type"]) == (200, kind)
    whole = draw("mara", LINE, 7)
    with av.open(io.BytesIO(data)) as file:
        rate = file.streams.audio[0].rate
        heard = sum(frame.samples for frame in file.decode(audio=0)) / rate
    assert heard == pytest.approx(len(whole) / RATE, abs=tolerance + 1e-6)
    if not tolerance:
        samples, _ = soundfile.read(io.BytesIO(data), dtype="int16")
        assert np.array_equal(samples, np.rint(whole * 32767).astype(np.int16))


def test_pcm_is_what_openai_clients_expect(client):
    status, headers, data = client.speech(LINE, response_format="pcm", seed=1)
    assert (status, headers["content-type"], headers["x-sample-rate"]) == (
        200,
        "audio/pcm;rate=24000",
        "24000",
    )
    assert len(data) == 2 * len(draw("narrator", LINE, 1))
    _, headers, wave = client.speech(LINE, response_format="wav", seed=1, sample_rate=48000)
    samples, rate = read_wave(wave)
    assert rate == 48000
    assert len(samples) == 2 * len(draw("narrator", LINE, 1))


def test_the_same_request_sounds_the_same_and_a_voice_keeps_its_tempo(client):
    first, again = (client.speech(LINE, response_format="wav")[2] for _ in range(2))
    assert first == again
    quick = client.speech(LINE, voice="quick", response_format="wav", seed=1)[2]
    plain = client.speech(LINE, voice="narrator", response_format="wav", seed=1)[2]
    fast = client.speech(LINE, voice="narrator", response_format="wav", seed=1, speed=1.3)[2]
    assert len(quick) < 0.9 * len(plain)
    assert len(fast) == pytest.approx(len(plain) / 1.3, rel=0.01)


def test_a_long_text_is_cut_as_a_book_is_and_joined_with_its_pauses(client):
    text = f"{LINE}\n\nNobody waved. " + "They walked on and on, over the hill and down to the sea. " * 6
    status, _, data = client.speech(text, response_format="wav", seed=3)
    samples, rate = read_wave(data)
    assert status == 200
    first = len(draw("narrator", LINE, 3))
    gap = samples[first : first + round(0.9 * rate)]
    assert np.abs(gap).max() == 0.0
    assert np.abs(samples[first + len(gap) :][: rate // 2]).max() > 0.05


def test_a_stream_joined_is_the_whole(client):
    text = f"{LINE} " * 8
    whole = read_wave(client.speech(text, response_format="wav", seed=3)[2])[0]
    streamed = read_wave(client.speech(text, response_format="wav", seed=3, stream=True)[2])[0]
    assert np.array_equal(whole, streamed)
    pcm = client.speech(text, response_format="pcm", seed=3, stream=True)[2]
    assert np.array_equal(np.frombuffer(pcm, "<i2"), np.rint(whole * 32767).astype(np.int16))
    other = client.speech(text, response_format="pcm", seed=3, stream=True, sample_rate=16000)[2]
    assert abs(len(other) // 2 - round(len(whole) * 16000 / RATE)) <= 1


def test_requests_that_come_together_are_spoken_together(client):
    threads = [
        threading.Thread(target=client.speech, args=(f"Line {n}. {LINE}",), kwargs={"seed": n})
        for n in range(12)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    _, _, told = client("/metrics")
    figures = dict(row.split() for row in told.decode().splitlines() if not row.startswith("#"))
    assert float(figures["dotsbook_lines_total"]) == 12
    assert float(figures["dotsbook_batches_total"]) < 12
    assert figures['dotsbook_answers_total{status="200"}'] == "12"


def test_the_lists(client):
    assert json.loads(client("/healthz")[2]) == {"status": "ok"}
    voices = json.loads(client("/v1/audio/voices")[2])
    assert voices["voices"] == ["narrator", "mara", "quick"]
    assert voices["data"][1] == {"id": "mara", "name": "mara", "engine": "syllables"}
    assert [one["id"] for one in json.loads(client("/v1/models")[2])["data"]] == ["syllables"]
    assert json.loads(client("/v1/models/syllables")[2])["object"] == "model"
    assert client("/v1/models/gpt")[0] == 404


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "input"),
        ({"input": ""}, "input"),
        ({"input": 7}, "input"),
        ({"input": "x" * 20_001}, "input"),
        ({"input": "a\ud800b"}, "input"),
        ({"input": "?!…"}, None),
        ({"input": LINE, "voice": "nobody"}, "voice"),
        ({"input": LINE, "voice": "x" * 201}, "voice"),
        ({"input": LINE, "instructions": "x" * 4001}, "instructions"),
        ({"input": LINE, "voice": ["mara"]}, "voice"),
        ({"input": LINE, "response_format": "exe"}, "response_format"),
        ({"input": LINE, "speed": 9}, "speed"),
        ({"input": LINE, "speed": "1"}, "speed"),
        ({"input": LINE, "seed": -1}, "seed"),
        ({"input": LINE, "seed": 2**63}, "seed"),
        ({"input": LINE, "seed": True}, "seed"),
        ({"input": LINE, "language": "en; rm -rf"}, "language"),
        ({"input": LINE, "stream": "yes"}, "stream"),
        ({"input": LINE, "sample_rate": 10**9}, "sample_rate"),
    ],
)
def test_a_wrong_field_is_named(client, fields, param):
    status, _, data = client("/v1/audio/speech", fields)
    error = json.loads(data)["error"]
    assert status == 400
    assert (error["type"], error["param"]) == ("invalid_request_error", param)
    assert error["message"]


@pytest.mark.parametrize(
    ("path", "body", "method", "headers", "status"),
    [
        ("/v1/audio/speech", b"{", None, {}, 400),
        ("/v1/audio/speech", b"[" * 100_000, None, {}, 400),
        ("/v1/audio/speech", b"[]", None, {}, 400),
        ("/v1/audio/speech", b"\xff\xfe{}", None, {}, 400),
        ("/v1/audio/speech", b"{}", None, {"Content_Type": "text/plain"}, 415),
        ("/v1/audio/speech", b" " * 300_000, None, {}, 413),
        ("/v1/audio/speech", None, "GET", {}, 405),
        ("/v1/audio/speech", b"{}", None, {"Host": "evil.example"}, 421),
        ("/healthz", None, None, {"Host": "localhost.evil.example:80"}, 421),
        ("/v1/../etc/passwd", None, None, {}, 404),
        ("/nothing", None, None, {}, 404),
    ],
)
def test_a_wrong_request_is_refused_in_openais_shape(client, path, body, method, headers, status):
    found, answered, data = client(path, body, method, **headers)
    assert found == status
    assert json.loads(data)["error"]["type"] == "invalid_request_error"
    assert "access-control-allow-origin" not in answered


def test_null_is_as_if_it_was_not_said(client):
    names = ("voice", "model", "instructions", "stream_format", "language", "seed", "sample_rate")
    plain = client.speech(LINE, response_format="wav")
    for fields in (dict.fromkeys(names), {"voice": {}}, {"voice": {"id": None}}):
        assert client.speech(LINE, response_format="wav", **fields)[2] == plain[2]


def test_a_mistake_of_ours_is_told_and_logged(client, monkeypatch, caplog):
    from dotsbook.serve import application

    monkeypatch.setattr(application, "read_fields", lambda body, kind: 1 // 0)
    status, _, data = client.speech(LINE)
    assert (status, json.loads(data)["error"]["type"]) == (500, "server_error")
    until = time.monotonic() + 60
    while "ZeroDivisionError" not in caplog.text and time.monotonic() < until:
        time.sleep(0.02)  # it is logged after the answer
    assert "ZeroDivisionError" in caplog.text


def test_openais_names_speak_in_the_default_voice(client):
    mine, theirs = (
        client.speech(LINE, voice=name, response_format="wav", seed=1)[2] for name in ("narrator", "alloy")
    )
    assert mine == theirs
    assert client.speech(LINE, voice={"id": "mara"}, response_format="wav", seed=1)[2] != mine


def test_a_token_is_asked_for(book, monkeypatch):
    from tests.serve.conftest import Client

    monkeypatch.setenv("DOTSBOOK_SERVE_TOKEN", "0123456789abcdef")
    with serving(book) as address:
        client = Client(address)
        assert client("/healthz")[0] == 200
        for headers in (
            {},
            {"Authorization": "Bearer 0123456789abcdeg"},
            {"Authorization": "Basic 0123456789abcdef"},
        ):
            status, _, data = client("/v1/models", **headers)
            assert (status, json.loads(data)["error"]["code"]) == (401, "invalid_api_key")
        assert client("/v1/models", Authorization="Bearer 0123456789abcdef")[0] == 200


def test_without_a_token_only_loopback_is_served(monkeypatch, book):
    monkeypatch.delenv("DOTSBOOK_SERVE_TOKEN", raising=False)
    for host in ("0.0.0.0", "::", "192.168.1.9", "example.org", ""):
        with pytest.raises(ManifestError, match="DOTSBOOK_SERVE_TOKEN"):
            token_for(host)
    assert token_for("127.0.0.1") is None
    monkeypatch.setenv("DOTSBOOK_SERVE_TOKEN", "short")
    with pytest.raises(ManifestError, match="16"):
        token_for("127.0.0.1")


def test_an_address_that_is_taken_is_told(client, book):
    with pytest.raises(OutputError, match="can't be had"), serving(book, port=urlsplit(client.address).port):
        pass


def test_a_body_that_does_not_come_is_not_waited_for(client, monkeypatch):
    monkeypatch.setattr(gate, "READING", 0.3)
    parts = urlsplit(client.address)
    with socket.create_connection((parts.hostname, parts.port), 10) as slow:
        slow.sendall(
            b"POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n{"
        )
        assert slow.recv(100).startswith(b"HTTP/1.1 408")


def test_who_hangs_up_is_not_spoken_for(client, book, monkeypatch):
    from dotsbook.voices.syllables import SyllablesEngine

    monkeypatch.setattr(SyllablesEngine, "speak", slow_speak)
    parts = urlsplit(client.address)
    connection = http.client.HTTPConnection(parts.hostname, parts.port)
    body = json.dumps({"input": f"{LINE} " * 40}).encode()
    connection.request("POST", "/v1/audio/speech", body, {"Content-Type": "application/json"})
    time.sleep(0.3)
    connection.close()
    until = time.monotonic() + 20
    while book.speaker().counts()["waiting"] and time.monotonic() < until:
        time.sleep(0.05)
    assert book.speaker().counts()["lines"] < 40


def slow_speak(self, batch):
    from dotsbook.voices.engine import Spoken

    for request in batch:
        time.sleep(0.1)
        yield Spoken(request, samples=draw("a", request.text, 1))


@pytest.mark.parametrize(
    "head",
    [
        b"HEAD /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /v1/audio/speech HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_noise_behind_a_request_ends_the_connection_and_no_more(client, head, caplog, capfd):
    parts = urlsplit(client.address)
    with socket.create_connection((parts.hostname, parts.port), 10) as noisy:
        noisy.sendall(head + b"\x00\xffno HTTP\r\n\r\n")
        while noisy.recv(1 << 16):
            pass
    assert client("/healthz")[0] == 200
    assert not caplog.records
    assert "Traceback" not in capfd.readouterr().err

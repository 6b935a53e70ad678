"""A text that comes while it is spoken: sound before the text's end, the same sound as of the whole, and its refusals."""

import http.client
import json
from urllib.parse import urlsplit

import numpy as np
import pytest

import dotsbook
from dotsbook.serve import gate
from dotsbook.serve.running import serving
from dotsbook.voices.syllables import RATE, draw
from dotsbook.voices.wave_answer import read_wave
from tests.model.tiny import write_tiny
from tests.production.conftest import make

PATH = "/v1/audio/speech/live"
LINES = ["The boat left at half past six.", "Nobody waved.", "Then it rained."]


class LiveClient:
    """A request whose body is written while its answer is read."""

    def __init__(self, address, kind="application/x-ndjson"):
        parts = urlsplit(address)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self.connection.putrequest("POST", PATH)
        self.connection.putheader("Content-Type", kind)
        self.connection.putheader("Transfer-Encoding", "chunked")
        self.connection.endheaders()

    def send(self, row):
        data = row if isinstance(row, bytes) else json.dumps(row).encode() + b"\n"
        self.connection.send(b"%x\r\n%s\r\n" % (len(data), data))

    def end(self):
        self.connection.send(b"0\r\n\r\n")

    def answer(self):
        return self.connection.getresponse()


def told(answer):
    return answer.status, json.loads(answer.read())["error"]


def test_sound_comes_before_the_text_has_ended(client):
    live = LiveClient(client.address)
    live.send({"voice": "mara", "response_format": "pcm", "sample_rate": RATE, "seed": 7})
    for word in f"{LINES[0]} {LINES[1]}".split():
        live.send({"input": f"{word} "})
    answer = live.answer()
    assert (answer.status, answer.headers["content-type"]) == (200, f"audio/pcm;rate={RATE}")
    first = draw("mara", LINES[0], 7)
    heard = answer.read(2 * len(first))
    assert np.array_equal(np.frombuffer(heard, "<i2"), np.rint(first * 32767).astype(np.int16))
    live.send({"input": LINES[2]})
    live.end()
    rest = np.frombuffer(answer.read(), "<i2")
    pause = round(0.45 * RATE)
    second, third = draw("mara", LINES[1], 8), draw("mara", LINES[2], 9)
    assert len(rest) == 2 * pause + len(second) + len(third)
    assert not rest[:pause].any()
    assert np.array_equal(rest[-len(third) :], np.rint(third * 32767).astype(np.int16))


def test_all_of_a_text_may_come_in_the_first_line(client):
    live = LiveClient(client.address)
    live.send(json.dumps({"input": LINES[0], "seed": 1}).encode())
    live.end()
    samples, rate = read_wave(live.answer().read())
    assert rate == RATE
    assert np.abs(samples - draw("narrator", LINES[0], 1)).max() < 1e-4


@pytest.mark.parametrize(
    ("rows", "status", "said"),
    [
        ([b"{not JSON\n"], 400, "no JSON"),
        ([{"voice": "nobody"}], 400, "no voice 'nobody'"),
        ([{"response_format": "mp3"}], 400, "`response_format`"),
        ([{}, {"input": "Half a "}, b"[]\n"], 400, "a JSON object"),
        ([{}, {"text": "Half a line."}], 400, "`input`"),
        ([{}, {"input": "?!…"}], 400, "nothing to say"),
        ([], 400, "no JSON"),
        ([{}, *[{"input": "x" * 11_000}] * 2], 400, "more than 20,000 characters"),
    ],
)
def test_what_is_refused(client, rows, status, said):
    live = LiveClient(client.address)
    for row in rows:
        live.send(row)
    live.end()
    answered, error = told(live.answer())
    assert answered == status
    assert said in error["message"]


def test_the_bounds_of_a_body(client, monkeypatch):
    answered, error = told(LiveClient(client.address, "text/plain").answer())
    assert (answered, "application/x-ndjson" in error["message"]) == (415, True)
    monkeypatch.setattr(gate, "PAUSE", 0.2)
    live = LiveClient(client.address)
    live.send({"input": "Half a "})
    answered, error = told(live.answer())
    assert (answered, "No more of the text" in error["message"]) == (408, True)
    monkeypatch.setattr(gate, "LARGEST_BODY", 100)
    live = LiveClient(client.address)
    live.send(b" " * 200)
    assert told(live.answer())[0] == 413


def test_a_mistake_after_sound_breaks_the_answer_off_and_the_server_goes_on(client):
    live = LiveClient(client.address)
    live.send({"input": f"{LINES[0]} {LINES[1]}"})
    answer = live.answer()
    assert answer.status == 200
    live.send(b"{not JSON\n")
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    gone = LiveClient(client.address)
    gone.send({"input": f"{LINES[0]} {LINES[1]}"})
    gone.answer()
    gone.connection.sock and gone.connection.sock.close()
    assert client.speech(LINES[0])[0] == 200


def test_a_model_made_for_it_speaks_word_by_word(tmp_path, monkeypatch):
    monkeypatch.delenv("DOTSBOOK_SERVE_TOKEN", raising=False)
    model = write_tiny(tmp_path / "model", kind="scm", lstm_layers=1)
    config = json.loads((model / "config.json").read_text("utf-8"))
    (model / "config.json").write_text(json.dumps(config | {"streaming": {}}), "utf-8")
    manifest = f"title: Live\nlanguage: en\nsource: story.md\nengine: dots\nmodel: {model}\n"
    folder = make(tmp_path / "book", "# One\n\nA line.\n", manifest)
    with dotsbook.open(folder) as book, serving(book) as address:
        live = LiveClient(address)
        live.send({"response_format": "pcm", "seed": 3})
        live.send({"input": "The bo"})
        live.send({"input": "at left, "})
        answer = live.answer()
        first = answer.read(200)
        live.send({"input": "nobody waved."})
        live.end()
        heard = np.frombuffer(first + answer.read(), "<i2") / 32767
    from dotsbook.model.dots import Dots
    from dotsbook.model.live_speech import LiveSpeech

    alone = LiveSpeech(Dots.load(model), seed=3)
    pieces = [alone.push(token) for token in alone.dots.tokens.encode("The boat left, nobody waved.")]
    expected = np.concatenate([piece for piece in [*pieces, *alone.finish()] if piece is not None])
    assert len(heard) == len(expected)
    assert np.abs(heard - np.clip(expected, -1, 1)).max() < 2e-4

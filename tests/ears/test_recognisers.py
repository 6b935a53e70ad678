"""Which recogniser a manifest means, and a sentence where it can't be had."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from dotsbook.ears.faster_whisper import FasterWhisper, token_starts
from dotsbook.ears.mlx_recogniser import MlxRecogniser
from dotsbook.ears.recognisers import recogniser_of
from dotsbook.errors import ModelError


def test_a_folder_tells_its_kind(tmp_path):
    (tmp_path / "ct2").mkdir()
    (tmp_path / "ct2" / "model.bin").write_bytes(b"weights")
    (tmp_path / "parakeet").mkdir()
    (tmp_path / "parakeet" / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "parakeet" / "config.json").write_text("{}")
    whisper, parakeet = (recogniser_of(name, tmp_path, "en") for name in ("ct2", "parakeet"))
    assert isinstance(whisper, FasterWhisper) and whisper.identity.startswith("faster-whisper:")
    assert isinstance(parakeet, MlxRecogniser)
    assert parakeet.hears("en-GB") and not parakeet.hears("de")


def test_a_model_that_is_not_here_is_not_fetched(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="hf download some/whisper"):
        recogniser_of("some/whisper", tmp_path, "en")


def test_a_folder_without_weights_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="holds no recogniser"):
        recogniser_of("empty", tmp_path, "en").identity  # noqa: B018


def test_takes_leave_the_network_only_if_asked(tmp_path):
    with pytest.raises(ModelError, match="allow_remote"):
        recogniser_of("https://api.example.com/v1", tmp_path, "en")
    assert recogniser_of("https://api.example.com/v1#w", tmp_path, "en", allow_remote=True).identity.endswith(
        "#w"
    )
    assert recogniser_of("http://192.168.1.5:8000/v1", tmp_path, "en")


class Transcriber(BaseHTTPRequestHandler):
    answer: object = None
    seen: bytes = b""

    def do_POST(self):
        type(self).seen = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(self.answer).encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with HTTPServer(("127.0.0.1", 0), Transcriber) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/v1#tiny"
        made.shutdown()


def test_words_of_a_server(server, tmp_path):
    Transcriber.answer = {
        "text": "the sea",
        "words": [{"word": "the", "start": 0.1, "end": 0.3}, {"word": "sea", "start": 0.3, "end": 0.9}],
    }
    listening = recogniser_of(server, tmp_path, "en").listen(np.zeros(16000, np.float32), 16000, "en-GB")
    assert [(word.text, word.start, word.end) for word in listening.words()] == [
        ("the", 0.1, 0.3),
        ("sea", 0.3, 0.9),
    ]
    assert b'name="model"\r\n\r\ntiny\r\n' in Transcriber.seen and b"RIFF" in Transcriber.seen
    assert b'name="language"\r\n\r\nen\r\n' in Transcriber.seen
    assert listening.score([["the", "sea"]]) is None


def test_a_server_that_answers_otherwise(server, tmp_path):
    Transcriber.answer = ["no"]
    listening = recogniser_of(server, tmp_path, "en").listen(np.zeros(16000, np.float32), 16000, "en")
    with pytest.raises(ModelError, match="without a `text`"):
        listening.words()


def test_token_times_along_a_path():
    assert token_starts([(0, 0), (0, 1), (1, 2), (3, 5)], 4) == [0.0, 0.04, 0.1, 0.1]

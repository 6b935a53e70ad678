"""A small book and its server on loopback, and a client that says what it gets."""

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

import dotsbook
from dotsbook.serve.running import serving
from tests.production.conftest import make

MANIFEST = """title: The Ferry
author: A. Writer
language: en
source: story.md
engine: syllables
voices: {narrator: {}, mara: {}, quick: {tempo: 1.3}}
cast: {Mara: mara, default: narrator}
"""
STORY = '# One\n\nThe boat left at 6:30. Nobody waved.\n\n**Mara:** "Not tonight."\n'


@dataclass
class Client:
    address: str  # as far as /v1

    def __call__(self, path, body=None, method=None, **headers):
        """(status, headers, body) of a request; `body`: bytes as they are, or what becomes JSON."""
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if data is not None:
            named = {"Content-Type": "application/json"} | named
        connection.request(method or ("GET" if data is None else "POST"), path, data, named)
        answer = connection.getresponse()
        found = answer.status, answer.headers, answer.read()
        connection.close()
        return found

    def speech(self, text, **fields):
        return self("/v1/audio/speech", {"model": "tts-1", "input": text, **fields})


@pytest.fixture
def folder(tmp_path):
    return make(tmp_path / "book", STORY, MANIFEST)


@pytest.fixture
def book(folder):
    with dotsbook.open(folder) as book:
        yield book


@pytest.fixture
def client(book, monkeypatch):
    monkeypatch.delenv("DOTSBOOK_SERVE_TOKEN", raising=False)
    with serving(book) as address:
        yield Client(address)

"""Requests to `dotsbook serve` that no client should make: whether it stays up, says nothing, writes nothing and grows nothing.

    python -m tests.benchmarks.serve_malformed [--count 100000] [--schemathesis 2000] [--seed 1] [--threads 4]

The server runs in a process of its own, in a folder of its own that is its home, its cache and its temporary folder as
well. Some requests are made by schemathesis from the fields' own schema, against their types; the others here: fields
of absurd values, JSON that is none, bodies that are cut, too long or not there, paths that climb, methods, hosts and
types that don't belong, header lines of noise, and bytes that are no HTTP. At the end: answers by status, the server's words
on its standard error, files that weren't there before, and its memory as it went on.
"""

import argparse
import contextlib
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.generated_cases import send_each
from tests.production.conftest import MANIFEST, STORY, make

LINE = "The boat left at half past six."
ABSURD = (
    None, True, False, -1, 0, 1, 0.5, 1e308, -1e308, 2**31, 2**63, 10**400, "", " ", "x", "\0", "\ud800", "é" * 3, "../" * 9,
    "x" * 20_001, "9" * 400, "NaN", [], [[]], {}, {"id": None}, {"id": "../../etc/passwd"}, ["mara"], {"a": {"b": []}},
    "'; DROP TABLE takes; --", "{{7*7}}", "%s%n", "\u202e\u200b\ufeff", "\r\nX-Evil: 1", "en; rm -rf /", "file:///etc/passwd",
)  # fmt: skip
FIELDS = (
    "input", "model", "voice", "response_format", "speed", "instructions", "stream", "stream_format", "language",
    "seed", "sample_rate", "reference", "path", "__proto__",
)  # fmt: skip
PATHS = (
    "/v1/audio/speech", "/v1/audio/voices", "/v1/models", "/v1/models/../../etc/passwd", "/v1/models/%2e%2e%2f%2e%2e%2fetc",
    "/healthz", "/metrics", "/", "//", "/v1", "/v1/audio/speech/", "/v1/audio/%00", "/v1/models/" + "a" * 5000, "/%ff%fe",
    "/v1/audio/speech?input=x&voice=y", "/docs", "/openapi.json", "/.env", "*", "http://evil.example/v1/models",
)  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT", "BREW", "get")
KINDS = (
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "multipart/form-data; boundary=x",
    "",
    "x" * 300,
)
HOSTS = (
    "localhost",
    "127.0.0.1",
    "[::1]",
    "evil.example",
    "localhost.evil.example",
    "",
    "\t",
    "127.0.0.1:99999999",
    "a" * 400,
)


def fields(luck: random.Random) -> bytes:
    """A request for speech with some absurd fields."""
    found: dict[str, object] = {"input": LINE, "response_format": "wav"} if luck.random() < 0.7 else {}
    for name in luck.sample(FIELDS, luck.randrange(1, 4)):
        found[name] = luck.choice(ABSURD)
    return json.dumps(found).encode("utf-8", "surrogatepass")


def broken(luck: random.Random) -> bytes:
    """JSON that is none."""
    kind, whole = luck.randrange(6), fields(luck)
    if kind == 0:
        return whole[: luck.randrange(len(whole))]
    if kind == 1:
        return b"[" * luck.randrange(1, 50_000)
    if kind == 2:
        return b'{"a":' * luck.randrange(1, 20_000)
    if kind == 3:
        return luck.randbytes(luck.randrange(400))
    if kind == 4:
        return b'{"input": ' + b"9" * luck.randrange(1, 10_000) + b"}"
    noisy = bytearray(whole)
    for _ in range(luck.randrange(1, 6)):
        noisy[luck.randrange(len(noisy))] = luck.randrange(256)
    return bytes(noisy)


def asked(luck: random.Random) -> bytes:
    """A whole request, as bytes on the wire."""
    body = fields(luck) if luck.random() < 0.6 else broken(luck)
    if luck.random() < 0.002:
        body = b" " * 300_000
    usual = luck.random() < 0.6
    method, path = ("POST", PATHS[0]) if usual else (luck.choice(METHODS), luck.choice(PATHS))
    kind = KINDS[0] if usual or luck.random() < 0.5 else luck.choice(KINDS)
    host = HOSTS[1] if usual or luck.random() < 0.5 else luck.choice(HOSTS)
    length = len(body) if luck.random() < 0.97 else luck.choice((-1, 0, 10**30, len(body) + 9, "x"))
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        f"Content-Type: {kind}",
        f"Content-Length: {length}",
    ]
    if luck.random() < 0.1:
        lines.append(
            luck.choice(
                (
                    "Transfer-Encoding: chunked",
                    "Expect: 100-continue",
                    "Authorization: Bearer x",
                    "A" * 70_000,
                )
            )
        )
    if luck.random() < 0.03:
        lines.append("".join(chr(luck.randrange(1, 255)) for _ in range(30)))
    if luck.random() < 0.02:
        return luck.randbytes(luck.randrange(1, 300))
    return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\nConnection: close\r\n\r\n" + body


def send(port: int, data: bytes) -> int:
    """The status of the answer; 0 where the connection ends without one."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 60) as wire:
        with contextlib.suppress(OSError):
            wire.sendall(data)
            wire.shutdown(socket.SHUT_WR)
        head = wire.recv(64)
        while wire.recv(1 << 16):
            pass
        word = head.split(b" ")[1:2]
        return int(word[0]) if word and word[0].isdigit() else 0
    return 0


def by_hand(port: int, count: int, threads: int, seed: int, told: Callable[[int], None]) -> Counter[int]:
    found: Counter[int] = Counter()
    lock, left = threading.Lock(), iter(range(count))

    def work() -> None:
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            status = send(port, asked(random.Random(f"{seed} {number}")))
            with lock:
                found[status] += 1
            if number % 5000 == 0:
                told(number)

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    return found


def by_schemathesis(address: str, count: int, seed: int) -> Counter[int]:
    """Requests that schemathesis makes against the types of the fields."""
    import schemathesis

    from dotsbook.serve.speech_fields import SpeechFields

    body = {"required": True, "content": {"application/json": {"schema": SpeechFields.model_json_schema()}}}
    answers = {"200": {"description": "sound"}}
    paths: dict[str, object] = {"/audio/speech": {"post": {"requestBody": body, "responses": answers}}}
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    paths["/models/{name}"] = {"get": {"parameters": [name], "responses": answers}}
    schema = schemathesis.openapi.from_dict(
        {"openapi": "3.1.0", "info": {"title": "dotsbook", "version": "1"}, "paths": paths}
    )
    found: Counter[int] = Counter()
    negative, positive = schemathesis.GenerationMode.NEGATIVE, schemathesis.GenerationMode.POSITIVE
    for path, method, mode, share in (
        ("/audio/speech", "POST", negative, 0.5),
        ("/audio/speech", "POST", positive, 0.4),
        ("/models/{name}", "GET", positive, 0.1),
    ):
        cases = schema[path][method].as_strategy(generation_mode=mode)

        def send(case: schemathesis.Case) -> None:
            found[case.call(base_url=address, timeout=120).status_code] += 1

        send_each(cases, max(1, round(count * share)), seed, send)
    return found


@contextlib.contextmanager
def served(home: Path) -> Iterator[tuple[subprocess.Popen, str]]:
    """The server's process and its address."""
    book = make(home / "book", STORY, MANIFEST)
    own = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "TMPDIR": str(home / "tmp")}
    (home / "tmp").mkdir()
    environment = {key: value for key, value in os.environ.items() if key != "DOTSBOOK_SERVE_TOKEN"} | own
    with open(home.parent / "stderr", "wb") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "dotsbook", "serve", str(book), "--port", "0", "--json"],
            stdout=subprocess.PIPE,
            stderr=words,
            env=environment,
            cwd=home,
        )
        assert process.stdout
        try:
            yield process, json.loads(process.stdout.readline())["url"]
        finally:
            process.terminate()
            process.wait(30)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="in all")
    parser.add_argument("--schemathesis", type=int, default=2000, help="of them by schemathesis")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=4)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name) / "home"
        home.mkdir()
        with served(home) as (process, address):
            port, before = urlsplit(address).port or 0, files(home)
            memory = psutil.Process(process.pid)

            def told(number: int) -> None:
                print(f"{number:,}: {memory.memory_info().rss / 1e6:.0f} MB", flush=True)

            found = by_hand(port, chosen.count - chosen.schemathesis, chosen.threads, chosen.seed, told)
            if chosen.schemathesis:
                made = by_schemathesis(address, chosen.schemathesis, chosen.seed)
                print(f"by schemathesis: {dict(sorted(made.items()))}")
                found += made
            told(sum(found.values()))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", "/healthz")
            alive = connection.getresponse().status == 200
            new = sorted(files(home) - before)
        words = (Path(name) / "stderr").read_text("utf-8", "replace")
    print(f"answers by status (0: the connection was closed): {dict(sorted(found.items()))}")
    print(
        f"the server is up: {alive}; its words: {len(words)} characters, {words.count('Traceback')} tracebacks"
    )
    print(f"files that are new: {new}")
    if words:
        print(words[-2000:])


if __name__ == "__main__":
    main()

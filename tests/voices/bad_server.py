"""A speech server on loopback that answers as its script says: well, or in one of the ways in which servers fail."""

import http.server
import io
import json
import socket
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import soundfile

from dotsbook.voices.syllables import RATE, draw

HTML = b"<!DOCTYPE html><html><body>Welcome to nginx</body></html>"


def wave(samples, rate=RATE, subtype="PCM_16") -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format="WAV", subtype=subtype)
    return file.getvalue()


def spoken(fields) -> bytes:
    return wave(draw(str(fields.get("voice")), fields["input"], fields.get("seed", 0)))


@dataclass
class Script:
    """What to do with each request in turn; after the last, speak."""

    faults: list = field(default_factory=list)
    asked: list = field(default_factory=list)  # (path, headers, fields) of each request
    now: int = 0
    most: int = 0  # requests in flight
    pace: float = 0.0  # seconds an answer takes
    together: threading.Barrier | None = None  # each waits until so many are in flight
    lock: threading.Lock = field(default_factory=threading.Lock)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        script = self.server.script
        fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with script.lock:
            script.asked.append((self.path, dict(self.headers), fields))
            script.now += 1
            script.most = max(script.most, script.now)
            fault = script.faults.pop(0) if script.faults else "speak"
        time.sleep(script.pace)
        if script.together:
            script.together.wait(60)
        with script.lock:  # before the answer, which lets whoever asked go on
            script.now -= 1
        self.answer(fault, fields)

    def send(self, data, status=200, kind="audio/wav", length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def answer(self, fault, fields):
        good = spoken(fields) if "input" in fields else b""
        match fault:
            case "speak":
                self.send(good)
            case "pcm":
                self.send(good[44:], kind=f"audio/pcm;rate={RATE}")
            case "unknown length":
                self.send(good[:4] + b"\xff" * 4 + good[8:40] + b"\xff" * 4 + good[44:])
            case "cut":
                self.send(good[: len(good) // 2], length=len(good))
                self.close_connection = True
            case "cut chunks":
                self.send_response(200)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"%x\r\n" % len(good) + good[: len(good) // 2])
                self.close_connection = True
            case "cut wave":
                self.send(good[: len(good) // 2])
            case "empty":
                self.send(b"")
            case "no samples":
                self.send(wave(np.zeros(0, np.float32)))
            case "html":
                self.send(HTML, kind="text/html")
            case "html as sound":
                self.send(HTML)
            case "json":
                self.send(b'{"error": "no such voice"}', kind="application/json")
            case "noise":
                self.send(bytes(range(1, 256)) * 40)
            case "16000":
                self.send(wave(draw("a", fields["input"], 1)[::2], 16_000))
            case "hang up":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
            case "no http":
                self.wfile.write(b"SSH-2.0-OpenSSH\r\n")
                self.close_connection = True
            case "elsewhere":
                self.send(b"", 307, Location="http://192.0.2.1/v1/audio/speech")
            case (status, words):
                self.send(json.dumps({"error": {"message": words}}).encode(), status, "application/json")
            case (status, words, after):
                self.send(words.encode(), status, "text/plain", Retry_After=after)


@contextmanager
def serving(script, port=0):
    """The address, as far as /v1, of a server that follows the script."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads, server.script = True, script
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()

"""One POST: no redirect is followed, no answer is read without end, and what goes wrong is told in words."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dotsbook.http_post import NoAnswer, post


class Answering(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, self.headers.get("Authorization"), body))
        moved = self.path.startswith("/moved")
        self.send_response(307 if moved else 200)
        if moved:
            self.send_header("Location", "/elsewhere")
        data = b"x" * 2000 if self.path == "/long" else b'{"text": "so"}'
        self.send_header("Content-Type", "Application/JSON")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    with HTTPServer(("127.0.0.1", 0), Answering) as made:
        made.seen = []
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


def test_what_is_asked_and_answered(server):
    at = f"http://127.0.0.1:{server.server_port}/v1/it?a=1"
    answer = post(at, b"body", {"Authorization": "Bearer k"}, 5, 1000)
    assert (answer.status, answer.kind, answer.data) == (200, "application/json", b'{"text": "so"}')
    assert server.seen == [("/v1/it?a=1", "Bearer k", b"body")]


def test_a_redirect_is_an_answer_and_no_second_question(server):
    answer = post(f"http://127.0.0.1:{server.server_port}/moved", b"", {"Authorization": "Bearer k"}, 5, 1000)
    assert answer.status == 307 and len(server.seen) == 1


def test_too_much_and_nothing_are_told(server):
    with pytest.raises(NoAnswer, match="more than 1,000"):
        post(f"http://127.0.0.1:{server.server_port}/long", b"", {}, 5, 1000)
    port = server.server_port
    server.shutdown()
    server.server_close()
    with pytest.raises(NoAnswer, match="refused"):
        post(f"http://127.0.0.1:{port}/", b"", {}, 5, 1000)

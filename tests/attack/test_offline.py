"""The whole way from manuscript to page with every socket refused: nothing asks the network, nothing listens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ground import STORY

REFUSE = """
import _socket, os, socket, sys
def refuse(*words, **more):
    with open(os.environ["SOCKETS"], "a") as log:
        log.write(f"{sys.argv} {words}\\n")
    raise OSError("this test allows no sockets")
class Socket(socket.socket):
    def __init__(self, family=-1, *more, **named):
        if family != getattr(socket, "AF_UNIX", None):      # between a program and its own worker
            refuse(family, *more)
        super().__init__(family, *more, **named)
    def listen(self, *words):
        refuse("listen", *words)
socket.socket = Socket
for name in ("create_connection", "getaddrinfo", "gethostbyname", "create_server"):
    setattr(socket, name, refuse)
"""


@pytest.mark.parametrize("engine", ["syllables", "draft"])
def test_a_book_without_a_network(tmp_path, engine):
    if engine == "draft":
        pytest.importorskip("espeakng_loader")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(REFUSE)
    (tmp_path / "story.md").write_text(
        STORY + "\n[remote](http://example.org/x.png) ![x](http://example.org/y.png)\n"
    )
    root = Path(__file__).parents[2]
    settings = os.environ | {
        "PYTHONPATH": f"{tmp_path / 'site'}{os.pathsep}{root}",
        "SOCKETS": str(tmp_path / "log"),
    }

    def dotsbook(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "dotsbook", *words],
            env=settings,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    dotsbook("init", "book", "--source", "story.md")
    manifest = tmp_path / "book" / "book.yaml"
    manifest.write_text(manifest.read_text().replace("engine: draft", f"engine: {engine}"))
    if engine == "syllables":
        dotsbook("plan", "book")
    dotsbook("make", "book", "--format", "m4b,page")
    assert (tmp_path / "book" / "out" / "index.html").exists()
    assert not (tmp_path / "log").exists(), (tmp_path / "log").read_text()


def test_the_refusal_refuses(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(REFUSE)
    done = subprocess.run(
        [sys.executable, "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:9')"],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "SOCKETS": str(tmp_path / "log")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1 and (tmp_path / "log").exists()

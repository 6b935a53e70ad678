"""The engine `openai` against our server: the same takes as without it, and nothing lost when the server dies."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import dotsbook
from dotsbook.audio import read_flac, write_flac
from dotsbook.production.events import Paused, Rendered, Resumed
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.openai import open_openai
from dotsbook.voices.spec import EngineSetup
from tests.production.conftest import make

LINES = [
    f"The lamp on Sorrel Head had burned for {number} years, and {'nobody ' * (number % 5)}waved."
    for number in range(40)
]
REMOTE = """title: The Ferry
language: en
source: story.md
engine: openai
model: tts-1
options: {base_url: "ADDRESS", slots: 8}
voices: {narrator: {}}
"""


def as_taken(samples, rate, folder):
    write_flac(folder / "take.flac", samples, rate)
    return read_flac(folder / "take.flac")[0]


def test_eight_in_flight_give_the_takes_of_the_engine_itself(client, book, tmp_path):
    ours = open_openai(EngineSetup("syllables", {"base_url": client.address, "slots": 8}, tmp_path))
    mara = book.session.voice("mara")
    asked = [Request(line, mara, "en", seed * 2**57, seed) for seed, line in enumerate(LINES)]
    served = {one.request.tag: one for one in ours.speak(asked)}
    direct = {one.request.tag: one for one in book.session.single(mara.engine).speak(asked)}
    for tag in range(len(LINES)):
        assert served[tag].error is None
        mine = as_taken(direct[tag].samples, 24000, tmp_path)
        assert np.array_equal(mine, as_taken(served[tag].samples, served[tag].rate, tmp_path))


def test_dots_through_the_server_is_dots(tmp_path):
    pytest.importorskip("mlx.core")
    from dotsbook.serve.running import serving
    from tests.model.tiny import write_tiny

    model = write_tiny(tmp_path / "model", kind="mf", seed=4)
    manifest = f"title: T\nlanguage: en\nsource: story.md\nengine: dots\nmodel: {model}\nvoices: {{narrator: {{}}}}\n"
    texts = ["Good evening.", "Nobody waved at all.", "It rained.", "They ran over the bridge."]
    with dotsbook.open(make(tmp_path / "book", manifest=manifest)) as book, serving(book) as address:
        ours = open_openai(EngineSetup("dots", {"base_url": address, "slots": 4}, tmp_path))
        asked = [Request(text, Voice("narrator"), "en", seed, seed) for seed, text in enumerate(texts)]
        served = {one.request.tag: one for one in ours.speak(asked)}
        voice = book.session.voice("narrator")
        lines = [Request(one.text, voice, "en", one.seed, one.tag) for one in asked]
        with dotsbook.open(tmp_path / "book") as other:  # another engine, of its own thread
            direct = {one.request.tag: one for one in other.session.single(voice.engine).speak(lines)}
    for tag in range(len(texts)):
        mine = as_taken(direct[tag].samples, served[tag].rate, tmp_path)
        theirs = as_taken(served[tag].samples, served[tag].rate, tmp_path)
        assert mine.shape == theirs.shape
        assert np.abs(mine - theirs).max() <= 1.01 / 32768  # a batch of another size: the last bit


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def started(folder, port):
    """A server in a process of its own, once it answers."""
    environment = {name: value for name, value in os.environ.items() if name != "DOTSBOOK_SERVE_TOKEN"}
    process = subprocess.Popen(
        [sys.executable, "-m", "dotsbook", "serve", str(folder), "--port", str(port), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    told = json.loads(process.stdout.readline() or "{}")
    assert told.get("event") == "serving", process.stderr.read()
    return process


@pytest.mark.timeout(240)
def test_a_server_killed_and_restarted_mid_book_loses_nothing_and_doubles_nothing(
    tmp_path, folder, monkeypatch
):
    from dotsbook.render import absence

    monkeypatch.setattr(
        absence.Waits, "__init__", lambda self: object.__setattr__(self, "first", 0.3) or None, False
    )
    port = free_port()
    story = "# One\n\n" + "\n\n".join(LINES * 4)
    remote = make(tmp_path / "remote", story, REMOTE.replace("ADDRESS", f"http://127.0.0.1:{port}/v1"))
    servers = [started(folder, port)]
    seen, done = [], set()
    try:
        with dotsbook.open(remote) as book:
            for event in book.render():
                seen.append(event)
                if type(event).__name__ == "Done":
                    assert event.job.key not in done, "a take was made twice"
                    done.add(event.job.key)
                    if len(done) in (20, 70):
                        servers[-1].send_signal(signal.SIGKILL)
                        servers[-1].wait()
                        threading.Thread(
                            target=lambda: (time.sleep(1.0), servers.append(started(folder, port)))
                        ).start()
            status = book.status()
            verified = book.verify()
    finally:
        for one in servers:
            one.kill()
            one.wait()
    assert len(servers) == 3
    assert any(isinstance(event, Paused) for event in seen)
    assert any(isinstance(event, Resumed) for event in seen)
    outcome = next(event for event in seen if isinstance(event, Rendered)).outcome
    assert (len(done), outcome.failed) == (161, ())
    assert status.done == status.chunks == 161
    assert len(list((remote / ".dotsbook" / "takes").rglob("*.flac"))) == 161
    assert verified.faults == 0
    with dotsbook.open(remote) as book:
        with book.session.reading() as ledger:
            takes = ledger.finished()
        attempts = [take.attempts for take in takes.values()]
    assert attempts == [1] * 161, "an attempt was used up by the server's absence"


def test_ctrl_c_ends_it_with_nothing_to_say(folder):
    server = started(folder, 0)
    server.send_signal(signal.SIGINT)
    out, err = server.communicate(timeout=30)
    assert (server.returncode, err) == (0, "")

"""espeak-ng behind a pipe, in a process of its own, spoken to in frames (see draft_worker.py). It knows no voices.

Every wait has an end: a process that doesn't take, answer or greet in time is ended, and EngineDied says so.
"""

import json
import os
import selectors
import struct
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from dotsbook.errors import VoiceError
from dotsbook.voices.engine import EngineDied

PROGRAM = Path(__file__).with_name("draft_worker.py")
PATIENCE = 60.0  # seconds for one request before its process counts as hung; a page takes one
HELLO, SOUND, FAULT, PHONEMES = 0, 1, 2, 3  # as in draft_worker
CHUNK = 1 << 16  # bytes of a reply read at once
MISSING = 'The draft voice needs espeak-ng: run `pip install "dotsbook[draft]"`, or choose another `engine:`.'


class EspeakProcess:
    """One process, spoken to by one thread at a time. `greet` it first."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", os.fspath(PROGRAM), *library()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        os.set_blocking(self.stdin.fileno(), False)
        self.until = 0.0  # time.monotonic() at which the reply waited for counts as never coming

    @property
    def stdin(self) -> IO[bytes]:
        assert self.process.stdin is not None
        return self.process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout

    def greet(self) -> dict:
        """What the library says of itself: version, rate, voices."""
        self.until = time.monotonic() + PATIENCE
        state, data = self.receive()
        if state == HELLO:
            try:
                return json.loads(data)
            except ValueError as error:
                raise self.died("greeted with nonsense") from error
        self.close()
        raise VoiceError(
            f"espeak-ng doesn't start: {data.decode(errors='replace')}; "
            "install it anew with `pip install --force-reinstall espeakng-loader`."
        )

    def ask(self, request: dict) -> tuple[int, bytes]:
        """(state, data) of the reply; EngineDied if no sensible one comes within PATIENCE, and the process is ended."""
        body = json.dumps(request).encode()
        self.until = time.monotonic() + PATIENCE
        self.write(struct.pack("<I", len(body)) + body)
        state, data = self.receive()
        if state not in (SOUND, FAULT, PHONEMES) or (state == SOUND and len(data) % 2):
            raise self.died("answered with nonsense")
        return state, data

    def write(self, data: bytes) -> None:
        unsent = memoryview(data)
        try:
            while unsent:
                self.wait_for(self.stdin, selectors.EVENT_WRITE)
                unsent = unsent[self.stdin.write(unsent) or 0 :]
        except OSError as error:
            raise self.died() from error

    def receive(self) -> tuple[int, bytes]:
        state, length = struct.unpack("<BI", self.read(5))
        return state, bytes(self.read(length))

    def read(self, count: int) -> bytearray:
        data = bytearray()
        while len(data) < count:
            self.wait_for(self.stdout, selectors.EVENT_READ)
            got = self.stdout.read(min(count - len(data), CHUNK))
            if not got:
                raise self.died()
            data += got
        return data

    def wait_for(self, pipe: IO[bytes], event: int) -> None:
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, event)
            if not ready.select(max(0.0, self.until - time.monotonic())):
                raise self.died(f"said nothing for {PATIENCE:.0f} s")

    def died(self, how: str = "") -> EngineDied:
        self.close()
        how = how or f"ended (code {self.process.returncode})"
        return EngineDied(f"espeak-ng's process {how}; it is started anew.")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self.stdin.close()
        self.stdout.close()


def library() -> tuple[str, str]:
    """The shared library's path and the folder of its data, without loading either."""
    spec = find_spec("espeakng_loader")
    if spec is None or not spec.origin:
        raise VoiceError(MISSING)
    folder = Path(spec.origin).parent
    name = "libespeak-ng.dylib" if sys.platform == "darwin" else "libespeak-ng.so"
    return str(folder / name), str(folder)

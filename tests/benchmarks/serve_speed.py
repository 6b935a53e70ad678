"""What `dotsbook serve` gains by speaking requests together, and how soon and how evenly a stream comes.

    python -m tests.benchmarks.serve_speed [--lines 8] [--patches 16] [--small]

Together: so many requests for a line of dots.tts at once against the same one after another, over HTTP, with random
weights of 0.7 GB (those of engine_batches.py) that speak the same number of patches each. Streaming: the tests' tiny
model; seconds from the request to the first byte of sound, against the time that a patch takes; then a player that
begins with the first sound and plays at real time: how often, and for how long, it has nothing to play. All of it by
the clock and by this process's own processor time, which other work on the machine touches less.
`--small` takes the tiny model for both.
"""

import argparse
import http.client
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.parse import urlsplit
from urllib.request import urlopen

import dotsbook
from dotsbook.model.blas import prefer_openblas
from dotsbook.model.sampling import SamplingOptions
from dotsbook.serve.running import serving
from tests.benchmarks.engine_batches import MEDIUM, TEXT
from tests.model.tiny import write_tiny
from tests.production.conftest import make

BOOK = "title: T\nlanguage: en\nsource: story.md\nengine: dots\nmodel: {}\nvoices: {{narrator: {{}}}}\n"
STREAMS = 20


Clock = Callable[[], float]


def pieces(
    address: str, text: str, clock: Clock = time.perf_counter, **fields: object
) -> Iterator[tuple[float, bytes]]:
    """(seconds since the request, bytes) of an answer, as they come; pcm at 48 kHz, the model's own rate."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=7200)
    body = {"input": text, "response_format": "pcm", "sample_rate": 48_000, **fields}
    begun = clock()
    connection.request("POST", "/v1/audio/speech", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    while data := answer.read1(1 << 16):
        yield clock() - begun, data
    connection.close()


def spoken(address: str, number: int, found: dict[int, int]) -> None:
    text = f"{TEXT[: 20 + number]}."  # short enough for a few patches
    found[number] = sum(len(data) for _, data in pieces(address, text, seed=number))


def together(address: str, lines: int) -> None:
    spoken(address, lines, {})  # loads the model
    at_once: dict[int, int] = {}
    one_by_one: dict[int, int] = {}
    clocks = (time.perf_counter, time.process_time)
    begun = [clock() for clock in clocks]
    threads = [threading.Thread(target=spoken, args=(address, n, at_once)) for n in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    middle = [clock() for clock in clocks]
    for number in range(lines):
        spoken(address, number, one_by_one)
    ended = [clock() for clock in clocks]
    assert at_once == one_by_one, "other lengths together"
    parts = urlsplit(address)
    with urlopen(f"http://{parts.netloc}/metrics") as told:
        largest = [row for row in told.read().decode().splitlines() if row.startswith("dotsbook_largest")]
    print(*largest, flush=True)
    print(f"{lines} requests, {sum(at_once.values()) / 96_000:.1f} s of sound", flush=True)
    for what, first, second, third in zip(("the clock", "processor time"), begun, middle, ended, strict=True):
        at_once_took, apart = second - first, third - second
        print(
            f"by {what}: together {at_once_took:.1f} s, one after another {apart:.1f} s: {apart / at_once_took:.2f} times",
            flush=True,
        )


def streaming(address: str, patches: int) -> None:
    list(pieces(address, TEXT, stream=True, seed=1))
    for what, clock in (("the clock", time.perf_counter), ("processor time", time.process_time)):
        wholes = [list(pieces(address, TEXT, clock, stream=True, seed=number)) for number in range(STREAMS)]
        firsts = [whole[0][0] for whole in wholes]
        first, one = statistics.median(firsts), statistics.median(whole[-1][0] / patches for whole in wholes)
        factor = statistics.median(
            whole[-1][0] / (sum(len(data) for _, data in whole) / 96_000) for whole in wholes
        )
        gaps = [gap for whole in wholes for gap in silences(whole)]
        print(
            f"{STREAMS} streams of {patches} patches, by {what}: a patch takes {1000 * one:.1f} ms; the first sound comes "
            f"after {1000 * first:.1f} ms (the slowest {1000 * max(firsts):.1f}): {first / one:.2f} patches' time; "
            f"real-time factor {factor:.2f}; {len(gaps)} gaps"
            + (f", the longest {1000 * max(gaps):.0f} ms" if gaps else ""),
            flush=True,
        )


def silences(whole: list[tuple[float, bytes]]) -> list[float]:
    """Seconds in which a player that begins with the first sound has nothing to play, each time."""
    until, found = whole[0][0], []
    for came, data in whole:
        if came > until:
            found.append(came - until)
        until = max(until, came) + len(data) / 96_000
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=8)
    parser.add_argument("--patches", type=int, default=16)
    parser.add_argument("--small", action="store_true")
    chosen = parser.parse_args()
    prefer_openblas()  # before anything imports MLX
    sampling = SamplingOptions(max_patches=chosen.patches, eos_threshold=1.0)  # random weights know no end
    with (
        tempfile.TemporaryDirectory() as name,
        patch("dotsbook.voices.dots.sampling_of", lambda voice: sampling),
        patch("dotsbook.serve.answering.PATIENCE", 7200.0),
    ):
        folder = Path(name)
        for what, sizes, measured in (
            ("tiny", {}, lambda address: streaming(address, chosen.patches)),
            ("medium", {} if chosen.small else MEDIUM, lambda address: together(address, chosen.lines)),
        ):
            model = write_tiny(folder / what / "model", kind="mf", **sizes)
            book = make(folder / what / "book", manifest=BOOK.format(model))
            with dotsbook.open(book) as opened, serving(opened) as address:
                measured(address)


if __name__ == "__main__":
    main()

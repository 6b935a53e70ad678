"""Two hosts far apart, one of them gone for a minute: a book is finished, and is the same.

    python -m tests.benchmarks.cluster_network [--lines 150] [--delay 0.05] [--loss 0.01] [--gone 60]

It needs Linux, root, `ip` (iproute2) and /dev/net/tun. Each host is a network namespace; between them lies a tunnel whose
packets this program carries from one to the other, each `delay` seconds late and with `loss` of them dropped: no module of
the kernel is needed. Scheduler and a worker are on the first host, a worker on the second; the client is on the first, and
then, for another book, on the second, so that it loses the scheduler too.
"""

import argparse
import fcntl
import heapq
import json
import os
import random
import select
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from tests.benchmarks.cluster_speed import story
from tests.benchmarks.kill_book import book_pcm
from tests.cluster.ferry_book import make, rendered, takes
from tests.cluster.rack import ROOT
from tests.cluster.slow_engine import install

TUNSETIFF, TUN, PLAIN = 0x400454CA, 0x0001, 0x1000
HOSTS = {"dbnear": "10.77.0.1", "dbfar": "10.77.0.2"}
SCHEDULER = "tcp://10.77.0.1:8786"


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


class FarLine:
    """The line between the two hosts."""

    def __init__(self, delay: float, loss: float):
        self.delay, self.loss, self.cut, self.ended = delay, loss, threading.Event(), threading.Event()
        self.carried = self.dropped = 0
        self.ends = [self.end(name, address) for name, address in HOSTS.items()]
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def end(self, host: str, address: str) -> int:
        """A tunnel's end inside a host."""
        ip("netns", "add", host)
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", host.encode(), TUN | PLAIN))
        ip("link", "set", host, "netns", host)
        ip("-n", host, "addr", "add", f"{address}/24", "dev", host)
        for device in ("lo", host):
            ip("-n", host, "link", "set", device, "up")
        return end

    def carry(self) -> None:
        chance, order, late = random.Random(1), count(), []
        while not self.ended.is_set():
            wait = max(0.0, late[0][0] - time.monotonic()) if late else 0.1
            for end in select.select(self.ends, [], [], min(wait, 0.1))[0]:
                packet = os.read(end, 65536)
                if self.cut.is_set() or chance.random() < self.loss:
                    self.dropped += 1
                    continue
                other = self.ends[1 - self.ends.index(end)]
                heapq.heappush(late, (time.monotonic() + self.delay, next(order), other, packet))
            while late and late[0][0] <= time.monotonic():
                _, _, other, packet = heapq.heappop(late)
                os.write(other, packet)
                self.carried += 1

    def close(self) -> None:
        self.ended.set()
        self.thread.join()
        for end in self.ends:
            os.close(end)
        for host in HOSTS:
            ip("netns", "del", host)


@contextmanager
def running(host: str, *words: str, **options):
    """A Python module on a host, ended with what it has started."""
    command = ["ip", "netns", "exec", host, sys.executable, "-m", *words]
    process = subprocess.Popen(command, start_new_session=True, **options)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def finished_far_apart(line: FarLine, folder: Path, client: str, gone: float) -> None:
    """Render a book from a host; the other one is gone for a while in the middle."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with ExitStack() as stack:
        where = ["--host", "10.77.0.1", "--port", "8786", "--no-dashboard"]
        stack.enter_context(running("dbnear", "distributed.cli.dask_scheduler", *where, **quiet))
        for host in HOSTS:
            stack.enter_context(
                running(host, "dotsbook", "worker", SCHEDULER, "--memory", "1", "--name", host, **quiet)
            )
        words = ["dotsbook", "render", str(folder), "--json", "--cluster", SCHEDULER]
        begun, pipe = time.monotonic(), {"stdout": subprocess.PIPE, "text": True}
        process = stack.enter_context(running(client, *words, **pipe))
        keys, by, said = [], {}, []
        for text in process.stdout:
            event = json.loads(text)
            if event["event"] == "done":
                keys.append(event["key"])
            elif event["event"] == "workers":
                by |= {worker["name"].rpartition("-")[0]: worker["done"] for worker in event["workers"]}
            elif event["event"] in ("said", "paused", "resumed"):
                said.append(event.get("text") or event.get("reason") or "resumed")
            if len(keys) == 40 and not line.cut.is_set() and not line.ended.is_set():
                line.cut.set()
                threading.Timer(gone, line.cut.clear).start()
                keys.append("")
        assert process.wait() == 0, process.returncode
        keys.remove("")
    assert len(keys) == len(set(keys)), "told of twice"
    print(
        f"client on {client}: {len(keys)} takes in {time.monotonic() - begun:.0f} s, the other host gone for {gone:.0f} s of them; "
        f"lines by worker since it was last met: {by}; {line.carried:,} packets carried, {line.dropped:,} dropped; told: {said}",
        flush=True,
    )


def main(said: argparse.Namespace, place: Path) -> None:
    path = os.pathsep.join([str(install(place / "site")), str(ROOT)])
    os.environ |= {"PYTHONPATH": path, "SLOW": "0"}
    sys.path.insert(0, str(place / "site"))
    calm = make(place / "calm", "slow", story(said.lines))
    rendered(calm)
    subprocess.run(
        [sys.executable, "-m", "dotsbook", "assemble", str(calm)], check=True, stdout=subprocess.DEVNULL
    )
    os.environ["SLOW"] = "0.2"
    for client in HOSTS:
        folder = make(place / f"book {client}", "slow", story(said.lines))
        line = FarLine(said.delay, said.loss)
        try:
            finished_far_apart(line, folder, client, said.gone)
        finally:
            line.close()
        assert takes(folder) == takes(calm), "takes differ"
        subprocess.run(
            [sys.executable, "-m", "dotsbook", "assemble", str(folder)], check=True, stdout=subprocess.DEVNULL
        )
        assert book_pcm(folder) == book_pcm(calm), "the finished books differ"
        print("takes and book as those of one process", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lines", type=int, default=150)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--loss", type=float, default=0.01)
    parser.add_argument("--gone", type=float, default=60.0)
    with tempfile.TemporaryDirectory() as name:
        main(parser.parse_args(), Path(name))

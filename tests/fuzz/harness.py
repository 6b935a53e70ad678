"""Runs a fuzz target under atheris, or for some seconds under plain mutation of given seeds. Knows no formats."""

import random
import sys
import time
from collections.abc import Callable


def run(target: Callable[[bytes], None]) -> None:
    """Fuzz with coverage; `pip install atheris` first. Arguments go to libFuzzer."""
    import atheris

    atheris.instrument_all()
    atheris.Setup(sys.argv, target)
    atheris.Fuzz()


def mutate(seeds: list[bytes], random: random.Random) -> bytes:
    """A seed with a few bytes changed, cut, doubled, or joined with another's."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        at = random.randrange(len(data) + 1)
        match random.randrange(7):
            case 0:
                data[at:at + 1] = bytes([random.randrange(256)])
            case 1:
                del data[at:at + random.choice((1, 1, 4, 40))]
            case 2:
                data[at:at] = random.randbytes(random.choice((1, 1, 8)))
            case 3:
                data[at:at] = data[at:at + random.choice((1, 8, 64))]
            case 4:
                data[at:at + 1] = random.choice((b"9", b"-", b'"', b"{", b"[", b"0", b"\xff", b"1e9", b"null", b"true"))
            case 5:
                data[at:at + 8] = random.choice((2**63, 2**31, 2**32 - 1, 0, 1)).to_bytes(8, "little")
            case 6:
                other = random.choice(seeds)
                data[at:] = other[random.randrange(len(other) + 1):]
    return bytes(data)


def storm(target: Callable[[bytes], None], seeds: list[bytes], seconds: float, seed: int) -> int:
    """Mutate and feed for `seconds`; how many inputs there were. What the target raises comes with its input."""
    source, until, count = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        data = mutate(seeds, source)
        try:
            target(data)
        except BaseException as error:
            error.add_note(f"input: {data!r}")
            raise
        count += 1
    return count

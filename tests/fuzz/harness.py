"""Runs a fuzz target under atheris, or for some seconds under mutation of given seeds. Knows no formats."""

import gc
import random
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path

Target = Callable[[bytes], None]
Shuffling = Callable[[bytes, random.Random], bytes]


def run(target: Target, seeds: list[bytes] = (), shuffle: Shuffling | None = None) -> None:
    """Fuzz with coverage of dotsbook's own code; `pip install atheris` first. Arguments go to libFuzzer.

    The seeds are run once, so that what is imported late is here to be instrumented, and put into the corpus folder
    if one is named. `shuffle` makes two in three of the mutations.
    """
    import atheris

    for seed in seeds:
        target(seed)
    for function in [thing for thing in gc.get_objects() if isinstance(thing, types.FunctionType)]:
        if (function.__module__ or "").startswith("dotsbook."):
            atheris.instrument_func(function)
    for folder in [Path(word) for word in sys.argv[1:] if not word.startswith("-")][:1]:
        folder.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds):
            (folder / f"seed{number}").write_bytes(seed)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        return shuffle(data, chance)[:most] if chance.random() < 2 / 3 else atheris.Mutate(data, most)

    atheris.Setup(sys.argv, target, **({"custom_mutator": mutated} if shuffle else {}))
    atheris.Fuzz()


def mutate(seeds: list[bytes], random: random.Random) -> bytes:
    """A seed with a few bytes changed, cut, doubled, or joined with another's."""
    data = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        at = random.randrange(len(data) + 1)
        match random.randrange(7):
            case 0:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 1:
                del data[at : at + random.choice((1, 1, 4, 40))]
            case 2:
                data[at:at] = random.randbytes(random.choice((1, 1, 8)))
            case 3:
                data[at:at] = data[at : at + random.choice((1, 8, 64))]
            case 4:
                data[at : at + 1] = random.choice(
                    (b"9", b"-", b'"', b"{", b"[", b"0", b"\xff", b"1e9", b"null", b"true")
                )
            case 5:
                data[at : at + 8] = random.choice((2**63, 2**31, 2**32 - 1, 0, 1)).to_bytes(8, "little")
            case 6:
                other = random.choice(seeds)
                data[at:] = other[random.randrange(len(other) + 1) :]
    return bytes(data)


def storm(
    target: Target, seeds: list[bytes], seconds: float, seed: int, shuffle: Shuffling | None = None
) -> int:
    """Mutate and feed for `seconds`, every other time by tokens; how many inputs there were. What the target raises
    comes with its input."""
    source, until, count = random.Random(seed), time.monotonic() + seconds, 0
    while time.monotonic() < until:
        data = shuffle(source.choice(seeds), source) if shuffle and count % 2 else mutate(seeds, source)
        try:
            target(data)
        except BaseException as error:
            error.add_note(f"input: {data!r}")
            raise
        count += 1
    return count

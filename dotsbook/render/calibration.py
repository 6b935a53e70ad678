"""How fast this machine renders with an engine, as measured and never guessed, and how long a text sounds.

The figures live in .dotsbook/cache/rates.json, by engine identity and machine; losing the file loses nothing else.
"""

import contextlib
import hashlib
import json
import platform
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path

from dotsbook import files
from dotsbook.language_code import primary
from dotsbook.voices.engine import Engine, Request, Spoken, slots_of

NAME = "rates.json"
LIMIT = 20.0  # seconds that a calibration may take, but for one batch begun before
LEAST = 20.0  # seconds of audio below which a run says nothing about speed
SPEED = {
    "zh": 0.21,
    "ja": 0.14,
    "ko": 0.16,
    "th": 0.075,
}  # seconds a character; audio-length estimates until measured
LATIN = 0.068  # the same for alphabets: about 155 words a minute


@dataclass(frozen=True)
class Rate:
    """What was measured of one engine on this machine."""

    rate: float  # seconds of audio a second of wall time
    speeds: dict[str, float] = field(default_factory=dict)  # {language: seconds of audio a character}
    at: float = 0.0  # Unix time


@dataclass
class Tally:
    """What a run has made, as it goes."""

    seconds: float = 0.0  # of audio
    chars: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    spoken: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, language: str, chars: int, seconds: float) -> None:
        self.seconds += seconds
        self.chars[language] += chars
        self.spoken[language] += seconds

    def rate(self, wall: float) -> Rate | None:
        """The rate over `wall` seconds, or None if that is too little to say."""
        if self.seconds < LEAST or wall <= 0:
            return None
        speeds = {
            language: self.spoken[language] / chars for language, chars in self.chars.items() if chars >= 200
        }
        return Rate(self.seconds / wall, speeds, time.time())


def known(cache: Path, identity: str, cluster: str | None = None) -> Rate | None:
    """The last rate measured here, or on a cluster, for an engine; or None."""
    entry = read(cache).get(name_of(identity, cluster)) or {}
    with contextlib.suppress(TypeError, ValueError, KeyError):
        return Rate(
            float(entry["rate"]), {str(k): float(v) for k, v in entry["speeds"].items()}, float(entry["at"])
        )
    return None


def note(cache: Path, identity: str, rate: Rate, cluster: str | None = None) -> None:
    """Remember a rate, of this machine or of a cluster by its address."""
    data = read(cache) | {name_of(identity, cluster): asdict(rate) | {"engine": identity}}
    files.write_whole(Path(cache) / NAME, json.dumps(data, indent=1).encode())


def read(cache: Path) -> dict:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        data = json.loads((Path(cache) / NAME).read_bytes())
        return data if isinstance(data, dict) else {}
    return {}


def name_of(identity: str, cluster: str | None = None) -> str:
    """An engine on this machine or a cluster, as a short name."""
    machine = cluster or f"{platform.node()}/{platform.machine()}/{platform.system()}"
    return hashlib.sha256(f"{identity}\n{machine}".encode()).hexdigest()[:20]


def calibrate(
    engine: Engine, requests: Sequence[Request], batch: int = 8, limit: float = LIMIT
) -> Rate | None:
    """Speak some of a book's own lines for up to `limit` seconds and measure; None if none came out.

    As many batches at once as the engine takes. A line is spoken on each thread before the clock starts, since it loads
    and compiles.
    """
    lanes = slots_of(engine)
    if lanes > 1:
        batch = max(1, min(batch, len(requests) // lanes))
    tally, start, at = Tally(), time.monotonic(), iter(range(0, len(requests), batch))

    def spoken_in(requests: Sequence[Request]) -> list[Spoken]:
        return list(engine.speak(requests))

    with ThreadPoolExecutor(lanes, thread_name_prefix="calibrating") as threads:
        list(threads.map(spoken_in, [requests[:1]] * lanes))
        warm = time.monotonic()
        batches = (requests[first : first + batch] for first in at)
        going = {threads.submit(spoken_in, asked) for asked in islice(batches, lanes)}
        while going:
            ended, going = wait(going, return_when=FIRST_COMPLETED)
            for spoken in [one for batch in ended for one in batch.result() if one.samples is not None]:
                assert spoken.samples is not None
                tally.add(
                    spoken.request.language, len(spoken.request.text), len(spoken.samples) / engine.rate
                )
            if not tally.seconds or time.monotonic() - start <= limit:
                going |= {threads.submit(spoken_in, asked) for asked in islice(batches, len(ended))}
    return tally.rate(time.monotonic() - warm)


def audio_seconds(texts: Iterable[tuple[str, str]], speeds: dict[str, float]) -> float:
    """How long (text, language) will sound in all: by measured seconds a character, else by usual ones."""
    total = 0.0
    for text, language in texts:
        speed = speeds.get(language)
        total += len(text) * (speed if speed else SPEED.get(primary(language), LATIN))
    return total


def expected_seconds(audio: float, rate: Rate | None) -> float | None:
    """Wall seconds to render so many seconds of audio, or None: unknown until measured."""
    return audio / rate.rate if rate and rate.rate > 0 else None

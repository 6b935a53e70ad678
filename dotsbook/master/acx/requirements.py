"""One delivered file against each of the shop's limits, by our own meter. It knows nothing of how the file was made.

Limits (ACX audio submission requirements): RMS −23 to −18 dBFS, peaks at most −3 dBFS, noise floor at most −60 dBFS
(the quietest half second), MP3 of at least 192 kbit/s CBR at 44.1 kHz, at most 120 minutes, 0.5 to 1 s of room tone at
the head and 1 to 5 s at the tail, all files mono or all stereo. Digital silence passes the figure, not the listener.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples
from dotsbook.errors import EncodeError
from dotsbook.master.hear import decoded
from dotsbook.master.meter import Measured, Meter
from dotsbook.measure import FLOOR, speech_edges

EDGE = 15.0  # s at each end looked at for head and tail


@dataclass(frozen=True)
class Requirement:
    name: str
    limit: str
    found: str
    ok: bool


@dataclass(frozen=True)
class Checked:
    file: str
    tests: tuple[Requirement, ...]
    heard: Measured

    @property
    def ok(self) -> bool:
        return all(test.ok for test in self.tests)


def check(path: Path, sample: bool | None = None) -> Checked:
    """Measure a file and hold it against the limits; sample: it is the retail sample (by its name, if None)."""
    heard, head, tail = listen(path)
    is_sample = path.stem == "Retail Sample" if sample is None else sample
    minutes = heard.samples / heard.rate / 60
    tests = [
        *format_tests(path),
        within("RMS", -23, -18, heard.rms, "dBFS"),
        at_most("peak", -3, heard.peak_db, "dBFS"),
        at_most("noise floor", -60, heard.floor, "dBFS"),
    ]
    if is_sample:
        tests.append(within("length", 1, 5, minutes, "min"))
    else:
        tests += [
            within("head", 0.5, 1, head, "s"),
            within("tail", 1, 5, tail, "s"),
            at_most("length", 120, minutes, "min"),
        ]
    silent = heard.floor <= FLOOR + 1
    tests.append(
        Requirement("room tone", "no digital silence", "digital silence" if silent else "there", not silent)
    )
    tests.append(Requirement("clipping", "0 samples", f"{heard.clipped} samples", heard.clipped == 0))
    return Checked(path.name, tuple(tests), heard)


def listen(path: Path) -> tuple[Measured, float, float]:
    """(measures, seconds before the first speech, seconds after the last)."""
    meter, end, rate = None, np.zeros(0, np.float32), 0
    start: list[Samples] = []
    for block, rate in decoded(path):
        meter = meter or Meter(rate)
        meter.push(block)
        if sum(len(part) for part in start) < EDGE * rate:
            start.append(block)
        end = np.concatenate((end, block))[-round(EDGE * rate) :]
    if meter is None:
        raise EncodeError(f"{path.name} holds no sound.")
    beginning: Samples = np.concatenate(start)[: round(EDGE * rate)]
    first, _ = speech_edges(beginning, rate)
    _, last = speech_edges(end, rate)
    return meter.read(), first / rate, (len(end) - last) / rate


def format_tests(path: Path) -> list[Requirement]:
    """What the file says of itself."""
    from mutagen import MutagenError
    from mutagen.mp3 import MONO, MP3, BitrateMode

    try:
        info = MP3(path).info
    except MutagenError:
        return [Requirement("format", "MP3", path.suffix.lstrip(".") or "unknown", False)]
    assert info is not None, "an MP3 that opens has a header"
    constant = info.bitrate_mode == BitrateMode.CBR
    return [
        Requirement("format", "MP3", f"MPEG {info.version:g} layer {info.layer}", info.layer == 3),
        Requirement(
            "bit rate",
            "≥ 192 kbit/s CBR",
            f"{info.bitrate / 1000:.0f} kbit/s {'CBR' if constant else 'not CBR'}",
            constant and round(info.bitrate / 1000) >= 192,
        ),
        Requirement("sample rate", "44,100 Hz", f"{info.sample_rate:,} Hz", info.sample_rate == 44100),
        Requirement("channels", "mono", "mono" if info.mode == MONO else "stereo", info.mode == MONO),
    ]


def within(name: str, low: float, high: float, found: float, unit: str) -> Requirement:
    return Requirement(
        name,
        f"{low:g} to {high:g} {unit}".replace("-", "−"),
        f"{found:.2f} {unit}".replace("-", "−"),
        low <= found <= high,
    )


def at_most(name: str, high: float, found: float, unit: str) -> Requirement:
    return Requirement(
        name, f"≤ {high:g} {unit}".replace("-", "−"), f"{found:.2f} {unit}".replace("-", "−"), found <= high
    )

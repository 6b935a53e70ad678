"""When a run is to stop of its own: `--for 6h`, `--until 07:00`. It knows clocks and nothing else."""

import re
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from dotsbook.errors import DotsbookError

UNITS = {"h": 3600.0, "m": 60.0, "min": 60.0, "s": 1.0}


@dataclass(frozen=True)
class Deadline:
    at: float
    by_wall: bool = False  # Unix time, which goes on while the machine sleeps; else time.monotonic()

    def passed(self) -> bool:
        return self.left == 0.0

    @property
    def left(self) -> float:
        """Seconds."""
        return max(0.0, self.at - (time.time() if self.by_wall else time.monotonic()))


def lasting(text: str) -> Deadline:
    """`6h`, `90m`, `1h30m`, `45s`, or bare minutes. Raises DotsbookError."""
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(h|min|m|s)", text.strip().lower())
    if parts and re.sub(r"\s", "", text.strip().lower()) == "".join(number + unit for number, unit in parts):
        return Deadline(time.monotonic() + sum(float(number) * UNITS[unit] for number, unit in parts))
    if re.fullmatch(r"\d+(\.\d+)?", text.strip()):
        return Deadline(time.monotonic() + 60 * float(text))
    raise DotsbookError(f"{text!r} isn't a length of time; write e.g. 6h, 90m or 1h30m.")


def until(text: str, now: datetime | None = None) -> Deadline:
    """`07:00` or `7:00`: the next time the local clock shows it. Raises DotsbookError."""
    now = now or datetime.now()  # without a zone, so that summer time's hour is the system's to know
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise DotsbookError(f"{text!r} isn't a time of day; write e.g. 07:00.")
    then = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    if then <= now:
        then += timedelta(days=1)
    return Deadline(then.timestamp(), by_wall=True)


def earliest(*deadlines: Deadline | None) -> Deadline | None:
    return min((one for one in deadlines if one), key=lambda one: one.left, default=None)

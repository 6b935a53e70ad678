"""What is told of a text that is being spoken: its sound, a piece at a time. It knows no engine."""

from collections.abc import Callable
from dataclasses import dataclass

from dotsbook.audio import Samples
from dotsbook.errors import DotsbookError

LONGEST = 20_000  # characters of a text


@dataclass(frozen=True)
class SpokenSound:
    """The next of a line: samples (mono float32) at `rate` Hz, or what went wrong; `last`: nothing follows."""

    samples: Samples | None
    rate: int
    last: bool = False
    error: DotsbookError | None = None


Tell = Callable[[SpokenSound], None]

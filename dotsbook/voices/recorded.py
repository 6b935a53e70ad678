"""A take as another machine has recorded and measured it, so that whoever keeps it needn't do that again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.measure import Measures


@dataclass(frozen=True)
class RecordedTake:
    flac: bytes  # as dotsbook.audio.write_flac makes it
    figures: Mapping[str, float]  # what the health checks hear, of the sound before it was FLAC
    measures: "Measures"  # of what the FLAC holds

"""Clips in another voice than their speaker's others, by the ears' mixtures of timbre: it needs no model and no weights.

It finds a few among many. Where half of a speaker's clips are another's, it takes both for the voice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from dotsbook.ears.likeness_judge import UNLIKE
from dotsbook.ears.timbre import KnownVoice, SpectralTimbre
from dotsbook.ears.voice_measures import HeardSpeech
from dotsbook.tuning.clip_checks import Rejection

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.tuning.data_set import ClipLine

TIMBRE = SpectralTimbre()
MODELLED = 120  # clips of a speaker that a model is made of, evenly from all


def other_speakers(
    lines: "Iterable[ClipLine]", read: "Callable[[ClipLine], tuple[Samples, int]]"
) -> "Iterator[tuple[ClipLine, Rejection | None]]":
    """Each line as it is heard, and why it isn't its speaker's; speakers with too few clips to be known are passed over."""
    by_speaker: dict[str, list[ClipLine]] = defaultdict(list)
    for line in lines:
        by_speaker[line.speaker].append(line)
    for speaker, own in by_speaker.items():
        known = learned_speaker(own, read)
        for line in own:
            yield line, None if known is None else fault(line, speaker, known, read)


def learned_speaker(
    lines: "list[ClipLine]", read: "Callable[[ClipLine], tuple[Samples, int]]"
) -> KnownVoice | None:
    step = max(1, -(-len(lines) // MODELLED))
    takes = [TIMBRE.features(HeardSpeech(*read(line))) for line in lines[::step]]
    return TIMBRE.learned([take for take in takes if take is not None])


def fault(
    line: "ClipLine", speaker: str, known: KnownVoice, read: "Callable[[ClipLine], tuple[Samples, int]]"
) -> Rejection | None:
    cepstra = TIMBRE.features(HeardSpeech(*read(line)))
    likeness = 0.0 if cepstra is None else known.likeness(cepstra)
    if likeness >= UNLIKE:
        return None
    return Rejection("other speaker", f"{-likeness:.1f} spreads from what is usual of {speaker}")

"""Clips in another voice than their speaker's others, by the ears' mixtures of timbre: it needs no model and no weights.

It finds a few among many. Where half of a speaker's clips are another's, it takes both for the voice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from dotsbook.ears.likeness_judge import UNLIKE
from dotsbook.ears.voice_measures import cepstra_of, powers_of, speech_frames
from dotsbook.ears.voice_model import VoiceModel, fitted
from dotsbook.tuning.clip_checks import Rejection

if TYPE_CHECKING:
    import numpy as np

    from dotsbook.audio import Samples
    from dotsbook.tuning.data_set import ClipLine

MODELLED = 120  # clips of a speaker that a model is made of, evenly from all


def other_speakers(
    lines: "Iterable[ClipLine]", read: "Callable[[ClipLine], tuple[Samples, int]]"
) -> "Iterator[tuple[ClipLine, Rejection | None]]":
    """Each line as it is heard, and why it isn't its speaker's; speakers with too few clips to be known are passed over."""
    by_speaker: dict[str, list[ClipLine]] = defaultdict(list)
    for line in lines:
        by_speaker[line.speaker].append(line)
    for speaker, own in by_speaker.items():
        model = model_of(own, read)
        for line in own:
            yield line, None if model is None else fault(line, speaker, model, read)


def model_of(lines: "list[ClipLine]", read: "Callable[[ClipLine], tuple[Samples, int]]") -> VoiceModel | None:
    step = max(1, -(-len(lines) // MODELLED))
    takes = [timbre(*read(line)) for line in lines[::step]]
    return fitted([take for take in takes if len(take)])


def fault(
    line: "ClipLine", speaker: str, model: VoiceModel, read: "Callable[[ClipLine], tuple[Samples, int]]"
) -> Rejection | None:
    cepstra = timbre(*read(line))
    likeness = model.likeness(cepstra) if len(cepstra) else 0.0
    if likeness >= UNLIKE:
        return None
    return Rejection("other speaker", f"{-likeness:.1f} spreads from what is usual of {speaker}")


def timbre(samples: "Samples", rate: int) -> "np.ndarray":
    frames = speech_frames(samples, rate)
    return cepstra_of(powers_of(frames)) if len(frames) else frames

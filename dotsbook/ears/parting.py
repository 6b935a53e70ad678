"""Where two words of a take part: by listening to what stands before a place and to what stands after it.

A recogniser gives a word's time to a tenth of a second or two, and later than it sounds. But what is cut in a word isn't
understood: of all places near, the right one is where the words before it are heard to their end, and those after it from
their beginning; and where it is quieter than beside. Both sides are faded at the cut: what stops at once sounds as if a
consonant ended it.
"""

import numpy as np

from dotsbook.audio import Samples
from dotsbook.ears.evidence import words_of
from dotsbook.ears.recogniser import Recogniser
from dotsbook.measure import rms

BEFORE, AFTER = 0.3, 0.12  # s around what the recogniser said of the words that are tried
STEP = 0.03  # s
FADE = 0.02  # s
ENDED = 0.5  # weight of how likely the words before are all: it tells less than the words themselves
GOES_ON = 1.0  # the same of how likely a word follows them, whatever mark is written there: it speaks against a place
LAG = 0.05  # s by which a word is usually said to be later than it is
PRIOR = 8.0  # log probability that a second away from there costs
LOUD = 0.025  # log probability that a decibel at the place costs: more would draw cuts into the closures of consonants
AROUND = 0.01  # s either way of a place, over which its sound is measured
SILENT = -80.0  # dB, below which nothing is quieter
RECIPE = 2  # raised by whoever changes where words are found to part


def parts_at(
    recogniser: Recogniser,
    samples: Samples,
    rate: int,
    language: str,
    text: str,
    place: int,
    times: tuple[float, float],
) -> float | None:
    """The second at which the word that ends at an offset of the text and the one after it part.

    times: when the one ends and the other begins, as far as is known. None: this recogniser can't tell.
    """
    words = words_of(text)
    before = [word.scored(language) for word in words if word.start < place]
    after = [word.scored(language) for word in words if word.start >= place]
    first, last = min(times) - BEFORE, max(times) + AFTER
    first, last = max(first, 0.05), min(last, len(samples) / rate - 0.05)
    if not before or not after or first >= last:
        return None
    found, half = [], round(AROUND * rate)
    for second in np.arange(first, last, STEP):
        at = round(second * rate)
        left = recogniser.listen(faded(samples[:at], rate), rate, language)
        right = recogniser.listen(faded(samples[at:][::-1], rate)[::-1], rate, language)
        said, goes_on, rest = left.score([before]), left.continued(before), right.score([after])
        if said is None or goes_on is None or rest is None:
            return None
        heard = said[0].words[-1].log + rest[0].words[0].log + ENDED * goes_on.end - GOES_ON * goes_on.more
        loud = max(SILENT, rms(samples[at - half : at + half]))
        found.append((heard - PRIOR * far(second, times) - LOUD * loud, float(second)))
    return max(found)[1]


def faded(samples: Samples, rate: int) -> Samples:
    """Quieter and quieter at its end."""
    count = min(len(samples), round(FADE * rate))
    fall = (0.5 + 0.5 * np.cos(np.pi * (np.arange(count) + 0.5) / max(1, count))).astype(np.float32)
    return np.concatenate((samples[: len(samples) - count], samples[len(samples) - count :] * fall))


def far(second: float, times: tuple[float, float]) -> float:
    """Seconds from where the words are usually found to part."""
    return max(0.0, min(times) - LAG - second, second - max(times))

"""Whether a clip is fit to learn from, and if not, the named reason. It knows samples and texts, no model and no ears."""

from dataclasses import dataclass

import numpy as np

from dotsbook.audio import Samples
from dotsbook.voices.reference import clipping, levels, reading_rate, spoken

LOWEST_RATE = 16_000  # Hz: under it half of the voice is missing
FLAT = 0.002  # share of flat tops: clean speech has under 0.0001
OVER_NOISE = (
    15.0  # dB of speech over the floor: read speech has 20 and more, that with noise 10 dB under it 12
)
OTHERWISE = 1e-4  # of full scale: a clip that never passes it is digital silence

# What a clip is rejected for, in the order in which it is looked at, and what that means.
REASONS = {
    "unreadable": "the list's line or the sound file can't be read",
    "no text": "nothing is written for it",
    "duplicate name": "another clip before it has the same name",
    "not numbers": "samples that aren't numbers (NaN, infinity)",
    "wrong rate": f"under {LOWEST_RATE:,} samples a second: half of the voice is missing",
    "silence": "nobody is heard",
    "clipping": "peaks are cut off",
    "noise": f"speech lies under {OVER_NOISE:.0f} dB over the noise",
    "too short": "less speech than --shortest",
    "too long": "more than --longest, and no pause or text to split it by",
    "text": "the text isn't what is heard, or can't be said in that time",
    "duplicate sound": "the same recording as another clip",
    "other speaker": "another voice than the speaker's other clips",
}


@dataclass(frozen=True)
class Rejection:
    """Why a clip isn't taken."""

    reason: str  # one of REASONS
    detail: str  # the figure or word behind it, for people


@dataclass(frozen=True)
class ClipLimits:
    """How long a clip may be, in seconds of what is between its first and last loud sample."""

    shortest: float = 1.0
    longest: float = 25.0  # the ears hear up to 29 s at once, and a training's batch has 30


def text_fault(text: str) -> Rejection | None:
    if not any(letter.isalnum() for letter in text):
        return Rejection("no text", f"it says {text.strip()[:40]!r}" if text.strip() else "it says nothing")
    return None


def sound_fault(samples: Samples, rate: int) -> Rejection | None:
    """Of a recording as it is read, before anything is done to it."""
    broken = int((~np.isfinite(samples)).sum())
    if broken:
        return Rejection("not numbers", f"{broken:,} of {len(samples):,} samples")
    if rate < LOWEST_RATE:
        return Rejection("wrong rate", f"{rate:,} samples a second")
    level = levels(samples - samples.mean(), rate) if len(samples) else np.zeros(0)
    speech = spoken(level)
    if not speech.any() or np.abs(samples).max(initial=0.0) < OTHERWISE:
        return Rejection("silence", f"{len(samples) / rate:.1f} s without a voice")
    flat = clipping(samples).figure
    if flat > FLAT:
        return Rejection("clipping", f"{flat:.1%} of its samples are flat tops")
    loud = float(10 * np.log10((10 ** (level[speech] / 10)).mean()))
    over = loud - float(np.percentile(level, 5))
    if over < OVER_NOISE:
        return Rejection("noise", f"speech is {over:.0f} dB over what is heard when nobody speaks")
    return None


def length_fault(seconds: float, limits: ClipLimits) -> Rejection | None:
    if seconds < limits.shortest:
        return Rejection("too short", f"{seconds:.2f} s")
    if seconds > limits.longest:
        return Rejection("too long", f"{seconds:.1f} s")
    return None


def pace_fault(text: str, seconds: float) -> Rejection | None:
    """Whether the text can't be said in that time by anybody."""
    found = reading_rate(text, seconds)
    if found.verdict == "ok":
        return None
    return Rejection("text", f"{found.figure:.1f} letters a second: {found.advice.partition(';')[0]}")

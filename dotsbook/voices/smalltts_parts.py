"""What smalltts reads and draws: text as its numbers, and the figures of its four steps. It runs no model.

Facts from smallbraineng/smalltts: symbols in its own order, numbered from 1; 23 events such as `[laughter]`, each four
times; noise laid on by a cosine schedule shifted by log 1/4; rotary angles of 64 dimensions.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import ndarray as Array
else:
    Array = object  # so that naming the type doesn't load numpy

SYMBOLS = (
    ';:,.!?¡¿—…"«» ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
    "ɑɐɒæɓʙβɔɕçɗɖðʤəɘɚɛɜɝɞɟʄɡɠɢʛɦɧħɥʜɨɪʝɭɬɫɮʟɱɯɰŋɳɲɴøɵɸθœɶʘɹɺɾɻʀʁɽʂʃʈʧʉʊʋⱱʌɣɤʍχʎʏʑʐʒʔʡʕʢǀǁǂǃˈˌːˑʼʴʰʱʲʷˠˤ˞↓↑→↗↘'\u0329ᵻ"
)
EVENTS = (
    "babble", "boo", "burp", "chant", "cheer", "cough", "cry", "gargle", "gasp", "groan", "grunt", "hiccup", "hum",
    "laughter", "moan", "shout", "sigh", "sing", "sneeze", "sniff", "snore", "whisper", "whistle",
)  # fmt: skip
NUMBERS = {symbol: number for number, symbol in enumerate([*SYMBOLS, *EVENTS], 1)}
TIMES = 4  # an event's number is said so often
BRACKETS = re.compile(r"\[(\w+)\]")
PIECES = re.compile(r"\w+|[^\w\s]")  # what stands between blanks in the text that the model was trained on
STEPS, EPSILON, SHIFT = 4, 1e-5, -1.3862943611198906  # of the schedule; log(1/4)
ROTARY = 64


def numbers_of_text(text: str, phonemes: Callable[[str], str]) -> list[int]:
    """A text as numbers: `phonemes` reads what stands between events; a word in brackets that is no event is read."""
    numbers: list[int] = []
    for place, part in enumerate(BRACKETS.split(text)):
        if place % 2 and part.lower() in EVENTS:
            numbers += [NUMBERS[part.lower()]] * TIMES
        elif part.strip():
            line = " ".join(PIECES.findall(phonemes(part)))
            numbers += [NUMBERS[symbol] for symbol in line if symbol in NUMBERS]
    return numbers


def events_in(text: str) -> int:
    return sum(word.lower() in EVENTS for word in BRACKETS.findall(text))


def signal_and_noise(time: float) -> tuple[float, float]:
    """How much of the signal and of noise there is at a time from 1 (noise alone) to 0."""
    import numpy as np

    time = min(max(time, EPSILON), 1 - EPSILON)
    kept = float(np.cos(np.pi / 2 * time) ** 2)
    share = 1.0 / (1.0 + np.exp(-(np.log(kept / (1 - kept)) + SHIFT)))
    return float(np.sqrt(share)), float(np.sqrt(1 - share))


def times() -> list[float]:
    return [1 - step / (STEPS - 1) for step in range(STEPS)]


def rotary_angles(length: int) -> Array:
    """(1, length, ROTARY) float32."""
    import numpy as np

    inverse = 1.0 / (1e4 ** (np.arange(0, ROTARY, 2, dtype=np.float32) / ROTARY))
    angles = np.arange(length, dtype=np.float32)[:, np.newaxis] * inverse
    return np.repeat(angles, 2, axis=-1)[np.newaxis].astype(np.float32)

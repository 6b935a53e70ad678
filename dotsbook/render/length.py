"""How long a text should take to say, from its letters alone. It knows no voice: that one's pace is in `norms`.

The weights are a least-squares fit to 10,000 sentences of eleven languages in espeak-ng's plain voice (1st and 99th
percentile of error, language by language: some 15 % under and 20 % over). Digits, capitals and symbols may be read
in several ways, so a text has a least and a most.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

START = 0.05  # s; every line has a beginning and an end
WORD = 0.04  # s a word, in scripts that put spaces
LETTER = 0.062  # s a letter where nothing else is said
SIGN = 0.03  # s a combining vowel sign
DIGIT = (0.18, 0.45)  # s; "1900" and "7,777" differ that much
SYMBOL = (0.0, 0.7)  # s; "&" may be a word or nothing
CAPITAL = 0.45  # s at most a letter of a word in capitals: spelled out, or a Roman numeral's word
COMMA = 0.22  # s the pause at , ; : and dashes
STOP = (0.0, 0.45)  # s the pause at a sentence's end inside the text
SCRIPTS = {
    "CJK": 0.26,
    "HIRAGANA": 0.125,
    "KATAKANA": 0.125,
    "HANGUL": 0.19,
    "ARABIC": 0.1,
    "HEBREW": 0.1,
    "DEVANAGARI": 0.085,
    "BENGALI": 0.085,
    "GURMUKHI": 0.085,
    "GUJARATI": 0.085,
    "TAMIL": 0.085,
    "TELUGU": 0.085,
    "KANNADA": 0.085,
    "MALAYALAM": 0.085,
    "SINHALA": 0.085,
    "THAI": 0.075,
}

COMMAS = re.compile(r"[,;:、，；：،؛—–―]+")
STOPS = re.compile(r"[.!?…。！？।؟]+")
ENDS = re.compile(r"^[\W_]+|[\W_]+$")  # marks at which no pause is
WORDS = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\d|[^\W\d]+"
)  # each letter one, where it is a word
PHRASE = 12  # words of the longest repetition looked for
MOST = 0.5  # of what lies between a word and itself that must be said over too
SPELLED = re.compile(r"\b[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω]{2,}\b|\b[A-Za-z]\b\.?|\b[b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{2,}\b")


@dataclass(frozen=True, slots=True)
class Length:
    """Seconds of speech at a calm pace."""

    least: float  # with its pauses
    most: float
    words: float  # the least without any pause
    pause: float  # the longest pause a reader may make inside, by the punctuation
    breaks: int  # marks inside at which a reader slows down or pauses


def length_of(text: str) -> Length:
    """What to expect of a text, before the voice's own pace is known."""
    least = most = 0.0
    for mark in text:
        low, high = weight(mark)
        least += low
        most += high
    words = WORD * len(text.split())
    inside = ENDS.sub("", text)
    commas, inner = len(COMMAS.findall(inside)), len(STOPS.findall(inside))
    most += sum(CAPITAL * len(found.group()) for found in SPELLED.finditer(text))
    return Length(
        least=START + least + words + COMMA * commas * 0.6 + STOP[0] * inner,
        most=START + most + words + COMMA * commas + STOP[1] * inner,
        words=START + least + words,
        pause=STOP[1] if inner else COMMA if commas else 0.0,
        breaks=commas + inner,
    )


@cache
def weight(mark: str) -> tuple[float, float]:
    """The least and most seconds a character takes."""
    kind = unicodedata.category(mark)
    if kind[0] == "L":
        script = unicodedata.name(mark, "").partition(" ")[0].partition("-")[0]
        seconds = SCRIPTS.get(script, LETTER)
        return seconds, seconds
    if kind[0] == "M":
        return SIGN * 0.5, SIGN
    if kind[0] == "N":
        return DIGIT
    if kind[0] == "S" or mark in "%&@#*/+=・_~§":
        return SYMBOL
    return 0.0, 0.0


@dataclass(frozen=True, slots=True)
class Echo:
    """Where a text says over what stands right before: "never, never, never" does so with two words, after one."""

    seconds: float
    times: float  # how often
    period: float  # seconds after which it does so
    begin: float  # where it is, in shares of the text's words
    end: float


def echoes(text: str) -> list[Echo]:
    """All of them. What is mostly other words ("the man, the dog") is none."""
    words = WORDS.findall(text.lower())
    clock = list(accumulate((WORD + sum(weight(mark)[1] for mark in word) for word in words), initial=0.0))
    found = []
    for size in range(1, min(PHRASE, len(words) // 2) + 1):
        run = 0
        for at in range(size, len(words)):
            run = run + 1 if words[at] == words[at - size] else 0
            begin, end, period = clock[at + 1 - run], clock[at + 1], clock[at] - clock[at - size]
            if run and end - begin >= MOST * period:
                found.append(
                    Echo(end - begin, (end - begin) / period, period, begin / clock[-1], end / clock[-1])
                )
    return found

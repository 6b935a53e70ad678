"""How words are to be spoken, as a person writes it: pauses around and in them, a rate, an emotion, an instruction.

It knows no files and no engine. What is wanted stands in a paragraph's marks (`book.Mark`), a kind for each of KEYS; what
of it a take is made with is a *delivery*, a text such as `rate=0.9 emo=sad`, which stands behind its voice's name.
"""

import difflib
import math
import re
from collections.abc import Collection, Mapping

from dotsbook.book import Mark

DELIVERY = ("rate", "emo", "instruct")  # what changes a take
PAUSES = ("pause-before", "pause-after")  # what changes only the silence around words
KEYS = (*DELIVERY, *PAUSES)
EMOTIONS = ("happy", "angry", "sad", "afraid", "disgusted", "melancholic", "surprised", "calm")
SLOWEST, QUICKEST = 0.5, 2.0  # times the voice's own speed
LONGEST = 30.0  # s of a pause
WORDS = 200  # characters of an instruction
EMOTION = re.compile(r"(?P<name>[^\W\d_][\w -]{0,28})(?:/(?P<level>\w+))?")
PART = re.compile(r"""([\w-]+)\s*=\s*("[^"]*"|'[^']*'|\S+)""")
OPEN, CLOSE = " {", "}"  # around a delivery, behind a voice's name


def checked(key: str, value: object) -> str:
    """A value as a mark holds it. Raises ValueError, with a sentence, for one that can't be."""
    if key in PAUSES:
        seconds = number(key, value)
        if not 0 <= seconds <= LONGEST:
            raise ValueError(
                f"`{key}` can't be {value}: a pause is 0 to {LONGEST:g} seconds, from the end of speech to its start"
            )
        return f"{seconds:g}"
    if key == "rate":
        rate = number(key, value)
        if not SLOWEST <= rate <= QUICKEST:
            raise ValueError(
                f"`rate` can't be {value}: {SLOWEST:g} is half as fast as the voice, {QUICKEST:g} twice"
            )
        return f"{rate:g}"
    said = " ".join(str(value).split())
    if key == "emo":
        found = EMOTION.fullmatch(said)
        if not found or found["level"] not in (None, "1", "2", "3"):
            raise ValueError(
                f"`emo` can't be {said[:40]!r}: write an emotion, and 1 to 3 for how much: sad/2"
            )
        return said
    if key == "instruct":
        if not said or len(said) > WORDS or set(said) & set('"{}'):
            raise ValueError(f"`instruct` is up to {WORDS} characters, without braces and double quotes")
        return said
    near = difflib.get_close_matches(key, KEYS, 1, 0.6)
    raise ValueError(
        f"`{key}` is no direction; "
        + (f"did you mean `{near[0]}`?" if near else f"there are {', '.join(KEYS)}")
    )


def number(key: str, value: object) -> float:
    try:
        found = float(str(value).removesuffix("s"))
    except ValueError:
        found = math.nan
    if isinstance(value, bool) or not math.isfinite(found):
        raise ValueError(f"`{key}` can't be {str(value)[:40]!r}: write a number") from None
    return found


def emotion_of(said: str) -> tuple[str, int | None]:
    """("sad", 2) of `sad/2`."""
    name, _, level = said.partition("/")
    return name, int(level) if level else None


def unknown_emotion(said: str, known: Collection[str]) -> str:
    """A sentence for an emotion that neither the house nor one of the book's voices knows; "" for one that is known."""
    name, _ = emotion_of(said)
    every = [*EMOTIONS, *known]
    if name in every or said in every:
        return ""
    near = difflib.get_close_matches(name, every, 1, 0.6)
    hint = f"did you mean `{near[0]}`?" if near else f"there are {', '.join(dict.fromkeys(every))}"
    return f"`emo` can't be {said!r}: nobody knows that emotion; {hint}"


def marks_of(start: int, end: int, wanted: Mapping[str, str]) -> list[Mark]:
    """What is wanted of a slice, as marks. A pause stands on the first or the last character, so that it is heard once
    whatever becomes of the slice."""
    places = {"pause-before": (start, start + 1), "pause-after": (end - 1, end)}
    return [Mark(*places.get(key, (start, end)), key, value) for key, value in wanted.items()]


def written(wanted: Mapping[str, str]) -> str:
    """`rate=0.9 emo=sad/2 instruct="to herself"`: as in a span's braces, in the order of KEYS."""
    return " ".join(
        f'{key}="{value}"' if key == "instruct" or " " in value else f"{key}={value}"
        for key, value in sorted(wanted.items(), key=lambda item: KEYS.index(item[0]))
    )


def read(text: str) -> dict[str, str]:
    """The same the other way, unchecked."""
    return {key: value.strip("\"'") for key, value in PART.findall(text)}


def delivered(voice: str, delivery: str) -> str:
    """A voice's name with how it is to speak."""
    return f"{voice}{OPEN}{delivery}{CLOSE}" if delivery else voice


def parted(name: str) -> tuple[str, str]:
    """(the voice, the delivery) of such a name."""
    voice, opened, rest = name.partition(OPEN)
    return (voice, rest.removesuffix(CLOSE)) if opened and rest.endswith(CLOSE) else (name, "")

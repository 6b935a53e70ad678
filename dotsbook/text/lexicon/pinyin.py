"""Pinyin as the model reads it: with tone marks, in place of the character (`不hào此道`). It knows no words."""

import re
import unicodedata

from dotsbook.text.languages import script

PINYIN = re.compile(r"(?<![A-Za-z])([A-Za-zÜü:]{1,6})([1-5])(?![0-9A-Za-z])")
SYLLABLE = re.compile(r"(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)?(?:[aeoiuü]{1,3})(?:ng?|r)?", re.IGNORECASE)
TONES = {"1": "\u0304", "2": "\u0301", "3": "\u030c", "4": "\u0300", "5": ""}


def toned(say: str, word: str) -> str:
    """Numbered pinyin (hao4) as the model reads it, with its tone mark (hào), in entries for Chinese words."""
    if script(word) != "han":
        return say
    return PINYIN.sub(
        lambda found: (
            accent(found.group(1), found.group(2))
            if SYLLABLE.fullmatch(found.group(1).replace(":", "").replace("v", "ü"))
            else found.group()
        ),
        say,
    )


def accent(syllable: str, tone: str) -> str:
    """A syllable with the mark of its tone over the right vowel: a, o, e first, else the last of iu and ui."""
    syllable = syllable.replace("u:", "ü").replace("v", "ü").replace("U:", "Ü").replace("V", "Ü")
    low = syllable.lower()
    for vowel in "ae":
        if vowel in low:
            at = low.index(vowel)
            break
    else:
        at = (
            low.index("o")
            if "ou" in low
            else max((place for place, letter in enumerate(low) if letter in "aeiouü"), default=0)
        )
    return unicodedata.normalize("NFC", syllable[: at + 1] + TONES[tone] + syllable[at + 1 :])

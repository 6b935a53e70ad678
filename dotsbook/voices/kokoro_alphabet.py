"""Kokoro's alphabet: its symbols with their numbers, and what espeak-ng and kana say in it. It knows no model.

The numbers are those of Kokoro-82M v1.0's config.json, which all its conversions share. The maker's text side is misaki
(hexgrad/misaki: EN_PHONES.md): diphthongs and affricates are one symbol each, written as a capital:
A = eɪ, I = aɪ, O = oʊ, Q = əʊ, W = aʊ, Y = ɔɪ.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from dotsbook.voices.kana import phonemes_of_kana
from dotsbook.voices.readings import JapaneseWord

NUMBERS = {
    **dict(zip(";:,.!?", range(1, 7), strict=True)),
    **dict(zip('—…"()“” \u0303ʣʥʦʨᵝ\uab67AI', range(9, 26), strict=True)),
    **{"O": 31, "Q": 33, "S": 35, "T": 36, "W": 39, "Y": 41, "ᵊ": 42},
    **dict(zip("abcdef", range(43, 49), strict=True)),
    **dict(zip("hijklmnopqrstuvwxyzɑɐɒæ", range(50, 73), strict=True)),
    **{"β": 75, "ɔ": 76, "ɕ": 77, "ç": 78, "ɖ": 80, "ð": 81, "ʤ": 82, "ə": 83, "ɚ": 85, "ɛ": 86, "ɜ": 87},
    **{"ɟ": 90, "ɡ": 92, "ɥ": 99, "ɨ": 101, "ɪ": 102, "ʝ": 103},
    **dict(zip("ɯɰŋɳɲɴø", range(110, 117), strict=True)),
    **{"ɸ": 118, "θ": 119, "œ": 120, "ɹ": 123, "ɾ": 125, "ɻ": 126, "ʁ": 128},
    **dict(zip("ɽʂʃʈʧ", range(129, 134), strict=True)),
    **{"ʊ": 135, "ʋ": 136, "ʌ": 138, "ɣ": 139, "ɤ": 140, "χ": 142, "ʎ": 143, "ʒ": 147, "ʔ": 148},
    **{"ˈ": 156, "ˌ": 157, "ː": 158, "ʰ": 162, "ʲ": 164, "↓": 169, "→": 171, "↗": 172, "↘": 173, "ᵻ": 177},
}
TIE = "^"  # asked of espeak-ng between the letters of one sound
TOGETHER = {
    "a^ɪ": "I", "a^ʊ": "W", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "ɔ^ɪ": "Y",
    "d^ʒ": "ʤ", "t^ʃ": "ʧ", "d^z": "ʣ", "t^s": "ʦ",
}  # fmt: skip
ENGLISH = {
    **{
        "ə^l": "ᵊl",
        "ɚ": "əɹ",
        "ɐ": "ə",
        "r": "ɹ",
        "x": "k",
        "ç": "k",
        "ɬ": "l",
        "ʔ": "t",
        "ʲ": "",
        "\u0303": "",
    },
    **{"e": "A", "ɡ^": "ɡ"},
}
AMERICAN = {"ɜːɹ": "ɜɹ", "ɜː": "ɜɹ", "ɪə": "iə", "ː": "", "o": "ɔ"}
BRITISH = {"e^ə": "ɛː", "iə": "ɪə", "o": "ɔ"}
SYLLABIC = re.compile(r"(\S)\u0329")
MARKS = dict(zip("。．、，！？：；―「」『』（）・〜～", "..,,!?:;—“”“”() ——", strict=True))
ENDS = re.compile(r"(?<=[.!?…]) |(?<=[.!?…][”)]) ")
CLOSING = frozenset(".,!?:;…”)")


def english(ipa: str, british: bool) -> str:
    """espeak-ng's IPA for English, tied by TIE, in Kokoro's symbols."""
    if british:
        ipa = ipa.replace("e^ə", "ɛː")
    for old, new in (TOGETHER | ENGLISH).items():
        ipa = ipa.replace(old, new)
    ipa = SYLLABIC.sub(r"ᵊ\1", ipa).replace("\u0329", "")
    for old, new in (BRITISH if british else AMERICAN).items():
        ipa = ipa.replace(old, new)
    return ipa.replace(TIE, "")


def other(ipa: str) -> str:
    """espeak-ng's IPA for any other language, tied by TIE, in Kokoro's symbols."""
    for old, new in TOGETHER.items():
        ipa = ipa.replace(old, new)
    return ipa.replace(TIE, "").replace("\u0329", "")


def japanese(words: Iterable[JapaneseWord], latin: Callable[[str], str]) -> str:
    """Words as symbols, a blank between them; `latin` reads what stands in Latin letters."""
    line = ""
    for word in words:
        if word.reading is not None:
            said = phonemes_of_kana(word.reading)
        elif any(mark.isalpha() for mark in word.surface):
            said = latin(word.surface)
        else:
            said = "".join(MARKS.get(mark, mark) for mark in word.surface).strip()
        close = said[:1] in CLOSING or line.endswith(("“", "("))
        line += said if close or not line or not said else f" {said}"
    return " ".join(line.split())


def cut_at_ends(line: str) -> list[str]:
    """A line as its sentences."""
    return [sentence for sentence in ENDS.split(line) if sentence]


def numbers_of_symbols(line: str) -> list[int]:
    """The numbers of a line; symbols that Kokoro doesn't have are left out."""
    composed = unicodedata.normalize("NFC", line).replace("g", "ɡ")
    return [NUMBERS[mark] for mark in composed if mark in NUMBERS]


def lines_within(sentences: Iterable[str], most: int) -> list[str]:
    """Sentences together while they fit into `most` symbols; one that doesn't fit alone is cut at a mark or a blank."""
    lines: list[str] = []
    for sentence in sentences:
        for piece in pieces_within(sentence, most):
            if lines and len(lines[-1]) + 1 + len(piece) <= most:
                lines[-1] += f" {piece}"
            else:
                lines.append(piece)
    return lines


def pieces_within(sentence: str, most: int) -> list[str]:
    pieces = []
    while len(sentence) > most:
        at = max((sentence.rfind(mark, most // 3, most) for mark in (", ", "; ", ": ", "— ")), default=-1)
        at = at if at > 0 else sentence.rfind(" ", 1, most)
        at = at if at > 0 else most - 1
        pieces.append(sentence[: at + 1].strip())
        sentence = sentence[at + 1 :].strip()
    return [*pieces, sentence] if sentence else pieces

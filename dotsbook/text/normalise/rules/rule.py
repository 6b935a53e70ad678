"""What a rule is, and how numbers are written in a language. It knows no class of written things.

`NumberPatterns` holds pattern pieces: `number` matches a whole or decimal number with a language's separators, between
`left` and `right`, so that it isn't a part of a word. In scripts without spaces only Latin letters bound it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dotsbook.text.normalise.language import CJK, Language
from dotsbook.text.normalise.numbers.number_words import split_noun

Found = str | tuple[int, int, str] | None  # what is said, or a narrower span and what is said for it


@dataclass(frozen=True, slots=True)
class Rule:
    """A class of written things: where it may be (`need`), how it looks, and what is said for it, if anything."""

    name: str
    need: str
    pattern: re.Pattern
    say: Callable[[re.Match, Language], Found]
    holds: str = ""  # characters of which its pattern needs one at least; only to save time


def figure_rules(patterns: Sequence[tuple[str, str, Callable[[re.Match, Language], Found]]]) -> list[Rule]:
    """Rules of a table (name, pattern, say), none of which matches without a digit."""
    return [Rule(name, "digit", re.compile(pattern), say) for name, pattern, say in patterns]


@dataclass(frozen=True, slots=True)
class Value:
    """A number as written: 1,234.50 is whole=1234, places="50", text="1234"."""

    whole: int
    places: str
    text: str
    negative: bool = False

    @property
    def padded(self) -> bool:
        """007: to be read digit by digit."""
        return len(self.text) > 1 and self.text[0] == "0"


class NumberPatterns:
    def __init__(self, language: Language):
        marks = language.data.get("written", {})
        self.language = language
        self.thousands = re.escape(marks.get("thousands", ","))
        self.point = f"[{re.escape(marks.get('decimal', '.'))}]"
        spaced = language.base not in CJK and language.base not in ("ko", "hi")
        self.left = r"(?<![^\W_])(?<!\d[.,:])" if spaced else r"(?<![A-Za-z\d])(?<!\d[.,:])"
        self.right = r"(?![^\W_])" if spaced else r"(?![A-Za-z\d])"
        gap = "\u00a0" + (" " if marks.get("spaces") else "")
        grouped = rf"\d{{1,3}}(?:[{self.thousands}]\d{{3}}){{1,9}}+(?!\d)|" if self.thousands else ""
        self.whole = rf"(?:{grouped}\d{{1,3}}(?:[{gap}]\d{{3}}){{1,9}}+(?!\d)|\d+)"
        if marks.get("indian"):
            self.whole = rf"(?:\d{{1,2}}(?:,\d{{2}}){{1,9}},\d{{3}}(?!\d)|{self.whole})"
        self.number = rf"{self.whole}(?:{self.point}\d++(?!{self.point}\d))?"  # 1,2,3 is a list
        self.sign = (
            r"(?:(?<![^\s(（「『【:：、。，；=<>\[])[-−+±]|(?<=[\u3041-\u309f])[-−]"
            r"|(?<=[\u0e01-\u0e5b\u30a0-\u9fff])[-−](?=[\d.]+ ?(?:℃|°|度|%|％)))?"
            if language.base in CJK
            else r"(?:(?<![^\s(\[{<>\"'“‘«=?!/%。，；：、])[-−+±])?"
        )

    def value(self, text: str) -> Value:
        """Reads what `number` matched, with or without a sign."""
        negative = text.startswith(("-", "−"))
        text = text.lstrip("-−+± ")
        if "," in self.point and re.fullmatch(r"\d+\.\d{1,2}", text):
            text = text.replace(".", ",")
        whole, _, places = (
            re.sub(self.point, "|", text, count=0).rpartition("|")
            if re.search(self.point, text)
            else (text, "", "")
        )
        whole = re.sub(r"\D", "", whole)
        return Value(int(whole or "0"), plain(places), plain(whole) or "0", negative)

    def say(self, text: str, gender: str = "") -> str:
        """A number in words, as a plain cardinal or decimal."""
        numbers, data = self.language.numbers, self.language.data
        value = self.value(text)
        if value.places:
            said = numbers.decimal(value.whole, value.places, gender)
        elif value.padded and text[0].isdecimal():  # a sign makes a quantity of it: -050
            said = numbers.digits(value.text)
        else:
            said = numbers.cardinal(value.whole, gender)
        return self.signed(text, said, data)

    def signed(self, text: str, said: str, data: dict) -> str:
        glue = "" if self.language.base in ("zh", "yue", "ja") else " "
        if text.startswith(("-", "−")):
            return f"{data['minus']}{glue}{said}"
        if text[:1] == "±":
            return f"{data['plus']}{glue}{data['minus']}{glue}{said}"
        return f"{data['plus']}{glue}{said}" if text[:1] == "+" else said


def plain(digits: str) -> str:
    """ASCII digits for any script's."""
    return "".join(str(int(char)) for char in digits if char.isdecimal())


@lru_cache(maxsize=32)
def number_patterns(language: Language) -> NumberPatterns:
    return NumberPatterns(language)


def scales_of(language: Language) -> dict[str, str]:
    """Spellings of million and the like to the noun that is spoken."""
    found = {}
    for noun in language.data.get("scales", ()):
        forms, _ = split_noun(noun["say"])
        for written in [*forms, *noun.get("written", ())]:
            found[written] = noun["say"]
    return found


def link_after(scale: str, noun: str, language: Language) -> str:
    """What stands between a million and what is counted: millones de euros, but mil euros."""
    forms, _ = split_noun(scale)
    if forms[0] == forms[-1]:
        return " "
    return " d’" if language.base == "fr" and noun[0] in "aeéiouyh" else language.data.get("scale_of", " ")


def words_pattern(words) -> str:
    """An alternation of words, longest first; of none, what never matches."""
    return (
        "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))
        or "(?!)"
    )

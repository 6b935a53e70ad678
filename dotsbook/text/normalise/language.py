"""A language's data, loaded when first needed: its words, and the patterns made of them. It knows no rules.

`load("en-GB")` gives a Language; unknown languages give None. Each `data/<base>.yaml` says how numbers are
written (thousands, decimal), the names of months, units and money, templates for times and dates, and the
abbreviations. `data/common.yaml` holds what all share (currency signs, SI prefixes).
"""

import re
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from dotsbook.text.normalise import clean

DATA = Path(__file__).parent / "data"  # a language has rules if it has a file here
BASES = frozenset(file.stem for file in DATA.glob("*.yaml")) - {"common"}
ALIASES = {"cmn": "zh", "in": "id", "ua": "uk"}
CJK = frozenset(["ja", "zh", "yue", "th"])  # no spaces between words: a number may touch a letter

LAST_WORD = re.compile(r"[^\s!-@\[-`{-~«»“”„‘’¿¡…–—]+$")
EMOJI = (
    "\U0001f000-\U0001faff\u2190-\u21ff\u2600-\u27bf\u231a\u231b\u23e9-\u23f3\u2b1b\u2b1c\u2b50\u2b55\u2042"
    "\ufe0e\ufe0f\u20e3"
)
IS_EMOJI = re.compile(f"[{EMOJI}]")
ROMAN = re.compile(
    r"[IVXLCDM](?:[IVXLCDM]|(?<![\w.’].)(?![\w’'])(?:(?<!I)|(?=[.:;,)—–]|\s*$|--|\s(?:of|was|had))))"
)
SMALL = (" ii", " iv", " vi", " ix", " xi", " xv", " xx", " xl")  # numerals in small letters start so
ROMAN_ALONE = re.compile(r"[IVXLCDMivxlcdm]")


def base_of(tag: str) -> str | None:
    """The base subtag if there are rules for it: "en-GB" -> "en"."""
    parts = tag.replace("_", "-").lower().split("-")
    base = ALIASES.get(parts[0], parts[0])
    return base if base in BASES else None


@lru_cache(maxsize=64)
def load(tag: str) -> "Language | None":
    """The language of a BCP 47 tag, or None where there are no rules."""
    base = base_of(tag)
    if base is None:
        return None
    region = next((part.upper() for part in re.split("[-_]", tag)[1:] if len(part) == 2), "")
    return Language(base, region)


@lru_cache(maxsize=32)
def read_data(name: str) -> dict:
    """One YAML file of the package, parsed."""
    import yaml

    source = resources.files(__package__).joinpath("data", f"{name}.yaml").read_text("utf-8")
    return yaml.load(source, Loader=_loader()) or {}


@lru_cache(maxsize=1)
def _loader() -> type:
    """YAML in which "no", "on" and "12:30" are the words they look like."""
    import yaml

    fastest: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Words(fastest):
        yaml_implicit_resolvers: dict = {}

    Words.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"\d+$"), list("0123456789"))
    return Words


class Language:
    """One language's data and the patterns built of it. `data` is the YAML file; `numbers` spells numbers."""

    def __init__(self, base: str, region: str = ""):
        self.base, self.region = base, region
        self.data = dict(read_data(base))
        for key, value in self.data.get("regions", {}).get(region, {}).items():
            self.data[key] = {**self.data.get(key, {}), **value} if isinstance(value, dict) else value
        self._symbol = re.compile(f"[\\d{re.escape(self.signs)}]")
        self.loud = re.compile(
            f"[\\d{re.escape(self.signs)}{EMOJI}{clean.HIDDEN_CHARS}{clean.ODD_CHARS}\u200c\u200d/\\\\]"
        )
        self._numerals = "roman" in self.data or self.base not in CJK
        short = [key for words in self.data.get("short", {}).values() for key in words]
        self._ends = {re.split(r"[ .]", key.rstrip("."))[-1].casefold() for key in short if key.endswith(".")}
        bare = [re.escape(key) for key in short if not key.endswith(".")]
        roman = self.data.get("roman", {})
        self._lower_roman = [f"{word} " for word in roman.get("lower", ())]
        self._bare = re.compile(rf"(?:{'|'.join(bare)})(?![^\W_])") if bare else None

    @cached_property
    def numbers(self):
        from dotsbook.text.normalise.numbers import numbers_for

        return numbers_for(self)

    @cached_property
    def signs(self) -> str:
        """Every symbol, that is not a word, which a rule may speak."""
        common = read_data("common")
        signs = set(common["signs"]) | set("".join(self.data.get("symbols", {})))
        for sign in common["currency_signs"]:
            signs |= {char for char in sign if not char.isalpha()}
        return "".join(sorted(signs - set(" .,;:!?'\"-–—…()[]{}“”‘’«»/|\\~*¡¿。、")))

    def needs(self, text: str, heading: bool) -> set[str]:
        """What kinds of rules could find something: "digit", "sign", "any", "emoji", "dot", "roman". Mostly none."""
        found = set()
        if self.loud.search(text):
            if self._symbol.search(text):
                found |= {"sign", "digit"}
            if "/" in text or "\\" in text:
                found.add("any")
            if IS_EMOJI.search(text):
                found.add("emoji")
        if self._dotted(text) or (self._bare and self._bare.search(text)):
            found.add("dot")
        if self._numerals and self._roman(text, heading):
            found.add("roman")
        return found

    def _roman(self, text: str, heading: bool) -> bool:
        if heading and ROMAN_ALONE.search(text):
            return True
        if ROMAN.search(text):
            return True
        return any(start in text for start in SMALL) or any(word in text for word in self._lower_roman)

    def _dotted(self, text: str) -> bool:
        """Whether some word before a full stop is the end of an abbreviation, or stops are inside a word."""
        at = text.find(".")
        while at >= 0:
            found = LAST_WORD.search(text, max(0, at - 14), at)
            word = found[0] if found else ""
            if len(word) == 1 or word.casefold() in self._ends or text[at + 1 : at + 2].isalnum():
                return True
            at = text.find(".", at + 1)
        return False

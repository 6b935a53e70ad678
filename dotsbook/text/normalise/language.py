"""A language's data, loaded when first needed: its words, and the patterns made of them. It knows no rules.

`load("en-GB")` gives a Language; one without a file is made of CLDR's data. Each `data/<base>.yaml` says how numbers are
written (thousands, decimal), the names of months, units and money, templates for times and dates, and the
abbreviations. `data/common.yaml` holds what all share (currency signs, SI prefixes).
"""

import re
from functools import cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from dotsbook.language_code import primary, subtags
from dotsbook.text.normalise import clean
from dotsbook.text.normalise.plain_language import cldr_data

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
EVERYTHING = frozenset(("digit", "sign", "electronic", "emoji", "short", "roman"))
STATE = re.compile(", [A-Z]{2}(?![^\\W_])")


def base_of(tag: str) -> str | None:
    """The base subtag if there are rules for it: "en-GB" -> "en"."""
    first = primary(tag)
    base = ALIASES.get(first, first)
    return base if base in BASES else None


@lru_cache(maxsize=64)
def load(tag: str) -> "Language | None":
    """The language of a BCP 47 tag: by its own data or by CLDR's; None where its numbers have no words here."""
    base = base_of(tag) or primary(tag)
    if base not in BASES and cldr_data(base) is None:
        return None
    region = next((part.upper() for part in subtags(tag)[1:] if len(part) == 2), "")
    return Language(base, region)


def how_read(tag: str, name: str) -> str:
    """Where a language has no rules of its own, a sentence on how its numbers are read; else ""."""
    if base_of(tag) or primary(tag) in ("", "und", "mul", "zxx"):
        return ""
    if load(tag) is None:
        return f"{name} has no rules here for numbers: figures stay as written (`dotsbook plan --changes` lists them as unread)"
    return (
        f"{name} has no rules of its own here: whole numbers, ordinals, years, per cent, units and money are read by num2words "
        "and CLDR; `dotsbook plan --changes` lists what is unread"
    )


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
        self.data = dict(read_data(base) if base in BASES else cldr_data(base) or {})
        for key, value in self.data.get("regions", {}).get(region, {}).items():
            self.data[key] = {**self.data.get(key, {}), **value} if isinstance(value, dict) else value
        self._symbol = re.compile(f"[\\d{re.escape(self.signs)}]")
        self.loud = re.compile(
            f"[\\d{re.escape(self.signs)}{EMOJI}{clean.HIDDEN_CHARS}{clean.ODD_CHARS}\u200c\u200d/\\\\]"
        )
        short = [key for words in self.data.get("short", {}).values() for key in words]
        short += [key.replace(" ", "") for key in short] + [key[0].upper() + key[1:] for key in short]
        self._ends = {re.split(r"[ .]", key.rstrip("."))[-1].casefold() for key in short if key.endswith(".")}
        states = self.data.get("short", {}).get("state", ())
        bare = sorted({re.escape(key) for key in short if not key.endswith(".") and key not in states})
        self._states = bool(states)
        self._bare = re.compile(rf"(?:{'|'.join(bare)})(?![^\W_])") if bare else None
        self._numerals = roman_gates(self.data["roman"]) if "roman" in self.data else ()

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

    def needs(self, text: str, heading: bool, quiet: bool = False) -> frozenset[str]:
        """Which kinds of rules could find something: those of EVERYTHING. quiet: the text has nothing of `loud`.

        Only to save time: a kind is left out only where none of its rules can match, so that no reading hangs on it.
        """
        found = set()
        if not quiet:
            if self._symbol.search(text):
                found |= {"sign", "digit"}
            if IS_EMOJI.search(text):
                found.add("emoji")
            if "/" in text or "\\" in text or "#" in text:
                found.add("electronic")
        if "@" in text:
            found.add("electronic")
        found |= self._dotted(text)
        if (self._bare and self._bare.search(text)) or (self._states and STATE.search(text)):
            found.add("short")
        if self._numerals:
            numeral = heading or any(gate.search(text) for gate in self._numerals)
        else:
            numeral = "I" in text or "V" in text or "X" in text
        if numeral:
            found.add("roman")
        return frozenset(found)

    def _dotted(self, text: str) -> set[str]:
        """ "short" if some word before a full stop is the end of an abbreviation, or a stop stands inside a word."""
        found: set[str] = set()
        at = text.find(".")
        while at >= 0:
            after = text[at + 1 : at + 2]
            if after.isalnum() or (after and after in "_-"):
                return {"short", "electronic"}
            if not found:
                match = LAST_WORD.search(text, max(0, at - 14), at)
                word = match[0] if match else ""
                if len(word) == 1 or word.casefold() in self._ends:
                    found.add("short")
            at = text.find(".", at + 1)
        return found


def roman_gates(data: dict) -> tuple[re.Pattern, ...]:
    """What a text has that holds a Roman numeral: a word of such capitals, or of such small letters."""
    suffix = f"(?:{data['suffix']})?" if data.get("suffix") else ""
    alone = "(?<!\\w.)"  # the letter just matched begins a word; so a search need look at these letters only
    if data.get("before"):
        capitals = rf"[IVXLCDM]{alone}[IVXLCDM]*{suffix}(?!\w)"
    else:  # "I" is a word: a small letter after it that isn't one of these says so
        after = rf"(?:{data.get('of', 'of')}|{data.get('and', 'and')})\b"
        capitals = (
            rf"[IVXLCDM]{alone}(?:(?<!I)|(?=[IVXLCDM])|(?!['’]| (?!{after})[a-z]))[IVXLCDM]*{suffix}(?!\w)"
        )
    small = rf"[ivxlc]{alone}[ivxlc]+{suffix}(?!\w)"
    gates = [capitals, small]
    if data.get("lower"):
        gates.append(rf"(?i:(?<!\w)(?:{'|'.join(map(re.escape, data['lower']))}) [ivxlcdm]+(?!\w))")
    if data.get("certain"):
        gates.append(rf"(?:{'|'.join(map(re.escape, data['certain']))}) I(?![\w'’])")
    return tuple(re.compile(gate, re.DOTALL) for gate in gates)

"""A language's data, loaded when first needed: its words, and the patterns made of them. It knows no rules.

`load("en-GB")` gives a Language; unknown languages give None. Each `data/<base>.yaml` says how numbers are
written (thousands, decimal), the names of months, units and money, templates for times and dates, and the
abbreviations. `data/common.yaml` holds what all share (currency signs, SI prefixes).
"""

import re
from functools import cached_property, lru_cache
from importlib import resources

BASES = frozenset(["ar", "cs", "de", "el", "en", "es", "fi", "fr", "hi", "id", "it", "ja", "ko", "nl", "pl", "pt", "ro", "ru", "th", "tr", "uk", "vi", "zh", "yue"])
ALIASES = {"cmn": "zh", "in": "id", "ua": "uk"}
CJK = frozenset(["ja", "zh", "yue", "th"])   # no spaces between words: a number may touch a letter

LAST_WORD = re.compile(r"[^\s!-@\[-`{-~«»“”„‘’¿¡…–—]+$")
EMOJI = re.compile("[\U0001f000-\U0001faff\u2190-\u21ff\u2600-\u27bf\u231a\u231b\u23e9-\u23f3\u2b1b\u2b1c\u2b50\u2b55\u2042\ufe0e\ufe0f\u20e3]")
ROMAN = re.compile(r"[IVXLCDM]{2}|(?<![\w.’])[VXLC](?![\w’])| I(?=[.:;,)—–]|$)| [ivxl]{2,6}(?!\w)")
ROMAN_ALONE = re.compile(r"[IVXLCDMivxlcdm]")


def base_of(tag: str) -> str | None:
    """The base subtag if there are rules for it: "en-GB" -> "en", "zh-HK" -> "yue" (as its readers speak)."""
    parts = tag.replace("_", "-").lower().split("-")
    base = ALIASES.get(parts[0], parts[0])
    return base if base in BASES else None


def load(tag: str) -> "Language | None":
    """The language of a BCP 47 tag, or None where there are no rules."""
    return _load(tag)


@lru_cache(maxsize=64)
def _load(tag: str) -> "Language | None":
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

    class Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        yaml_implicit_resolvers: dict = {}

    Words.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"\d+$"), list("0123456789"))
    return Words


class Language:
    """One language's data and the patterns built of it. `data` is the YAML file; `numbers` spells numbers."""

    def __init__(self, base: str, region: str = ""):
        self.base, self.region = base, region
        self.data = dict(read_data(base))
        self.data.update(self.data.get("regions", {}).get(region, {}))
        self._symbol = re.compile("[\\d" + re.escape(self.signs) + "]")
        short = [key for words in self.data.get("short", {}).values() for key in words]
        self._ends = {re.split(r"[ .]", key.rstrip("."))[-1].casefold() for key in short if key.endswith(".")}
        bare = [re.escape(key) for key in short if not key.endswith(".")]
        roman = self.data.get("roman", {})
        self._lower_roman = re.compile(
            rf"(?i:(?:{'|'.join(map(re.escape, roman['lower']))}) [ivxlcdm]+\b)") if roman.get("lower") else None
        self._bare = re.compile(rf"(?<![^\W_])(?:{'|'.join(bare)})(?![^\W_])") if bare else None

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
        """What kinds of rules could find something here: "digit", "sign", "dot", "roman". Fast: most text has none."""
        found = set()
        if self._symbol.search(text):
            found |= {"sign", "digit"}
        if "/" in text or "\\" in text:
            found.add("any")
        if EMOJI.search(text):
            found.add("emoji")
        if self._dotted(text) or (self._bare and self._bare.search(text)):
            found.add("dot")
        if (ROMAN_ALONE if heading else ROMAN).search(text) or (self._lower_roman and self._lower_roman.search(text)):
            found.add("roman")
        return found

    def _dotted(self, text: str) -> bool:
        """Whether some word before a full stop is the end of an abbreviation, or stops are inside a word."""
        at = text.find(".")
        while at >= 0:
            word = LAST_WORD.search(text, max(0, at - 14), at)
            word = word[0] if word else ""
            if len(word) == 1 or word.casefold() in self._ends or text[at + 1:at + 2].isalnum():
                return True
            at = text.find(".", at + 1)
        return False

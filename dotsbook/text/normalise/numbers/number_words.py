"""What every language's speller can do, with num2words behind it. It knows words for numbers, not how they are written.

gender is "m", "f" or "n" ("" where nothing is counted); case is the first letter of a grammatical case, "n" by
default. A number too long to say is read digit by digit.
"""

from functools import lru_cache
from threading import Lock

MOST = 10**18  # from here on digits are read one by one
_lock = Lock()  # num2words keeps state in its converters


@lru_cache(maxsize=20_000)
def words(value: int | str, language: str, kind: str = "cardinal", **options) -> str:
    """num2words' answer for a whole number, without its commas."""
    from num2words import num2words

    with _lock:
        said = num2words(value, lang=language, to=kind, **options)
    return said.replace(",", "")


class Unsayable(ValueError):
    """A number that a language has no words for here: it stays as written."""


class Numbers:
    """Number words of one language."""

    name = ""  # num2words' name for it, where it isn't the base subtag
    most = MOST
    conjunction = " "  # between a whole number and a fraction

    def __init__(self, language):
        self.language = language
        self.data = language.data
        self.name = self.name or language.base

    def cardinal(self, value: int, gender: str = "", case: str = "n") -> str:
        if abs(value) >= self.most:
            return self.digits(str(abs(value)))
        if value < 0:
            return f"{self.data['minus']} {self.cardinal(-value, gender, case)}"
        return self.spell(value, gender, case)

    def spell(self, value: int, gender: str, case: str) -> str:
        return words(value, self.name)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return words(value, self.name, "ordinal")

    def year(self, value: int) -> str:
        return self.cardinal(value)

    def digits(self, text: str) -> str:
        """Digits one by one."""
        return " ".join(self.cardinal(int(char)) for char in text if char.isdecimal())

    def decimals(self, text: str) -> str:
        """The digits after the decimal mark."""
        return self.digits(text)

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        return f"{self.cardinal(whole)} {self.data['point']} {self.decimals(places)}"

    def part(self, below: int, many: bool) -> str:
        """The name of a fraction's parts: third, thirds."""
        special = self.data.get("parts", {}).get(below)
        if special:
            return special.split("|")[-1 if many else 0]
        return self.ordinal(below)

    def fraction(self, above: int, below: int) -> str:
        fixed = self.data.get("fractions", {}).get(f"{above}/{below}")
        return fixed or f"{self.cardinal(above)} {self.part(below, above != 1)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        """A whole number with a fraction: two and a half."""
        fixed = self.data.get("fractions", {}).get(f"+{above}/{below}")
        return f"{self.cardinal(whole)} {self.data['and']} {fixed or self.fraction(above, below)}"

    def plural(self, value: int, places: str = "") -> int:
        """Which of a noun's forms follows the number: 0 for one, 1 for more."""
        return 0 if abs(value) == 1 and not places else 1

    def counted(self, value: int, noun: str, places: str = "") -> str:
        """A number with its noun, agreeing: noun is "hora|horas|f"."""
        forms, gender = split_noun(noun)
        number = self.decimal(value, places, gender) if places else self.cardinal(value, gender)
        return f"{number} {forms[min(self.plural(value, places), len(forms) - 1)]}"


def split_noun(noun: str) -> tuple[list[str], str]:
    """ "hora|horas|f" -> (["hora", "horas"], "f")."""
    forms = noun.split("|")
    gender = forms.pop() if len(forms) > 1 and forms[-1] in ("m", "f", "n") else "m"
    return forms, gender

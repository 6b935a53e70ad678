"""Numbers of a language that has no speller of its own: num2words' words and CLDR's plural forms."""

from dotsbook.text.normalise.numbers.number_words import Numbers, Unsayable, words
from dotsbook.text.normalise.plain_language import called, tags_of

FAILURES = (NotImplementedError, ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError)


class PlainNumbers(Numbers):
    def __init__(self, language):
        super().__init__(language)
        self.name = called(language.base)
        self.locale = self.data["cldr"]

    def said(self, value, kind: str = "cardinal") -> str:
        try:
            said = words(value, self.name, kind).strip()
        except FAILURES as error:
            raise Unsayable(f"{value} in {self.name}") from error
        if not said or any(char.isdecimal() for char in said):
            raise Unsayable(f"{value} in {self.name}")
        return said

    def spell(self, value: int, gender: str, case: str) -> str:
        return self.said(value)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return self.said(value, "ordinal")

    def year(self, value: int) -> str:
        try:
            return self.said(value, "year")
        except Unsayable:
            if self.name == "sv" and 1100 <= value < 2000:  # nittonhundraåttiofyra
                high, low = divmod(value, 100)
                return f"{self.said(high)}hundra{self.said(low) if low else ''}"
            return self.said(value)

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        return self.said(f"{whole}.{places}")

    def fraction(self, above: int, below: int) -> str:
        raise Unsayable(f"{above}/{below} in {self.name}")

    def mixed(self, whole: int, above: int, below: int) -> str:
        raise Unsayable(f"{whole} {above}/{below} in {self.name}")

    def plural(self, value: int, places: str = "") -> int:
        return tags_of(self.locale).index(
            self.locale.plural_form(float(f"{value}.{places}") if places else value)
        )

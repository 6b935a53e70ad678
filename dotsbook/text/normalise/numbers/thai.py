"""Thai numbers, by num2words, without spaces; fractions and ordinals of its own. It knows no other language."""

from dotsbook.text.normalise.numbers.number_words import Numbers, words


class Thai(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        return words(value, "th").replace(" ", "")

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return f"ที่{self.cardinal(value)}"

    def digits(self, text: str) -> str:
        return " ".join(words(int(char), "th") for char in text if char.isdecimal())

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        return f"{self.cardinal(whole)}จุด{self.digits(places).replace(' ', '')}"

    def fraction(self, above: int, below: int) -> str:
        return "ครึ่ง" if (above, below) == (1, 2) else f"เศษ{self.cardinal(above)}ส่วน{self.cardinal(below)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        return f"{self.cardinal(whole)}{self.fraction(above, below)}"

    def plural(self, value: int, places: str = "") -> int:
        return 0


SPELLERS = {"th": Thai}

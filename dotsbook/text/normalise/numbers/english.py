"""English numbers, one hundred and twenty-three; American ones leave out the "and". It knows no other language."""

from dotsbook.text.normalise.numbers.number_words import Numbers, words


class English(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        said = words(value, "en")
        return said.replace(" and ", " ") if self.language.region == "US" else said

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return words(value, "en", "ordinal")

    def year(self, value: int) -> str:
        if 1010 <= value < 2000 or 2010 <= value < 3000:
            high, low = divmod(value, 100)
            if low == 0 and value % 1000:
                return f"{words(high, 'en')} hundred"
            if low == 0:
                return words(value, "en")
            return f"{words(high, 'en')} {'oh ' if low < 10 else ''}{words(low, 'en')}"
        if 2000 <= value < 2010:
            return f"two thousand {words(value - 2000, 'en')}" if value > 2000 else "two thousand"
        return self.cardinal(value)

    def part(self, below: int, many: bool) -> str:
        name = {1: "over one", 2: "half", 4: "quarter"}.get(below) or self.ordinal(below)
        if not many:
            return name
        return "halves" if below == 2 else f"{name}s"

    def fraction(self, above: int, below: int) -> str:
        if below in (0, 1):
            return f"{self.cardinal(above)} over {self.cardinal(below)}"
        return f"{self.cardinal(above)} {self.part(below, above != 1)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        said = (
            "a half"
            if (above, below) == (1, 2)
            else "a quarter"
            if (above, below) == (1, 4)
            else self.fraction(above, below)
        )
        return f"{self.cardinal(whole)} and {said}"

    def plural(self, value: int, places: str = "") -> int:
        return 0 if abs(value) == 1 and not places else 1


SPELLERS = {"en": English}

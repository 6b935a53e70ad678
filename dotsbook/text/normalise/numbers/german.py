"""German and Dutch numbers, written together as one word. It knows no other language."""

from dotsbook.text.normalise.numbers.number_words import Numbers, words


class German(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 1:
            return {"m": "ein", "f": "eine", "n": "ein"}.get(gender, "eins")
        return words(value, "de")

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        """case: "n" gives the bare stem with -te, "r" -ter, "d" -ten, "m" -tem, "s" -tes."""
        stem = words(value, "de", "ordinal")
        if value % 1000 == 0 and 1000 <= value < 2000:
            stem = "eintausendste"
        return stem + {"r": "r", "d": "n", "m": "m", "s": "s"}.get(case, "")

    def year(self, value: int) -> str:
        if 1100 <= value < 2000:
            return words(value, "de", "year")
        return self.cardinal(value)

    def part(self, below: int, many: bool) -> str:
        special = {1: "eintel", 2: "halb" if not many else "halbe"}.get(below)
        return special or self.ordinal(below) + "l"

    def fraction(self, above: int, below: int) -> str:
        return f"{'ein' if above == 1 else self.cardinal(above)} {self.part(below, above != 1)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        if (above, below) == (1, 2):
            return f"{'ein' if whole == 1 else self.cardinal(whole)}einhalb"
        return f"{self.cardinal(whole)} {self.fraction(above, below)}"


class Dutch(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 1:
            return "één"
        return words(value, "nl")

    def year(self, value: int) -> str:
        if 1100 <= value < 2000:
            high, low = divmod(value, 100)
            return f"{words(high, 'nl')}{'honderd' if not low else ' ' + words(low, 'nl')}"
        return self.cardinal(value)


SPELLERS = {"de": German, "nl": Dutch}

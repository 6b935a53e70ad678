"""Turkish numbers, written apart as its spelling asks outside cheques. It knows no other language."""

from dotsbook.text.normalise.numbers.number_words import Numbers

UNITS = ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
TENS = ["on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"]
SCALES = (
    (10**15, "katrilyon"),
    (10**12, "trilyon"),
    (10**9, "milyar"),
    (10**6, "milyon"),
    (1000, "bin"),
    (100, "yüz"),
)
ENDS = {
    "a": "ıncı",
    "ı": "ıncı",
    "e": "inci",
    "i": "inci",
    "o": "uncu",
    "u": "uncu",
    "ö": "üncü",
    "ü": "üncü",
}


class Turkish(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 0:
            return UNITS[0]
        parts = []
        for scale, name in SCALES:
            count, value = divmod(value, scale)
            if count:
                parts.append(
                    name if count == 1 and scale <= 1000 else f"{self.spell(count, gender, case)} {name}"
                )
        parts += [TENS[value // 10 - 1]] if value >= 10 else []
        parts += [UNITS[value % 10]] if value % 10 else []
        return " ".join(parts)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        said = self.cardinal(value)
        said = said[:-1] + "d" if said.endswith("dört") else said
        end = ENDS[next(char for char in reversed(said) if char in ENDS)]
        return said + (end[1:] if said[-1] in ENDS else end)

    def decimals(self, text: str) -> str:
        return self.digits(text) if text[0] == "0" or len(text) > 2 else self.cardinal(int(text))

    def fraction(self, above: int, below: int) -> str:
        """1/2 is yarım; 3/4 is dörtte üç."""
        if (above, below) == (1, 2):
            return "yarım"
        said = self.cardinal(below)
        vowel = next(char for char in reversed(said) if char in "aeıioöuü")
        hard = said[-1] in "fstkçşhp"
        return f"{said}{'t' if hard else 'd'}{'a' if vowel in 'aıou' else 'e'} {self.cardinal(above)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        if (above, below) == (1, 2):
            return f"{self.cardinal(whole)} buçuk"
        return f"{self.cardinal(whole)} tam {self.fraction(above, below)}"

    def plural(self, value: int, places: str = "") -> int:
        return 0


SPELLERS = {"tr": Turkish}

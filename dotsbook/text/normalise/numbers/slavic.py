"""Russian, Ukrainian, Polish and Czech numbers: gender, cases of ordinals, and three forms of a counted noun."""

import re

from dotsbook.text.normalise.numbers.declension import decline
from dotsbook.text.normalise.numbers.number_words import MOST, Numbers, words


class Slavic(Numbers):
    ONE = {"f": "", "n": ""}
    TWO = ""  # feminine two
    MASCULINE = ("", "")  # one, two as num2words says them

    def spell(self, value: int, gender: str, case: str) -> str:
        said = words(value, self.name)
        last, teens = value % 10, value % 100 in (11, 12)
        if teens or last not in (1, 2) or gender not in ("f", "n"):
            return said
        if last == 1:
            return self._swap(said, 0, self.ONE[gender])
        return self._swap(said, 1, self.TWO) if gender in self.TWO_FOR else said

    TWO_FOR = "f"

    def oblique(self, value: int, gender: str, case: str) -> str:
        """The cardinal in the genitive, dative, instrumental or prepositional."""
        return decline(self.spell(value, gender, "n"), self.name, gender, case)

    def cardinal(self, value: int, gender: str = "", case: str = "n") -> str:
        if case in ("n", "a") or value < 0 or value >= MOST:
            said = super().cardinal(value, gender)
            return self.object(said) if case == "a" else said
        return self.oblique(value, gender, case)

    def object(self, said: str) -> str:
        """The accusative of a nominative: only one in the feminine, and thousand where it is feminine, differ."""
        for word, instead in self.ACCUSATIVE.items():
            said = re.sub(rf"(?<!\w){word}(?!\w)", instead, said)
        return said

    ACCUSATIVE: dict[str, str] = {}

    def _swap(self, said: str, which: int, instead: str) -> str:
        end = self.MASCULINE[which]
        return said[: -len(end)] + instead if said.endswith(end) else said

    def plural(self, value: int, places: str = "") -> int:
        """0: one, 1: two to four, 2: five and up, 3: after a decimal."""
        if places:
            return 3
        value = abs(value)
        if value % 10 == 1 and value % 100 != 11:
            return 0
        return 1 if 2 <= value % 10 <= 4 and not 12 <= value % 100 <= 14 else 2

    def counted(self, value: int, noun: str, places: str = "") -> str:
        forms = noun.split("|")
        if (
            places and len([form for form in forms if len(form) > 1]) == 3
        ):  # a decimal takes the genitive singular
            gender = "|" + forms[-1] if len(forms[-1]) == 1 else ""
            noun = "|".join([*forms[:3], self.of_part(forms)]) + gender
        return super().counted(value, noun, places)

    def of_part(self, forms: list[str]) -> str:
        return forms[1]

    def adjective(self, said: str, case: str, gender: str) -> str:
        return said

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return self.adjective(words(value, self.name, "ordinal"), case, gender)

    def part(self, below: int, many: bool) -> str:
        return self.ordinal(below, "f", "g" if many else "n")

    def fraction(self, above: int, below: int) -> str:
        half = self.data.get("fractions", {}).get(f"{above}/{below}")
        return half or f"{self.cardinal(above, 'f')} {self.part(below, above % 10 != 1 or above == 11)}"


class Russian(Slavic):
    ONE = {"f": "одна", "n": "одно"}
    TWO = "две"
    MASCULINE = ("один", "два")
    PLACES = ("", "десят", "сот", "тысячн", "десятитысячн", "стотысячн", "миллионн")
    ACCUSATIVE = {"одна": "одну", "тысяча": "тысячу"}

    def oblique(self, value: int, gender: str, case: str) -> str:
        return words(value, "ru", case=case, gender=gender or "m")

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if gender == "p":
            return words(value, "ru", "ordinal", plural=True, case=case)
        return words(value, "ru", "ordinal", gender=gender or "m", case=case)

    def part(self, below: int, many: bool) -> str:
        if many:
            return self.ordinal(below, "p", "g")
        return self.ordinal(below, "f")

    def decimal(self, whole: int, places: str, gender: str = "", case: str = "n") -> str:
        if len(places) >= len(self.PLACES):
            return f"{self.cardinal(whole)} запятая {self.digits(places)}"
        value = int(places)
        ends = {"n": "ая ых", "a": "ую ых", "g": "ой ых", "d": "ой ым", "i": "ой ыми", "p": "ой ых"}[
            case
        ].split()
        wholes = "цел" + ends[whole % 10 != 1 or whole % 100 == 11]
        parts = self.PLACES[len(places)] + ends[value % 10 != 1 or value % 100 == 11]
        return f"{self.cardinal(whole, 'f', case)} {wholes} {self.cardinal(value, 'f', case)} {parts}"


class Ukrainian(Slavic):
    ONE = {"f": "одна", "n": "одне"}
    TWO = "дві"
    MASCULINE = ("один", "два")
    ENDS = {
        ("m", "g"): "ого",
        ("m", "p"): "ому",
        ("f", "n"): "а",
        ("f", "g"): "ої",
        ("n", "n"): "е",
        ("n", "g"): "ого",
        ("n", "p"): "ому",
        ("p", "n"): "і",
        ("p", "g"): "их",
        ("p", "p"): "их",
        ("m", "d"): "ому",
        ("n", "d"): "ому",
        ("m", "i"): "им",
        ("n", "i"): "им",
        ("f", "p"): "ій",
        ("f", "d"): "ій",
        ("f", "a"): "у",
        ("f", "i"): "ою",
        ("p", "i"): "ими",
        ("p", "d"): "им",
    }
    ACCUSATIVE = {"одна": "одну", "тисяча": "тисячу"}
    NAMES = {"g": "genitive", "d": "dative", "i": "instrumental", "p": "locative"}

    def oblique(self, value: int, gender: str, case: str) -> str:
        said = words(value, "uk", case=self.NAMES[case], gender="feminine" if gender == "f" else "masculine")
        said = said.replace("'", "’").replace("тисячи", "тисячі")
        if case == "g":
            said = re.sub(r"(\w+(?:х|ти|ми|ри))ста\b", r"\1сот", said)
        return said

    def spell(self, value: int, gender: str, case: str) -> str:
        return super().spell(value, gender, case).replace("'", "’")

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return super().ordinal(value, gender, case).replace("'", "’").removeprefix("одна ")

    def adjective(self, said: str, case: str, gender: str) -> str:
        end = self.ENDS.get((gender, case))
        if not end:
            return said
        if said.endswith("ій"):
            soft = {"а": "я", "е": "є", "у": "ю", "і": "і", "ій": "ій"}
            return said[:-2] + soft.get(end, "ь" + end if end[0] == "о" else "і" + end[1:])
        return re.sub("ий$", end, said)

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        return f"{self.cardinal(whole)} кома {self.digits(places) if places[0] == '0' else self.cardinal(int(places))}"

    def part(self, below: int, many: bool) -> str:
        return self.ordinal(below, "p", "g") if many else self.ordinal(below, "f")


class Polish(Slavic):
    ONE = {"f": "jedna", "n": "jedno"}
    TWO = "dwie"
    MASCULINE = ("jeden", "dwa")
    ENDS = {
        ("m", "g"): "ego",
        ("m", "p"): "ym",
        ("f", "n"): "a",
        ("f", "g"): "ej",
        ("f", "p"): "ej",
        ("n", "n"): "e",
        ("p", "n"): "e",
        ("p", "g"): "ych",
        ("p", "p"): "ych",
        ("m", "d"): "emu",
        ("m", "i"): "ym",
        ("n", "g"): "ego",
        ("n", "p"): "ym",
        ("f", "d"): "ej",
        ("f", "a"): "ą",
        ("f", "i"): "ą",
        ("m", "a"): "ego",
    }
    ACCUSATIVE = {"jedna": "jedną"}

    def spell(self, value: int, gender: str, case: str) -> str:
        if value % 10 == 1 and value != 1:
            return words(value, "pl")
        return super().spell(value, gender, case)

    def plural(self, value: int, places: str = "") -> int:
        if places:
            return 3
        if abs(value) == 1:
            return 0
        return 1 if 2 <= value % 10 <= 4 and not 12 <= value % 100 <= 14 else 2

    def adjective(self, said: str, case: str, gender: str) -> str:
        end = self.ENDS.get((gender, case))
        if not end:
            return said
        out = said.split(" ")
        tail = 2 if len(out) > 1 and re.search("(dziesty|dziesiąty)$", out[-2]) else 1
        return " ".join(out[:-tail] + [self._decline(word, end) for word in out[-tail:]])

    def _decline(self, word: str, end: str) -> str:
        if word.endswith("i"):  # trzeci, drugi: soft and velar stems
            stem = word[:-1]
            if stem.endswith("g"):
                return stem + {"a": "a", "ą": "ą"}.get(end, "i" + end.removeprefix("y"))
            return stem + "i" + end.removeprefix("y")
        return re.sub("y$", end, word)

    def part(self, below: int, many: bool) -> str:
        return self.ordinal(below, "p", "g") if many else self.ordinal(below, "f")


class Czech(Slavic):
    ONE = {"f": "jedna", "n": "jedno"}
    TWO = "dvě"
    TWO_FOR = "fn"
    MASCULINE = ("jedna", "dva")
    ACCUSATIVE = {"^jedna$": "jednu"}
    UNITS = ["první", "druhý", "třetí", "čtvrtý", "pátý", "šestý", "sedmý", "osmý", "devátý"]
    TEENS = str.split(
        "desátý jedenáctý dvanáctý třináctý čtrnáctý patnáctý šestnáctý sedmnáctý osmnáctý devatenáctý"
    )
    TENS = str.split("dvacátý třicátý čtyřicátý padesátý šedesátý sedmdesátý osmdesátý devadesátý")
    HUNDREDS = str.split("stý dvoustý třístý čtyřstý pětistý šestistý sedmistý osmistý devítistý")

    def spell(self, value: int, gender: str, case: str) -> str:
        if value % 10 == 1 and value % 100 != 11 and gender == "m":
            return re.sub("jedna$", "jeden", words(value, "cs"))
        return super().spell(value, gender, case)

    def plural(self, value: int, places: str = "") -> int:
        if places:
            return 3
        return 0 if abs(value) == 1 else 1 if 2 <= abs(value) <= 4 else 2

    def year(self, value: int) -> str:
        if 1100 <= value < 2000:
            high, low = divmod(value, 100)
            return f"{words(high, 'cs')} set" + (f" {words(low, 'cs')}" if low else "")
        return self.cardinal(value)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if value == 0:
            return "nultý"
        if value >= 1000:
            high, low = divmod(value, 1000)
            if not low:
                return "tisící" if high == 1 else f"{words(high, 'cs')}tisící".replace(" ", "")
            return f"{words(high * 1000, 'cs')} {self.ordinal(low, gender, case)}"
        parts = [self.HUNDREDS[value // 100 - 1]] if value >= 100 else []
        rest = value % 100
        if parts and rest:
            parts = [words(value - rest, "cs")]
        if 10 <= rest < 20:
            parts.append(self.TEENS[rest - 10])
        else:
            parts += [self.TENS[rest // 10 - 2]] if rest >= 20 else []
            parts += [self.UNITS[rest % 10 - 1]] if rest % 10 else []
        return " ".join(self._decline(word, gender, case) for word in parts)

    def _decline(self, word: str, gender: str, case: str) -> str:
        ends = {
            ("f", "n"): "á",
            ("n", "n"): "é",
            ("m", "g"): "ého",
            ("n", "g"): "ého",
            ("f", "g"): "é",
            ("m", "p"): "ém",
            ("n", "p"): "ém",
            ("p", "n"): "é",
            ("p", "g"): "ých",
            ("p", "p"): "ých",
            ("m", "d"): "ému",
            ("m", "i"): "ým",
            ("m", "a"): "ého",
            ("f", "p"): "é",
            ("f", "d"): "é",
            ("f", "a"): "ou",
            ("f", "i"): "ou",
            ("n", "i"): "ým",
        }
        end = ends.get((gender, case))
        if not end:
            return word
        if word.endswith("í"):
            return word + {"ého": "ho", "ém": "m", "ých": "ch", "ému": "mu", "ým": "m"}.get(end, "")
        return re.sub("ý$", end, word)

    def part(self, below: int, many: bool) -> str:
        named = {
            2: "polovina|poloviny",
            3: "třetina|třetiny",
            4: "čtvrtina|čtvrtiny",
            5: "pětina|pětiny",
            6: "šestina|šestiny",
            7: "sedmina|sedminy",
            8: "osmina|osminy",
            9: "devítina|devítiny",
            10: "desetina|desetiny",
            100: "setina|setiny",
            1000: "tisícina|tisíciny",
        }.get(below)
        return named.split("|")[int(many)] if named else f"lomeno {self.cardinal(below)}"


SPELLERS = {"ru": Russian, "uk": Ukrainian, "pl": Polish, "cs": Czech}

"""Russian, Ukrainian, Polish and Czech numbers: gender, cases of ordinals, and three forms of a counted noun."""

import re

from dotsbook.text.normalise.numbers.number_words import Numbers, words


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

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if gender == "p":
            return words(value, "ru", "ordinal", plural=True, case=case)
        return words(value, "ru", "ordinal", gender=gender or "m", case=case)

    def part(self, below: int, many: bool) -> str:
        if many:
            return self.ordinal(below, "p", "g")
        return self.ordinal(below, "f")

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        if len(places) >= len(self.PLACES):
            return f"{self.cardinal(whole)} запятая {self.digits(places)}"
        value = int(places)
        wholes = "целая" if whole % 10 == 1 and whole % 100 != 11 else "целых"
        parts = self.PLACES[len(places)] + ("ая" if value % 10 == 1 and value % 100 != 11 else "ых")
        return f"{self.cardinal(whole, 'f')} {wholes} {self.cardinal(value, 'f')} {parts}"


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
    }

    def spell(self, value: int, gender: str, case: str) -> str:
        return super().spell(value, gender, case).replace("'", "’")

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return super().ordinal(value, gender, case).replace("'", "’").removeprefix("одна ")

    def adjective(self, said: str, case: str, gender: str) -> str:
        end = self.ENDS.get((gender, case))
        if not end:
            return said
        if said.endswith("ій"):
            return said[:-2] + {"а": "я", "е": "є"}.get(end, "ь" + end if end[0] == "о" else end)
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
    }

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
            soft = {"ego": "iego", "ym": "im", "ej": "iej", "ych": "ich", "e": "ie", "a": "ia"}
            return stem + ("a" if end == "a" and stem.endswith("g") else soft[end])
        return re.sub("y$", end, word)

    def part(self, below: int, many: bool) -> str:
        return self.ordinal(below, "p", "g") if many else self.ordinal(below, "f")


class Czech(Slavic):
    ONE = {"f": "jedna", "n": "jedno"}
    TWO = "dvě"
    TWO_FOR = "fn"
    MASCULINE = ("jedna", "dva")
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
        }
        end = ends.get((gender, case))
        if not end:
            return word
        if word.endswith("í"):
            return word + {"ého": "ho", "ém": "m", "ých": "ch"}.get(end, "")
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

"""Spanish, French, Italian, Portuguese and Romanian numbers, with their genders. It knows no other language."""

import re

from dotsbook.text.normalise.numbers.number_words import Numbers, words


def feminine_hundreds(said: str, stem: str) -> str:
    """doscientos -> doscientas, duzentos -> duzentas, but not the millions before them."""
    head, mark, tail = said.rpartition("ill")
    return head + mark + re.sub(rf"({stem})os\b", r"\1as", tail)


class Romance(Numbers):
    ONE = {"m": ("", ""), "f": ("", "")}  # gender -> the end of a number's last word, and what replaces it

    def spell(self, value: int, gender: str, case: str) -> str:
        said = words(value, self.name)
        end, instead = self.ONE.get(gender, ("", ""))
        if end and value % 100 != 11:
            said = re.sub(end + "$", instead, said)
        return said


class Spanish(Romance):
    most = 10**36

    UNITS = ["primero", "segundo", "tercero", "cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno"]
    TENS = str.split(
        "décimo vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo nonagésimo"
    )
    HUNDREDS = str.split(
        "centésimo ducentésimo tricentésimo cuadringentésimo quingentésimo sexcentésimo septingentésimo "
        "octingentésimo noningentésimo"
    )
    AVOS = {11: "onceavo", 12: "doceavo"}

    def spell(self, value: int, gender: str, case: str) -> str:
        said = words(value, "es")
        if gender == "f":
            said = feminine_hundreds(re.sub("ún$|uno$", "una", said), "cient|quinient")
            return re.sub(r"(veinti|y )ún? mil\b", r"\1una mil", said)
        if gender == "m":
            return (
                re.sub("veintiuno$", "veintiún", said)
                if said.endswith("veintiuno")
                else re.sub("uno$", "un", said)
            )
        return said

    def decimals(self, text: str) -> str:
        """Read in pairs: 3,1415 is tres coma catorce quince."""
        if len(text) % 2 and len(text) > 1 or len(text) > 6:
            if len(text) == 3 and text[0] != "0":
                return self.cardinal(int(text))
            return self.digits(text)
        return " ".join(
            self.digits(pair) if pair[0] == "0" else self.cardinal(int(pair))
            for pair in re.findall("..?", text)
        )

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        """case "a" gives the short form before a masculine noun: primer, tercer."""
        said = self._ordinal(value)
        if gender == "f":
            return re.sub(r"o\b", "a", said)
        return re.sub("(prim|terc)ero$", r"\1er", said) if case == "a" else said

    def _ordinal(self, value: int) -> str:
        if value >= 10**6 and value % 10**6 == 0:
            return "millonésimo" if value == 10**6 else f"{self.cardinal(value // 10**6)} millonésimo"
        if value >= 1000:
            high, low = divmod(value, 1000)
            head = (
                "milésimo"
                if high == 1
                else re.sub("uno$", "un", words(high, "es")).replace(" ", "") + "milésimo"
            )
            return f"{head} {self._ordinal(low)}" if low else head
        if value >= 100:
            high, low = divmod(value, 100)
            return self.HUNDREDS[high - 1] + (f" {self._ordinal(low)}" if low else "")
        if value in (11, 12):
            return {11: "undécimo", 12: "duodécimo"}[value]
        if value < 10:
            return self.UNITS[value - 1] if value else "cero"
        high, low = divmod(value, 10)
        if high in (1, 2) and low:
            unit = self.UNITS[low - 1]
            return ("decimo" if high == 1 else "vigesimo") + ("r" if unit.startswith("r") else "") + unit
        return self.TENS[high - 1] + (f" {self.UNITS[low - 1]}" if low else "")

    def part(self, below: int, many: bool) -> str:
        fixed = {2: "medio", 3: "tercio"}.get(below)
        if not fixed and (below <= 10 or (below % 100 == 0 and below <= 1000) or below in (10**6,)):
            fixed = self._ordinal(below)
        if not fixed and below < 100:
            fixed = words(below, "es").replace(" y ", "i") + "avo"
            fixed = fixed if fixed.endswith("eavo") else fixed.replace("aavo", "avo").replace("oavo", "avo")
            fixed = fixed.replace("dós", "dos").replace("trés", "tres").replace("séis", "seis")
            fixed = self.AVOS.get(below, fixed)
        return fixed + ("s" if many else "") if fixed else ""

    def fraction(self, above: int, below: int) -> str:
        part = self.part(below, above != 1)
        if not part:
            return f"{self.cardinal(above)} sobre {self.cardinal(below)}"
        return f"{self.cardinal(above, 'm')} {part}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        said = "medio" if (above, below) == (1, 2) else self.fraction(above, below)
        return f"{self.cardinal(whole)} y {said}"


class French(Romance):
    ONE = {"f": ("un", "une")}

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if value == 1:
            return "première" if gender == "f" else "premier"
        return words(value, "fr", "ordinal")

    def part(self, below: int, many: bool) -> str:
        return {2: "demi", 3: "tiers", 4: "quart"}.get(below, self.ordinal(below)) + (
            "s" if many and below != 3 else ""
        )

    def mixed(self, whole: int, above: int, below: int) -> str:
        said = "demi" if (above, below) == (1, 2) else self.fraction(above, below)
        return f"{self.cardinal(whole)} et {said}"

    def decimals(self, text: str) -> str:
        zeros = len(text) - len(text.lstrip("0"))
        rest = text[zeros:]
        if len(rest) > 3:
            return self.digits(text)
        return " ".join([self.cardinal(0)] * zeros + ([self.cardinal(int(rest))] if rest else []))

    def plural(self, value: int, places: str = "") -> int:
        return 0 if abs(value) < 2 else 1


class Italian(Romance):
    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 1 and gender:
            return "una" if gender == "f" else "un"
        return words(value, "it").replace(" e ", " ")

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        said = words(value, "it", "ordinal")
        return re.sub("o$", "a", said) if gender == "f" else said

    def decimals(self, text: str) -> str:
        zeros = len(text) - len(text.lstrip("0"))
        rest = text[zeros:]
        if len(rest) > 3:
            return self.digits(text)
        return " ".join([self.cardinal(0)] * zeros + ([self.cardinal(int(rest))] if rest else []))

    def part(self, below: int, many: bool) -> str:
        said = "mezzo" if below == 2 else self.ordinal(below)
        return re.sub("o$", "i", said) if many else said

    def fraction(self, above: int, below: int) -> str:
        return f"{self.cardinal(above, 'm')} {self.part(below, above != 1)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        said = "mezzo" if (above, below) == (1, 2) else self.fraction(above, below)
        return f"{self.cardinal(whole)} e {said}"


class Portuguese(Romance):
    UNITS = ["primeiro", "segundo", "terceiro", "quarto", "quinto", "sexto", "sétimo", "oitavo", "nono"]
    TENS = str.split(
        "décimo vigésimo trigésimo quadragésimo quinquagésimo sexagésimo septuagésimo octogésimo nonagésimo"
    )
    HUNDREDS = str.split(
        "centésimo ducentésimo tricentésimo quadringentésimo quingentésimo sexcentésimo septingentésimo "
        "octingentésimo noningentésimo"
    )
    SCALES = (
        (10**15, "quatrilhão", "quatrilhões"),
        (10**12, "trilhão", "trilhões"),
        (10**9, "bilhão", "bilhões"),
        (10**6, "milhão", "milhões"),
    )

    def __init__(self, language):
        super().__init__(language)
        self.european = language.region in ("PT", "AO", "MZ")

    def spell(self, value: int, gender: str, case: str) -> str:
        said = words(value, "pt") if self.european else self._brazilian(value)
        if not self.european:
            said = re.sub(
                "dez[ae](nove|ss?ete|sseis)",
                lambda found: "deze" + found[1].replace("sete", "ssete").replace("sss", "ss"),
                said,
            )
        if gender == "f":
            said = feminine_hundreds(re.sub("um$", "uma", re.sub("dois$", "duas", said)), "nt")
        return said

    def _brazilian(self, value: int) -> str:
        if value < 1000:
            return words(value, "pt")
        parts = []
        for scale, one, many in self.SCALES:
            count, value = divmod(value, scale)
            if count:
                parts.append(f"{words(count, 'pt')} {one if count == 1 else many}")
        thousands, rest = divmod(value, 1000)
        if thousands:
            said = "mil" if thousands == 1 else f"{words(thousands, 'pt')} mil"
            parts.append(
                ("e " if parts and not rest and (thousands <= 100 or thousands % 100 == 0) else "") + said
            )
        if rest:
            parts.append(("e " if rest <= 100 or rest % 100 == 0 else "") + words(rest, "pt"))
        elif not thousands and len(parts) == 2:
            parts[-1] = "e " + parts[-1]
        return " ".join(parts)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        said = self._ordinal(value)
        return re.sub(r"o\b", "a", said) if gender == "f" else said

    def _ordinal(self, value: int) -> str:
        if value >= 1000:
            high, low = divmod(value, 1000)
            head = "milésimo" if high == 1 else f"{words(high, 'pt')} milésimo"
            if value == 10**6:
                return "milionésimo"
            return f"{head} {self._ordinal(low)}" if low else head
        parts = [self.HUNDREDS[value // 100 - 1]] if value >= 100 else []
        parts += [self.TENS[value % 100 // 10 - 1]] if value % 100 >= 10 else []
        parts += [self.UNITS[value % 10 - 1]] if value % 10 else []
        return " ".join(parts) or "zero"

    def part(self, below: int, many: bool) -> str:
        end = "s" if many else ""
        special = {2: "meio", 3: "terço", 100: "centésimo", 1000: "milésimo", 10**6: "milionésimo"}.get(below)
        if special or below <= 10:
            return (special or self._ordinal(below)) + end
        return f"{self.cardinal(below)} avo{end}" if not many else f"{self.cardinal(below)} avos"

    def mixed(self, whole: int, above: int, below: int) -> str:
        said = "um meio" if (above, below) == (1, 2) else self.fraction(above, below)
        return f"{self.cardinal(whole)} e {said}"


class Romanian(Romance):
    def spell(self, value: int, gender: str, case: str) -> str:
        said = words(value, "ro")
        if value == 1 and gender:
            return "o" if gender == "f" else "un"
        if gender in ("f", "n"):
            said = re.sub(r"\bdoi$", "două", re.sub("doisprezece$", "douăsprezece", said))
        if gender == "f":
            said = re.sub("unu$", "una", said)
        return said.replace("unu de mii", "una de mii").replace("unu mii", "una mii")

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if gender != "f":
            return re.sub("unulea$", "unulea", words(value, "ro", "ordinal"))
        if value == 1:
            return "prima"
        return "a " + re.sub("a$", "", re.sub(r"doi$", "două", self.spell(value, "f", "n"))) + "a"

    def part(self, below: int, many: bool) -> str:
        return {
            2: "doime|doimi",
            3: "treime|treimi",
            4: "sfert|sferturi",
            10: "zecime|zecimi",
            100: "sutime|sutimi",
        }.get(below, f"{words(below, 'ro')}ime|{words(below, 'ro')}imi").split("|")[int(many)]

    def plural(self, value: int, places: str = "") -> int:
        return 0 if abs(value) == 1 and not places else 1

    def counted(self, value: int, noun: str, places: str = "") -> str:
        said = super().counted(value, noun, places)
        if (
            "la sută" not in noun
            and "la mie" not in noun
            and not places
            and (value % 100 >= 20 or (value % 100 == 0 and value))
        ):
            number, _, thing = said.rpartition(" ") if "|" not in noun else (said, "", "")
            forms = noun.split("|")
            head = said[: -len(forms[min(1, len(forms) - 1)])].rstrip()
            return f"{head} de {forms[min(1, len(forms) - 1)]}"
        return said


SPELLERS = {"es": Spanish, "fr": French, "it": Italian, "pt": Portuguese, "ro": Romanian}

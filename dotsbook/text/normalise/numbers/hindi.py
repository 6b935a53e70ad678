"""Hindi numbers with lakh and crore. It knows no other language."""

from dotsbook.text.normalise.numbers.number_words import Numbers

BELOW_HUNDRED = str.split(
    "शून्य एक दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह तेरह "
    "चौदह पंद्रह सोलह सत्रह अठारह उन्नीस बीस इक्कीस बाईस तेईस "
    "चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस बत्तीस "
    "तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस चालीस "
    "इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस "
    "अड़तालीस उनचास पचास इक्यावन बावन तिरेपन चौवन पचपन छप्पन "
    "सत्तावन अट्ठावन उनसठ साठ इकसठ बासठ तिरेसठ चौंसठ पैंसठ छियासठ "
    "सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर "
    "पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी अस्सी इक्यासी बयासी "
    "तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे "
    "इक्यानबे बानबे तिरानबे चौरानबे पंचानबे छियानबे सत्तानबे "
    "अट्ठानबे निन्यानबे"
)
SCALES = (
    (10**17, "शंख"),
    (10**15, "पद्म"),
    (10**13, "नील"),
    (10**11, "खरब"),
    (10**9, "अरब"),
    (10**7, "करोड़"),
    (10**5, "लाख"),
    (10**3, "हज़ार"),
    (100, "सौ"),
)
IRREGULAR = {1: "पहल", 2: "दूसर", 3: "तीसर", 4: "चौथ", 6: "छठ"}


class Hindi(Numbers):
    def cardinal(self, value: int, gender: str = "", case: str = "n") -> str:
        if value >= 10**19:
            return self.digits(str(value))
        return (
            f"{self.data['minus']} {self.spell(-value, gender, case)}"
            if value < 0
            else self.spell(value, gender, case)
        )

    def spell(self, value: int, gender: str, case: str) -> str:
        parts = []
        for scale, name in SCALES:
            count, value = divmod(value, scale)
            if count:
                parts.append(f"{BELOW_HUNDRED[count]} {name}")
        if value or not parts:
            parts.append(BELOW_HUNDRED[value])
        return " ".join(parts)

    def year(self, value: int) -> str:
        if 1100 <= value < 2000 or 2100 <= value < 3000:
            low = value % 100
            return f"{BELOW_HUNDRED[value // 100]} सौ" + (f" {BELOW_HUNDRED[low]}" if low else "")
        return self.cardinal(value)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if value in IRREGULAR:
            return IRREGULAR[value] + {"f": "ी", "p": "े"}.get(gender, "ा")
        return self.year(value) + {"f": "वीं", "p": "वें"}.get(gender, "वां")

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        return f"{self.cardinal(whole)} {self.data['point']} {self.digits(places)}"

    def fraction(self, above: int, below: int) -> str:
        return f"{self.cardinal(above)} बटा {self.cardinal(below)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        """With the quarters' own words: sava, sarhe, paune."""
        if (above, below) == (1, 2):
            return {1: "डेढ़", 2: "ढाई"}.get(whole) or f"साढ़े {self.cardinal(whole)}"
        if (above, below) == (1, 4):
            return "सवा" if whole == 1 else f"सवा {self.cardinal(whole)}"
        if (above, below) == (3, 4):
            return f"पौने {self.cardinal(whole + 1)}"
        return f"{self.cardinal(whole)} और {self.fraction(above, below)}"


SPELLERS = {"hi": Hindi}

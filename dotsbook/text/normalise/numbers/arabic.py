"""Arabic numbers, in the masculine nominative that readers use for bare figures. It knows no case endings."""

from dotsbook.text.normalise.numbers.number_words import Numbers

UNITS = str.split("صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة")
STEMS = {3: "ثلاث", 4: "أربع", 5: "خمس", 6: "ست", 7: "سبع", 8: "ثمان", 9: "تسع"}
TENS = str.split("عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون")
SCALES = (
    ("ألف", "ألفان", "آلاف"),
    ("مليون", "مليونان", "ملايين"),
    ("مليار", "ملياران", "مليارات"),
    ("تريليون", "تريليونان", "تريليونات"),
    ("كوادريليون", "كوادريليونان", "كوادريليونات"),
)
ORDINALS = str.split("أول ثاني ثالث رابع خامس سادس سابع ثامن تاسع عاشر")
FEMININE = str.split("أولى ثانية ثالثة رابعة خامسة سادسة سابعة ثامنة تاسعة عاشرة")
PARTS = {
    2: ("نصف", "نصفين", "أنصاف"),
    3: ("ثلث", "ثلثين", "أثلاث"),
    4: ("ربع", "ربعين", "أرباع"),
    5: ("خمس", "خمسين", "أخماس"),
    6: ("سدس", "سدسين", "أسداس"),
    7: ("سبع", "سبعين", "أسباع"),
    8: ("ثمن", "ثمنين", "أثمان"),
    9: ("تسع", "تسعين", "أتساع"),
    10: ("عشر", "عشرين", "أعشار"),
}


def below_thousand(value: int) -> list[str]:
    parts = []
    hundreds, rest = divmod(value, 100)
    if hundreds:
        parts.append({1: "مئة", 2: "مئتان"}.get(hundreds) or f"{STEMS[hundreds]} مئة")
    if rest:
        parts.append(below_hundred(rest))
    return parts


def below_hundred(value: int) -> str:
    if value <= 10:
        return UNITS[value]
    if value in (11, 12):
        return "أحد عشر" if value == 11 else "اثنا عشر"
    if value < 20:
        return f"{UNITS[value - 10]} عشر"
    tens, unit = divmod(value, 10)
    return TENS[tens - 2] if not unit else f"{UNITS[unit]} و{TENS[tens - 2]}"


class Arabic(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 0:
            return UNITS[0]
        parts, groups = [], []
        while value:
            value, group = divmod(value, 1000)
            groups.append(group)
        for at in range(len(groups) - 1, -1, -1):
            group = groups[at]
            if group and at:
                parts.append(self._scaled(group, SCALES[at - 1]))
            elif group:
                parts += below_thousand(group)
        return " و".join(parts)

    def _scaled(self, group: int, scale: tuple[str, str, str]) -> str:
        if group <= 2:
            return scale[group - 1]
        count = " و".join(below_thousand(group))
        return f"{count} {scale[2] if 3 <= group % 100 <= 10 else scale[0]}"

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        names = FEMININE if gender == "f" else ORDINALS
        if 1 <= value <= 10:
            return names[value - 1]
        if 11 <= value < 20:
            unit = {1: "حادي", 2: "ثاني"}.get(value - 10, ORDINALS[value - 11])
            return f"{unit}ة عشرة" if gender == "f" else f"{unit} عشر"
        return self.cardinal(value)

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        places = places if len(places) <= 6 else places[:6]
        below = 10 ** len(places)
        return f"{self.cardinal(whole)} و{self.cardinal(int(places))} من {self.cardinal(below)}"

    def fraction(self, above: int, below: int) -> str:
        forms = PARTS.get(below)
        if forms is None:
            return f"{self.cardinal(above)} على {self.cardinal(below)}"
        if above <= 2:
            return forms[max(above, 1) - 1]
        return f"{self.cardinal(above)} {forms[2]}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        return f"{self.cardinal(whole)} و {self.fraction(above, below)}"

    def plural(self, value: int, places: str = "") -> int:
        return 1 if 3 <= abs(value) % 100 <= 10 and not places else 0

    def counted(self, value: int, noun: str, places: str = "") -> str:
        forms = noun.split("|")
        if value == 1 and not places and not forms[0].startswith("في "):
            return f"{forms[0]} {'واحدة' if forms[-1] == 'f' else 'واحد'}"
        return super().counted(value, noun, places)


SPELLERS = {"ar": Arabic}

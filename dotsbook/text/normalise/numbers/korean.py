"""Korean numbers: Sino-Korean, and the native ones that counters ask for. It knows no particles."""

from dotsbook.text.normalise.numbers.han import Han


class Korean(Han):
    DIGITS = "영일이삼사오육칠팔구"
    PLACES = ("", "십", "백", "천")
    SCALES = ("", "만", "억", "조", "경")
    NATIVE = ("", "한", "두", "세", "네", "다섯", "여섯", "일곱", "여덟", "아홉")
    NATIVE_TENS = ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔")

    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 0:
            return "영"
        if gender == "k" and value < 100:
            return self.native(value)
        said, at = "", 0
        while value:
            value, group = divmod(value, 10_000)
            if group:
                lone = group == 1 and at == 1 and not value
                said = ("" if lone else self._sino(group)) + self.SCALES[at] + said
            at += 1
        return said

    def _sino(self, group: int) -> str:
        out = ""
        for place in (3, 2, 1, 0):
            digit = group // 10**place % 10
            if digit:
                out += ("" if digit == 1 and place else self.DIGITS[digit]) + self.PLACES[place]
        return out

    def native(self, value: int) -> str:
        """As before a counter: 스무 살, 한 명."""
        if value == 20:
            return "스무"
        return self.NATIVE_TENS[value // 10] + self.NATIVE[value % 10]

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        if value == 1:
            return "첫"
        return (
            self.native(value)
            if value < 100 and value != 20
            else "스무"
            if value == 20
            else self.cardinal(value)
        )

    def called(self, text: str) -> str:
        return self.digits(text)

    def year(self, value: int) -> str:
        return self.cardinal(value)

    def fraction(self, above: int, below: int) -> str:
        return f"{self.cardinal(below)}분의 {self.cardinal(above)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        said = self.cardinal(whole)
        return f"{said}{'과' if (ord(said[-1]) - 0xAC00) % 28 else '와'} {self.fraction(above, below)}"

    def counted(self, value: int, noun: str, places: str = "") -> str:
        number = self.decimal(value, places) if places else self.cardinal(value)
        return f"{number} {noun.split('|')[0]}"


SPELLERS = {"ko": Korean}

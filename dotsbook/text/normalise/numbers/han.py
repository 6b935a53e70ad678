"""Chinese, Cantonese and Japanese numbers in Chinese characters. It knows no counters and no readings."""

import re

from dotsbook.text.normalise.numbers.number_words import Numbers


class Han(Numbers):
    DIGITS = "零一二三四五六七八九"
    PLACES = ("", "十", "百", "千")
    SCALES = ("", "万", "亿", "万亿", "亿亿")
    PAIR = "两"  # two, before a hundred, a thousand and what is counted

    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 0:
            return self.DIGITS[0]
        if value == 2 and gender == "c":
            return self.PAIR
        groups, gap, said = [], False, ""
        while value:
            value, group = divmod(value, 10_000)
            groups.append(group)
        for at in range(len(groups) - 1, -1, -1):
            group = groups[at]
            if group == 0:
                gap = gap or bool(said)
                continue
            if said and (gap or group < 1000):
                said += self.DIGITS[0]
            said += self._group(group, leads=bool(at) or not said) + self.SCALES[at]
            gap = False
        return said

    def _group(self, group: int, leads: bool) -> str:
        out, gap = "", False
        for place in (3, 2, 1, 0):
            digit = group // 10**place % 10
            if digit == 0:
                gap = gap or bool(out)
                continue
            if gap:
                out += self.DIGITS[0]
            gap = False
            if digit == 2 and place == 3:
                out += self.PAIR
            elif not (digit == 1 and place == 1 and not out and leads):
                out += self.DIGITS[digit]
            out += self.PLACES[place]
        return out

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return "第" + self.cardinal(value)

    def digits(self, text: str) -> str:
        return "".join(self.DIGITS[int(char)] for char in text if char.isdecimal())

    def called(self, text: str) -> str:
        """Digits of a telephone number, where one is said yao."""
        return self.digits(text).replace("一", "幺")

    def year(self, value: int) -> str:
        return self.digits(str(value))

    def decimal(self, whole: int, places: str, gender: str = "") -> str:
        return f"{self.cardinal(whole)}{self.data['point']}{self.digits(places)}"

    def cardinal(self, value: int, gender: str = "", case: str = "n") -> str:
        return super().cardinal(value, gender, case).replace(" ", "")

    def fraction(self, above: int, below: int) -> str:
        return f"{self.cardinal(below)}分之{self.cardinal(above)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        return f"{self.cardinal(whole)}又{self.fraction(above, below)}"

    def counted(self, value: int, noun: str, places: str = "") -> str:
        number = self.decimal(value, places) if places else self.cardinal(value, "c")
        return number + noun.split("|")[0]

    def plural(self, value: int, places: str = "") -> int:
        return 0


class Cantonese(Han):
    SCALES = ("", "萬", "億", "萬億", "億億")
    PAIR = "兩"

    def called(self, text: str) -> str:
        return self.digits(text)


class Japanese(Han):
    DIGITS = "〇一二三四五六七八九"
    SCALES = ("", "万", "億", "兆", "京")

    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 0:
            return "零" if gender == "z" else "〇"
        said, at = "", 0
        while value:
            value, group = divmod(value, 10_000)
            if group:
                said = self._kanji(group, bool(at)) + self.SCALES[at] + said
            at += 1
        return said

    def _kanji(self, group: int, scaled: bool) -> str:
        out = ""
        for place in (3, 2, 1, 0):
            digit = group // 10**place % 10
            if digit:
                ichi = digit > 1 or place == 0 or (place == 3 and scaled)
                out += (self.DIGITS[digit] if ichi else "") + self.PLACES[place]
        return out

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return "第" + self.cardinal(value)

    def called(self, text: str) -> str:
        return re.sub("〇", "ゼロ", self.digits(text))

    def year(self, value: int) -> str:
        return self.cardinal(value)

    def fraction(self, above: int, below: int) -> str:
        return f"{self.cardinal(below)}分の{self.cardinal(above)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        return f"{self.cardinal(whole)}と{self.fraction(above, below)}"


SPELLERS = {"zh": Han, "yue": Cantonese, "ja": Japanese}

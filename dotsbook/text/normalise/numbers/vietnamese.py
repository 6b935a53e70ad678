"""Vietnamese numbers as the north says them: linh, nghìn, mốt, tư, lăm. It knows no other language."""

from dotsbook.text.normalise.numbers.number_words import Numbers

DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]


def below_hundred(value: int) -> str:
    tens, unit = divmod(value, 10)
    if tens == 0:
        return DIGITS[unit]
    last = (
        {1: "mốt", 4: "tư", 5: "lăm"}.get(unit, DIGITS[unit])
        if tens > 1
        else {5: "lăm"}.get(unit, DIGITS[unit])
    )
    head = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    return f"{head} {last}" if unit else head


def below_thousand(value: int, inside: bool) -> str:
    """inside: larger groups stand before, so that a lone unit takes linh."""
    hundreds, rest = divmod(value, 100)
    if not hundreds:
        return f"linh {DIGITS[rest]}" if inside and rest < 10 else below_hundred(rest)
    if not rest:
        return f"{DIGITS[hundreds]} trăm"
    return f"{DIGITS[hundreds]} trăm {'linh ' + DIGITS[rest] if rest < 10 else below_hundred(rest)}"


class Vietnamese(Numbers):
    def spell(self, value: int, gender: str, case: str) -> str:
        if value == 0:
            return DIGITS[0]
        parts = []
        billions, value = divmod(value, 10**9)
        if billions:
            parts.append(f"{self.cardinal(billions)} tỷ")
        for scale, name in ((10**6, "triệu"), (1000, "nghìn"), (1, "")):
            count, value = divmod(value, scale)
            if count:
                parts.append(f"{below_thousand(count, bool(parts) and scale == 1)} {name}".strip())
        return " ".join(parts)

    def ordinal(self, value: int, gender: str = "m", case: str = "n") -> str:
        return f"thứ {'nhất' if value == 1 else 'tư' if value == 4 else self.cardinal(value)}"

    def fraction(self, above: int, below: int) -> str:
        return f"{self.cardinal(above)} phần {'tư' if below == 4 else self.cardinal(below)}"

    def mixed(self, whole: int, above: int, below: int) -> str:
        return f"{self.cardinal(whole)} và {self.fraction(above, below)}"

    def plural(self, value: int, places: str = "") -> int:
        return 0


SPELLERS = {"vi": Vietnamese}

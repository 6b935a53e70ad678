"""What only Vietnamese writes: 1tr2, 3p, thứ 4, ngày 15/01. It knows no other language."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule, number_patterns

SCALES = {"k": "nghìn", "K": "nghìn", "tr": "triệu", "t": "tỷ", "tỷ": "tỷ", "tỉ": "tỷ", "triệu": "triệu"}
BELOW = {"tr": "trăm nghìn", "t": "trăm triệu", "tỷ": "trăm triệu"}


def ordinal(match: re.Match, language: Language):
    value = int(match["n"])
    said = {1: "nhất", 4: "tư"}.get(value) or language.numbers.cardinal(value)
    return (*match.span("n"), said)


def scaled(match: re.Match, language: Language) -> str:
    """10k, 1tr2."""
    written = number_patterns(language)
    said = f"{written.say(match['n'])} {SCALES[match['scale']]}"
    if match["rest"]:
        said += f" {language.numbers.cardinal(int(match['rest']))} {BELOW[match['scale']]}"
    return said


def minutes(match: re.Match, language: Language) -> str:
    said = f"{language.numbers.cardinal(int(match['m']))} phút"
    if match["s"] and int(match["s"]):
        said += f" {language.numbers.cardinal(int(match['s']))} giây"
    return said


def date(match: re.Match, language: Language) -> str | None:
    day, month = int(match["d"]), int(match["m"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    numbers = language.numbers
    named = re.search(r"(?:ngày|mùng|mồng) $", match.string[: match.start()], re.IGNORECASE)
    said = "" if named or not match["y"] or match.start() == 0 else "ngày "
    said += f"{numbers.cardinal(day)} tháng {'tư' if month == 4 else numbers.cardinal(month)}"
    if match["y"]:
        said += f" năm {numbers.cardinal(int(match['y']))}"
    if match.start() == 0 and not named:
        said = "ngày " + said
    return said


def month(match: re.Match, language: Language) -> str:
    numbers, value = language.numbers, int(match["m"])
    return f"{'tư' if value == 4 else numbers.cardinal(value)} năm {numbers.cardinal(int(match['y']))}"


def phone(match: re.Match, language: Language):
    return (
        *match.span("n"),
        " ".join(language.numbers.digits(part) for part in re.findall(r"\d+", match["n"])),
    )


def each(match: re.Match, language: Language) -> str:
    return " một "


def rules(language: Language) -> list[Rule]:
    written = number_patterns(language)
    left, right, number = written.left, written.right, written.number
    return [
        Rule(
            "date",
            "digit",
            re.compile(
                rf"{left}(?P<d>\d{{1,2}})(?P<sep>[./-])(?P<m>\d{{1,2}})(?P=sep)(?P<y>\d{{4}})(?![\d/-])"
            ),
            date,
        ),
        Rule(
            "date",
            "digit",
            re.compile(
                r"(?:(?<=ngày )|(?<=Ngày )|(?<=mùng )|"
                r"(?<=[Tt]ối )|(?<=[Ss]áng )|(?<=[Cc]hiều )|(?<=[Tt]rưa )|(?<=[Đđ]êm )|(?<=hôm qua )|(?<=hôm nay ))"
                r"(?P<d>\d{1,2})[/-](?P<m>\d{1,2})(?: ?[-–/] ?(?P<y>[12]\d{3}))?(?![\d/-])"
            ),
            date,
        ),
        Rule(
            "date",
            "digit",
            re.compile(r"(?<=[Tt]háng )(?P<m>1[0-2]|0?[1-9]) ?[-–/] ?(?P<y>[12]\d{3})(?![\d/-])"),
            month,
        ),
        Rule(
            "date", "digit", re.compile(r"(?<=[Qq]uý )(?P<m>[1-4]) ?[-–/] ?(?P<y>[12]\d{3})(?![\d/-])"), month
        ),
        Rule(
            "telephone",
            "digit",
            re.compile(
                r"(?:[Tt]el|[Ff]ax|[Mm]obile|[Đđ]iện thoại|ĐT|ĐTDĐ|[Hh]otline)\b[.: ]*(?P<n>[\d(][\d. ()-]{5,}\d)"
            ),
            phone,
        ),
        Rule(
            "ordinal",
            "digit",
            re.compile(r"(?<!\w)(?:thứ|Thứ|hạng|Hạng) (?P<n>\d{1,6})(?![\d.,]\d|\w)"),
            ordinal,
        ),
        Rule("time", "digit", re.compile(rf"{left}(?P<m>\d{{1,2}})p(?:(?P<s>\d{{1,2}})s?)?{right}"), minutes),
        Rule(
            "cardinal",
            "digit",
            re.compile(rf"{left}(?P<n>{number})(?P<scale>k|K|tr|t|tỷ|tỉ)(?P<rest>\d)?{right}"),
            scaled,
        ),
        Rule(
            "range",
            "digit",
            re.compile(r"(?<=[\dkrđ$]) ?[-–] ?(?=\d[\d.,]*(?:k|tr|đ|\$|h|g|:\d\d))"),
            lambda match, language: " đến ",
        ),
        Rule(
            "range", "digit", re.compile(r"(?<=:\d\d) ?[-–] ?(?=\d\d?:\d\d)"), lambda match, language: " đến "
        ),
    ]

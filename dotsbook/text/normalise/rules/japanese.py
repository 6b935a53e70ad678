"""What only Japanese writes: days of the week in brackets, dates with slashes, room numbers. It knows no readings."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.chinese import date
from dotsbook.text.normalise.rules.rule import Rule, figure_rules

DAYS = "月火水木金土日"


def weekday(match: re.Match, language: Language) -> str:
    """(月〜金) after a day."""
    last = f"から{match['last']}曜日" if match["last"] else ""
    return f"{match['first']}曜日{last}"


def until(match: re.Match, language: Language) -> str:
    return "から"


def floor(match: re.Match, language: Language) -> str:
    return f"{language.numbers.cardinal(int(match['n']))}階"


def zero_hour(match: re.Match, language: Language) -> str:
    return "零"


def digits(match: re.Match, language: Language) -> str:
    return language.numbers.called(match[0])


def rules(language: Language) -> list[Rule]:
    alone, end = r"(?<![A-Za-z\d./-])", r"(?![A-Za-z\d/%-]|\.\d|[万亿億千百元円块度倍米公克个個次])"
    patterns = [
        ("date", rf"(?<=[日\d])[(（](?P<first>[{DAYS}])(?:[〜～~・-](?P<last>[{DAYS}]))?[)）]", weekday),
        (
            "date",
            rf"{alone}(?P<y>\d{{4}})[/.-](?P<m>0?[1-9]|1[0-2])[/.-](?P<d>0?[1-9]|[12]\d|3[01]){end}",
            date_plain,
        ),
        ("date", rf"{alone}(?P<y>(?:19|20)\d\d)[/.-](?P<m>0[1-9]|1[0-2]){end}", date_plain),
        ("date", rf"{alone}(?P<m>0[1-9]|1[0-2])[/.-](?P<y>(?:19|20)\d\d){end}", date_plain),
        ("date", rf"{alone}(?P<m>0[1-9]|1[0-2])\.(?P<d>0[1-9]|[12]\d|3[01]){end}", date_plain),
        (
            "date",
            rf"{alone}(?P<m>0?[1-9]|1[0-2])/(?P<d>1[3-9]|2\d|3[01]|0?[1-9](?=です|に|から|まで|の)|1[0-2](?=です|に|から|まで|の)){end}",
            date_plain,
        ),
        ("time", r"(?<=[午前午後夜])0(?=時)|(?<!\d)0(?=時)", zero_hour),
        ("code", r"(?<![A-Za-z\d])\d{3,4}(?=号室|号線)", digits),
        ("range", r"(?<=[^\sa-zA-Z\d])[〜～~](?=\d|同|西暦|紀元|令和|平成|昭和|翌|来)", until),
        ("range", r"(?<=世紀)[〜～~]", until),
        ("range", r"(?<=[年月日時分])[-–—−](?=\d)", until),
        ("range", r"(?<=\d)[〜～~](?=同|西暦|紀元|令和|平成|昭和|翌|来)", until),
        ("measure", r"(?<![A-Za-z\d.])(?P<n>\d{1,2})F(?![A-Za-z\d])", floor),
        (
            "range",
            r"(?<=\d)[-–](?=\d+(?:年|平方|キロ|人|日|月|時|分|個|歳|円|回|メートル|センチ|%|ページ))",
            until,
        ),
    ]
    return figure_rules(patterns)


def date_plain(match: re.Match, language: Language) -> str | None:
    """As in Chinese, but with the year as a number."""
    groups = match.groupdict()
    said = date(match, language)
    if said is None or not groups.get("y"):
        return said
    return language.numbers.cardinal(int(groups["y"])) + "年" + said.split("年", 1)[1]

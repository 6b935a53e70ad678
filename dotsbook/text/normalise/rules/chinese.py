"""What only Chinese and Cantonese write: years digit by digit, two before a measure word, slash dates. No other."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule, figure_rules, number_patterns, plain

MEASURES = (
    "个只位本张件条名家天次块辆把座栋间套双对群种头匹艘架台杯瓶碗口句首段篇幅顿场岁個隻張條輛間"
    "雙對種頭艘臺瓶場歲样樣步份串支枝颗顆粒滴朵棵株根片层層盏盞门門户戶封扇面所排"
)


DURATION = re.compile("前(?!后|後)|多|来(?!自)|來(?!自)|历史|歷史|的历史|的歷史|之久")
BEFORE_YEAR = re.compile("(?:前|于|於|在|自|约|約|到|至|[(（-])$")
COUNTED = re.compile("[多余餘来來的前后後间間内內以之]")


def year(match: re.Match, language: Language) -> str:
    """2015年 digit by digit; 20年后 is twenty years."""
    digits, after = plain(match["year"]), match["after"] or ""
    text, rest, era = match.string, match.string[match.end() :], match["era"]
    numbers, value = language.numbers, int(digits)
    by_digit = numbers.digits(digits).replace("〇", "零")
    if era or digits[0] == "0" or (len(digits) == 2 and "月" in after):
        said = by_digit
    elif len(digits) == 4:
        long = (value > 2100 or value % 1000 == 0) and DURATION.match(rest)
        said = numbers.cardinal(value) if long else by_digit
    elif len(digits) == 3:
        counted = DURATION.match(rest) or (value % 10 == 0 and not BEFORE_YEAR.search(text[: match.start()]))
        said = numbers.cardinal(value) if counted or COUNTED.match(rest) else by_digit
    else:
        said = numbers.cardinal(value, "c" if len(digits) == 1 else "")
    return f"{match['era'] or ''}{said}年"


def day(language: Language, y: str | None, m: int, d: int | None) -> str | None:
    if not 1 <= m <= 12 or (d is not None and not 1 <= d <= 31):
        return None
    if y and not d and (int(y) + 1) % 100 == m:  # 2010-11 is a season
        return None
    numbers = language.numbers
    said = f"{numbers.digits(y)}年" if y else ""
    return said + f"{numbers.cardinal(m)}月" + (f"{numbers.cardinal(d)}日" if d else "")


def date(match: re.Match, language: Language) -> str | None:
    groups = match.groupdict()
    return day(language, groups.get("y"), int(groups["m"]), int(groups["d"]) if groups.get("d") else None)


def before_christ(match: re.Match, language: Language) -> str:
    rest = match["rest"] or ""
    said = re.sub(r"\d+", lambda found: language.numbers.cardinal(int(found[0])), rest.lstrip("年"))
    return f"公元前{language.numbers.digits(match['y'])}年{said}"


def pair(match: re.Match, language: Language) -> str:
    return language.numbers.PAIR


def digits(match: re.Match, language: Language) -> str:
    return language.numbers.called(match[0])


def ten_thousands(match: re.Match, language: Language) -> str:
    """300w."""
    return number_patterns(language).say(match["n"]) + language.numbers.SCALES[1]


def born(match: re.Match, language: Language) -> str:
    return language.numbers.digits(match[0])


def to_(match: re.Match, language: Language) -> str:
    return language.data["to"]


def from_year(match: re.Match, language: Language) -> str:
    """2015-2016年."""
    return language.numbers.digits(match["y"]).replace("〇", "零") + language.data["to"]


def score(match: re.Match, language: Language) -> str:
    numbers = language.numbers
    return f"{numbers.cardinal(int(match['a']))}{language.data['score']}{numbers.cardinal(int(match['b']))}"


def to_letter(match: re.Match, language: Language) -> str:
    """B2B, O2O."""
    return f"{match[1]} to {match[2]}"


def hundredths(match: re.Match, language: Language) -> str:
    return f"{language.numbers.cardinal(int(match[1]))}分之{language.numbers.cardinal(int(match[2]))}"


def rules(language: Language) -> list[Rule]:
    alone, end = r"(?<![A-Za-z\d./-])", r"(?![A-Za-z\d/%-]|\.\d|[万亿億千百元円块度倍米公克个個次])"
    patterns = [
        (
            "date",
            r"(?<![A-Za-z\d])(?P<y>\d{2,4})"
            r"(?P<rest>年(?:\d{1,2}月)?(?:\d{1,2}日)?)? ?(?:bc|BC|b\.c\.|B\.C\.)(?![A-Za-z])",
            before_christ,
        ),
        (
            "year",
            r"(?P<era>公元前|公元后|公元後|公元|纪元|紀元)?(?<!\d)(?P<year>\d{1,4})年(?P<after>(?=(?:\d{1,2}|[一二三四五六七八九十]+)月)月?)?",
            year,
        ),
        (
            "date",
            rf"{alone}(?P<y>\d{{4}}|\d{{2}})[/.-](?P<m>0?[1-9]|1[0-2])[/.-](?P<d>0?[1-9]|[12]\d|3[01]){end}",
            date,
        ),
        ("date", rf"{alone}(?P<y>(?:19|20)\d\d)[/.-](?P<m>0[1-9]|1[0-2]){end}", date),
        ("date", rf"{alone}(?P<m>0[1-9]|1[0-2])[/.-](?P<y>(?:19|20)\d\d){end}", date),
        ("date", rf"{alone}(?P<m>0[1-9]|1[0-2])[/.](?P<d>0[1-9]|[12]\d|3[01]){end}", date),
        (
            "date",
            r"(?<!\d)0(?P<m>[1-9])(?=月)",
            lambda match, language: language.numbers.cardinal(int(match["m"])),
        ),
        (
            "cardinal",
            rf"(?<![A-Za-z\d.,])(?P<n>\d+(?:\.\d+)?)[wW](?=[{MEASURES}人元块塊多余餘])",
            ten_thousands,
        ),
        ("cardinal", rf"(?<![A-Za-z\d.,第])2(?=[{MEASURES}])", pair),
        ("year", r"(?<!\d)(?P<y>(?:1[0-9]|20)\d\d) ?[-–—~～] ?(?=(?:1[0-9]|20)\d\d年)", from_year),
        (
            "year",
            r"(?<!\d)(?:1[0-9]|20)\d\d(?= ?(?:[-–—~～至到、]|和) ?(?:(?:1[0-9]|20)\d\d|\d\d)(?:年|级|級|届|屆|赛季|賽季))",
            born,
        ),
        ("year", r"(?<!\d)(?:1[0-9]|20)\d\d(?=级|級|届|屆|款|赛季|賽季|财年|財年)", born),
        ("range", r"(?<=[年月日号號时時分\d])--?(?=\d)(?<=--|年-|月-|日-|号-|號-|时-|時-|分-)", to_),
        (
            "score",
            r"(?<![A-Za-z\d.第-])(?P<a>\d)[-–](?P<b>\d)"
            r"(?= ?(?:$|[，。！,]|[胜勝负負平战戰]|击败|擊敗|领先|領先|落后|落後|不[敌敵]|[获獲大险險惜小][胜勝败敗]))",
            score,
        ),
        ("telephone", r"(?<![A-Za-z\d.])1[3-9]\d{9}(?!\d)", digits),
        ("year", r"(?<!\d)[05-9]\d(?=[后後](?![面来來]))", born),
        ("serial", r"(?<![A-Za-z\d])([BCGOP])2([BCGOP])(?![A-Za-z\d])", to_letter),
    ]
    return figure_rules(patterns)

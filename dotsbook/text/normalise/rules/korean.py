"""What only Korean writes: native numbers before counters, months, days of the week, particles after a fraction."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule, figure_rules, plain

COUNTERS = (
    "번째|사람|시간|마리|가지|군데|그루|송이|켤레|자루|모금|걸음|포기|움큼|살|명|개(?!월|국|년|조|소|교|항|사|점|팀|부|중)|권|잔|병|장|대|채|달|곳|끼|벌|통|쌍|줄|판|"
    "척|필|돈|냥|평|섬|말|되|홉|줌|모|톨|알|방울|자리|배(?!럴)|분(?=(?:이|은|께|을|과|도) )"
)
DAYS = "월화수목금토일"
PARTICLES = {
    "이": ("이", "가"),
    "가": ("이", "가"),
    "은": ("은", "는"),
    "는": ("은", "는"),
    "을": ("을", "를"),
    "를": ("을", "를"),
    "과": ("과", "와"),
    "와": ("과", "와"),
}
MONTHS = {6: "유", 10: "시"}


SINO_BEFORE = re.compile("(?:\\d ?[십백천만억조]|제)$")  # 5백 73개
BOOK = re.compile("(?:복음|전서|후서|시편|[가-힣]기|계시록|묵시록|법전)$")
VEHICLE = re.compile(
    "(?:차|차량|버스|택시|트럭|기차|열차|비행기|전투기|헬기|항공기|컴퓨터|카메라|TV|자전거|오토바이|세단|피아노|전화|선풍기|냉장고|드론|탱크|전차|함)$"
)
PARTICLE = re.compile("(?:[가를의은는로와도만이씩]|까지|밖에|당|뿐)(?![가-힣]{2})|[.,!?)]|$")


def closed(said: str) -> bool:
    """Whether the last syllable has a final consonant."""
    return bool(said) and 0xAC00 <= ord(said[-1]) <= 0xD7A3 and (ord(said[-1]) - 0xAC00) % 28 > 0


def counted(match: re.Match, language: Language) -> str:
    value, text = int(match["n"]), match.string
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()[len(match["counter"]) :]
    if SINO_BEFORE.search(before) or (match["counter"] == "장" and BOOK.search(before)):
        return language.numbers.cardinal(value)
    if (
        match["counter"] == "대"
        and not VEHICLE.search(before)
        and (value % 10 == 0 or not PARTICLE.match(after))
    ):
        return language.numbers.cardinal(value)  # 20대, 14대 대통령
    if match["counter"] == "판" and value > 9:
        return language.numbers.cardinal(value)
    if match["counter"] == "번째" and value == 1:
        return "첫"
    return language.numbers.cardinal(value, "k")


def hour(value: int, language: Language) -> str:
    return language.numbers.cardinal(value, "k" if 1 <= value <= 12 else "")


def clock(match: re.Match, language: Language) -> str | None:
    """10시30분, 10:30, 24:03:38."""
    numbers, said = language.numbers, [f"{hour(int(match['h']), language)}시"]
    if int(match["h"]) > 24:
        return None
    for name, unit in (("m", "분"), ("s", "초")):
        if match[name] and int(match[name]):
            said.append(f"{numbers.cardinal(int(match[name]))}{unit}")
    before = match.string[: match.start()]
    return (" " if before and re.search("(?:오전|오후|아침|저녁|새벽|낮|밤)$", before) else "") + " ".join(
        said
    )


def month(match: re.Match, language: Language) -> str:
    """6월 is 유월; the parts of a date stand apart."""
    value = int(match["m"])
    return MONTHS.get(value) or language.numbers.cardinal(value)


def day(match: re.Match, language: Language) -> str:
    """The day of a date, apart from its month."""
    space = " " if match.start() and match.string[match.start() - 1] in "월년" else ""
    return space + language.numbers.cardinal(int(match["d"]))


def month_apart(match: re.Match, language: Language) -> str:
    space = " " if match.start() and match.string[match.start() - 1] == "년" else ""
    return space + month(match, language)


def weekday(match: re.Match, language: Language) -> str:
    last = f" 부터 {match['last']}요일" if match["last"] else ""
    return f" {match['first']}요일{last}"


def until(match: re.Match, language: Language) -> str:
    return " 부터 "


def fraction(match: re.Match, language: Language) -> str:
    said = language.numbers.fraction(int(match["above"]), int(match["below"]))
    return said + PARTICLES[match["particle"]][0 if closed(said) else 1]


def era(match: re.Match, language: Language) -> str:
    return f"{match['era']} {language.numbers.cardinal(int(match['y']))}"


def figures(match: re.Match, language: Language) -> str | None:
    year, m, d = (int(match[name]) for name in "ymd")
    if not (1 <= m <= 12 and 1 <= d <= 31):
        return None
    numbers = language.numbers
    return f"{numbers.cardinal(year)}년 {MONTHS.get(m) or numbers.cardinal(m)}월 {numbers.cardinal(d)}일"


def score(match: re.Match, language: Language) -> str:
    numbers = language.numbers
    return f"{numbers.cardinal(int(match['a']))} 대 {numbers.cardinal(int(match['b']))}"


def parts(match: re.Match, language: Language) -> str:
    return language.numbers.fraction(int(match["a"]), int(match["b"]))


def won(match: re.Match, language: Language) -> str:
    """A sum in won is written as one word."""
    numbers = language.numbers
    return numbers.cardinal(int(plain(match["n"]))) + (match["scale"] or "") + "원"


def rules(language: Language) -> list[Rule]:
    left = r"(?<![A-Za-z\d.,:/-])"
    number = r"(?P<n>\d{1,3}(?:,\d{3})+|\d+)"
    patterns = [
        ("date", rf"{left}(?P<y>\d{{4}})[/.-](?P<m>\d{{1,2}})[/.-](?P<d>\d{{1,2}})(?![\d./-])", figures),
        ("date", rf"{left}(?P<m>\d{{1,2}})[/.-](?P<d>\d{{1,2}})[/.-](?P<y>\d{{4}})(?![\d./-])", figures),
        ("date", rf"(?<=일)\((?P<first>[{DAYS}])(?:[〜～~-](?P<last>[{DAYS}]))?\)", weekday),
        ("range", r"(?<=[일)월년]) ?[〜～~] ?(?=\d)", until),
        ("range", r"(?<=\d) ?[〜～~] ?(?=\d[\d,.]* ?[가-힣])", until),
        (
            "score",
            r"(?<![\d.:-])(?P<a>\d{1,2}) ?[-:] ?(?P<b>\d{1,2})(?=로|으로| ?(?:승|패|무)|의 ?승| 역전| 완승| 대승)",
            score,
        ),
        ("score", r"(?<![\d.])(?P<a>\d{1,2}) ?대 ?(?P<b>\d{1,2})(?![\d.])", score),
        ("fraction", r"(?<![\d.])(?P<b>\d+) ?분의 ?(?P<a>\d+)(?![\d.])", parts),
        ("date", r"(?P<era>기원후|기원전|서기)(?P<y>\d+)(?=년)", era),
        ("date", r"(?<!\d)(?P<m>1[0-2]|[1-9])(?=월)", month_apart),
        ("date", r"(?<!\d)(?P<d>[12]\d|3[01]|[1-9])(?=일(?!간| 동안|째))", day),
        ("time", r"(?<!\d)(?P<h>\d{1,2})시(?: ?(?P<m>\d{1,2})분)?(?: ?(?P<s>\d{1,2})초)?(?!간)", clock),
        ("time", r"(?<![\d:])(?P<h>\d{1,2}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?![\d:])", clock),
        ("cardinal", rf"(?<![\d.,제])(?<!제 )(?P<n>\d{{1,2}})(?= ?(?P<counter>{COUNTERS}))", counted),
        ("cardinal", r"(?<=마지막 )(?P<n>4)(?P<counter>(?=자리))", counted),
        ("fraction", rf"{left}(?P<above>\d+)/(?P<below>\d+)(?P<particle>[이가은는을를과와])(?!\d)", fraction),
        ("money", rf"(?:₩ ?|KRW ?){number}(?P<scale>[만억조천]+)?원?", won),
        ("money", rf"{left}{number}(?P<scale>[만억조천]+)?원", won),
    ]
    return figure_rules(patterns)

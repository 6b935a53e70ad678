"""What only Arabic writes: years with م and هـ, decimals with ، and ر, times in GMT, dates with a slash. No other language."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import split_noun
from dotsbook.text.normalise.rules.dates import in_words
from dotsbook.text.normalise.rules.rule import Rule, figure_rules
from dotsbook.text.normalise.rules.units import units_of

DAY = r"(?:يوم|بتاريخ|تاريخ|الموافق|أحداث|احداث|هجمات|صباح|مساء|فجر|ليلة|منذ|حتى|بين)"
SINCE = r"(?:الحالي|الحالى|الجاري|الجارى|الماضي|الماضى|المقبل|القادم|المنصرم)"


def decimal(match: re.Match, language: Language) -> str:
    said = language.numbers.decimal(int(match["whole"]), match["places"])
    unit = match.groupdict().get("unit")
    return f"{said} {split_noun(units_of(language)[unit])[0][0]}" if unit else said


def clock(match: re.Match, language: Language) -> str | None:
    hour, minute = int(match["h"]), int(match["m"])
    if hour > 24 or minute > 59:
        return None
    said = language.numbers.cardinal(hour)
    return f"{said} و{language.numbers.counted(minute, 'دقيقة|دقائق|f')}" if minute else said


def day(match: re.Match, language: Language):
    """يوم 17/3: the day and the month, in either order where only that fits."""
    a, b = int(match["d"]), int(match["m"])
    if b > 12 >= a:
        a, b = b, a
    if not (1 <= a <= 31 and 1 <= b <= 12):
        return None
    return (match.start("d"), match.end("m"), in_words(language, a, b, None))


def era(match: re.Match, language: Language) -> str:
    """1990م, 1411هـ, 300 ق.م."""
    name = {"م": "ميلادية", "ه": "هجرية"}.get(match["era"], "قبل الميلاد")
    return f"{language.numbers.cardinal(int(match['year']))} {name}"


def rules(language: Language) -> list[Rule]:
    left = r"(?<![^\W_وبلكف])(?<![\d.,،/])"
    patterns = [
        ("year", rf"{left}(?P<year>\d{{1,4}}) ?(?P<era>ه)(?![^\W_])", era),
        ("year", rf"{left}(?P<year>\d{{1,4}}) ?(?P<era>ق\. ?م\.?)(?!\w)", era),
        (
            "year",
            r"(?:(?<=سنة )|(?<=عام )|(?<=العام )|(?<=[(/–-])|(?<=[(/–-] ))(?P<year>\d{3,4}) ?(?P<era>م)(?![^\W_])",
            era,
        ),
        ("year", rf"{left}(?P<year>1[0-9]\d\d|20[0-4]\d)(?P<era>م)(?![^\W_])", era),
        ("time", r"(?:(?<=الساعة )|(?<=\())(?P<h>\d{1,2})[،,.:](?P<m>\d\d)(?!\d)", clock),
        (
            "time",
            rf"{left}(?P<h>\d{{1,2}})[،,.:](?P<m>\d\d)(?= ?(?:ت ?\. ?غ|ت غ|بتوقيت|توقيت|غرينتش|جرينتش))",
            clock,
        ),
        (
            "decimal",
            rf"{left}(?P<whole>\d{{1,9}})[،ر](?P<places>\d{{1,3}})(?![\d،])(?: ?(?P<unit>م|كم|سم|ملم|كغ|كجم|%|٪)(?!\w))?",
            decimal,
        ),
        ("decimal", r"(?<=[وبلكف])(?<![^\W_].)(?P<whole>\d{1,9}),(?P<places>\d{1,2})(?![\d,])", decimal),
        ("date", rf"(?<!\w){DAY} (?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})(?![\d/])", day),
        ("date", rf"{left}(?P<d>\d{{1,2}})/(?P<m>\d{{1,2}})(?= {SINCE})", day),
    ]
    return figure_rules(patterns)

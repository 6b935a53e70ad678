"""Signs that are words: & § № × =, arithmetic, scores, powers. Quotation marks and dashes are none of its business."""

import re
import unicodedata

from dotsbook.text.normalise.language import CJK, Language
from dotsbook.text.normalise.rules.rule import Rule, number_patterns, words_pattern

SILENT = "™®©•†‡^"


def sign(match: re.Match, language: Language) -> str:
    """The sign's word, with a space on each side where there was none."""
    said = language.data["symbols"].get(match[0].strip()) or language.data["symbols"][match[0]]
    if language.base in CJK:
        return said
    text = match.string
    before = "" if match.start() == 0 or not text[match.start() - 1].isalnum() else " "
    after = "" if match.end() >= len(text) or not (text[match.end()].isalnum()) else " "
    return f"{before}{said}{after}"


def silent(match: re.Match, language: Language) -> str:
    """Nothing, but never glue: a space where a word would run into the next."""
    text, end = match.string, match.end()
    inside = match.start() and text[match.start() - 1].isalnum() and text[end : end + 1].isalnum()
    return " " if inside else ""


def sum_(match: re.Match, language: Language) -> str | None:
    """2 + 2 = 4, y=x+1, 3 > 2: terms read one by one, with the names of the signs between."""
    names = language.data.get("math")
    if not names:
        return None
    if re.fullmatch(r"[\d.,\u00a0]+ - [\d.,\u00a0]+", match[0]):  # a range or a score
        return None
    out = []
    for term in re.findall(r"[<>]=|[-−+×*·÷/:=<>≤≥≠≈±√]|[^\s\-−+×*·÷/=<>≤≥≠≈±√]+", match[0]):
        if term in names:
            out.append(names[term])
        elif term[0].isdecimal():
            out.append(
                number_patterns(language).say(term)
                if re.fullmatch(number_patterns(language).number, term)
                else language.numbers.digits(term)
            )
        else:
            out.append(term)
    return ("" if language.base in CJK else " ").join(out)


def root_above(match: re.Match, language: Language) -> str:
    """√1/4 where the lower number is said first."""
    numbers, names = language.numbers, language.data["math"]
    above = numbers.cardinal(int(match["above"]))
    said = numbers.fraction(int(match["above"]), int(match["below"])).removesuffix(above).rstrip()
    glue = "" if language.base in CJK else " "
    return (names["-"] + glue if match["minus"] else "") + glue.join((said, names["√"], above))


def score(match: re.Match, language: Language) -> str | None:
    word = language.data.get("score")
    if not word:
        return None
    glue = "" if language.base in CJK else " "
    return glue.join(
        (language.numbers.cardinal(int(match["a"])), word, language.numbers.cardinal(int(match["b"])))
    )


def power(match: re.Match, language: Language) -> str | None:
    name = language.data.get("powers", {}).get(match[0])
    if not name:
        return None
    return name if language.base in CJK else f" {name}"


def raised(match: re.Match, language: Language) -> str | None:
    """10⁶, x⁴; not a year with a note's mark."""
    base, power = match["base"], match["power"]
    if len(base) == 4 and base.isdecimal() and len(power) == 1:
        return None
    powers, written, glue = (
        language.data["powers"],
        number_patterns(language),
        "" if language.base in (*CJK, "ko") else " ",
    )
    said = base if base.isalpha() else written.say(base)
    if power in powers:
        return f"{said}{'' if language.base in CJK else ' '}{powers[power]}"
    figures = "".join(str(unicodedata.digit(figure)) for figure in power.lstrip("⁻"))
    number = language.numbers.cardinal(int(figures))
    return f"{said}{glue}{powers['n'].format(written.signed('-' if power[0] == '⁻' else '', number, language.data))}"


def _between(name: str, language: Language):
    said = name if language.base in CJK else f" {name} "
    return lambda match, language: said


def arithmetic(language: Language) -> list[Rule]:
    """Sums and scores, which must be found before their numbers are."""
    written = number_patterns(language)
    number = rf"(?:{written.number}|(?<![^\W\d_])[a-zA-Zα-ω](?![^\W_]))"
    base = rf"{written.left}(?P<base>{written.number}|[A-Za-z])"
    made = []
    if "powers" in language.data:
        made.append(
            Rule(
                "power",
                "sign",
                re.compile(rf"{base}(?P<power>⁻?[⁰¹²³⁴-⁹]{{1,3}}){written.right}"),
                raised,
                "⁰¹²³⁴⁵⁶⁷⁸⁹",
            )
        )
    if language.data.get("math"):
        operator = r"(?:[<>]=|[+=×÷*<>≤≥≠≈]|(?<= )[-−](?= ))"
        more = r"(?:[<>]=|[-−+×*÷=<>≤≥≠≈]|(?<= )/(?= ))"
        made.append(
            Rule(
                "math",
                "sign",
                re.compile(
                    rf"(?<![^\W_])(?<![\d.,<])[-−±√]{{0,2}}{number} ?{operator} ?[-−±√]?{number}"
                    rf"(?: ?{more} ?[-−√]?{number})*(?![^\W_]|>|[/⁄]\d)"
                ),
                sum_,
            )
        )
        if language.base in (*CJK, "ko") and "√" in language.data["math"]:
            pattern = re.compile(r"(?P<minus>(?<![\w)])[-−])?√(?P<above>\d+)/(?P<below>\d+)(?!\d)")
            made.append(Rule("math", "sign", pattern, root_above))
        made.append(Rule("math", "sign", re.compile(rf"(?:(?<![\w)])[-−])?[±√]{written.number}"), sum_))
    left = r"(?<![A-Za-z\d:.,])" if language.base in CJK else r"(?<![^\W_])(?<![\d:.,])"
    made.append(
        Rule(
            "score",
            "digit",
            re.compile(rf"{left}(?P<a>\d{{1,3}}):(?P<b>\d{{1,3}})(?![\d:]|[.,]\d|[A-Za-z])"),
            score,
        )
    )
    return made


def rules(language: Language) -> list[Rule]:
    made = [Rule("power", "sign", re.compile(r"(?<=[^\W_])[²³]"), power)]
    names = language.data.get("math", {})
    for signs, name in (("*×", names.get("×")), ("/", names.get("slash")), ("[x×]", language.data.get("by"))):
        if name:
            made.append(
                Rule(
                    "symbol",
                    "sign",
                    re.compile(rf"(?<=\d) ?[{signs.strip('[]')}] ?(?=\d)"),
                    _between(name, language),
                )
            )
    through = language.data["to"]
    made.append(
        Rule(
            "range",
            "sign",
            re.compile(r"(?<=[\d%$€£¥₫đM]) ?[-–—~〜～] ?(?=[$€£¥₹₩₫]?\d+(?:[.,:]\d+)*[%$€£¥₫đ]|[$€£¥₹₩₫]\d)"),
            _between(through, language),
        )
    )
    made.append(
        Rule(
            "range",
            "digit",
            re.compile(
                r"(?:(?<=[ap]m)|(?<=[AP]M)|(?<=[ap]\.m\.)|(?<=:\d\d)) ?[-–—~〜～] ?(?=\d\d?:\d\d|\d\d? ?[apAP]\.?[mM])"
            ),
            _between(through, language),
        )
    )
    if symbols := language.data.get("symbols"):
        made.append(Rule("symbol", "sign", re.compile(words_pattern(symbols)), sign))
    made.append(Rule("symbol", "sign", re.compile(f"[{re.escape(SILENT)}]"), silent))
    return made

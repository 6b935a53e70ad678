"""Bare numbers: cardinals, decimals, ordinals, years, decades, ranges, fractions, serials. It knows no units."""

import re
from collections.abc import Callable, Iterator

from dotsbook.text.normalise.language import CJK, Language, read_data
from dotsbook.text.normalise.numbers.number_words import Unsayable, split_noun
from dotsbook.text.normalise.rules import fractions
from dotsbook.text.normalise.rules.agreement import FEMININE, gender_after
from dotsbook.text.normalise.rules.rule import Rule, number_patterns, scales_of, words_pattern

STOPPED = frozenset(("cs", "de", "fi", "pl", "tr"))
POWERS = "²³¹"
YEAR_ALONE = (
    re.compile(r"\W*(?:1[5-9]\d\d|20[0-4]\d)\W*"),
    re.compile(r"\W*2\d(?!00)\d\d\W*"),
)  # a line of nothing else
ALONE = {
    "en": lambda value, language: language.numbers.year(value),
    **dict.fromkeys(("ru", "uk", "pl"), lambda value, language: language.numbers.ordinal(value, "m", "n")),
}
NOUN = re.compile(r" (\w+)")
LONG = 16  # a run of more digits is read one by one


def cardinal(match: re.Match, language: Language) -> str:
    text = match[0]
    written = number_patterns(language)
    years = language.data.get("years")
    if years and text.isdecimal() and len(text) == 4 and years[0] <= int(text) <= years[1]:
        return language.numbers.year(int(text))
    if language.base in ALONE and YEAR_ALONE[language.base == "en"].fullmatch(match.string):
        return ALONE[language.base](int(text), language)
    if sum(map(str.isdecimal, text)) > LONG:
        value = written.value(text)
        grouped_so = not text.isdecimal() and value.whole < language.numbers.most
        if (not value.places or len(value.text) > LONG) and not grouped_so:
            return language.numbers.digits(text)
    gender = ""
    if language.base in FEMININE and not (value := written.value(text)).places:
        gender = gender_after(match.string, match.end(), value.whole, language.base)
    return written.say(text, gender)


def before_scale(match: re.Match, language: Language) -> str:
    """1 millón: un; 1 Million: eine."""
    return number_patterns(language).say(match[0], split_noun(scales_of(language)[match["scale"]])[1])


def range_(match: re.Match, language: Language) -> str | None:
    """1980-1986, 10–12: both ends, with the word between."""
    first, last = match["first"], match["last"]
    written = number_patterns(language)
    a, b = written.value(first), written.value(last)
    if len(a.text) == 4 and len(b.text) == 2 and (a.whole + 1) % 100 == b.whole:  # 2005-06
        glue = "" if language.base in CJK else " "
        return glue.join(
            (
                cardinal_text(first, language, language.data.get("years")),
                language.data["to"],
                language.numbers.cardinal(b.whole),
            )
        )
    if a.padded or b.padded:
        return None
    if (
        match["dash"].strip() == "-"
        and (a.whole, a.places) >= (b.whole, b.places)
        and not (len(b.text) == 2 and len(a.text) == 4)
    ):
        return None
    if len(a.text) == 4 and len(b.text) == 2 and b.whole < 13 and match["dash"] == "-":
        return None
    years = language.data.get("years")
    said = [cardinal_text(text, language, years) for text in (first, last)]
    if language.base == "pl" and not b.places:
        few = b.whole % 10 in (2, 3, 4) and b.whole % 100 not in (12, 13, 14)
        if few and NOUN.match(match.string, match.end()):
            return " ".join(said)  # dwa trzy lata
        said[1] = language.numbers.cardinal(b.whole, "", "g")  # pięć do siedmiu
    glue = "" if language.base in CJK else " "
    return glue.join((said[0], language.data["to"], said[1]))


def grouped(text: str, language: Language) -> bool:
    """1.234.567, where points part the thousands."""
    return number_patterns(language).thousands == r"\." and bool(re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text))


def pointed(match: re.Match, language: Language) -> str | None:
    """A decimal with a point where commas are usual: as the author read it, or a section's number in German."""
    whole, places = int(match["n"]), match["places"]
    if grouped(f"{match['n']}.{places}", language):
        return None
    if language.base == "de":
        return f"{language.numbers.cardinal(whole)} Punkt {language.numbers.cardinal(int(places))}"
    return number_patterns(language).signed(match[0], language.numbers.decimal(whole, places), language.data)


def no_whole(match: re.Match, language: Language) -> str:
    """.22: point two two."""
    return f"{language.data['point']} {language.numbers.digits(match['places'])}"


def versions(match: re.Match, language: Language) -> str | None:
    """2.3.1: the numbers with the word for the point between."""
    if grouped(match[0], language):
        return None
    if "cldr" in language.data:
        raise Unsayable(match[0])
    point = {**read_data("common")["marks"], **language.data.get("marks", {})}["."]
    return f" {point} ".join(
        language.numbers.cardinal(int(part)) if part[0] != "0" else language.numbers.digits(part)
        for part in match[0].split(".")
    )


def abbreviated(language: Language) -> list[Rule]:
    """5 Mio., 1,23млрд: a number with a shortened million."""
    table = {
        short: noun["say"]
        for noun in language.data.get("scales", ())
        for short in noun.get("written", ())
        if len(short.rstrip(".")) > 1
    }
    if not table:
        return []
    written = number_patterns(language)

    def say(match: re.Match, language: Language) -> str:
        value = written.value(match["number"])
        said = language.numbers.counted(value.whole, table[match["scale"]], value.places)
        return said + ("." if match[0].endswith(".") and not match.string[match.end() :].strip() else "")

    return [
        Rule(
            "cardinal",
            "digit",
            re.compile(
                rf"{written.left}(?P<number>{written.number}) ?(?P<scale>{words_pattern(table)})(?![^\W_])"
            ),
            say,
        )
    ]


def season_of(match: re.Match, language: Language) -> str | None:
    """2015/16, 2001/2002: a season or a financial year."""
    first, last = match["first"], match["last"]
    if (int(first) + 1) % 10 ** len(last) != int(last):
        return None
    glue, years = "" if language.base in CJK else " ", language.data.get("years")
    return glue.join(
        (
            cardinal_text(first, language, years),
            cardinal_text(last if len(last) == 4 else str(int(last)), language, years),
        )
    )


def years(language: Language) -> list[Rule]:
    """1980-1986, before anything takes it for a telephone number."""
    written = number_patterns(language)
    year = r"1[0-9]\d\d|20\d\d"
    season = rf"{written.left}(?P<first>{year})(?:/| / )(?P<last>{year}|\d\d){written.right}(?![-/.:]\d)"
    return [
        Rule("range", "digit", re.compile(season), season_of),
        Rule(
            "range",
            "digit",
            re.compile(
                rf"{written.left}(?P<first>{year})(?P<dash> ?[–—~〜～] ?|-)"
                rf"(?P<last>{year}|(?<=[–-])[1-9]\d|(?<=[–-])0\d(?!\d)){written.right}(?![-/.:]\d)"
            ),
            range_,
        ),
    ]


def cardinal_text(text: str, language: Language, years: list[int] | None = None) -> str:
    if years and text.isdecimal() and len(text) == 4 and years[0] <= int(text) <= years[1]:
        return language.numbers.year(int(text))
    return number_patterns(language).say(text)


def ordinal(match: re.Match, language: Language) -> str | None:
    """A number with a suffix that makes it an ordinal: the data says which gender and case each means."""
    form = language.data["ordinals"][match["suffix"].lower()]
    value = number_patterns(language).value(match["number"])
    if (
        language.base in ("ru", "uk")
        and match["suffix"] in ("-х", "-ти")
        and 2 <= value.whole <= 4 + 16 * (match["suffix"] == "-ти")
    ):
        return language.numbers.cardinal(value.whole, "", "g")  # 4-х, 10-ти
    if value.whole >= 10**12 or value.places:
        return None
    gender, case = (form + "mn"[len(form) :])[:2] if form else ("m", "n")
    if language.base in ("ru", "uk") and gender == "n" and case == "n" and value.whole % 10 == 0:
        gender = "p"  # 1950-е: the fifties
    return language.numbers.ordinal(value.whole, gender, case)


def serial(match: re.Match, language: Language) -> str | None:
    """Letters and digits in one word: R2D2, MP3, covid-19. Both survive."""
    text = match[0]
    if any(char in POWERS for char in text):
        return None
    by = re.fullmatch(r"(\d+)[xX](\d+)", text)
    if by and "by" in language.data:
        glue = "" if language.base in CJK else " "
        return glue.join(
            (
                language.numbers.cardinal(int(by[1])),
                language.data["by"],
                language.numbers.cardinal(int(by[2])),
            )
        )
    out: list[str] = []
    for piece in re.findall(r"\d+|[^\d\s]+", text):
        if piece[0].isdecimal():
            leads = not out and language.base in CJK
            named_year = (
                out
                and out[-1].endswith(("-", "–"))
                and re.fullmatch("1[0-9]\\d\\d|20[0-4]\\d", piece)
                and language.base not in CJK
            )
            if named_year:
                out.append(cardinal_text(piece, language, language.data.get("years")))
            else:
                out.append(language.numbers.cardinal(int(piece)) if leads else serial_digits(piece, language))
        elif piece in "-–/":
            out.append(piece)
        else:
            out.append(piece)
    said = ("" if language.base in CJK else " ").join(out)
    return re.sub(r" ?([-–/]) ?", r"\1", said)


def serial_digits(piece: str, language: Language) -> str:
    if piece[0] == "0" and len(piece) > 1 or len(piece) > (2 if language.base in CJK else 3):
        return language.numbers.digits(piece)
    return language.numbers.cardinal(int(piece))


def rules(language: Language) -> list[Rule]:
    """In the order they are tried: what is written in more than digits comes before what is digits alone."""
    return [
        *fractions.rules(language),
        *_ordinals(language),
        *_ranges(language),
        *_serials(language),
        *_before_scales(language),
        *_stopped_ordinals(language),
        *_short_years(language),
        *abbreviated(language),
        *_decimals(language),
        *_whole_numbers(language),
    ]


def _rule(name: str, pattern: str, say: Callable, flags: int = 0) -> Rule:
    return Rule(name, "digit", re.compile(pattern, flags), say)


def _ordinals(language: Language) -> Iterator[Rule]:
    written, suffixes = number_patterns(language), language.data.get("ordinals")
    if suffixes:
        suffixed = rf"(?P<number>{written.whole})(?P<suffix>{words_pattern(suffixes)})"
        yield _rule("ordinal", rf"{written.left}{suffixed}{ordinal_right(language)}", ordinal, re.IGNORECASE)


def _ranges(language: Language) -> Iterator[Rule]:
    written = number_patterns(language)
    both = rf"(?P<first>{written.number})(?P<dash> ?[–—~〜～] ?|-| - )(?P<last>{written.number})"
    yield _rule("range", rf"{written.left}{both}(?![\d/:-]){written.right}(?![.,]\d)", range_)


def _serials(language: Language) -> Iterator[Rule]:
    if language.base in CJK or language.base == "ko":
        pattern = r"(?<![A-Za-z\d])(?:[A-Za-z]+[-–]?\d+|\d+[-–]?[A-Za-z]+)[A-Za-z\d]*"
    else:
        start = r"(?<![\w\u0900-\u0963])(?<!\d[.,])(?:[^\W\d_]+[-–]?\d|\d+[^\W\d_]|\d+-(?=[A-Z]+(?![^\W_])))"
        pattern = start + r"(?:[^\W_]|[-–](?=\w))*(?![^\W_]|[.,]\d)"
    yield _rule("serial", pattern, serial)


def _before_scales(language: Language) -> Iterator[Rule]:
    written, scales = number_patterns(language), scales_of(language)
    if scales:
        scale = rf"(?P<scale>{words_pattern(word for word in scales if len(word) > 3)})"
        yield _rule(
            "cardinal",
            rf"{written.sign}{written.left}{written.whole}(?= {scale}(?!\w))",
            before_scale,
        )


def stopped(match: re.Match, language: Language) -> str:
    """2. patře, 45. prezidenta: in the form of the noun, where it is a known one."""
    noun = NOUN.match(match.string, match.end())
    forms = language.data.get("roman", {}).get("before", {}) if language.base in ("cs", "pl") else {}
    return language.numbers.ordinal(int(match["n"]), *forms.get(noun[1] if noun else "", ""))


def _stopped_ordinals(language: Language) -> Iterator[Rule]:
    """2. before a small letter can end no sentence."""
    if language.base in STOPPED or language.data.get("stopped") == "yes":
        digits = 3 if language.base == "hu" else 4
        pattern = (
            rf"{number_patterns(language).left}(?P<n>\d{{1,{digits}}})\.(?= [a-zà-öø-ÿāčďěğıłńňœřśşšťůźżž])"
        )
        yield _rule("ordinal", pattern, stopped)


def _short_years(language: Language) -> Iterator[Rule]:
    if language.base != "en":
        pattern = r"(?<=\s)['’‘](?P<n>\d\d)(?![^\W_]|['’])"
        yield _rule("year", pattern, lambda match, language: language.numbers.cardinal(int(match["n"])))


def _decimals(language: Language) -> Iterator[Rule]:
    written = number_patterns(language)
    if "," in language.data.get("written", {}).get("decimal", ""):
        yield _rule(
            "decimal", rf"{written.sign}{written.left}(?P<n>\d+)\.(?P<places>\d+)(?![\d.,]*\d)", pointed
        )
    yield _rule("decimal", r"(?<![\w.)])\.(?P<places>\d+)(?![\d.,]*\d)", no_whole)


def _whole_numbers(language: Language) -> Iterator[Rule]:
    written = number_patterns(language)
    yield _rule("digits", rf"{written.left}\d+(?:\.\d+){{2,}}", versions)
    yield _rule("cardinal", rf"{written.sign}{written.left}{written.number}", cardinal)
    yield _rule("cardinal", r"\d+", cardinal)


def ordinal_right(language: Language) -> str:
    return r"(?![^\W_])" if language.base not in CJK else ""

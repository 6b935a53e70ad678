"""Roman numerals, only where they can be nothing else: after a name or a word such as Chapter, and in headings.

"I" is a word: it is a numeral only after such a word and before a stop, or as the whole of a heading.
"""

import re
from collections.abc import Callable, Iterator

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.german import ending
from dotsbook.text.normalise.rules.rule import Rule, words_pattern
from dotsbook.text.script.endings import STARTERS, table

VALID = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})$")
HEADING = (
    r"^[\W_]*(?P<roman>[IVXLCDM]{2,}|[IVX]|[ivxl]{2,}|[ivx](?=[\W_]*$))"
    r"(?=[\W_]*$|\.?(?:--|[—–:)\]]) ?\S|[.:)—–-]\s(?!\w\.))"
)
AFTER_NOUN = r"(?<=[^\W\d_A-Z]{6} )(?P<roman>II|IV|IX|XI|VI)(?= ?[^\w\s'’-]|\s+[^\W\d_A-ZÀ-ÞА-Я]|\s*$)"  # liitteessä II
MORE = re.compile(r"(\W+(?:[^\W\d_]+\W+)?|\W*[-–—]\W*)([IVXLC]+)(?!\w)")
LONG = r"(?<![\w.'’-])(?!XXX)(?P<roman>[IVX]{3,})(?![\w'’-]|\.\w)"  # of three letters and more: no word is like it
NAMED = re.compile(" [^\\W\\d_a-zà-ÿ]")  # a name follows: I y II Samuel
WORTH = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def worth(text: str) -> int:
    """The numeral's value, 0 if it isn't one."""
    text = text.upper()
    if not text or not VALID.match(text):
        return 0
    total = 0
    for char, after in zip(text, text[1:] + " ", strict=True):
        value = WORTH[char]
        total += -value if value < WORTH.get(after, 0) else value
    return total


def after_word(match: re.Match, language: Language):
    """Chapter IV, Band II, siglo XIX, books I and II: cardinals or, where the data says so for the word, ordinals."""
    data, roman, word = language.data["roman"], match["roman"], match["word"].casefold()
    if len(roman) == 1 and roman != "I" and word in data.get("letters", ()):
        return None  # Class C
    if not worth(roman):
        return None
    form = data["words"].get(word, "")
    said = spoken(worth(roman), form, language)
    for link, numeral in MORE.findall(match.groupdict().get("more") or ""):
        if not worth(numeral):
            return None
        joined = f" {language.data['to']} " if link.strip() in ("-", "–", "—") else link
        said += f"{joined}{spoken(worth(numeral), form, language)}"
    return match.start("roman"), match.end("more" if "more" in match.re.groupindex else "roman"), said


def is_initial(match: re.Match, base: str) -> bool:
    """James V. Smith: the letter is a name's."""
    follows = re.match(r"\.\s+([^\W\d_]+)", match.string[match.end("roman") :])
    return follows is not None and follows[1][0].isupper() and follows[1] not in table(STARTERS, base)


def titled(match: re.Match, data: dict) -> bool:
    """King Zog I; Norton I, Emperor."""
    titles = "|".join(data.get("titles", ()))
    if not titles:
        return False
    before, after = match.string[: match.start("name")], match.string[match.end("roman") :]
    return bool(re.search(rf"\b(?:{titles}) $", before) or re.match(rf",? (?:the )?(?:{titles})\b", after))


def is_work(match: re.Match) -> bool:
    """Ninja Gaiden III: a name of several words, none of them a ruler's, is a game's or a book's."""
    return re.search(r"(?:^|\s)[^\W\d_a-zà-ÿ][^\W_]+ $", match.string[: match.start("name")]) is not None


def limit_of(form: str) -> int:
    """Up to which number a form goes: "10f" says ten; one without a figure has no end."""
    return int(form[: len(form) - len(form.lstrip("0123456789"))] or 10**6)


def spoken(value: int, form: str, language: Language) -> str:
    """form: "" a cardinal; a gender and case: an ordinal; "10f": an ordinal up to ten."""
    limit = limit_of(form)
    form = form.lstrip("0123456789")
    if not form or value > limit:
        return language.numbers.cardinal(value)
    return language.numbers.ordinal(value, *form)


def before_word(match: re.Match, language: Language):
    """XIX век, XX. Jahrhundert, XIXe siècle: an ordinal in the form that the noun asks for."""
    value = worth(match["roman"])
    if not value:
        return None
    data, noun = language.data["roman"], match["noun"].casefold()
    form = data["before"][noun]
    before = match.string[: match.start()]
    inside = data.get("inside", {})
    if noun in inside and re.search(rf"\b(?:{inside['after']})\s+$", before, re.IGNORECASE):
        form = inside[noun]
    if language.base == "de":
        form = "m" + ending(before, len(before), form[1:])
    start, end = match.start("roman"), match.end("suffix")
    return start, end, spoken(value, form, language)


def of_name(match: re.Match, language: Language):
    """Henry VIII: "the eighth"."""
    roman, data = match["roman"], language.data["roman"]
    value = worth(roman)
    ruler = match["name"].casefold() in {name.casefold() for name in data.get("names", ())} or titled(
        match, data
    )
    if (
        not value
        or value > 39
        or (not ruler and (len(roman) < 2 or match["name"] in table(STARTERS, language.base)))
    ):
        return None
    if len(roman) == 1 and not data.get("stop") and is_initial(match, language.base):
        return None
    if not ruler and match["name"].isupper() and len(match["name"]) > 1 and not match.string.isupper():
        return (*match.span("roman"), language.numbers.cardinal(value))  # HOPE VI
    if not ruler and match["before"] and not match["before"].strip():
        return None
    template = data.get("title", "{n}")
    form = data.get("name_form", "m")
    if match["name"].casefold() in {name.casefold() for name in data.get("women", ())}:
        template, form = data.get("title_f", template), data.get("name_form_f", form)
    if not ruler and language.base in ("es", "it", "pt") and is_work(match):
        form = ""
    limit = limit_of(form)
    said = spoken(value, form, language)
    text = said if value > limit else template.replace("{n}", said)
    if match["stop"]:
        return match.start("roman"), match.end("stop"), text + ("." if _ends(match) else "")
    if match["more"] and ruler:  # Louis XIV, XV and XVI
        text += "".join(
            link + spoken(worth(other), form, language) for link, other in MORE.findall(match["more"])
        )
        return match.start("roman"), match.end("more"), text
    return (*match.span("roman"), text)


def _ends(match: re.Match) -> bool:
    rest = match.string[match.end() :]
    return not rest.strip()


def alone(match: re.Match, language: Language):
    """A heading that is a numeral, or starts with one and a stop."""
    value = worth(match["roman"])
    return (*match.span("roman"), language.numbers.cardinal(value)) if value else None


def linked(data: dict, language: Language) -> str:
    """A pattern of numerals in a row: I y II, III e IV, X–XII."""
    link = rf"(?:, ?| (?:{data.get('and', language.data['and'])}) | ?[–—-] ?| ?& ?)"
    return rf"(?<![\w.'’-])(?P<row>[IVX]+(?:{link}[IVX]+)+)(?![\w'’-]|\.\w)"


def several(match: re.Match, language: Language) -> str | None:
    numerals = re.findall("[IVX]+", match["row"])
    if (
        all(len(numeral) < 2 for numeral in numerals)
        or not all(map(worth, numerals))
        or match.string.isupper()
    ):
        return None
    form = "m" if language.base in ("es", "it", "pt") and NAMED.match(match.string, match.end()) else ""
    row = re.sub(" ?[–—-] ?", f" {language.data['to']} ", match["row"])
    return re.sub("[IVX]+", lambda found: spoken(worth(found[0]), form, language), row)


def rules(language: Language, heading: bool) -> list[Rule]:
    data = language.data.get("roman", {})
    found = [*_before_nouns(data), *_after_words(language, data, heading), *_after_names(data)]
    return [_rule(HEADING, alone), *found] if heading else found


def leftovers(language: Language) -> list[Rule]:
    """Numerals that no word by them names, but that can be nothing else."""
    data = language.data.get("roman")
    if not data:
        return []
    after_noun = AFTER_NOUN.replace("IV|", "") if language.base == "en" else AFTER_NOUN
    return [_rule(linked(data, language), several), _rule(LONG, alone), _rule(after_noun, alone)]


def padded(language: Language, heading: bool) -> Iterator[Rule]:
    """Chapter 01, and a heading that begins with 01: a number, not a code."""
    data = language.data.get("roman", {})
    words = words_pattern(word for word in data.get("words", ()) if len(word) > 3)
    places = [rf"(?<!\w)(?i:{words})\.? "] + ([r"^\W*"] if heading else [])
    for place in places:
        yield Rule(
            "cardinal",
            "digit",
            re.compile(rf"{place}(?P<n>0+[1-9]\d?)(?![\w.,:/-]\w|\w)"),
            _without_zeros,
            "0",
        )


def _without_zeros(match: re.Match, language: Language):
    return (*match.span("n"), language.numbers.cardinal(int(match["n"])))


def _rule(pattern: str, say: Callable, flags: int = 0) -> Rule:
    return Rule("roman", "roman", re.compile(pattern, flags), say)


def _before_nouns(data: dict) -> Iterator[Rule]:
    """XIX век, le XVIe siècle."""
    if data.get("before"):
        suffix = data.get("suffix", "")
        numeral = (
            rf"(?<!\w)(?P<roman>[IVXLC]+)(?P<suffix>{suffix})"
            if suffix
            else r"(?<!\w)(?P<roman>[IVXLC]+)(?P<suffix>)"
        )
        noun = rf"(?=(?P<noun>(?i:{words_pattern(data['before'])}))(?![^\W_]))"
        yield _rule(rf"{numeral}(?!\w) ?{noun}", before_word)
        if suffix:  # xixe siècle, as small capitals come
            yield _rule(
                rf"(?<!\w)(?P<roman>[ivxlc]{{2,}})(?P<suffix>{suffix})(?!\w) ?{noun}", _certain(before_word)
            )


def _after_words(language: Language, data: dict, heading: bool) -> Iterator[Rule]:
    """Chapter IV, vol. ii."""
    shortened = language.data.get("short", {}).get("number", ())
    words = [*data.get("words", ()), *(key.rstrip(".") for key in shortened if key.endswith("."))]
    if not words:
        return
    cased = (words, [w.capitalize() for w in words], [w.upper() for w in words])
    link = rf"(?:, ?(?:(?:{data.get('and', language.data['and'])}) )?| (?:{data.get('and', language.data['and'])}) | ?[–—-] ?| ?& ?)"
    more = rf"(?P<more>(?:{link}(?:[IVXLC]{{2,}}|[IVX])(?![\w'’]))*)"
    single = "[VXLC]" if heading else "[VX]"
    numeral = rf"(?P<roman>[IVXLCDM]{{2,}}|{single}(?![\w'’])|I(?=\s*(?:[.:;,)—–\]\"”»]|$)|{link}[IVX]+(?!\w))|[ivxl]{{2,6}})"
    if data.get("certain"):  # World War I began: no verb follows its subject here
        yield _rule(rf"(?<!\w)(?P<word>{words_pattern(data['certain'])}) (?P<roman>I)(?![\w'’])", alone)
    word = rf"(?<![\w])(?P<word>{'|'.join(words_pattern(w) for w in cased)})\.? "
    yield _rule(rf"{word}{numeral}(?![\w'’]){more}", _but(data, after_word))
    if data.get("lower"):
        word = rf"(?<![\w])(?P<word>{words_pattern(data['lower'])}) "
        yield _rule(rf"{word}(?P<roman>[ivxlcdm]{{1,9}})(?![\w'’])", _but(data, after_word), re.IGNORECASE)
        yield _rule(rf"{word}(?P<roman>[ivxlcdm]{{1,9}})(?=\s*(?:$|[.,;:)]))", after_word, re.IGNORECASE)


def _after_names(data: dict) -> Iterator[Rule]:
    """Henry VIII."""
    if data.get("names"):
        name = r"(?P<before>)(?<![\w])(?P<name>[^\W\d_][\w’'-]+) "
        single = rf"I(?=[.:;,)—–\]\"”»]|--|$| (?:{data.get('of', 'of')})\b)"
        link = rf"(?:, ?(?:(?:{data.get('and', 'and')}) )?| (?:{data.get('and', 'and')}) )"
        more = rf"(?P<more>(?:{link}[IVX]{{2,}}(?!\w))*)" if not data.get("stop") else "(?P<more>(?!))?"
        single = f"(?:{single}|I(?={link}[IVX]{{2,}}(?!\\w)))"
        numeral = rf"(?P<roman>[IVX]{{2,}}|[VX](?!\w|['’](?!s\b))|{single})"
        stop = r"(?P<stop>\.?)" if data.get("stop") else r"(?P<stop>(?!))?"
        yield _rule(rf"{name}{numeral}{stop}{more}(?!\w|['’](?!s\b))", _capital(of_name))


def _but(data: dict, say):
    """Numerals in small letters that are words of the language are none."""
    words = set(data.get("not", ()))
    return lambda match, language: None if match["roman"] in words else say(match, language)


def _certain(say):
    return lambda match, language: say(match, language) if match["suffix"] else None


def _capital(say):
    return lambda match, language: say(match, language) if match["name"][0].isupper() else None

"""A number that begins a word: 28enne, 24χρονος, 15-летний, 12-letni, 35-jarige. It is said joined, in the form that the
language joins numbers in.
"""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import words
from dotsbook.text.normalise.rules.rule import Rule, number_patterns

# What may follow the number: the beginnings of adjectives of measure and time, in each language.
BEGINNINGS = {
    "ru": "летн летие летия летию летием дневн часов минутн секундн недельн месячн этажн метров километров килограммов "
    "граммов литров процентн градусн рублев страничн тонн местн кратн миллионн тысячн комнатн",
    "uk": "річн літн денн годинн хвилинн секундн тижнев місячн поверхов метров кілометров кілограмов літров відсотков "
    "градусн сторінков тонн місн кратн кімнатн",
    "pl": "letni letnia letnie letnim letniej letnią letnich letnimi letniego letniemu latek latka lecie lecia minutow godzinn "
    "dniow tygodniow miesięczn piętrow metrow kilometrow kilogramow litrow procentow osobow stronicow tonow krotn pokojow",
    "cs": "let denn hodinov minutov týdenn měsíčn patrov metrov kilometrov kilogramov litrov procentn stránkov místn členn "
    "násobn pokojov korunov",
    "it": "enne enni",
    "el": "χρον ετή",
    "nl": "jarig daags",
    "fi": "vuotia vuoti päivä",
}
JOINED = {"один": "одно", "одного": "одно", "ста": "сто", "девяноста": "девяносто", "тысячи": "тысяче"}
# Ones, teens, tens and hundreds as they are joined.
PARTS = {
    "uk": (
        "нуль одно дво три чотири п’яти шести семи восьми дев’яти десяти одинадцяти дванадцяти тринадцяти чотирнадцяти "
        "п’ятнадцяти шістнадцяти сімнадцяти вісімнадцяти дев’ятнадцяти",
        "двадцяти тридцяти сорока п’ятдесяти шістдесяти сімдесяти вісімдесяти дев’яносто",
        "сто двохсот трьохсот чотирьохсот п’ятисот шестисот семисот восьмисот дев’ятисот",
    ),
    "pl": (
        "zero jedno dwu trzy cztero pięcio sześcio siedmio ośmio dziewięcio dziesięcio jedenasto dwunasto trzynasto czternasto "
        "piętnasto szesnasto siedemnasto osiemnasto dziewiętnasto",
        "dwudziesto trzydziesto czterdziesto pięćdziesięcio sześćdziesięcio siedemdziesięcio osiemdziesięcio dziewięćdziesięcio",
        "stu dwustu trzystu czterystu pięciuset sześciuset siedmiuset ośmiuset dziewięciuset",
    ),
    "cs": (
        "nula jedno dvou tří čtyř pěti šesti sedmi osmi devíti deseti jedenácti dvanácti třinácti čtrnácti patnácti šestnácti "
        "sedmnácti osmnácti devatenácti",
        "dvaceti třiceti čtyřiceti padesáti šedesáti sedmdesáti osmdesáti devadesáti",
        "sto dvouset tříset čtyřset pětiset šestiset sedmiset osmiset devítiset",
    ),
}
GREEK = str.split(
    "μηδέν μονό δί τρί τετρά πεντά εξά επτά οκτά εννιά δεκά εντεκά δωδεκά δεκατριά δεκατετρά δεκαπεντά δεκαεξά "
    "δεκαεπτά δεκαοκτά δεκαεννιά"
)
GREEK_TENS = ["εικοσι", "τριαντα", "σαραντα", "πενηντα", "εξηντα", "εβδομηντα", "ογδοντα", "ενενηντα"]
LAST_TENS = dict(  # εικοσάχρονος
    zip(
        range(20, 100, 10),
        ["εικοσά", "τριαντά", "σαραντά", "πενηντά", "εξηντά", "εβδομηντά", "ογδοντά", "ενενηντά"],
        strict=True,
    )
)
AFTER_TENS = {1: "ενά", 2: "δυά", 3: "τριά", 4: "τετρά"}  # εικοσιτετράχρονος


def compound(match: re.Match, language: Language) -> str | None:
    value, base = int(match["n"]), language.base
    if base == "ru":
        parts = [JOINED.get(part, part) for part in words(value, "ru", case="g").split(" ")]
        return "".join(parts) + match["rest"]
    if base == "it":
        said = language.numbers.cardinal(value)
        return (f"{said[:-1]}e" if said[-1] == "é" else re.sub("[aeiou]$", "", said)) + match["rest"]
    if base == "el":
        if value >= 100:
            return None
        return greek(value) + match["rest"]
    if base in PARTS:
        return joined(value, base) + match["rest"]
    return language.numbers.cardinal(value) + match["rest"]


def joined(value: int, base: str) -> str:
    small, tens, hundreds = (row.split() for row in PARTS[base])
    said = hundreds[value // 100 - 1] if value >= 100 else ""
    rest = value % 100
    if rest >= 20:
        said, rest = said + tens[rest // 10 - 2], rest % 10
    return said + (small[rest] if rest else "")


def greek(value: int) -> str:
    """Only the last part keeps its accent: εικοσιτετράχρονος."""
    if value in LAST_TENS:
        return LAST_TENS[value]
    if value < 20:
        return GREEK[value]
    return GREEK_TENS[value // 10 - 2] + AFTER_TENS.get(value % 10, GREEK[value % 10])


def rules(language: Language) -> list[Rule]:
    beginnings = BEGINNINGS.get(language.base)
    if not beginnings:
        return []
    hyphen = "-" if language.base in ("ru", "nl", "fi") else "-?"
    if language.base == "ru":
        beginnings += (
            r" [а-яё]{3,}(?:[ыио]й|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ых|их|ыми|ими)(?!\w)"
        )
    pattern = rf"{number_patterns(language).left}(?P<n>[1-9]\d{{0,2}}){hyphen}(?P<rest>(?:{'|'.join(beginnings.split())})\w*)"
    return [Rule("serial", "digit", re.compile(pattern), compound)]

"""What only Hindi writes: addresses digit by digit, English ordinals, half years, short dates. It knows no other."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.dates import in_words
from dotsbook.text.normalise.rules.rule import Rule, figure_rules, plain

ADDRESS = re.compile(
    r"(?<!\S)(?:"
    + "स्ट्रीट|Street|रोड|सेक्टर|फ्लैट|फ्लोर|अपार्टमेंट|बूथ|शॉप नंबर|दुकान नंबर|प्लॉट|ब्लॉक|मकान नंबर|यूनिट|प्लाज़ा|कॉलोनी|क्रॉस|चौराहा|मार्केट)"
)
STATES = (
    "महाराष्ट्र|छत्तीसगढ़|प्रदेश|बिहार|राजस्थान|गुजरात|पंजाब|हरियाणा|दिल्ली|केरल|कर्नाटक|तमिलनाडु|तेलंगाना|ओडिशा|उड़ीसा|झारखंड|असम|बंगाल|गोवा|"
    "उत्तराखंड|मणिपुर|मेघालय|मिज़ोरम|नागालैंड|त्रिपुरा|सिक्किम|कश्मीर|चंडीगढ़|मिजोरम"
)
ENGLISH = {
    1: "फ़र्स्ट",
    2: "सेकंड",
    3: "थर्ड",
    4: "फ़ोर्थ",
    5: "फ़िफ्थ",
    6: "सिक्स्थ",
    7: "सेवंथ",
    8: "एटथ",
    9: "नाइंथ",
    10: "टेंथ",
    11: "इलेवंथ",
    12: "ट्वेल्फ्थ",
}
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        str.split("ए बी सी डी ई एफ़ जी एच आई जे के एल एम एन ओ पी क्यू आर एस टी यू वी डब्ल्यू एक्स वाई ज़ेड"),
        strict=True,
    )
)


def english_ordinal(match: re.Match, language: Language) -> str | None:
    return ENGLISH.get(int(match["n"]))


def address(match: re.Match, language: Language) -> str | None:
    """House numbers and codes where the text is an address."""
    if not ADDRESS.search(match.string):
        return None
    out = []
    for piece in re.findall(r"\d+|.", match[0]):
        if piece[0].isdecimal():
            out.append(language.numbers.digits(piece))
        else:
            out.append({"-": "हाइफ़न", "/": "बटा"}.get(piece) or LETTERS.get(piece, piece))
    return " ".join(out)


def code(match: re.Match, language: Language) -> str:
    return language.numbers.digits(match["code"])


def half_years(match: re.Match, language: Language) -> str:
    return f"{language.numbers.mixed(int(match['n']), 1, 2)} साल"


def day_month(match: re.Match, language: Language) -> str | None:
    """31-06, and 02-27 with the month first."""
    a, b = int(match["a"]), int(match["b"])
    if 1 <= a <= 12 and 12 < b <= 31:
        return in_words(language, b, a, None, kind="md")
    return in_words(language, a, b, None) if 1 <= a <= 31 and 1 <= b <= 12 else None


def month_year(match: re.Match, language: Language) -> str:
    return in_words(language, None, int(match["m"]), plain(match["y"]))


def american(match: re.Match, language: Language) -> str | None:
    month, day = int(match["m"]), int(match["d"])
    return in_words(language, day, month, plain(match["y"]), kind="mdy") if day > 12 >= month else None


def years_before(match: re.Match, language: Language) -> str:
    return (
        f"{language.numbers.cardinal(int(match['first']))} से {language.numbers.cardinal(int(match['last']))}"
    )


def phone(match: re.Match, language: Language) -> str:
    said = language.numbers.digits(match[0])
    return f"{language.data['plus']} {said}" if match[0].startswith("+") else said


def rules(language: Language) -> list[Rule]:
    left, right = r"(?<![A-Za-z\d.,/-])", r"(?![\d/-]|[.,]\d)"
    patterns = [
        ("telephone", r"(?<![\d.,])\+\d{1,3} \d{8,10}(?: \d{2,4})?(?!\d)", phone),
        (
            "telephone",
            r"(?<![\d.,])\d{4} \d{6}(?!\d)",
            lambda match, language: f"शून्य {phone(match, language)}",
        ),
        ("telephone", r"(?<![\d.,])0?\d{6,7}-\d{4}(?!\d)", phone),
        (
            "telephone",
            r"(?<![\d.,])0 \(\d{2,4}\) \d{6,8}(?!\d)",
            lambda match, language: phone(match, language),
        ),
        ("ordinal", r"(?<![A-Za-z\d])(?P<n>\d{1,2})(?:st|nd|rd|th)(?![A-Za-z])", english_ordinal),
        ("measure", rf"{left}(?P<n>\d+)[.](?:5|५) ?yr(?![A-Za-z])", half_years),
        ("address", rf"{left}\d+(?:[/-]\d+)?[A-Z]?(?![A-Za-z\d.:])", address),
        ("code", rf"(?:{STATES})[ ,-]+(?P<code>\d{{6}})(?!\d)", _code),
        ("date", rf"{left}(?P<m>0[1-9]|०[१-९]|1[0-2]|१[०-२])-(?P<y>\d{{4}}){right}", month_year),
        ("date", rf"{left}(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}})-(?P<y>\d{{4}}){right}", american),
        ("range", rf"{left}(?P<first>\d{{2,4}})[-–](?P<last>\d{{2,4}})(?= ई)", years_before),
        ("date", rf"{left}(?P<a>\d\d)-(?P<b>\d\d){right}", day_month),
    ]
    return figure_rules(patterns)


def _code(match: re.Match, language: Language):
    return (*match.span("code"), code(match, language))

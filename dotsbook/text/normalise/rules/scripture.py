"""Chapter and verse in English: John 3:16-18 is "John three sixteen to eighteen", 1 Cor. 13 "First Corinthians thirteen"."""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.numbers.number_words import words
from dotsbook.text.normalise.rules.rule import Rule, words_pattern

BOOKS = {
    name: short.split()
    for name, short in (
        line.strip().split(": ") if ": " in line else (line.strip(), "")
        for line in """
    Genesis: Gen Gn
    Exodus: Exod Ex
    Leviticus: Lev
    Numbers: Num
    Deuteronomy: Deut Dt
    Joshua: Josh
    Judges: Judg
    Ruth
    Samuel: Sam
    Kings: Kgs
    Chronicles: Chron Chr
    Ezra
    Nehemiah: Neh
    Esther: Esth
    Job
    Psalms: Pss
    Psalm: Ps Psa
    Proverbs: Prov
    Ecclesiastes: Eccles Eccl
    Isaiah: Isa Is
    Jeremiah: Jer
    Lamentations: Lam
    Ezekiel: Ezek
    Daniel: Dan
    Hosea: Hos
    Joel
    Amos
    Obadiah: Obad
    Jonah
    Micah: Mic
    Nahum: Nah
    Habakkuk: Hab
    Zephaniah: Zeph
    Haggai: Hag
    Zechariah: Zech
    Malachi: Mal
    Matthew: Matt Mt
    Mark: Mk
    Luke: Lk
    John: Jn
    Acts
    Romans: Rom
    Corinthians: Cor
    Galatians: Gal
    Ephesians: Eph
    Philippians: Phil
    Colossians: Col
    Thessalonians: Thess
    Timothy: Tim
    Titus: Tit
    Philemon: Philem
    Hebrews: Heb
    James: Jas
    Peter: Pet
    Jude
    Revelation: Rev
    Wisdom: Wis
    Sirach: Sir
    Tobit: Tob
    Judith: Jdt
    Maccabees: Macc""".strip().splitlines()
    )
}
NAMES = {short: name for name, shorts in BOOKS.items() for short in [name, *shorts]}
NUMBERED = str.split(
    "Samuel Sam Kings Kgs Chronicles Chron Chr Corinthians Cor Thessalonians Thess "
    "Timothy Tim Peter Pet John Jn Maccabees Macc"
)
NTH = {"1": "First", "2": "Second", "3": "Third", "I": "First", "II": "Second", "III": "Third"}
PART = re.compile(r"\d+|[-–—]|[:.;,]|\s+|[a-z]\b")


def passage(match: re.Match, language: Language) -> str:
    name = NAMES[match["book"].rstrip(".")]
    said = f"{NTH[match['nth']]} {name}" if match["nth"] else name
    out = [said, " "]
    for piece in PART.findall(match["place"]):
        if piece.isdecimal():
            out.append(words(int(piece), "en"))
        elif piece in "-–—":
            out.append(" to ")
        elif piece in ":.":
            out.append(" ")
        else:
            out.append(piece if piece.isspace() or piece in ",;" else f" {piece}")
    return re.sub(r" +", " ", "".join(out))


def rules() -> list[Rule]:
    place = (
        r"(?P<place>\d{1,3}:\d{1,3}(?:[a-c]\b)?(?: ?[-–—] ?\d{1,3}(?::\d{1,3})?)?"
        r"(?:[,;] ?\d{1,3}(?::\d{1,3})?(?:[-–—]\d{1,3})?(?![\d:]| ?[A-Z]))*)(?![\d:]| ?[ap]\.?m\b)"
    )
    nth = rf"(?:(?P<nth>[123]|I{{1,3}}) (?=(?:{words_pattern(NUMBERED)})\b))?"
    left = r"(?<![\w.-])"
    book = rf"(?P<book>(?:{words_pattern(NAMES)})\b\.?)"
    chapter = r"(?P<place>\d{1,3}(?:[-–]\d{1,3})?)(?![\w:]|[.,]\d|(?:st|nd|rd|th)\b)"
    alone = rf"{left}(?P<nth>[123]|I{{1,3}}) (?P<book>(?:{words_pattern(NUMBERED)})\b\.?) {chapter}"
    psalm = rf"{left}(?P<nth>(?!))?(?P<book>(?:Ps|Pss|Psa)\.?) {chapter}"
    return [
        Rule("verse", "digit", re.compile(pattern), passage, ":" if pattern.endswith(place) else "")
        for pattern in (rf"{left}{nth}{book} {place}", alone, psalm)
    ]

"""Addresses of machines: URLs, e-mail, domains, files, IP numbers, handles. Read as they are spelled to someone."""

import re

from dotsbook.text.normalise.language import Language, read_data
from dotsbook.text.normalise.numbers.number_words import Unsayable
from dotsbook.text.normalise.rules.rule import Rule, number_patterns, words_pattern

PIECE = re.compile(r"\d|[^\W\d_]+|[^\w\s]|_")
VOWELS = re.compile("[aeiouyäöüáéíóúàèìòùâêîôûãõåøæœı]")
LETTERS_AT_MOST = 2  # shorter runs are spelled


def speak(text: str, language: Language) -> str:
    """The address in words: letters together where they can be said, digits one by one, marks by name."""
    if "cldr" in language.data:
        raise Unsayable(text)
    names = {**read_data("common")["marks"], **language.data.get("marks", {})}
    said = []
    for piece in PIECE.findall(text):
        if piece.isdecimal():
            said.append(language.numbers.digits(piece))
        elif piece[0].isalpha():
            said.append(spoken_run(piece, language))
        else:
            said.append(names.get(piece, ""))
    return " ".join(part for part in said if part)


def spoken_run(run: str, language: Language) -> str:
    low = run.lower()
    letters = language.data.get("letters")
    known = language.data.get("known", {}).get(low)
    if known or not run.isascii():
        return known or run
    spell = low not in read_data("common")["known"] and (
        len(run) <= LETTERS_AT_MOST or not VOWELS.search(low) or low in ("www", "http", "https")
    )
    if letters and (spell or low not in read_data("common")["known"] or language.base in ("hi", "ru")):
        return " ".join(letters.get(char, char) for char in low)
    return " ".join(run.upper()) if spell else run


def whole(match: re.Match, language: Language) -> str:
    return speak(match[0], language)


def address(match: re.Match, language: Language) -> str | None:
    """An IP number, but not a number in groups of three."""
    groups = match[0].split(".")
    if any(int(group) > 999 for group in groups) or (
        number_patterns(language).thousands == r"\." and all(len(group) == 3 for group in groups[1:])
    ):
        return None
    return speak(match[0], language)


def rules(language: Language) -> list[Rule]:
    common = read_data("common")
    safe, words = words_pattern(common["domains"]), words_pattern(common["country_domains"])
    files = words_pattern(common["files"])
    apart = words_pattern(
        set(common["country_domains"])
        - set(common["word_domains"])
        - set(language.data.get("word_domains", ()))
    )
    end = r"[\w/&=+\\-]"
    mark = r"[^\s<>\"'\[\]{}|“”‘’«»]"
    host = r"(?:[A-Za-z0-9][\w-]*\.)+"
    patterns = [
        rf"(?<![\w@])(?:(?:https?|ftp|file)://){mark}*{end}",
        rf"(?<![\w@.])[A-Za-z0-9][\w.+!-]*@[A-Za-z0-9][\w-]*(?:\.[\w-]+)+(?:/{mark}*{end})?",
        rf"(?<![\w@.-])www\.[A-Za-z0-9][\w-]*(?:\.[\w&-]+)+(?:/{mark}*[\w/^-])?",
        rf"(?<![\w@.-]){host}(?:{safe})(?:\.(?:{words}))?(?![\w@])(?:/(?:{mark}*[\w/^-])?)?",
        rf"(?<![\w@.-]){host}(?:{words})(?:/(?:{mark}*{end})?)",
        rf"(?<![\w@.-]){host}[a-z]{{2,3}}\.(?:{words})(?![\w@.])",
        rf"(?<![\w@.-])[a-z][a-z0-9-]{{2,}}\.(?:{apart})(?![\w@]|\.\w)",
        rf"(?<![\w@.-])[a-z][a-z0-9-]+\.[a-z][a-z0-9-]+\.(?:{words})(?![\w@]|\.\w)",
        rf"^[a-z][a-z0-9-]{{4,}}\.(?:{words})(?=\.?$)",
        rf"(?<![\w@.-])[\w-]+\.(?:{files}|{files.upper()})(?![\w@])",
        r"(?<![\d.,])\d{1,3}(?:\.\d{1,3}){3}(?!\d|[.,]\d)",
        rf"(?<![\w\\])[A-Za-z]:\\{mark}*",
        r"(?<![^\s(])(?:/[a-z][\w.-]*){2,}/?",
        r"(?<![\w@&])[@#][A-Za-z_]\w+#?",
    ]
    return [
        Rule("electronic", "electronic", re.compile(pattern), address if r"{1,3}){3}" in pattern else whole)
        for pattern in patterns
    ]

"""Whether a line names a chapter or gives its number, in any language: "Chapter 1", "3. Kapitel", "第三章", "IV". It knows no book."""

import re

WORDS = (
    r"chapter|chapitre|kapitel|cap[ií]tulo|capitolo|hoofdstuk|глава|розділ|rozdział|kapitola|luku|fejezet|capitolul|"
    r"bölüm|κεφάλαιο|"
    r"अध्याय|फصل|الفصل|פרק|chương|บทที่|bab|part|book|teil|buch|partie|livre|parte|libro|deel|del|osa|część|часть|"
    r"книга|частина|act|scene|"
    r"akt|szene|acte|scène|acto|escena|atto|scena|canto|letter|brief|lettre|carta|lettera|stave|volume|band|tome|"
    r"section|episode|day|night"
)
NUMBER = (
    r"([0-9]{1,4}|[ivxlcdm]{1,9}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty([ -]\w+)?|thirty([ -]\w+)?|forty([ -]\w+)?|fifty([ -]\w+)?|the \w+|first|second|third|"
    r"fourth|last|"
    r"erstes|zweites|drittes|eins|zwei|drei|premier|première|deux|primero|segundo|primo|secondo|первая|вторая|третья|"
    r"первый|\w{3,14})"
)
CHAPTER = re.compile(rf"^\W{{0,3}}({WORDS})\s+{NUMBER}\b(\s*[.:—–-].{{0,120}}|\s*$|\s+[^.!?]{{1,60}}$)", re.I)
ORDINAL = re.compile(
    r"^(erstes|zweites|drittes|viertes|fünftes|sechstes|siebtes|siebentes|achtes|neuntes|zehntes|\d{1,"
    r"3}\.)\s+(kapitel|buch|teil|akt|kapitola|rozdział|luku|fejezet|bölüm)\b.{0,80}$",
    re.I,
)
ASIAN = re.compile(
    r"^\W{0,2}(第\s*[0-9０-９一二三四五六七八九十百千零〇两]+\s*[章回節节話话卷部幕篇編编集折夜]|제\s*\d+\s*[장화부회]|[其之][一二三四五六七八九十]+$|(序|終|终|"
    r"尾)[章幕声聲]?$)\s*.{0,40}$"
)
ROMAN = re.compile(r"^(?=[IVXLC])(C{0,2}(XC|XL|L?X{0,3})(IX|IV|V?I{0,3}))[.:]?$")
ARABIC = re.compile(r"^\d{1,3}[.:]?$")
NUMBER_STRICT = NUMBER.replace(r"|\w{3,14}", "")


def numbers_chapter(line: str) -> bool:
    """Whether a line is a chapter's number, with its name or without: "Chapter 1: The Ferry", "IV."."""
    return names_chapter(line) or bool(ROMAN.match(line) or ARABIC.match(line))


def names_chapter(line: str) -> bool:
    """Whether a line says "Chapter 1", "CHAPTER II: The Ferry", "3. Kapitel" or "第三章", and no sentence."""
    said = CHAPTER.match(line) and (
        len(line.split()) <= 3
        or line.isupper()
        or line[:1].isupper()
        and re.search(rf"^\w+\s+{NUMBER_STRICT}", line, re.I)
    )
    return bool(said or ORDINAL.match(line) or ASIAN.match(line))

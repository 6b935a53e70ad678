"""What a line of plain text could be the heading of, by its own words: "Chapter 1", "EERSTE HOOFDSTUK", "第三回 …", "-IV-",
"I.--TITLE", "1. Beginnings", "Epilogue". It knows no other line, so it only says what may be: see plain_headings.py.
"""

import re
import unicodedata
from typing import NamedTuple

from dotsbook.text.blocks.block_writer import WIDE
from dotsbook.text.formats.parts.heading_numbers import folded, number_in, roman
from dotsbook.text.formats.parts.plain_signs import without_pages
from dotsbook.text.matter.kinds import AROUND, by_title

CHAPTER_WORDS = (
    "chapter chap chapitre kapitel kapitlet kapittel cap capitulo capitol capitolo capitolul capitulum hoofdstuk hoofdst "
    "глава главы розділ роздїл раздел rozdział rozdzial kapitola hlava luku fejezet bölüm κεφάλαιο κεφάλαιον अध्याय "
    "परिच्छेद الفصل فصل chương bab บท บทที่ scene szene auftritt escena scena scène σκηνή сцена явление ява stave canto "
    "canzone chant gesang sang"
)
TALE_WORDS = (  # that head a chapter only beside a number
    "letter brief lettre carta lettera письмо night nacht nuit noche notte noc ночь ніч day tag jour dia giorno "
    "dag dzień день adventure abenteuer aventure aventura aventyr eventyr tale story lecture lesson episode section "
    "paragraph fable fabula"
)
PART_WORDS = (
    "part book volume vol teil theil buch band partie livre tome parte libro tomo livro deel boek del bok bog osa kirja "
    "część tom księga část díl kniha svazek часть книга том частина μέρος βιβλίο βιβλίον τόμος kısım kitap partea cartea "
    "phần quyển bagian buku الجزء الباب भाग खंड ภาค act akt acte acto atto πράξη πράξις действие дія"
)
ASIAN = re.compile(
    r"第\s*([\d０-９〇零一二三四五六七八九十百千两兩廿卅]{1,7})\s*([章回節节話话卷部幕篇編编集折夜])(.{0,40})"
)
KOREAN = re.compile(r"제?\s*(\d{1,3})\s*(장|화|부|회|막|편|절)(?![가-힣])(.{0,40})")
VOLUME = re.compile(r"[上中下前後后](?:[卷巻篇編编部](?:.{0,20})|[\u3000 ].{1,20})|[上中下][卷巻篇編编部]?")
TITLED = re.compile(  # a number, what parts it from a title, the title
    r"([0-9０-９]{1,3}|[IVXLCІХС]{1,9}|[一二三四五六七八九十百]{1,5})"
    r"(\s*(?:[.:)、．]\s*(?:--?|—|–)?|--|—|–|-(?=\s))\s*|[ \u3000]+)(?=[\W\d]{0,3}[^\W\d_])(.{1,110})"
)
DECORATED = re.compile(r"^[\s_=*~#\[({<«\"'—–-]+|[\s_=*~#\])}>»\"'—–-]+$")
NOTE_MARK = re.compile(r"\s*(?:\[\w{1,3}\]|\(\d{1,3}\)|\*+|†|‡)$")
ARTICLES = frozenset(
    (
        "the",
        "de",
        "het",
        "der",
        "die",
        "das",
        "le",
        "la",
        "el",
        "il",
        "lo",
        "o",
        "a",
        "den",
        "det",
        "ο",
        "η",
        "το",
        "cel",
        "cea",
        "al",
    )
)
STROKES = str.maketrans("΄´ʹ’", "''''")  # what stands after a Greek numeral
LONG_TITLE = 130  # characters of a heading with its title
THE_END = (  # words that end a book and head nothing
    *(
        "the end",
        "end",
        "end of the book",
        "fin",
        "fine",
        "fim",
        "ende",
        "koniec",
        "konec",
        "slut",
        "loppu",
        "einde",
    ),
    *(
        "sfârșit",
        "конец",
        "кінець",
        "τέλος",
        "完",
        "終",
        "了",
        "finis",
        "son",
        "hết",
        "tamat",
        "끝",
        "النهاية",
    ),
)
CHAPTERS = frozenset(map(folded, CHAPTER_WORDS.split()))
TALES = frozenset(map(folded, TALE_WORDS.split()))
PARTS = frozenset(map(folded, PART_WORDS.split()))
ENDINGS = frozenset(map(folded, THE_END))


LONGEST_WIDE = 16  # characters of a Chinese or Japanese title that names matter


class Sign(NamedTuple):
    """What a line says of itself."""

    form: str  # lines of one form can prove each other: "chapter", "part", "roman", "1 title" …
    number: int | None = None
    titled: bool = False  # the line holds a title beside the number


def sign_of(line: str, language: str) -> Sign | None:
    """What a line may head; None for a line that says nothing."""
    text = bare(line)
    if not text or len(text) > LONG_TITLE:
        return None
    return (
        asian(text, language) or named(text, language) or numbered(text, language) or matter(text, language)
    )


def bare(line: str) -> str:
    """A line without what decorates it: signs of bold and italics, dashes, brackets around all of it, a note's mark."""
    text = NOTE_MARK.sub(
        "", " ".join(unicodedata.normalize("NFKC", without_pages(line).translate(STROKES)).split())
    )
    return DECORATED.sub("", text) or text


def asian(text: str, language: str) -> Sign | None:
    if match := ASIAN.match(text):
        number, unit, title = match.groups()
        if re.search("[。，！？!?]", title):
            return None
        return Sign(
            "part" if unit in "卷部篇編编集" else "chapter", number_in(number, language), bool(title.strip())
        )
    if language == "ko" and (match := KOREAN.match(text)):
        return Sign("part" if match[2] == "부" else "chapter", int(match[1]), bool(match[3].strip()))
    if language in ("ja", "zh", "yue") and VOLUME.fullmatch(text):
        return Sign("part", None, len(text) > 2)
    return None


def named(text: str, language: str) -> Sign | None:
    """A line with a word for a chapter or a part beside its number."""
    tokens = text.split()
    for place, token in enumerate(tokens[:4]):
        word = folded(token.strip(".,:;"))
        form = "chapter" if word in CHAPTERS or word in TALES else "part" if word in PARTS else ""
        if not form:
            continue
        if place == 0:
            return after_name(form, tokens[1:], language, word not in TALES)
        before = [one for one in tokens[:place] if folded(one) not in ARTICLES] or tokens[:place]
        number = number_in(" ".join(before), language)
        rest = tokens[place + 1 :]
        weak = number is None
        if weak and (rest or len(before) > 1 or word in TALES or not alike_in_case(before[0], token)):
            return None
        if rest and not opens_title(token, rest):
            return None
        return Sign(form if number is not None else f"{form}?", number, bool(rest))
    return None


def after_name(form: str, rest: list[str], language: str, sure: bool) -> Sign | None:
    """ "Chapter" was read; what follows must be a number, or a single word that may be one."""
    if rest and folded(rest[0]) in ARTICLES and len(rest) > 1:
        rest = rest[1:]
    for length in (4, 3, 2, 1):
        said = " ".join(rest[:length])
        if len(rest) >= length and (number := number_in(said, language)) is not None:
            title = rest[length:]
            if title and not opens_title(rest[length - 1], title):
                return None
            return Sign(form, number, bool(title))
    weak = sure and len(rest) == 1 and rest[0][-1:] not in "!?,;" and not rest[0][:1].islower()
    return Sign(f"{form}?") if weak else None


def opens_title(before: str, rest: list[str]) -> bool:
    """Whether what follows a number can be a title: after a stop, a colon, a dash, or beginning with a capital; and no
    sentence."""
    first = next((char for char in " ".join(rest) if char.isalnum()), "")
    if not any(char.isalpha() for char in " ".join(rest)):
        return False  # a page's number: a line of a table of contents
    parted = before[-1:] in ".:—–-" or rest[0][:1] in "—–-:"
    long = len(rest) > 9 and rest[-1][-1:] in ".!?"
    return not long and (parted or not first.islower())


def alike_in_case(first: str, second: str) -> bool:
    return first.isupper() == second.isupper() and first[:1].isupper()


def numbered(text: str, language: str) -> Sign | None:
    """A line that is a number, or a number with a title."""
    plain = text.rstrip(".:)")
    if len(plain.split()) <= 3 and (number := number_in(plain, language)) is not None:
        return Sign(kind_of_number(plain), number)
    match = TITLED.fullmatch(text)
    if not match:
        return None
    digits, between, title = match.groups()
    number = number_in(digits, language)
    first = next((char for char in title if char.isalnum()), "")
    if number is None or first.islower() or title.endswith((",", ";")):
        return None
    if len(title.split()) > 6 and title.endswith((".", "!", "?")) and not title.isupper():
        return None
    spaced = not between.strip()
    if spaced and kind_of_number(digits) == "arabic" and len(title) > 60:
        return None
    return Sign(f"{kind_of_number(digits)} title" + (" spaced" if spaced else ""), number, True)


def kind_of_number(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    if plain.isdigit():
        return "arabic"
    if roman(plain) is not None:
        return "roman"
    if re.fullmatch("[〇零一二三四五六七八九十百千廿卅两兩]+", plain):
        return "han"
    return "words" if len(plain) > 3 else "greek"


def matter(text: str, language: str) -> Sign | None:
    """A line that names what stands before or after the chapters: a prologue, an epilogue, a preface."""
    if (
        len(text.split()) > 6
        or WIDE.search(text)
        and len(text) > LONGEST_WIDE
        or text.endswith((",", ";", "!", "?"))
        or text[:1].islower()
    ):
        return None
    kind = by_title(text, language)
    return Sign("matter", None, False) if kind in AROUND else Sign("skipped") if kind else None

"""Names in a text: capitalised words that behave like names, with the titles before them. It knows words, not people."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dotsbook.casting import english
from dotsbook.casting.dialogue import Line
from dotsbook.casting.first_names import first_names

CAPITAL = re.compile(r"(?<![\w'’])[A-ZÀ-ÖØ-Þ][\w]*(?:['’-][A-Za-zÀ-ÿ][\w]*)*")
SMALL = re.compile(r"(?<![\w'’])[a-zß-ÿ]+")
POSSESSIVE = re.compile(r"['’]s?$", re.I)
LOST = re.compile(r" s [a-z]")  # what is left of 's where a text lost its apostrophes
GLUE = re.compile(r"\.?[ \n]+(?:(de|la|le|du|van|von|der|den|di|da|of the|of|the) )?")
PARTICLES = ("de", "la", "le", "du", "van", "von", "der", "den", "di", "da", "of", "of the", "the")
INITIAL = re.compile(r"(?:^|[.!?:;*_]|--|[“”\"‘«»(\[—–]|(?<=\s)['’])[\s\"'“‘«_*(]*$")
HELD = re.compile(r"(?:Mrs?\.?|Miss)[ \n]$")
ABBREVIATED = re.compile(r"(?:^|\W)(?:Mr|Mrs|Ms|Dr|St|M|Mme|Mlle|[A-Z])\.\s*$")
PLACES = re.compile(
    r"\b(?:in|at|from|near|through|towards?|into|round|leave|left|reach(?:ed)?|for|to|of)\s+(?:the\s+)?$"
)
HONORIFIC = english.words("mr mrs miss ms sir lord lady madam madame master st saint dr rev m mme mlle")
ALONE = (
    (english.TITLES | english.words("papa mamma mama mummy daddy granny"))
    - HONORIFIC
    - english.words("don dean count")
)


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int  # without a possessive 's
    name: str  # words as written, single spaces, titles without their stop
    spoken: bool  # inside a quotation
    owner: bool = False  # a possessive follows: "Emma's"


BORNE = 3  # times that a word follows a title, from which it is a surname: Hall, Young, Grace


@dataclass(slots=True)
class Vocabulary:
    """How words are written throughout a book."""

    small: Counter[str] = field(default_factory=Counter)  # in small letters
    inside: Counter[str] = field(default_factory=Counter)  # capitalised inside a sentence
    initial: Counter[str] = field(default_factory=Counter)  # capitalised where any word would be
    pairs: Counter[tuple[str, str]] = field(
        default_factory=Counter
    )  # both capitalised, the first inside a sentence
    borne: Counter[str] = field(
        default_factory=Counter
    )  # after Mr, Mrs, Miss …: a surname, whatever else it is

    def is_name(self, word: str) -> bool:
        low = word.lower()
        if len(word) < 2 or not word[-1].isalnum() or (low in english.NO_NAMES and self.borne[word] < BORNE):
            return False
        if word.isupper() and len(word) > 1:
            return False
        capital = self.inside[word]
        return capital > 2 * self.small[low] if capital else (low in first_names() and not self.small[low])


PLAIN = english.words(
    "i the a an and but or if he she it we they you his her its our your my this that yes no oh new saint sir"
)


def bare(word: str) -> str:
    return POSSESSIVE.sub("", word)


def begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 12) : at]
    return bool(INITIAL.search(before)) and not ABBREVIATED.search(before) if at else True


def vocabulary(lines: Iterable[Line]) -> Vocabulary:
    words = Vocabulary()
    for line in lines:
        words.small.update(SMALL.findall(line.text))
        last, end = "", -2
        for found in CAPITAL.finditer(line.text):
            word = bare(found.group())
            inside = not begins_sentence(line.text, found.start())
            (words.inside if inside else words.initial)[word] += 1
            if last and inside and found.start() == end + 1:
                words.pairs[last, word] += 1
            if HELD.search(line.text, max(0, found.start() - 6), found.start()):
                words.borne[word] += 1
            last, end = word if inside else "", found.end()
    words.pairs = Counter({pair: count for pair, count in words.pairs.items() if count >= 4 and proper(pair)})
    return words


def proper(pair: tuple[str, str]) -> bool:
    return all(len(word) > 2 and not word.isupper() and word.lower() not in PLAIN for word in pair)


def titled(word: str) -> bool:
    return word.lower().rstrip(".") in english.TITLES


def mentions(line: Line, words: Vocabulary) -> list[Mention]:
    """The names in a line, in order."""
    text = line.text
    found = list(CAPITAL.finditer(text))
    out: list[Mention] = []
    index = 0
    while index < len(found):
        first = found[index]
        end_index, parts, owner = run(text, found, index, words)
        if parts:
            last = found[end_index - 1]
            end = last.start() + len(bare(last.group()))
            name = " ".join(parts)
            spoken = any(start <= first.start() < stop for start, stop in line.spans)
            if acceptable(text, first.start(), parts, spoken):
                out.append(Mention(first.start(), end, name, spoken, owner))
        index = max(end_index, index + 1)
    return out


def run(text: str, found: list[re.Match], index: int, words: Vocabulary) -> tuple[int, list[str], bool]:
    """Where the name that begins with a capitalised word ends: (index after it, its words, whether a possessive follows)."""
    parts: list[str] = []
    owner = False
    at = index
    while at < len(found) and len(parts) < 7:
        raw = found[at].group()
        word = bare(raw)
        glue = None
        if parts:
            glue = GLUE.fullmatch(text, found[at - 1].end(), found[at].start())
            if glue is None or (glue.group().startswith(".") and not stops(found[at - 1].group())):
                break
        if titled(word):
            if parts and not titled(parts[-1]):
                break
        elif not (words.is_name(word) or (parts and titled(parts[-1]) and word.lower() not in NOT_SURNAMES)):
            follows = (
                at + 1 < len(found) and text[found[at].end() : found[at + 1].start()].strip(" \n.") == ""
            )
            given = word.lower() in first_names() and follows and words.is_name(bare(found[at + 1].group()))
            initial = (
                len(word) == 1 and word not in "IO" and text[found[at].end() : found[at].end() + 1] == "."
            )
            if not given and not (initial and (parts or follows)) and not paired(found, at, parts, words):
                break
        if glue is not None and glue.group(1):
            parts.append(glue.group(1))
        parts.append(word)
        at += 1
        if raw != word or LOST.match(text, found[at - 1].end()):
            owner = True
            break
    while parts and parts[-1] in PARTICLES:
        parts.pop()
    return at, parts, owner


def paired(found: list[re.Match], at: int, parts: list[str], words: Vocabulary) -> bool:
    """Whether the word is half of a name of two common words: "the Invisible Man"."""
    word = bare(found[at].group())
    if parts:
        return (parts[-1], word) in words.pairs
    return at + 1 < len(found) and (word, bare(found[at + 1].group())) in words.pairs


NOT_SURNAMES = english.words(
    "i i'm i'll i've the a an and but or if he she it we they you his her its that this there what who how no yes oh o"
)


def stops(word: str) -> bool:
    return titled(word) or len(word) == 1


def acceptable(text: str, start: int, parts: list[str], spoken: bool) -> bool:
    """Whether it is a name: not a title by itself, but for "the Captain", "Mother"."""
    if not all(titled(part) for part in parts):
        return True
    if len(parts) > 1 or parts[0].lower() not in ALONE:
        return False
    if spoken:
        return False
    return not begins_sentence(text, start) or text[start - 4 : start] in ("The ", "the ")

"""Finds the names and odd words of a book that a voice may get wrong. It needs no dictionary: the book is its own.

A word counts as a name by its capital inside a sentence, as odd by letters its language lacks, by mixed case or
figures, or by being spelled like hardly any other word of the book and of its language (spelling.py); as rare where a list of
the language's words is installed (rare_words.py).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from dotsbook.book import Chunk, Kind
from dotsbook.text.languages import base, script
from dotsbook.text.lexicon.heteronyms import heteronyms
from dotsbook.text.lexicon.lexicon_file import Lexicon, LexiconEntry, build
from dotsbook.text.lexicon.rare_words import rare_words
from dotsbook.text.lexicon.spelling import Spelling
from dotsbook.text.script.endings import words as words_of

TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
CLITIC = re.compile(r"(?:n['’]t|['’](?:s|S|d|ll|ve|re|m|t))$")
ELIDED = re.compile(r"^(?:[cdjlmnstCDJLMNST]|[qQ]u|[Dd]ell|[Aa]ll|[Nn]ell|[Uu]n)['’](?=[^\W_]{2})")
OPENS = re.compile(r"(?:^|[.!?…:;]|[\n\"“”‘«„»—–(\[*-]|['’](?=\s|$))[\s\"“‘«„'(\[—–-]*$")
KATAKANA = re.compile(r"[\u30a1-\u30fa\u30fc]{2,}(?:[・＝][\u30a1-\u30fa\u30fc]+)*")
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{1,4}(?:·[\u4e00-\u9fff]{1,5})+")
TITLED = re.compile(r"([\u4e00-\u9fff々]{1,4})(?=さん|君|様|氏|先生|殿|ちゃん)")
LOWER_LETTERS = {  # letters a language has besides a–z; others in a word make it foreign
    "en": "",
    "de": "äöüß",
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíóúüñ",
    "it": "àèéìíîòóùú",
    "pt": "áâãàçéêíóôõúü",
    "nl": "éèëïóöüáíú",
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "ro": "ăâîșțşţ",
    "tr": "çğıöşüâîû",
    "fi": "äöåšž",
    "id": "é",
    "vi": None,
}
KNOWN = words_of(  # capitalised, and said right by every voice
    """mr mrs ms dr st god english french german spanish italian russian monday tuesday wednesday thursday friday
    saturday sunday january february march april may june july august september october november december
    christmas easter herr frau gott ihnen ihr ihre ihren monsieur madame dieu señor señora dios signor signora
    dio usted vd"""
)
CAPITAL_NOUNS = frozenset({"de", "lb"})
ARTICLES = words_of("""
    der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner mein meine meinen
    meinem meiner dein deine sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer unser unsere dieser
    diese dieses diesen diesem jeder jede jedes jeden am im vom zum zur ans ins beim aller alle allen viele
    wenige mehr solche welche manche zwei drei vier""")
HABIT = 0.2  # a word written small in over this share of its places is no name
ODD_LENGTH = 5  # letters of a word whose spelling is judged
ODD_BOOK = 3000  # different words a book needs to judge by
REASONS = (
    "name",
    "initialism",
    "mixed",
    "foreign",
    "foreign letters",
    "foreign script",
    "odd spelling",
    "rare",
    "two readings",
)
SHORT = 3  # letters of a foreign word that a voice can hardly get wrong


@dataclass(frozen=True)
class OddWord:
    """A word that may need an entry."""

    word: str
    reason: str  # one of REASONS
    count: int
    chunk: str  # where it stands first
    context: str  # some words around it there
    entry: str | None = None  # how the lexicon says it, if it does
    readings: tuple[str, ...] = ()  # how it may sound, of a word that is read in two ways
    language: str = ""  # of the line where it stands first, and who speaks it
    voice: str = ""


def odd_words(chunks: Sequence[Chunk], language: str, lexicon: Lexicon | None = None) -> list[OddWord]:
    """The book's names and odd words, the most frequent first. Headings count only for words met elsewhere."""
    chunks = [chunk for chunk in chunks if chunk.kind is not Kind.HEADING] or list(chunks)
    seen: Counter = Counter()
    inside: Counter = Counter()  # places inside a sentence
    after_article: Counter = Counter()
    first: dict[str, tuple[Chunk, int]] = {}
    for chunk in chunks:
        for word, at, opens, led in tokens(chunk.text, base(chunk.language)):
            seen[word] += 1
            inside[word] += not opens
            after_article[word] += led
            first.setdefault(word, (chunk, at))
    small = Counter({word: count for word, count in seen.items() if word[:1].islower()})
    spelling = Spelling(small)
    rare = rare_words([word for word in small if judged(word)], base(language))
    found = []
    for word, count in seen.items():
        chunk, at = first[word]
        reason = why(word, chunk, count, small, inside, after_article, spelling, base(language)) or (
            "rare" if word in rare else None
        )
        if reason:
            found.append(
                OddWord(
                    word,
                    reason,
                    count,
                    chunk.id,
                    around(chunk.text, at, word),
                    None,
                    heteronyms(base(chunk.language)).get(word, ()),
                    chunk.language,
                    chunk.voice,
                )
            )
    found.sort(key=lambda odd: (-odd.count, odd.word))
    return with_entries(found, lexicon)


def with_entries(words: Iterable[OddWord], lexicon: Lexicon | None) -> list[OddWord]:
    """Odd words with how a lexicon says them, if it does."""
    if not lexicon:
        return [replace(odd, entry=None) if odd.entry else odd for odd in words]
    said = ((odd, lexicon.readings(odd.word, odd.language, odd.voice)) for odd in words)
    return [replace(odd, entry=made[0].after if made else None) for odd, made in said]


def tokens(text: str, language: str) -> Iterator[tuple[str, int, bool, bool]]:
    """(word, place, whether a sentence begins with it, whether an article stands before it)."""
    if script(text) in ("han", "kana"):
        for pattern in (KATAKANA, HAN_NAME, TITLED):
            for found in pattern.finditer(text):
                yield found.group(), found.start(), False, False
    previous = ""
    for found in TOKEN.finditer(text):
        word = CLITIC.sub("", found.group())
        cut = ELIDED.match(word)
        start = found.start() + (cut.end() if cut else 0)
        word = word[cut.end() :] if cut else word
        if word.isascii() or script(word) not in ("han", "kana", "thai"):
            opens = (
                not cut and word[0].isupper() and OPENS.search(text[max(0, start - 12) : start]) is not None
            )
            yield word, start, opens, previous in ARTICLES
        previous = found.group().lower()


def why(
    word: str,
    chunk: Chunk,
    count: int,
    small: Counter,
    inside: Counter,
    after_article: Counter,
    spelling: Spelling,
    language: str,
) -> str | None:
    """The reason a word is listed, or None."""
    if not any(letter.isalpha() for letter in word) or len(word) < 2 or word.lower() in KNOWN:
        return None
    kind = script(word)
    if kind in ("han", "kana"):
        return "name" if len(set(word)) > 1 else None
    if kind == "latin" and script(chunk.text) not in ("latin",):
        return "foreign script"
    if any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word):
        return (
            None if re.fullmatch(r"\d+(?:st|nd|rd|th|s|er|e|º|ª)|\d+[.,:]?\d*[a-z]{1,3}", word) else "mixed"
        )
    if word.isupper():
        return (
            "initialism"
            if 2 <= len(word) <= 5
            and not small[word.lower()]
            and inside[word]
            and not re.fullmatch("[IVXLCDM]+", word)
            else None
        )
    if re.search(r"[^\W\d_][^\W\d_]*[a-zà-ÿ][A-ZÀ-Þ]", word) and "-" not in word:
        return "mixed"
    if base(chunk.language) != language and kind == "latin" and len(word) > SHORT:
        return "foreign"
    if word in heteronyms(base(chunk.language)):
        return "two readings"
    letters = LOWER_LETTERS.get(base(chunk.language))
    strange = kind == "latin" and letters is not None and re.search(f"[^a-z0-9'’.{letters}-]", word.lower())
    if word[0].isupper() and is_name(word, count, small, inside, after_article, language):
        return "name"
    if strange:
        return "foreign letters"
    if word[0].isupper():
        return None
    return "odd spelling" if odd_spelling(word, base(chunk.language), spelling) else None


def is_name(
    word: str, count: int, small: Counter, inside: Counter, after_article: Counter, language: str
) -> bool:
    """A capital inside sentences that the word never sheds."""
    if not inside[word] or small[word.lower()] > HABIT * (count + small[word.lower()]):
        return False
    if "-" in word and all(small[part.lower()] for part in word.split("-")):
        return False
    if language in CAPITAL_NOUNS:
        return (
            count > 1
            and after_article[word] <= 0.1 * count
            and not re.search(r"(?:ung|heit|keit|schaft|tion|chen|nis)(?:en|s)?$", word)
        )
    return True


def odd_spelling(word: str, language: str, spelling: Spelling) -> bool:
    """Whether hardly any other word is spelled like this one, in a book that has enough to tell by."""
    return judged(word) and len(spelling.words) >= ODD_BOOK and spelling.odd(word, language)


def judged(word: str) -> bool:
    """Whether a word is long enough to be told odd or rare by its letters."""
    return len(word) >= ODD_LENGTH and word.isalpha()


def around(text: str, at: int, word: str) -> str:
    """Up to thirty characters on both sides, at word edges."""
    start, end = max(0, at - 30), min(len(text), at + len(word) + 30)
    start = 0 if start == 0 else text.find(" ", start, at) + 1 or start
    end = end if end == len(text) else max(text.rfind(" ", at + len(word), end), at + len(word))
    return " ".join(text[start:end].split())


def example_sentence(chunks: Iterable[Chunk], word: str) -> Chunk | None:
    """The chunk that shows a word best: there whole, in a chunk neither short nor long; None if it's nowhere."""
    finder = build([LexiconEntry(" ".join(word.split()), "*", case="any")])
    holding = (chunk for chunk in chunks if finder.readings(chunk.text, chunk.language, chunk.voice))
    return min(
        holding, key=lambda chunk: (chunk.kind is Kind.HEADING, abs(len(chunk.text) - 70)), default=None
    )


def respelled(chunk: Chunk, word: str, say: str) -> str:
    """What a chunk would say if `word` were said as `say`."""
    made = build([LexiconEntry(" ".join(word.split()), say, case="any")]).readings(
        chunk.spoken, chunk.language, chunk.voice
    )
    parts: list[str] = []
    at = 0
    for change in made:
        parts += (chunk.spoken[at : change.start], change.after)
        at = change.end
    return "".join(parts) + chunk.spoken[at:]

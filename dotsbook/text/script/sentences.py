"""Where sentences begin and end. It knows a language's habits, not voices, lengths or files.

`sentences(text, language)` gives [(start, end)], in order, without overlap, covering all that is visible. sentencex
proposes; then cuts are moved past closing marks, taken back where fiction and short forms want it (`thump! thump!
down she came`, `am 3. Mai`, `M. Osborne`) and added where a proposal stops short (`…in 1600 B.C. The city`).
A quotation stays whole here, as the golden sets have it; `inner` finds the sentences inside one.
"""

import re
from functools import lru_cache

from dotsbook.text.languages import base, script
from dotsbook.text.normalise.rules.streets import SAID, ends_there
from dotsbook.text.script.endings import (
    AFTER_ORDINAL,
    BEFORE_FIGURE,
    BEFORE_ORDINAL,
    LEADING,
    ORDINAL_DOT,
    PLAIN,
    PRONOUNS,
    SAYING,
    SHOUTED,
    STARTERS,
    TITLES,
    table,
)
from dotsbook.text.script.gaps import THAI_LONG, gaps
from dotsbook.text.script.listings import BULLET_LINE, listed, lone_marker
from dotsbook.text.script.quotes import spans

STOP = re.compile('[.!?…。！？｡．।॥؟۔։:።፧፨။។៕‼⁇⁈⁉\n]|\\w\\)\\s|[—–-]["”»]\\s')
CLOSING = "\"'”’»›«‹“)]}）］】」』》〉｣〟"
UNSEEN = "\u200b\u200e\u200f\u061c\u202a-\u202e\u2060\u2066-\u2069"
ASKING = "!?…;\u037e"  # Greek asks with ;
HARD_ENDS = "。！？｡।॥"
GOES_ON = "とってのがをはにもなでやか，、,;；：和的"  # after a closing quote: its sentence isn't over
FIGURE = re.compile(r"\d")
BLANK = re.compile(r"\n[ \t\r\f\v\u00a0]*\n\s*")
WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0971-\u0dff])+(?:[.'’-][^\W_]+)*$")
APOSTROPHE = re.compile(r"(?<=[^\W_])['’](?=[^\W_])")
ELISION = re.compile(r"^[^\W_]{1,5}['’](?=[^\W_]{2})")
NEXT = re.compile(r"[\s\"'“”‘’«»‹›„‚(\[¡¿—–-]*")
NEXT_WORD = re.compile(r"[^\W_]+['’]?")
ASIDE = re.compile(r"(?<![\s.][A-Z])[.!?…][\"'”’»]*[)\]]\s+(?=[\"'“‘«„(¿¡]?[^\W\d_])")
BROKEN_OFF = re.compile(r"(?:--+|[—–])[\"”»]\s+(?=[^\W\d_])")
WIDE_END = re.compile(r"[。！？｡]+[」』）〉》”’\"'\]]*(?=[^\s」』）〉》”’\"'\]。！？｡…])")
NARROW_END = re.compile(r"(?<=[\u3041-\u30ff\u3400-\u9fff])[!?♪]+(?=[\u3041-\u30ff\u3400-\u9fff])")
AFTER_STOP = re.compile(r"[.…][\"'”’“»«\])]*\s+(?=[\"'“‘«„(]?[^\W\d_])")
BEFORE_YEAR = re.compile(r"(?<=[^\W\d_]{3})[.!?…][\"'”’»)]*\s+(?=\d)")
SPACED_CLOSE = re.compile(r"(?:\s*[”’»]+)+(?=\s|$)")  # … ‘strategy.’ ”
ROMAN = re.compile("[IVXLCDM]+")
MEASURED = re.compile(r"[\d½¼¾][ -]?(?:(?:sq|cu)\. ?)?[a-z]{1,4}$")  # a figure with a shortened measure
SHILLINGS = re.compile(r"[\d½¼¾] ?(?:[sdl]|ft|lbs?|hrs?)$")
RULER = re.compile(r"[^\W\d_a-z]\w*[a-zà-ÿ] [IVX]{2,}$")
NEAR = 60  # characters looked at before a stop
CASED = frozenset({"latin", "cyrillic", "greek"})
TAG_WORDS = 6  # of a tag: the old Captain Quill answered
PARTICLES = frozenset({"the", "old", "young", "little", "von", "van", "de", "da", "der"})


@lru_cache(maxsize=64)
def words_of(which: str, language: str) -> frozenset[str]:
    data = {
        "starters": STARTERS,
        "leading": LEADING,
        "before": BEFORE_ORDINAL,
        "after": AFTER_ORDINAL,
        "saying": SAYING,
        "plain": PLAIN,
    }[which]
    return table(data, language)


def sentences(text: str, language: str) -> list[tuple[int, int]]:
    """[(start, end)] of every sentence, white space trimmed."""
    first = STOP.search(text.rstrip(CLOSING + ".!?…。！？ \n"))
    language = base(language)
    spaceless = language in ("th", "lo", "km") or (
        first is None and len(text) > THAI_LONG and script(text) == "thai"
    )
    if spaceless and script(text) == "thai":
        return trimmed(text, gaps(text))
    if first is None:
        return trimmed(text, [])
    pairs = spans(text)
    cuts = {moved(text, cut) for cut in proposed(text, language, pairs)}
    cuts = {cut for cut in cuts if 0 < cut < len(text) and stands(text, cut, language)}
    cuts |= {cut for cut in added(text, language, cuts) if not any(start < cut < end for start, end in pairs)}
    return trimmed(text, [cut for cut in sorted(cuts) if not lone_marker(text, cut, cuts)])


def inner(text: str, start: int, end: int, language: str) -> list[int]:
    """Where sentences end inside the quotations and brackets of a slice: places to part one that is too long."""
    places = []
    for opened, closed in spans(text[start:end]):
        inside = text[start + opened + 1 : start + closed - 1]
        if len(inside) < 8:
            continue
        places += [start + opened + 1 + until for _, until in sentences(inside, language)[:-1]]
    return sorted(set(places))


def trimmed(text: str, cuts: list[int]) -> list[tuple[int, int]]:
    """The stretches between cuts, without the white space around them."""
    found = []
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        piece = text[start:end]
        bare = piece.strip()
        if bare:
            start += len(piece) - len(piece.lstrip())
            found.append((start, start + len(bare)))
    return found


def proposed(text: str, language: str, pairs: list[tuple[int, int]]) -> list[int]:
    """sentencex's cuts. Apostrophes are hidden from it, and single quotes shown as double ones."""
    from sentencex import get_sentence_boundaries

    if any(mark in text for mark in "'’‘") and "''" not in text and "`" not in text:
        text = disguised(text, pairs)
    return [found["end_index"] for found in get_sentence_boundaries(language, text)]


def disguised(text: str, pairs: list[tuple[int, int]]) -> str:
    """The same text, as long, with single quotation marks that can't be mistaken."""
    text = APOSTROPHE.sub("\u02bc", text)
    singles = [(start, end) for start, end in pairs if text[start] in "'‘" and text[end - 1] in "'’"]
    if not singles:
        return text
    letters = list(text)
    for start, end in singles:
        letters[start], letters[end - 1] = "“", "”"
    return "".join(letters)


def moved(text: str, cut: int) -> int:
    """A cut, past closing marks that belong to what went before, or back before an opener caught on the wrong side."""
    spaced = SPACED_CLOSE.match(text, len(text[:cut].rstrip()))
    if spaced:
        return spaced.end()
    at = cut
    while (
        at < len(text)
        and text[at] in CLOSING
        and at > 0
        and not text[at - 1].isspace()
        and (at + 1 == len(text) or not text[at + 1].isalnum())
    ):
        at += 1
    if at > cut:
        return at
    left = text[:cut].rstrip()
    opener = "\"'“‘«„(’”" if text[cut : cut + 1].isalpha() else "\"'“‘«„("
    if len(left) > 1 and left[-1] in opener and left[-2].isspace() and len(left) == cut:
        return len(left) - 1
    return cut


def stands(text: str, cut: int, language: str) -> bool:
    """Whether a proposed cut is the end of a sentence."""
    left, right = text[:cut].rstrip(), text[cut : cut + 200].lstrip()
    if not left or not right:
        return False
    between = text[len(left) : cut] + text[cut : cut + 200][: -len(right)]
    if "\n" in between and BLANK.search(between):
        return True
    bare = left.rstrip(CLOSING + "\u202c\u200f\u200e")
    if not bare:
        return False
    last = bare[-1]
    if not between and (right[0] in ".,;:!?…" or (last == "." and glued(left, right)) or clings(left, right)):
        return False
    if last in HARD_ENDS:
        return len(bare) == len(left) or right[0] not in GOES_ON
    after = right[opened(right) :][:1]
    if right[0] == "(" and len(bare) < len(left):  # “…” (Which was true.)
        return False
    if last in ASKING or bare.endswith("..."):
        return not after.islower() and bare[-NEAR:].split()[-1].lower() not in SHOUTED
    if last == ".":
        return stops(bare[:-1], right, after, language)
    return True


def glued(left: str, right: str) -> bool:
    """A stop with no space after it: `a.C.`, `E.ON`, `1.)`; but not a mere missing space, `home.Then`."""
    head = re.search(r"([^\W_]+)\.+$", left[-NEAR:])
    if right[0] in ".,;:)-–/%" or not head:
        return right[0] not in CLOSING
    word = left.split()[-1]
    plain = (
        len(head.group(1)) > 2
        and not any(mark in word[:-1] for mark in "./@:")
        and (word[-2].islower() or word[-2].isdigit())
    )
    return not (plain and right[0].isupper())


def clings(left: str, right: str) -> bool:
    """A particle that clings to a closing quotation mark: “가!”라고."""
    return left[-1] in "\"'”’" and "\uac00" <= right[0] <= "\ud7a3"


def stops(before: str, right: str, after: str, language: str) -> bool:
    """Whether a full stop after `before` ends a sentence; `right` follows, `after` is its first letter or figure."""
    before = before[-NEAR:]
    found = WORD.search(before.rstrip(UNSEEN))
    word = ELISION.sub("", found.group()) if found else ""
    low = word.lower()
    if word.isdigit():
        return not (
            after.islower()
            or (
                language in ORDINAL_DOT
                and ordinal(before[: found.start() if found else 0], word, right, language)
            )
        )
    figure = after.isdigit() or ROMAN.fullmatch(next_word(right))
    if figure and (low in BEFORE_FIGURE or low.endswith("str") or before.endswith(("°", "º", "§"))):
        return False
    if after.islower() and ("." in word or len(word) == 1 or word.isupper()):
        return False
    if MEASURED.search(before) and (after.islower() or (after.isdigit() and SHILLINGS.search(before))):
        return False
    if (
        language == "en"
        and word in SAID
        and ends_there(before[: found.start() if found else 0], word, " " + right)
    ):
        return True
    if low in words_of("leading", language) and after:
        return next_word(right) in words_of("starters", language) and len(word) > 1 and low not in TITLES
    return True


def opened(text: str, at: int = 0) -> int:
    """The place after the spaces and opening marks that stand at `at`."""
    found = NEXT.match(text, at)
    return found.end() if found else at


def next_word(right: str) -> str:
    found = NEXT_WORD.match(right, opened(right))
    return found.group() if found else ""


def ordinal(before: str, figure: str, right: str, language: str) -> bool:
    """Whether a figure with its stop is an ordinal in the middle of a sentence."""
    if len(figure) > 3 or not right[:1].isalnum():
        return False
    follows = next_word(right)
    if follows in words_of("after", language):
        return True
    previous = before.split()[-1].lower() if before.split() else ""
    return previous in words_of("before", language) and follows not in words_of("starters", language)


def said_by_name(left: str, right: str, language: str) -> bool:
    """`"Why?" Mara asked.`: a tag, not a new sentence."""
    verbs = words_of("saying", language)
    if left[-1] not in "\"”’'»«“" or not verbs:
        return False
    subject: list[str] = []
    for word in right.split()[:TAG_WORDS]:
        if word.rstrip(",.;:!?—") in verbs:
            return bool(subject) and subject[0] not in PRONOUNS
        if not (word[0].isupper() or word in PARTICLES):
            return False
        subject.append(word)
    return False


def added(text: str, language: str, known: set[int]) -> list[int]:
    """Ends that the proposal, of which `known` came through, lacks."""
    cuts = []
    if "\n" in text:
        cuts += [found.end() for pattern in (BLANK, BULLET_LINE) for found in pattern.finditer(text)]
    figures = FIGURE.search(text) is not None
    if figures:
        cuts += listed(text)
    kind = script(text)
    if kind in ("han", "kana"):
        cuts += [found.end() for found in WIDE_END.finditer(text) if not quoting(text, found)]
        cuts += [found.end() for found in NARROW_END.finditer(text)]
    if kind not in CASED:
        return cuts
    if ")" in text or "]" in text:
        cuts += [found.end() for found in ASIDE.finditer(text) if upper_next(text, found.end())]
    if figures:
        cuts += [found.end() for found in BEFORE_YEAR.finditer(text) if figure_opens(text, found, language)]
    return cuts + broken_off(text, language) + unseen(text, language, known)


def broken_off(text: str, language: str) -> list[int]:
    """Ends of speeches that break off: `“If you would only—” The line went dead.`"""
    starters = words_of("starters", language)
    cuts = []
    for found in BROKEN_OFF.finditer(text):
        before, after = found.group().rstrip(), text[found.end() : found.end() + 120]
        if next_word(after) in starters and not said_by_name(before, after, language):
            cuts.append(found.end())
    return cuts


def unseen(text: str, language: str, known: set[int]) -> list[int]:
    """Ends at a plain stop that were taken for short forms."""
    starters, leading, plain = (words_of(which, language) for which in ("starters", "leading", "plain"))
    return [
        found.end()
        for found in AFTER_STOP.finditer(text)
        if found.end() not in known
        and (
            starts_anew(text, found, starters, leading)
            or (plain and ends_plainly(text, found, plain))
            or (language not in ORDINAL_DOT and ends_with_ruler(text, found))
        )
    ]


def upper_next(text: str, at: int) -> bool:
    return text[opened(text, at) :][:1].isupper()


def starts_anew(text: str, found: re.Match, starters: frozenset, leading: frozenset) -> bool:
    """Whether a word that heads sentences follows a stop that isn't a title's or an initial's."""
    follows = next_word(text[found.end() : found.end() + 40])
    if follows not in starters or follows.rstrip("'’") in (
        "I",
        "A",
        "E",
        "O",
        "Y",
        "В",
        "И",
        "А",
        "О",
        "С",
        "К",
        "Я",
    ):
        return False
    at = found.start()
    left = text[max(0, at - NEAR) : at]
    if text[at] == "…" or left.endswith("."):
        return True
    before = WORD.search(left)
    word = before.group() if before else ""
    if word == "I" and re.search(r"[a-z],? I$", left):
        return True  # said I. But …
    if len(word) == 1 and word.isupper() and "." not in left[-4:]:
        return False  # an initial: J. In…
    return word.lower() not in leading and not (word.isdigit() and len(word) < 3)


def ends_plainly(text: str, found: re.Match, plain: frozenset) -> bool:
    """Whether a plain word, written small, stands before this stop and a capital after it."""
    before = WORD.search(text[max(0, found.start() - NEAR) : found.start()].rstrip("."))
    return (
        before is not None and re.split("['’]", before.group())[-1] in plain and upper_next(text, found.end())
    )


def ends_with_ruler(text: str, found: re.Match) -> bool:
    """Whether a name and a Roman numeral stand before this stop, and a capital after it: `… Thutmose III. A …`"""
    return RULER.search(text, max(0, found.start() - NEAR), found.start()) is not None and upper_next(
        text, found.end()
    )


def figure_opens(text: str, found: re.Match, language: str) -> bool:
    """Whether a sentence begins with the figure after this stop: `… in Betrieb. 1992 wurde …`."""
    year = re.match(r"\d{4}(?!\d)", text[found.end() :]) is not None
    word = WORD.search(text[max(0, found.start() - 40) : found.start()])
    if text[found.start()] != "." or not word:
        return text[found.start()] in "!?"
    low = word.group().lower()
    if (
        low in BEFORE_FIGURE
        or low in words_of("leading", language)
        or "." in low
        or low.endswith("str")
        or not low[-1].islower()
    ):
        return False
    return (len(low) > 2 if year else len(low) > 5) and language not in ("ar", "fa", "he", "ur")


def quoting(text: str, found: re.Match) -> bool:
    """A quotation that its sentence goes on from: 「はい。」と言った."""
    closed = found.group()[-1] not in HARD_ENDS
    return closed and text[found.end()] in GOES_ON

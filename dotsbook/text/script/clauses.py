"""Where a sentence that is too long for one breath may be parted. It knows punctuation and small words, not voices.

`parts(text, language, limit)` gives the cuts. A cut is never in a word or a number, and in a quotation, a bracket or
a name only when nothing better is left.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate

from dotsbook.text.languages import SPACELESS, base, script
from dotsbook.text.script.quotes import spans
from dotsbook.text.script.sentences import words_of

# Words a clause may begin with, for a cut before them.
CONJUNCTIONS = {
    "en": """and but or nor so yet for which who whom whose that because although though while when where whereas if
        unless until after before since as than then with without into""",
    "de": """und oder aber denn sondern dass daß weil obwohl während wenn als wo welche welcher welches die der das
        ob bis nachdem bevor damit indem""",
    "fr": "et ou mais car donc que qui dont où lorsque quand comme si parce puisque tandis quoique afin pour sans avec",
    "es": "y e o u pero sino que quien cuyo donde cuando como si porque pues aunque mientras para sin con",
    "it": "e ed o ma che cui dove quando come se perché poiché mentre benché affinché per senza con",
    "pt": "e ou mas que quem cujo onde quando como se porque pois embora enquanto para sem com",
    "nl": "en of maar want dat die omdat hoewel terwijl wanneer als waar toen zodat om zonder met",
    "ru": "и а но или что чтобы который которая которое которые которого где когда как если потому хотя пока чем",
    "uk": "і й та а але або що щоб який яка яке які де коли як якщо тому хоча поки",
    "pl": "i a ale lecz albo lub że żeby który która które gdzie kiedy gdy jak jeśli bo ponieważ chociaż",
    "cs": "a i ale nebo že aby který která které kde když jak jestli protože ačkoli",
    "ro": "și dar sau că care unde când cum dacă pentru deși ca",
    "tr": "ve ama fakat çünkü ki ile ancak",
    "fi": "ja mutta tai että joka jotka jossa kun jos koska vaikka",
    "el": "και αλλά ή ότι που όταν αν γιατί ενώ όπως για",
    "id": "dan tetapi tapi atau yang karena ketika jika agar supaya untuk dengan",
    "vi": "và nhưng hoặc mà vì khi nếu để thì với",
    "hi": "और या लेकिन परन्तु परंतु मगर कि जो जब जहाँ अगर यदि क्योंकि तो",
    "ar": "و أو لكن ثم أن الذي التي حيث عندما إذا لأن حتى",
    "ko": "그리고 그러나 하지만 또는 그래서",
}
STRONG = re.compile(
    r"(?:[;؛·]|:(?=\s)|[；：]|\s--?(?=\s)|--+|(?:\s[–—])+(?=\s)|[—―]+|…+(?=\s)|\n)[\"'”’»)\]」』]*\s*"
)
STOP = re.compile(r"(?<![^\W\d_])(?P<word>[^\W\d_]{3,}+)[.!?][\"'”’»)\]]*\s+(?=[\"'“‘«„(¿¡]?[^\W\d_])")
COMMA = re.compile(r"(?:,(?=[\s\"'”’»“)\]])|[،、，]|,(?=[\u3041-\u9fff]))[\"'”’»)\]」』]*\s*")
SPACE = re.compile(r"\s+")
NO_SPACES = re.compile(
    r"(?<=[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7ff])(?=[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7ff])"
)
KANA_END = re.compile(r"(?<=[はがをにでともへて])(?=[\u30a1-\u30ff\u3400-\u9fff])")
TITLE_AFTER_COMMA = re.compile(r"(?:Jr|Sr|Esq|Ph\.?D|M\.?D|II|III|IV)\b")
COST = {"strong": 1.0, "and": 2.0, "comma": 3.0, "word": 5.0, "space": 12.0}
LISTING = 1.8
IN_QUOTE, IN_BRACKET, LOPSIDED = 1.5, 3.0, 8.0
STRETCH = 1.35  # a sentence this much over the limit stays whole rather than be parted at a mere space
NAME = 60  # characters of the longest word of a name
LEAST = 0.18  # of the limit: no part is shorter


@lru_cache(maxsize=64)
def conjunctions(language: str) -> re.Pattern | None:
    words = CONJUNCTIONS.get(language)
    return re.compile(rf"(?<=\s)(?=(?:{'|'.join(words.split())})\s)") if words else None


def places(text: str, language: str) -> list[tuple[int, float]]:
    """[(place, cost)] of every cut that could be made, before what encloses it is looked at."""
    found: dict[int, float] = {}

    def offer(at: int, cost: float) -> None:
        if 0 < at < len(text):
            found[at] = min(cost, found.get(at, 99.0))

    joiner = conjunctions(base(language))
    for match in STRONG.finditer(text):
        offer(match.end(), COST["strong"])
    leading = words_of("leading", base(language))
    for match in STOP.finditer(text):
        if match["word"].lower() not in leading:
            offer(match.end(), COST["comma" if text[match.end()].islower() else "strong"])
    for match in COMMA.finditer(text):
        if not TITLE_AFTER_COMMA.match(text, match.end()):
            offer(
                match.end(),
                (COST["and"] if joiner and joiner.match(text, match.end()) else COST["comma"])
                + worse(text, match, language),
            )
    if joiner:
        for match in joiner.finditer(text):
            offer(match.end(), COST["word"])
    if script(text) in SPACELESS:
        for match in KANA_END.finditer(text):
            offer(match.end(), COST["word"] + 2)
    return sorted(found.items())


def last_resorts(text: str) -> list[tuple[int, float]]:
    """[(place, cost)] of the cuts that follow no sense: at any space, or in scripts without spaces anywhere."""
    found = [
        (match.end(), COST["space"])
        for match in SPACE.finditer(text)
        if 0 < match.end() < len(text) and not named(text, match.start(), match.end())
    ]
    if script(text) in SPACELESS:
        found += [(match.end(), COST["space"] + 4) for match in NO_SPACES.finditer(text)]
    return sorted(found)


def worse(text: str, comma: re.Match, language: str) -> float:
    """What makes a comma a bad place: a Chinese list's 、, or a small word before it that belongs to what follows."""
    if comma.group()[0] == "、":
        return LISTING if base(language) in ("zh", "yue") else 0.0
    before = text[max(0, comma.start() - 12) : comma.start()].rsplit(None, 1)
    return LISTING if before and before[-1].lower() in CONJUNCTIONS.get(base(language), "").split() else 0.0


def named(text: str, start: int, end: int) -> bool:
    """Whether a gap stands between two parts of a name or of a number."""
    left, right = text[max(0, start - 1) : start], text[end : end + 1]
    if left.isdigit() or (
        left == "." and text[max(0, start - 3) : start - 1].strip().isalpha() and right.isupper()
    ):
        return True
    before = text[max(0, start - NAME) : start].rsplit(None, 1)[-1] if start else ""
    return before[:1].isupper() and right.isupper()


def parts(text: str, language: str, limit: int) -> list[int]:
    """The cuts that bring every part of `text` to `limit` characters, or as near as sense allows."""
    if len(text) <= limit:
        return []
    enclosed = sheltered(text, spans(text))
    weighed = [(at, cost + enclosed(at)) for at, cost in places(text, language)]
    resorts: list[tuple[int, float]] = []
    cuts: list[int] = []
    todo = [(0, len(text))]
    while todo:
        start, end = todo.pop()
        cut = best(weighed, start, end, limit)
        if cut is None and end - start > limit * STRETCH:
            resorts = resorts or [(at, cost + enclosed(at)) for at, cost in last_resorts(text)]
            cut = best(resorts, start, end, limit)
        if cut is not None:
            cuts.append(cut)
            todo += [(start, cut), (cut, end)]
    return sorted(cuts)


def sheltered(text: str, pairs: list[tuple[int, int]]) -> Callable[[int], float]:
    """What a cut at a place costs for the quotations and brackets that enclose it; asked often, so summed once."""
    costs = [IN_BRACKET if text[start] in "([{（［" else IN_QUOTE for start, _ in pairs]
    opened = sorted(zip((start for start, _ in pairs), costs, strict=True))
    closed = sorted(zip((end for _, end in pairs), costs, strict=True))
    starts, ends = [at for at, _ in opened], [at for at, _ in closed]
    into, out = ([0.0, *accumulate(cost for _, cost in edges)] for edges in (opened, closed))
    return lambda at: into[bisect_left(starts, at)] - out[bisect_right(ends, at)]


def best(weighed: list[tuple[int, float]], start: int, end: int, limit: int) -> int | None:
    """The cheapest cut of a stretch; None if it is short enough or should rather stay whole."""
    length = end - start
    if length <= limit:
        return None
    least = limit * LEAST
    middle, choice, lowest = (start + end) / 2, None, 99.0
    here = slice(bisect_left(weighed, (start + least, 0.0)), bisect_right(weighed, (end - least, 99.0)))
    for at, cost in weighed[here]:
        if start + least <= at <= end - least:
            total = cost + LOPSIDED * abs(at - middle) / length
            if total < lowest:
                choice, lowest = at, total
    return choice

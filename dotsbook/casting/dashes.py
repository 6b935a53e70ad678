"""Speech that begins with a dash: where it ends, and the tags inside it. It knows marks and verbs of saying.

A turn is a paragraph that begins with a dash. What the narrator says in it is cut out: between dashes where the language
does so (Spanish, Portuguese, Italian, Polish, Russian), after a verb of saying turned round where it doesn't (French).
"""

import re

from dotsbook.casting.outer_marks import INLINE_TURN
from dotsbook.casting.saying import verbs
from dotsbook.casting.speech_finder import Slice

TURN = re.compile(r"\s*(?:--|[—–―‒-])\s?")
SPLIT = re.compile(r"(?:(?<=\s)|(?<=[.,;:!?…»]))(?:--|[—–―‒])(?=\s|[\w¿¡])|(?<=\w)[—–―‒](?=[.,;:!?…]|\s|$)")
WORD = re.compile(r"\w+(?:['’-]\w+)*")
SUBJECT = re.compile(  # after a verb of saying turned round
    r"\s+(?:alors |enfin |aussi |encore |tout bas |à voix basse |en ce moment |en \w+ant |\w+ment )?"
    r"(?:le|la|l['’]|les|un|une|M\.|[Mm]on|[Ss]on|[Ss]a|ma|leur|[A-ZÀ-Þ])"
)
ENCLITIC = re.compile(r"(?:-t)?-(?:il|elle|on|ils|elles|je|nous|tu|vous)$")
SENTENCE_END = re.compile(r"(?<!\bM)(?<!\bMM)(?<!\bMme)[.!?…]+[»”\"]?\s+(?=[A-ZÀ-ÞА-Я«“\"])")
# in French: what narrates rather than speaks, sentence by sentence
OF_SPEECH = re.compile(
    r"\b(?:je|j['’]|tu|t['’]|vous|nous|me|m['’]|moi|toi|mon|ma|mes|ton|tes|votre|vos|notre|nos)\b|[?!]", re.I
)
OF_NARRATION = re.compile(
    r"\b(?:il|elle|ils|elles|on|[A-Z]\w+)\s+(?:ne\s+|n['’]|se\s+|s['’]|lui\s+|leur\s+|la\s+|le\s+|les\s+|l['’]|y\s+|en\s+)*"
    r"(?:\w+(?:a|it|ut|èrent|irent|urent|ait|aient)|eut|fut|vint|tint|prit|mit)\b"
)


def dash_spans(text: str, language: str) -> tuple[Slice, ...]:
    """What is spoken in a paragraph that begins with a dash, the dash in it; nothing where it doesn't."""
    begin = TURN.match(text)
    if begin is None:
        return ()
    start = begin.start() + len(begin.group()) - len(begin.group().lstrip())
    spoken = (
        inverted(text, start, begin.end(), verbs("fr"))
        if language == "fr"
        else between(text, start, language)
    )
    return tuple((a, b) for a, b in spoken if any(sign.isalnum() for sign in text[a:b]))


def inline_spans(text: str) -> tuple[Slice, ...]:
    """What is spoken in a French paragraph that holds several turns, each begun by a dash after a sentence."""
    starts = [found.start() for found in INLINE_TURN.finditer(text)]
    if TURN.match(text):
        starts.insert(0, 0)
    out: list[Slice] = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        turn = text[start:end]
        head = TURN.match(turn)
        spoken = inverted(turn, 0, head.end() if head else 0, verbs("fr"))
        for k, (a, b) in enumerate(spoken):
            if k == len(spoken) - 1 and b >= len(turn.rstrip()):
                b = a + until_narration(turn[a:b])
            a, b = trimmed(turn, a, b)
            if any(sign.isalnum() for sign in turn[a:b]):
                out.append((start + a, start + b))
    return tuple(out)


def without_tags(text: str, spans: tuple[Slice, ...]) -> tuple[Slice, ...]:
    """French quotations between marks, with the tags inside them cut out: `« Oui, dit-il, j'irai. »`"""
    out: list[Slice] = []
    for start, end in spans:
        inside = text[start:end]
        out.extend((start + a, start + b) for a, b in inverted(inside, 0, 1, verbs("fr")))
    return tuple(piece for piece in out if any(sign.isalnum() for sign in text[piece[0] : piece[1]]))


def trimmed(text: str, start: int, end: int) -> Slice:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def between(text: str, start: int, language: str) -> list[Slice]:
    """Spoken pieces where dashes part tag and speech: `—Sí —dijo él—. Vamos.`, `— Да, — сказал он. — Пойдём.`"""
    said = verbs(language)
    cuts = [found for found in SPLIT.finditer(text) if found.start() > start]
    pieces: list[tuple[int, int, bool]] = []  # start, end, narrated
    at, narrated = start, False
    for cut in cuts:
        pieces.append((at, cut.start(), narrated))
        at = cut.end()
        opens = (
            text[cut.start() - 1 : cut.start()].isspace() and not text[cut.end() : cut.end() + 1].isspace()
        )
        first = [word.group().lower() for word in WORD.finditer(text, at, at + 60)][:4]
        tag = any(word in said or word.split("-")[0] in said for word in first)
        if narrated:
            narrated = False
        else:
            narrated = tag or (language == "es" and opens)
    pieces.append((at, len(text), narrated))
    out: list[Slice] = []
    for a, b, by_narrator in pieces:
        if by_narrator:
            continue
        a, b = trimmed(text, a, b)
        while a < b and out and text[a] in ".,;:":  # the stop after a tag's dash: `—dijo él—. Vamos`
            a += 1
        a, b = trimmed(text, a, b)
        if out and text[out[-1][1] : a].strip(" \n—–―-") == "":
            out[-1] = (out[-1][0], b)  # a dash of the speech's own
        elif a < b:
            out.append((a, b))
    return out


def inverted(text: str, start: int, begin: int, said: frozenset[str]) -> list[Slice]:
    """Spoken pieces where a tag is known by its verb alone: `— Oui, dit-il. Allons.`, `— Ah ! s'écria Anne, partez !`"""
    out: list[Slice] = []
    at = start
    while (tag := next_tag(text, max(at, begin), said)) is not None:
        from_, to = tag
        out.append(trimmed(text, at, from_))
        at = to
        if text[to - 1 : to] in ".!?…" or to >= len(text):
            again = speech_again(text, to)
            if again is None:
                return out
            at = again
    out.append(trimmed(text, at, len(text)))
    return [piece for piece in out if piece[0] < piece[1]]


def next_tag(text: str, at: int, said: frozenset[str]) -> Slice | None:
    """[start, end) of the next tag: from its verb (with the pronouns before it) to the stop after it, the stop in it."""
    for found in WORD.finditer(text, at):
        word = found.group().lower()
        stem = ENCLITIC.sub("", word)
        bare = re.sub(r"^[smlt]['’]", "", stem)
        if bare not in said:
            continue
        before = text[at : found.start()]
        lead = re.search(
            r"(?:[,!?…;:]|\.\.\.|[»”])\s*(?:(?:lui|leur|me|se|te|nous|vous|en|y|[mst]['’])\s*)*$", before
        )
        if lead is None:
            continue
        after = text[found.end() : found.end() + 40]
        turned = stem != word or SUBJECT.match(after)
        if not turned:
            continue
        begins = at + lead.start() + len(lead.group()) - len(lead.group().lstrip(",!?…;:.»” \n"))
        return begins, tag_end(text, found.end())
    return None


def tag_end(text: str, at: int) -> int:
    """Where a tag's clause ends: at its stop, past ", en riant," and the like."""
    for stop in re.finditer(r"[,;:.!?…]|—|–|--|$", text[at:]):
        place = at + stop.start()
        if re.search(r"\b(?:M|MM|Mme|Mlle|Dr|St)$", text[max(0, place - 4) : place]) and stop.group() == ".":
            continue
        more = re.match(
            r",\s*(?:en \w+ant|d['’]une? (?:voix|ton|air)|avec|sans|tout en|d['’]un|qui|dont|les? |la |comme|après"
            r"|à (?:demi|voix|son|sa|mi)|sur|se \w+|\w+(?:é|ée|ant|u|ue)\b)",
            text[place : place + 40],
        )
        if stop.group() == "," and more:
            continue
        return min(len(text), place + len(stop.group()))
    return len(text)


def speech_again(text: str, at: int) -> int | None:
    """Where speech goes on after a tag that ended its sentence; None: the narrator has the rest."""
    rest = text[at:]
    if not rest.strip():
        return None
    first = SENTENCE_END.split(rest.strip())[0]
    if OF_SPEECH.search(first):
        return at
    return None if OF_NARRATION.search(first) else at


def until_narration(text: str) -> int:
    """Where speech without a tag turns into narration within its paragraph: French texts that have lost their lines."""
    at = 0
    for end in [*(found.end() for found in SENTENCE_END.finditer(text)), len(text)]:
        sentence = text[at:end]
        if at and OF_NARRATION.search(sentence) and not OF_SPEECH.search(sentence):
            return at
        at = end
    return len(text)

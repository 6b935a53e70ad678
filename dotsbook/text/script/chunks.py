"""Parts a paragraph into what one take each is made of. It knows lengths, quotes and marks, not how numbers are read.

One sentence is one piece; tiny ones join their neighbour, long ones are parted at clauses, and a change of voice or
of language (of a phrase long enough) parts too. Pieces cover all that is visible, in order, without overlap.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from dotsbook.book import Kind, Paragraph, Pause
from dotsbook.direction import DELIVERY
from dotsbook.text.languages import SPACELESS, base, script
from dotsbook.text.script.clauses import parts
from dotsbook.text.script.sentences import inner, said_by_name, sentences


@dataclass(frozen=True)
class Lengths:
    """In characters: what a model speaks well in one go."""

    comfortable: int  # longer is parted at clauses: about 15 seconds of speech
    tiny: int  # shorter joins its neighbour: under a second comes out of most models ill
    joined: int  # but never to more than this


LENGTHS = {
    "latin": Lengths(240, 13, 110),
    "cyrillic": Lengths(230, 13, 110),
    "greek": Lengths(240, 13, 110),
    "arabic": Lengths(190, 11, 90),
    "hebrew": Lengths(180, 10, 85),
    "indic": Lengths(210, 12, 100),
    "hangul": Lengths(110, 7, 45),
    "han": Lengths(72, 5, 32),
    "kana": Lengths(95, 7, 42),
    "thai": Lengths(170, 12, 80),
}
PHRASE = 5  # words a foreign phrase needs to be a piece of its own; a shorter one stays in its sentence
PHRASE_LETTERS = 10  # the same for scripts without spaces
WHOLE = 0.8  # a foreign phrase with this share of a sentence's letters makes the sentence foreign
LETTER = re.compile(r"[^\W_]")
WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
UNSAID = re.compile(r"[^\w\s]|_")
TAG = 60  # characters a tag such as `Mara asked.` may have to be kept with its quote


@dataclass(frozen=True, slots=True)
class Piece:
    """A slice of a source for one voice, in one language."""

    start: int
    end: int
    voice: str
    language: str
    pause: Pause = Pause.SENTENCE
    delivery: str = ""  # how the voice is to speak it


# (voice, what is wanted by kind, the words) → as much of it as a take can be made with
Deliver = Callable[[str, Mapping[str, str], str], str]
Comfortable = Mapping[str, Mapping[str, int]]  # voice → script ("latin", "han" …) → characters a line


def lengths(text: str, own: Mapping[str, int] | None = None) -> Lengths:
    """The lengths for a text's script; `own` are an engine's comfortable ones, of the scripts it has a word on."""
    kind = script(text)
    usual = LENGTHS[kind]
    most = own.get(kind, usual.comfortable) if own else usual.comfortable
    return usual if most == usual.comfortable else Lengths(most, usual.tiny, min(usual.joined, most))


def pieces(
    text: str,
    paragraph: Paragraph,
    language: str,
    voice: Callable[[str | None], str],
    speakable: Callable[[str], bool] = lambda code: True,
    detect: Callable[[str], str | None] | None = None,
    comfortable: Comfortable | None = None,
    deliver: Deliver | None = None,
) -> list[Piece]:
    """A paragraph of the source `text` in pieces.

    `voice` casts a speaker, `speakable` says whether a foreign language is worth a switch, `detect` guesses one.
    `comfortable` says what a voice's engine speaks well in one go, where it isn't the usual; `deliver` what of a direction
    is done by another take.
    """
    body = text[paragraph.start : paragraph.end]
    runs = voices(body, paragraph, voice)
    sizes = {name: lengths(body, comfortable.get(name) if comfortable else None) for _, _, name in runs}
    foreign = phrases(body, paragraph, language, speakable)
    directed = spans_of(body, paragraph) if deliver else []
    found: list[Piece] = []
    for start, end, name in runs:
        spoken = [
            Piece(start + a, start + b, name, language) for a, b in sentences(body[start:end], language)
        ]
        if detect:
            spoken = [guessed(body, piece, detect, foreign, speakable) for piece in spoken]
        for piece in spoken:
            found += [
                small
                for run in by_language(body, piece, foreign)
                for part in by_delivery(body, run, directed, deliver)
                for small in shortened(body, part, sizes[name])
            ]
    found = joined(body, found, sizes, paragraph.kind)
    at = paragraph.start
    return [replace(piece, start=piece.start + at, end=piece.end + at) for piece in found]


def voices(body: str, paragraph: Paragraph, voice: Callable[[str | None], str]) -> list[tuple[int, int, str]]:
    """[(start, end, voice)] through the whole paragraph, by its speaker marks."""
    own = voice(paragraph.speaker)
    runs: list[tuple[int, int, str]] = []
    at = 0
    for mark in sorted(
        (mark for mark in paragraph.marks if mark.kind == "speaker"), key=lambda mark: mark.start
    ):
        start, end = max(mark.start - paragraph.start, at), min(mark.end - paragraph.start, len(body))
        if start >= end:
            continue
        runs += [(at, start, own), (start, end, voice(mark.value))]
        at = end
    runs.append((at, len(body), own))
    merged: list[tuple[int, int, str]] = []
    for start, end, name in runs:
        if start == end:
            continue
        if merged and (merged[-1][2] == name or not LETTER.search(body, start, end)):
            merged[-1] = (merged[-1][0], end, merged[-1][2])
        elif merged and not LETTER.search(body, *merged[-1][:2]):
            merged[-1] = (merged[-1][0], end, name)
        else:
            merged.append((start, end, name))
    return merged


def phrases(
    body: str, paragraph: Paragraph, language: str, speakable: Callable[[str], bool]
) -> list[tuple[int, int, str]]:
    """[(start, end, language)] of the phrases marked foreign, those side by side as one, with what clings to them."""
    found: list[tuple[int, int, str]] = []
    for mark in sorted(
        (mark for mark in paragraph.marks if mark.kind == "language"),
        key=lambda mark: (mark.start, -mark.end),
    ):
        if base(mark.value) == base(language) or not speakable(mark.value):
            continue
        start, end = widened(body, mark.start - paragraph.start, mark.end - paragraph.start)
        if found and start < found[-1][1]:
            continue  # inside the last
        if found and found[-1][2] == mark.value and not LETTER.search(body, found[-1][1], start):
            found[-1] = (found[-1][0], end, mark.value)
        elif LETTER.search(body, start, end):
            found.append((start, end, mark.value))
    return found


def widened(body: str, start: int, end: int) -> tuple[int, int]:
    """A slice with the marks that cling to it: its quotation marks, its comma."""
    while start > 0 and not body[start - 1].isspace() and not body[start - 1].isalnum():
        start -= 1
    while end < len(body) and not body[end].isspace() and not body[end].isalnum():
        end += 1
    return start, end


def long_enough(phrase: str) -> bool:
    if script(phrase) in SPACELESS:
        return len(LETTER.findall(phrase)) >= PHRASE_LETTERS
    return len(WORDS.findall(phrase)) >= PHRASE


def by_language(body: str, piece: Piece, foreign: list[tuple[int, int, str]]) -> list[Piece]:
    """A sentence, parted where its language changes for long enough."""
    inside = [
        (max(start, piece.start), min(end, piece.end), code)
        for start, end, code in foreign
        if start < piece.end and end > piece.start
    ]
    if not inside:
        return [piece]
    letters = len(LETTER.findall(body[piece.start : piece.end]))
    for start, end, code in inside:
        if len(LETTER.findall(body[start:end])) >= WHOLE * letters:
            return [replace(piece, language=code)]
    inside = [run for run in inside if long_enough(body[run[0] : run[1]])]
    cut, at = [], piece.start
    for start, end, code in inside:
        cut += [replace(piece, start=at, end=start), replace(piece, start=start, end=end, language=code)]
        at = end
    cut.append(replace(piece, start=at))
    cut = [part for part in (bare(body, part) for part in cut) if part.start < part.end]
    cut = gathered(body, cut, lengths(body).tiny)
    return [*(replace(part, pause=Pause.CLAUSE) for part in cut[:-1]), cut[-1]]


def spans_of(body: str, paragraph: Paragraph) -> list[tuple[int, int, str, str]]:
    """[(start, end, kind, value)] of what is wanted of words' delivery, out to whole words and what clings to them, the widest first."""
    found = []
    for mark in paragraph.marks:
        if mark.kind in DELIVERY:
            start, end = max(0, mark.start - paragraph.start), min(mark.end - paragraph.start, len(body))
            while 0 < start < end and body[start - 1].isalnum() and body[start].isalnum():
                start -= 1
            while 0 < end < len(body) and body[end - 1].isalnum() and body[end].isalnum():
                end += 1
            if LETTER.search(body, start, end):
                found.append((*widened(body, start, end), mark.kind, mark.value))
    return sorted(found, key=lambda span: span[0] - span[1])


def by_delivery(
    body: str, piece: Piece, directed: list[tuple[int, int, str, str]], deliver: Deliver | None
) -> list[Piece]:
    """A sentence, parted where it is to be spoken otherwise; of spans one in another the narrower counts."""
    here = [span for span in directed if span[0] < piece.end and span[1] > piece.start]
    if not here or deliver is None:
        return [piece]
    edges = {piece.start, piece.end}
    edges.update(edge for span in here for edge in span[:2] if piece.start < edge < piece.end)
    cut: list[Piece] = []
    for start, end in pairwise(sorted(edges)):
        wanted = {kind: value for a, b, kind, value in here if a <= start and end <= b}
        words = body[start:end]
        part = bare(body, replace(piece, start=start, end=end))
        delivery = deliver(piece.voice, wanted, words) if wanted and LETTER.search(words) else ""
        if part.start < part.end:
            cut.append(replace(part, delivery=delivery))
    cut = gathered(body, cut)
    kept: list[Piece] = []
    for part in cut:
        if kept and kept[-1].delivery == part.delivery:
            kept[-1] = replace(kept[-1], end=part.end)
        else:
            kept.append(part)
    return [*(replace(part, pause=Pause.CLAUSE) for part in kept[:-1]), kept[-1]]


def bare(body: str, piece: Piece) -> Piece:
    """A piece without white space at its edges."""
    text = body[piece.start : piece.end]
    start = piece.start + len(text) - len(text.lstrip())
    return replace(piece, start=start, end=max(start, piece.end - len(text) + len(text.rstrip())))


def gathered(body: str, found: list[Piece], least: int = 1) -> list[Piece]:
    """Pieces of which each has `least` characters to speak: the others go to the one before, or the one after."""
    kept: list[Piece] = []
    for piece in found:
        near = bool(kept) and kept[-1].voice == piece.voice
        if near and light(body, piece, least):
            kept[-1] = replace(kept[-1], end=piece.end, pause=piece.pause)
        elif near and light(body, kept[-1], least):
            kept[-1] = replace(piece, start=kept[-1].start)
        else:
            kept.append(piece)
    return kept


def guessed(
    body: str, piece: Piece, detect: Callable, foreign: list, speakable: Callable[[str], bool]
) -> Piece:
    """A sentence that nobody marked, in the language it seems to be in."""
    if any(start < piece.end and end > piece.start for start, end, _ in foreign):
        return piece
    code = detect(body[piece.start : piece.end])
    if code and code != base(piece.language) and speakable(code):
        return replace(piece, language=code)
    return piece


def shortened(body: str, piece: Piece, size: Lengths) -> list[Piece]:
    """A piece, parted until it can be spoken with comfort: where a quotation's sentences end, then at clauses."""
    if piece.end - piece.start <= size.comfortable:
        return [piece]
    ends = inner(body, piece.start, piece.end, piece.language)
    found: list[Piece] = []
    for start, end in zip([piece.start, *ends], [*ends, piece.end], strict=True):
        part = bare(body, replace(piece, start=start, end=end))
        cuts = [
            part.start + cut for cut in parts(body[part.start : part.end], part.language, size.comfortable)
        ]
        found += [
            bare(body, replace(part, start=a, end=b, pause=Pause.CLAUSE))
            for a, b in zip([part.start, *cuts], [*cuts, part.end], strict=True)
        ]
        found[-1] = replace(found[-1], pause=part.pause if end == piece.end else Pause.SENTENCE)
    return gathered(body, [part for part in found if part.start < part.end])


def joined(body: str, found: list[Piece], sizes: Mapping[str, Lengths], kind: Kind) -> list[Piece]:
    """Tiny sentences with their neighbour, a tag with its quote, a heading whole."""
    kept: list[Piece] = []
    for piece in gathered(body, found):
        if kept and together(body, kept[-1], piece, sizes[piece.voice], kind):
            kept[-1] = replace(kept[-1], end=piece.end, pause=piece.pause)
        else:
            kept.append(piece)
    return kept


def together(body: str, left: Piece, right: Piece, size: Lengths, kind: Kind) -> bool:
    """Whether two neighbours are better said in one go."""
    if left.voice != right.voice or left.language != right.language or left.pause is not Pause.SENTENCE:
        return False
    if left.delivery != right.delivery:
        return False
    length = right.end - left.start
    if kind is Kind.HEADING:
        return length <= size.comfortable
    if length > size.joined:
        return False
    if weight(body, left) < size.tiny or weight(body, right) < size.tiny:
        return True
    return right.end - right.start <= TAG and said_by_name(
        body[left.start : left.end], body[right.start : right.end], base(left.language)
    )


def light(body: str, piece: Piece, least: int) -> bool:
    """Whether a piece has fewer characters to speak."""
    return not LETTER.search(body, piece.start, piece.end) if least == 1 else weight(body, piece) < least


def weight(body: str, piece: Piece) -> int:
    """Characters of a piece that are said: letters and figures, and the gaps between words."""
    return len(UNSAID.sub("", body[piece.start : piece.end]).strip())

"""Which paragraphs of a plain text are headings: those that prove each other by being alike, over the whole book.

One line says little: "IV", "1. Milk", a line in capitals. Many lines of one form, with numbers that follow each other,
each standing apart after a sentence's end with text under it, are a book's chapters. A run of them without text between
is a table of contents, whose lines are no headings. It reads no file.
"""

import re
from collections import Counter, defaultdict
from statistics import median

from dotsbook.text.blocks.block_writer import WIDE
from dotsbook.text.formats.parts.heading_lines import ENDINGS, Sign, bare, sign_of
from dotsbook.text.formats.parts.heading_numbers import folded
from dotsbook.text.formats.parts.plain_paragraphs import Candidate, Look, Para, look_of

PART, CHAPTER = 1, 2  # levels
EDITED = re.compile("［＃[^］]*([大中小])見出し")
ENDED = tuple(".!?…:\"'”’»«“*_)]}>=—–-。！？」』）．․·|~#/")  # how a paragraph ends before a heading
MOST_LINES = 4  # of a heading with its title
THIN = 8  # times shorter than the chapters: what stands between the lines of a table of contents
REAL = 0.6  # share of a form's lines that must stand after a sentence's end
LONGEST_TITLE = 250  # characters of any heading
SHORT_TITLE = 75  # characters of a title without a number
LONG, LONG_WIDE = 60, 20  # characters under a first line that are text if they end a sentence
SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "」", "”", "»", '"')
FEW_CHARS = 400  # visible characters of text that a title without a number needs under it, on the middle
TITLES = 3  # titles without numbers that prove each other


def find_headings(found: list[tuple[list[str], int]], language: str, title: str) -> list[Para]:
    """The paragraphs, those that are headings with their level; a heading right over its text comes apart from it."""
    paras = [Para(lines, blank) for lines, blank in found]
    for para, after in zip(paras, paras[1:], strict=False):
        para.after = after.blank
    if by_editor(paras):
        return paras
    look = look_of(paras, language, folded(title))
    numbered = proven(paras, candidates(paras, look), look)
    for one in numbered:
        raise_to_heading(paras, one)
    add_titles(paras, look)
    add_matter(paras, look, numbered)
    if len(numbered) < TITLES:
        add_bare_titles(paras, look)
    lift_parts(paras, look)
    return list(cut_apart(paras))


def by_editor(paras: list[Para]) -> bool:
    """Whether remarks of an Aozora editor name the headings, which then are those: ［＃「一」は中見出し］."""
    marked = [(match[1], para) for para in paras for line in para.lines if (match := EDITED.search(line))]
    sizes = sorted({size for size, _ in marked}, key="大中小".index)
    for size, para in marked:
        para.level = CHAPTER if size == sizes[-1] or len(sizes) > 2 and size != sizes[0] else PART
    return len(marked) > 1


def candidates(paras: list[Para], look: Look) -> dict[str, list[Candidate]]:
    """{form: the paragraphs that may be headings of it}."""
    found: dict[str, list[Candidate]] = defaultdict(list)
    for at, para in enumerate(paras):
        if not para.blank and look.usual and at:
            continue
        sign, cut = sign_and_cut(para, look)
        if sign is None or sign.form in ("matter", "skipped"):
            continue
        before = paras[at - 1].text if at else "."
        ended = before.endswith(ENDED) or len(before) < 60 or paras[at - 1].level > 0
        found[sign.form].append(Candidate(at, sign, cut, ended=ended))
    for form in [form for form in found if form.endswith("?")]:  # "VYFDE HOOFDSTUK" among "EERSTE HOOFDSTUK"
        weak, sure = found.pop(form), found.get(form[:-1], [])
        if len(sure) >= 2 or len(weak) >= TITLES:
            found[form[:-1]] = sorted([*sure, *weak], key=lambda one: one.at)
    if "roman title" in found and "roman" in found or "arabic title" in found and "arabic" in found:
        join_forms(found)
    return found


def join_forms(found: dict[str, list[Candidate]]) -> None:
    """Numbers with and without a title count as one form where they count on from each other."""
    for kind in ("roman", "arabic"):
        plain, titled = found.get(kind, []), found.get(f"{kind} title", [])
        alone, beside = ({one.sign.number or 0 for one in group} for group in (plain, titled))
        if plain and titled and not alone & beside and all({n - 1, n + 1} & (alone | beside) for n in beside):
            found[kind] = sorted([*plain, *titled], key=lambda one: one.at)
            found.pop(f"{kind} title")


def sign_and_cut(para: Para, look: Look) -> tuple[Sign | None, int]:
    """What a paragraph may head, and how many of its lines do; 0: all of them."""
    first = para.lines[0]
    if len(para.lines) == 1:
        return sign_of(first, look.language), 0
    sign = sign_of(first, look.language)
    if sign is None or sign.form.endswith("?"):
        return None, 0
    if len(para.lines) <= MOST_LINES and not reads_on(para, look):
        return sign, 0
    if sign.form in ("matter", "skipped") or sign.form.endswith("spaced"):
        return None, 0
    return (sign, 1) if len(first.strip()) < 0.85 * max(look.width, 40) else (None, 0)


def reads_on(para: Para, look: Look) -> bool:
    """Whether text, and no title, stands under a paragraph's first line."""
    rest = [line.strip() for line in para.lines[1:]]
    text = " ".join(rest)
    if text.isupper():
        return False
    long = LONG_WIDE if WIDE.search(text) else LONG
    return text.endswith(SENTENCE_ENDS) and len(text) > long or len(text) > 4 * long or text[:1].islower()


def proven(paras: list[Para], found: dict[str, list[Candidate]], look: Look) -> list[Candidate]:
    """The candidates that prove each other."""
    kept: list[Candidate] = []
    for form, group in found.items():
        for one, after in zip(group, [*group[1:], None], strict=True):
            one.gap = look.between(one.at, after.at if after else len(paras))
        mark_listed(group)
        real = [one for one in group if not one.listed]
        if holds(form, real, paras, look):
            kept.extend(cut_alike(in_order(form, real), paras))
    kept.sort(key=lambda one: one.at)
    return kept


def mark_listed(group: list[Candidate]) -> None:
    """Runs of lines with little or nothing between them are a table of contents, if the book has longer chapters."""
    gaps = sorted(one.gap for one in group)
    if len(group) < 3 or not gaps[-1]:
        return
    typical = max(median(gaps), median(gaps[len(gaps) // 2 :]))
    for run in runs_of(group, typical):
        # the last line of a list has the front matter, or the first chapter, under it
        if len(run) > 1 and repeated(run, group):
            listed = run
        else:
            listed = run[:-1] if len(run) > 3 and sum(one.gap for one in run[:-1]) < typical else []
        for one in listed:
            one.listed = True


def runs_of(group: list[Candidate], typical: float) -> list[list[Candidate]]:
    """Lines with hardly any text between them, their numbers rising."""
    runs: list[list[Candidate]] = [[]]
    for one in group:
        last = runs[-1][-1] if runs[-1] else None
        if last and (
            last.gap * THIN >= typical
            or last.gap >= 1500
            or (one.sign.number or 99) <= (last.sign.number or 0)
        ):
            runs.append([])
        runs[-1].append(one)
    return runs


def repeated(lines: list[Candidate], group: list[Candidate]) -> bool:
    """Whether the numbers of a list come again after it."""
    last = lines[-1].at
    later = Counter(one.sign.number for one in group if one.at > last)
    return sum(later[line.sign.number] > 0 for line in lines) >= 0.6 * len(lines)


def holds(form: str, group: list[Candidate], paras: list[Para], look: Look) -> bool:
    """Whether a form's lines are headings."""
    if not group:
        return False
    ended = sum(one.ended for one in group) / len(group)
    if form in ("chapter", "part"):
        return ended >= REAL and (len(group) > 1 or paras[group[0].at].blank > 0 or group[0].at == 0)
    chain = sum(
        one.sign.number is not None and after.sign.number == one.sign.number + 1
        for one, after in zip(group, group[1:], strict=False)
    )
    starts = min(one.sign.number or 99 for one in group)
    if ended < REAL or starts > 3 or chain < 0.6 * (len(group) - 1):
        return False
    if form == "arabic" and chain > 3 and median(one.gap for one in group) < 1500 and len(group) > 30:
        return False  # page numbers
    if form.endswith("title") or form.endswith("spaced") or form in ("words", "greek"):
        return chain >= (2 if form != "roman title" else 1) and median(one.gap for one in group) > 40
    apart = all(paras[one.at].blank > 0 or one.at == 0 for one in group)
    return chain >= (1 if apart else 3) and (len(group) > 2 or median(one.gap for one in group) > 40)


def in_order(form: str, group: list[Candidate]) -> list[Candidate]:
    """A form's lines without those whose number doesn't follow: a page's number among chapters'."""
    if form in ("chapter", "part"):
        return group
    kept: list[Candidate] = []
    for one in group:
        number, last = one.sign.number or 0, (kept[-1].sign.number or 0) if kept else 0
        if number == 1 or last < number <= last + 2 or not kept and number <= 3:
            kept.append(one)
    return kept


def cut_alike(group: list[Candidate], paras: list[Para]) -> list[Candidate]:
    """The group, its paragraphs of several lines taken as most of them are: a number with its title, or a heading right
    over text."""
    several = [one for one in group if len(paras[one.at].lines) > 1]
    whole = sum(not one.cut for one in several) > 0.6 * len(several)
    for one in several:
        if not whole:
            one.cut = 1
        elif len(paras[one.at].lines) <= MOST_LINES:
            one.cut = 0
    return group


def raise_to_heading(paras: list[Para], one: Candidate) -> None:
    para = paras[one.at]
    para.level = PART if one.sign.form == "part" else CHAPTER
    para.cut = one.cut


def add_titles(paras: list[Para], look: Look) -> None:
    """The titles that stand as paragraphs of their own under numbers, where most numbers have one."""
    numbers = [
        at for at, para in enumerate(paras) if para.level == CHAPTER and not para.cut and at + 1 < len(paras)
    ]
    titled = [at + 1 for at in numbers if is_title_under(paras, at + 1, look)]
    if len(titled) < 0.6 * len(numbers) or len(titled) < 2:
        return
    for at in titled:
        paras[at].level = CHAPTER


def is_title_under(paras: list[Para], at: int, look: Look) -> bool:
    para = paras[at]
    if (
        para.level
        or len(para.lines) > MOST_LINES
        or len(para.text) > LONGEST_TITLE
        or not any(map(str.isalpha, para.text))
    ):
        return False
    if para.text.isupper():
        return True
    marked = para.text[0] == para.text[-1] and para.text[0] in "=_*"
    spaced = para.after > look.usual
    return (
        marked
        or spaced
        and not para.text[0].islower()
        and not (len(para.text) > 60 and para.text.endswith((".", "!", "?")))
    )


def add_matter(paras: list[Para], look: Look, numbered: list[Candidate]) -> None:
    """Prologues, epilogues, prefaces and what is set apart as chapters are."""
    tall = min((paras[one.at].blank for one in numbered if one.at), default=look.usual + 1)
    shouted = bool(numbered) and all(shouts(paras[one.at].lines[0]) for one in numbered)
    for at, para in enumerate(paras):
        if para.level or len(para.lines) > 2 or not stands_apart(paras, at) or len(para.text) > 90:
            continue
        sign = sign_of(para.text, look.language)
        if sign is None or sign.form not in ("matter", "skipped") or not para.blank and at:
            continue
        if para.blank > look.usual or para.blank >= tall and (shouted and shouts(para.text) or not shouted):
            para.level = CHAPTER
    if len(numbered) < TITLES or tall <= look.usual:
        return
    known = sorted(at for at, para in enumerate(paras) if para.level)
    apart = [
        at for at, para in enumerate(paras) if not para.level and para.blank >= tall and shouts(para.text)
    ]
    for at in apart:
        after = next((other for other in (*known, len(paras)) if other > at), len(paras))
        if is_bare_title(paras, at, look) and ended(paras, at) and look.between(at, after) >= FEW_CHARS:
            paras[at].level = CHAPTER


def stands_apart(paras: list[Para], at: int) -> bool:
    """Whether text stands under a line, and it doesn't end the book."""
    return at + 1 < len(paras) and folded(paras[at].text) not in ENDINGS


def shouts(text: str) -> bool:
    if len(text) > LONGEST_TITLE:
        return False
    letters = [char for char in bare(text) if char.isalpha()]
    return (
        len(letters) > 1
        and all(not char.islower() for char in letters)
        and any(char.isupper() for char in letters)
    )


def is_bare_title(paras: list[Para], at: int, look: Look) -> bool:
    """Whether a paragraph could be a title by its looks alone."""
    para = paras[at]
    text = bare(para.text) if len(para.text) < LONGEST_TITLE else ""
    if not text or len(para.lines) > 3 or len(text) > SHORT_TITLE or not stands_apart(paras, at):
        return False
    if folded(text) == look.title:
        return False
    if text.endswith((",", ";", ":", "-", "—")) or text[:1].islower() or not any(map(str.isalpha, text)):
        return False
    if para.text.startswith(("[", "***", "(", "|")):
        return False
    if shouts(text):
        return True
    return not text.endswith((".", "!", "?", "…")) and para.text[0] not in "\"'“«„—–-‘"


def ended(paras: list[Para], at: int) -> bool:
    """Whether a sentence's end, or a short line, stands before a paragraph."""
    before = paras[at - 1] if at else None
    return before is None or before.text.endswith(ENDED) or before.size < 60


def add_bare_titles(paras: list[Para], look: Look) -> None:
    """Titles without numbers, in a book that has no numbered chapters: capitals, or lines far apart from what stands
    before them, each with a good deal of text under it."""
    for test in (lambda para: shouts(para.text), lambda para: True):
        by_blank: dict[int, list[int]] = defaultdict(list)
        for at, para in enumerate(paras):
            if not para.level and para.blank > look.usual and test(para) and is_bare_title(paras, at, look):
                by_blank[para.blank].append(at)
        for blank in sorted(by_blank, reverse=True):
            group = [at for other, found in by_blank.items() if other >= blank for at in found]
            group.sort()
            real = with_text(paras, group, look)
            if len(real) >= TITLES and is_alike(paras, real, look):
                for at in real:
                    paras[at].level = CHAPTER
                return


def with_text(paras: list[Para], group: list[int], look: Look) -> list[int]:
    """Those of the titles that have text under them; of titles in a row, the last."""
    ends = [*group[1:], len(paras)]
    return [at for at, end in zip(group, ends, strict=True) if look.between(at, end) >= FEW_CHARS]


def is_alike(paras: list[Para], group: list[int], look: Look) -> bool:
    """Whether titles part a book as chapters do: not a few pages at its front, not lines in a dialogue."""
    if sum(ended(paras, at) for at in group) < REAL * len(group):
        return False
    whole = look.sizes[-1]
    under = [look.between(at, end) for at, end in zip(group, [*group[1:], len(paras)], strict=True)]
    return median(under) > 1500 and sum(under) > 0.6 * whole


def lift_parts(paras: list[Para], look: Look) -> None:
    """A part that is no more than a chapter among others, or the only one, stays what it is."""
    parts = [para for para in paras if para.level == PART]
    if parts and not any(para.level == CHAPTER for para in paras):
        for para in parts:
            para.level = CHAPTER


def cut_apart(paras: list[Para]):
    """Headings right over their text, apart from it."""
    for para in paras:
        if para.level and para.cut and para.cut < len(para.lines):
            yield Para(para.lines[: para.cut], para.blank, 0, para.level)
            yield Para(para.lines[para.cut :], 0, para.after)
        else:
            yield para

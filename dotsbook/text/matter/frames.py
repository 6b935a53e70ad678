"""Marks what stands around a text by its own marks, before anything is judged: Project Gutenberg's header and licence, the
key and colophon of Aozora Bunko, lists of the chapters' titles. It believes no titles."""

import re

from dotsbook.book import Kind, visible
from dotsbook.text.blocks.block import Document, TextBlock
from dotsbook.text.matter.kinds import fold
from dotsbook.text.matter.shapes import CREDIT

START = re.compile(
    r"\*{3}\s*START OF (THE|THIS) PROJECT GUTENBERG|^\W*START OF (THE|THIS) PROJECT GUTENBERG|\*END[* ]*THE "
    r"SMALL PRINT",
    re.I | re.M,
)
END = re.compile(
    r"\*{3}\s*END OF (THE|THIS) PROJECT GUTENBERG|^\s*End of (the |this )?Project Gutenberg('s|’s)?\b|^\W*END OF (THE|"
    r"THIS) PROJECT GUTENBERG",
    re.I | re.M,
)
LICENCE = 26_000  # visible characters: more than any licence has
APART = 2500  # visible characters between two mentions of the project in one header
ALONE = 400  # visible characters of a paragraph that a mark may stand in
RULE = re.compile(r"[-‐―─－ー＝=_]{8,}\s*$")
KEY = re.compile(r"【テキスト中に現れる記号について】")
KEY_LONG, COLOPHON_LONG = 1500, 4000  # visible characters of Aozora's key and colophon
TRANSCRIBER = re.compile(
    r"^\W*(transcriber|transcription note|note (du |de la )?transcri|notas? (del?|do) transcri|not[ae] del trascri|"
    r"anmerkung\w* (zur|der|des) (transkri|bearbeit|überträg)|opmerking\w* van de (transcri|bewerk)|"
    r"afskriverens|transkriberar\w* an|avskriftens|not från transkri|toimittajan huom|transkript\w* megj|uwagi do transkr)",
    re.I,
)
COLOPHON = re.compile(r"^\s*底本\s*[：:]")
AOZORA = re.compile(r"青空文庫|入力\s*[：:]|校正\s*[：:]")
LIST = 4  # titles in a row that make a list of contents


def mark_frames(documents: list[Document]) -> None:
    """Mark the blocks of every frame with why they are left out."""
    gutenberg([block for document in documents for block in document.blocks if block.text])
    for document in documents:
        blocks = [block for block in document.blocks if block.text]
        if any(KEY.search(block.text) or COLOPHON.match(block.text) for block in blocks):
            aozora(blocks)
        if not document.stem:
            contents(blocks)


def leave_out(blocks: list[TextBlock], why: str) -> None:
    for block in blocks:
        block.why = block.why or why


def length(blocks: list[TextBlock]) -> int:
    return sum(visible(block.text) for block in blocks)


def gutenberg(blocks: list[TextBlock]) -> None:
    """Project Gutenberg's header and licence, wherever their marks stand; several books may follow each other."""
    hits = [
        number
        for number, block in enumerate(blocks)
        if ("gutenberg" in block.text.lower() or "SMALL PRINT" in block.text) and visible(block.text) < ALONE
    ]
    starts = [number for number in hits if START.search(blocks[number].text)]
    ends = [number for number in hits if END.search(blocks[number].text) and number not in starts]
    for number in ends:
        leave_out(by_words(blocks[max(0, number - 12) : number]), "transcriber's note (its words)")
        after = next((start for start in starts if start > number), len(blocks))
        rest = blocks[number:after]
        if length(rest) > LICENCE:  # another text follows: only what speaks of the licence goes
            said = [at for at, block in enumerate(rest) if "gutenberg" in block.text.lower()]
            last = max((at for at in said if length(rest[: at + 1]) <= LICENCE), default=0)
            rest = rest[: last + 1]
        leave_out(rest, "Project Gutenberg licence (its marks)")
    for number in starts:
        leave_out(blocks[header_start(blocks, number) : number + 1], "Project Gutenberg header (its marks)")
        leave_out(by_words(blocks[number + 1 : number + 12]), "transcriber's note (its words)")


def header_start(blocks: list[TextBlock], number: int) -> int:
    """Where the header that ends at a block begins: at the first of the paragraphs before it that speak of the project,
    none far from the next."""
    first, apart = number, 0
    for at in range(number - 1, -1, -1):
        apart += visible(blocks[at].text)
        if blocks[at].why or apart > APART:
            break
        if "gutenberg" in blocks[at].text.lower():
            first, apart = at, 0
    return first


def by_words(blocks: list[TextBlock]) -> list[TextBlock]:
    """The credits and notes of those who transcribed a text, right behind its header or before its licence."""
    return [
        block
        for block in blocks
        if block.kind is not Kind.HEADING
        and (CREDIT.search(block.text) and visible(block.text) < ALONE or TRANSCRIBER.match(block.text))
    ]


def aozora(blocks: list[TextBlock]) -> None:
    """The key to the signs of an Aozora file, between two rules, and the colophon at its end."""
    for number, block in enumerate(blocks):
        if KEY.search(block.text):
            key = blocks[number : ruled(blocks, number + 1)]
            if length(key) <= KEY_LONG:
                leave_out(key, "key to signs (its marks)")
            break
    for number, block in enumerate(blocks):
        rest = blocks[number:]
        if COLOPHON.match(block.text) and length(rest) <= COLOPHON_LONG:
            if AOZORA.search("\n".join(part.text for part in rest)):
                leave_out(rest, "colophon (its marks)")
            break


def ruled(blocks: list[TextBlock], number: int) -> int:
    """The first block from one on that stands behind a rule, which may be the last line of the one before."""
    for at in range(number, len(blocks)):
        if blocks[at].scene:
            return at
        if RULE.search(blocks[at].text):
            return at + 1
    return len(blocks)


def contents(blocks: list[TextBlock]) -> None:
    """A list of the chapters' titles before the chapters: they are said again, in their order, as headings."""
    titles = [
        (plain, number)
        for number, block in enumerate(blocks)
        if block.kind is Kind.HEADING and block.why is None and len(plain := fold(block.text)) > 2
    ]
    run: list[TextBlock] = []
    at = lines = 0
    for number, block in enumerate(blocks[: len(blocks) // 3 + LIST]):
        if block.why:
            continue
        found, at = said_again(fold(block.text), titles, number, at)
        if found:
            run.append(block)
            lines += found
        elif lines >= LIST:
            break
        else:
            run, at, lines = [], 0, 0
    if lines >= LIST:
        leave_out(run, "contents (its lines)")


def said_again(text: str, titles: list[tuple[str, int]], number: int, at: int) -> tuple[int, int]:
    """(how many titles of later headings a paragraph is made of, the next title to look for); (0, …) for other text."""
    found = covered = place = 0
    padded = f" {text} "
    for index in range(at, len(titles)):
        title, heading = titles[index]
        if heading <= number or (where := padded.find(f" {title} ", place)) < 0:
            continue
        if where - place > 40:
            break
        found, covered, place, at = found + 1, covered + len(title), where + len(title) + 1, index + 1
    return (found, at) if covered > 0.6 * len(text) else (0, at)

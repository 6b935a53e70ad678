"""How strong the evidence is that something is no story, and how much may be left out on it. It recognises nothing.

Markup may leave out much. A sign in the text itself may leave out little without being asked about, a word of a title
only what its own shape bears out, at the book's ends. In doubt the text is narrated.
"""

from dotsbook.book import Grounds, visible
from dotsbook.text.blocks.block import Manuscript, TextBlock
from dotsbook.text.matter.kinds import CONTENTS, NOTES
from dotsbook.text.matter.proofs import extent, titles_of
from dotsbook.text.matter.stretches import Stretch, counts

LITTLE = 0.02  # of the book's characters: more is never left out unasked on less than markup
PAGE, SHARE = 1500, 0.1  # in short books: this many characters, but never more than this share
A_TITLE = 100  # characters of the least title page or imprint
INSERT = 600  # characters that a sign may leave out between narrated chapters
END = 0.05  # of the narrated text: what has less before or after it stands at an end of the book
WORDS = ("title", "file name", "position")
SIGNS = ("shape", "its words", "its marks", "its lines")
NAMED = 5  # stretches that are narrated though their title says otherwise, in warnings


def evidence_of(reason: str) -> Grounds:
    """What kind of evidence a reason names: "licence (title)" names a word."""
    who = reason.rpartition("(")[2].rstrip(")")
    if reason.startswith("skip:"):
        return Grounds.MANIFEST
    return Grounds.WORDS if who in WORDS else Grounds.SIGNS if who in SIGNS else Grounds.MARKUP


def restrain(manuscript: Manuscript, stretches: list[Stretch]) -> list[Stretch]:
    """The stretches with no more left out than the evidence allows; one may be cut where what its title names ends."""
    if not any(map(weak, stretches)):
        return stretches
    titles = titles_of(manuscript)
    parts: list[Stretch] = []
    for stretch in stretches:
        parts.extend(cut(stretch, titles) if weak(stretch) and by_word(stretch) else [stretch])
    sizes, total = [], 0
    for stretch in parts:
        each = [(visible(block.text), counts(block)) for block in stretch.blocks]
        sizes.append(sum(size for size, counted in each if counted))
        total += sum(size for size, _ in each)
    limit = max(LITTLE * total, min(PAGE, SHARE * total), A_TITLE)
    told = [0 if stretch.reason else size for stretch, size in zip(parts, sizes, strict=True)]
    whole, before = sum(told), 0
    for number, (stretch, size) in enumerate(zip(parts, sizes, strict=True)):
        before += told[number]
        if weak(stretch) and size:
            between = min(before, whole - before) > END * whole
            run = size + around(parts, sizes, number)
            hold(manuscript, stretch, size, run > limit, between)
    return parts


def weak(stretch: Stretch) -> bool:
    """Whether a stretch is left out on less than markup. Notes that the text's own marks lead to are marked up."""
    if (
        not stretch.reason
        or stretch.kept
        or evidence_of(stretch.reason) in (Grounds.MANIFEST, Grounds.MARKUP)
    ):
        return False
    if stretch.kind != NOTES:
        return True
    texts = [block for block in stretch.blocks if block.text and block.level == 0]
    linked = sum(block.note or bool(block.returns) for block in texts)
    return 2 * linked < len(texts) or not linked


def by_word(stretch: Stretch) -> bool:
    return evidence_of(stretch.reason or "") is Grounds.WORDS


def around(parts: list[Stretch], sizes: list[int], number: int) -> int:
    """The size of what is left out as weakly, right before and after a stretch."""
    found = 0
    for way in (range(number - 1, -1, -1), range(number + 1, len(parts))):
        for at in way:
            if sizes[at] and not weak(parts[at]):
                break
            found += sizes[at]
    return found


def hold(manuscript: Manuscript, stretch: Stretch, size: int, large: bool, between: bool) -> None:
    """Narrate a stretch that only words speak against, or have the user asked."""
    if stretch.proved or not by_word(stretch):
        stretch.doubtful = large or between and size > INSERT and stretch.kind != CONTENTS
        return
    if not large and not between:
        return
    stretch.reason = None
    told = [warning for warning in manuscript.warnings if warning.endswith(ADVICE)]
    if len(told) < NAMED:
        manuscript.warnings.append(
            f"{stretch.title or opening(stretch.blocks)!r} ({size:,} characters) is narrated, though it is called like "
            f"{stretch.kind}; {ADVICE}"
        )


ADVICE = "name it under `skip:` if it isn't to be read"


def cut(stretch: Stretch, titles: frozenset[str]) -> list[Stretch]:
    """A stretch that words or looks speak against, ended where what they name ends; the rest is narrated."""
    end, stretch.proved = extent(stretch, titles)
    if end >= len(stretch.blocks):
        return [stretch]
    if not any(counts(block) for block in stretch.blocks[end:]):
        return [stretch]
    if not any(block.text and (block.why or not block.level) for block in stretch.blocks[:end]):
        stretch.reason = None  # nothing under the title is what it says
        return [stretch]
    rest = Stretch(stretch.document, stretch.blocks[end:], stretch.index)
    stretch.blocks = stretch.blocks[:end]
    return [stretch, rest]


def opening(blocks: list[TextBlock]) -> str:
    """The first words of what is left out, its headings apart if there is more."""
    texts = [block for block in blocks if counts(block)]
    body = [block for block in texts if not block.level]
    return " ".join(" ".join(block.text for block in (body or texts)[:3]).split()[:12])[:120]

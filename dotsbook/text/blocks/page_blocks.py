"""A page's body → its blocks: what its marks mean is settled on the tree, then it is walked, then cut lines are joined."""

from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import TextBlock
from dotsbook.text.blocks.elements import Element
from dotsbook.text.blocks.line_paragraphs import whole_paragraphs
from dotsbook.text.blocks.mathml import put_in_line
from dotsbook.text.blocks.prose import LEFT_OUT, PLAIN, PageWalk
from dotsbook.text.blocks.styles import StyleRules, mark_raised
from dotsbook.text.blocks.switches import choose
from dotsbook.text.blocks.twins import leave_out_for_eyes
from dotsbook.wording import count


def blocks_of(
    body: Element,
    name: str,
    reading: Reading,
    root_language: str | None = None,
    looks: StyleRules = PLAIN,
    faces: bool = False,
) -> tuple[list[TextBlock], list[str], list[str]]:
    """(blocks, ids of the body itself, warnings) of a document."""
    mark_raised(body, looks)
    leave_out_for_eyes(body, LEFT_OUT)
    choose(body, LEFT_OUT)
    lost = put_in_line(body, LEFT_OUT)
    walk = PageWalk(name, reading, root_language, looks, faces)
    blocks = whole_paragraphs(walk.over(body))
    if lost:
        walk.warnings.append(f"{count(lost, 'formula')} can't be read aloud and are left out")
    return blocks, walk.head, walk.warnings

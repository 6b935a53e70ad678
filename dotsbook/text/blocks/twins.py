"""Text for the eyes that stands beside the same text for the ears: the one is left out, the other is read.

<span aria-hidden="true"><b class="cap">T</b>he</span><span class="visually-hidden">The</span>
"""

import re

from dotsbook.text.blocks.elements import Element
from dotsbook.text.blocks.trees import own_text

FOR_EARS = re.compile(
    r"\b(visually-?hidden|sr-?only|screen-?reader(-text)?|a11y-hidden|hidden-?visually)\b", re.I
)
FOR_EYES = "shown to the eye only"


def leave_out_for_eyes(body: Element, left_out: str) -> None:
    """Mark what is hidden from the ear (aria-hidden) and has a twin beside it, or in it, that is meant for the ear."""
    for node in body.iter("*"):
        if (node.get("aria-hidden") or "").lower() == "true" and has_twin(node):
            node.set(left_out, FOR_EYES)


def has_twin(node: Element) -> bool:
    """Whether a neighbour holds the same words for the ear."""
    words = letters(own_text(node, 400))
    for other in (node.getprevious(), node.getnext()):
        if other is not None and isinstance(other.tag, str) and FOR_EARS.search(other.get("class") or ""):
            said = letters(own_text(other, 400))
            if said and (not words or said == words or said.startswith(words) or words.startswith(said)):
                return True
    return False


def letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())

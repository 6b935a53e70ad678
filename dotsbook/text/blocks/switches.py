"""Parts of a page that stand for one another by what a reader knows (epub:switch): one is read, the others are left out."""

from dotsbook.text.blocks.elements import Element, local_name
from dotsbook.text.blocks.trees import own_text

OTHER_FORM = "another form of the same"


def choose(body: Element, left_out: str) -> None:
    """Mark what isn't read of every switch: all but its default, or but its first case where the default has no words."""
    for switch in body.iter("{*}switch"):
        parts = [part for part in switch if local_name(part) in ("case", "default")]
        default = next((part for part in parts if local_name(part) == "default" and own_text(part)), None)
        chosen = default if default is not None else next((part for part in parts if own_text(part)), None)
        for part in parts:
            if part is not chosen:
                part.set(left_out, OTHER_FORM)

"""What an office document's properties say of the book in it."""

from dotsbook.text.blocks.elements import Element, local_name
from dotsbook.text.blocks.trees import own_text

NAMES = {
    "title": "title",
    "creator": "author",
    "initial-creator": "author",
    "language": "language",
    "description": "description",
}
NOTHING = ("", "unknown", "user", "microsoft office user", "python-docx", "word document")


def core_details(root: Element | None) -> dict[str, str]:
    """{"title": …, "author": …, "language": …} of Dublin Core elements, whatever holds them; {} without any."""
    found: dict[str, str] = {}
    for node in root.iter("*") if root is not None else ():
        key = NAMES.get(local_name(node))
        text = own_text(node)
        if key and text.lower() not in NOTHING:
            found.setdefault(key, text)
    return found

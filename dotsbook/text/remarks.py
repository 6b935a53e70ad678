"""What a person should be told of a manuscript as a whole: that its text is in another language than was said, that it
holds markup as text. It changes nothing.
"""

import re

from dotsbook.text.blocks.block import Manuscript
from dotsbook.text.language_guess import guess, otherwise
from dotsbook.text.languages import name

ESCAPED = re.compile(
    r"</?(?:p|br|hr|i|b|u|em|strong|div|span|a|img|h[1-6]|blockquote|li|ul|ol|table|tr|td|sup|sub|font|center)"
    r"(?:\s[^<>\n]{0,200})?/?>|&(?:lt|gt|amp|nbsp|quot|apos|[lr][sd]quo|[mn]dash|hellip|#\d{2,5}|#x[0-9a-fA-F]{2,5});"
)
FEW = 3  # places with markup as text that a book about markup may have


def text_of(manuscript: Manuscript) -> str:
    """All that could be narrated, in order."""
    return "\n".join(
        block.text
        for document in manuscript.documents
        for block in document.blocks
        if block.text and block.why is None
    )


def guessed_language(manuscript: Manuscript) -> str | None:
    found = guess(text_of(manuscript))
    return found.language if found else None


def remarks_on(manuscript: Manuscript, title: str) -> list[str]:
    """Sentences for `plan`. title: what the book is called in them."""
    text = text_of(manuscript)
    found = []
    if other := otherwise(manuscript.language, text):
        found.append(
            f"{title} is said to be in {name(manuscript.language)} ({manuscript.language}), but its text seems to be "
            f"{name(other)}; if so, write `language: {other}` in book.yaml"
        )
    signs = [match.group() for match in ESCAPED.finditer(text)]
    if len(signs) >= FEW:
        found.append(
            f"markup stands in the text as text, {len(signs)} times (first: {signs[0][:40]}), and would be read out; "
            "mend the manuscript, where it was escaped twice"
        )
    return found

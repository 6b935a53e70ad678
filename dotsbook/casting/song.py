"""Songs and poems that somebody in an English book sings or says, which stand without marks. It knows verbs, not people."""

import re

CLOSING = "”\"’'» _*)"
SINGS = re.compile(
    r"\b(?:s[aiu]ng|sings|singing|humm(?:ed|ing)|chant(?:ed|ing)|recit(?:ed|ing|e)|murmur(?:ed|ing)|repeated|repeating|carolled)\b"
    r"|\bbegan[.:]$"
)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def is_verse(text: str) -> bool:
    """Whether a paragraph of a plain text is set as verse: two lines or more, all of them indented."""
    lines = text.split("\n")[1:]
    return bool(lines) and all(line.startswith("  ") for line in lines if line.strip())


def is_sung(before: str, narrated: str) -> bool:
    """Whether verse after a paragraph is spoken: somebody sings at its end, or the speech there ends in a colon.

    before: the paragraph's text; narrated: the same with its quotations blanked out.
    """
    end = before.rstrip()
    if end[-1:] in '”"’»' and end.rstrip(CLOSING)[-1:] == ":":
        return True
    sentences = SENTENCE.split(narrated.rstrip())
    return end[-1:] in ":.-—" and SINGS.search(" ".join(sentences[-2:])) is not None

"""The marks that Obsidian adds to Markdown: comments, links to notes, embeds, highlights, callouts, tasks.

It cuts a text into what is read and what is left out; it knows no tokens and no blocks.
"""

import re
from collections.abc import Iterator

COMMENT = re.compile(r"%%.*?%%", re.S)
CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*")
TASK = re.compile(r"\[[ xX/-]\][ \t]+")
MARKS = re.compile(
    r"(?P<embed>!\[\[[^\[\]\n]*\]\])"
    r"|\[\[(?P<target>[^\[\]|\n]+)(?:\|(?P<shown>[^\[\]\n]+))?\]\]"
    r"|(?<![=\w])==(?=\S)(?P<lit>[^=\n]+?)(?<=\S)==(?![=\w])"
    r"|(?<=[^\W_])~(?P<low>[^\W_]{1,3})~"
)


def without_comments(text: str) -> tuple[str, list[str]]:
    """(the text without its `%%comments%%`, those comments)."""
    found = COMMENT.findall(text) if text.count("%%") > 1 else []
    return (COMMENT.sub("", text), found) if found else (text, [])


def pieces(text: str) -> Iterator[tuple[str, str]]:
    """(characters, why they are left out or "") of a text, in order; all of its characters are among them."""
    at = 0
    for mark in MARKS.finditer(text):
        yield text[at : mark.start()], ""
        at = mark.end()
        if mark["embed"]:
            yield mark.group(), "embedded file"
            continue
        kept = next(name for name in ("shown", "target", "lit", "low") if mark[name])
        start, end = mark.span(kept)
        if kept == "target":
            end = start + len(mark[kept].partition("#")[0]) or end
        yield text[mark.start() : start], "link mark" if kept in ("shown", "target") else "highlight mark"
        yield text[start:end], ""
        yield text[end : mark.end()], "link mark" if kept in ("shown", "target") else "highlight mark"
    yield text[at:], ""

"""A Markdown text → markdown-it's tokens, a block at a time, so that a large text's are never all there at once.

It knows the marks of our own that formats/markdown.py describes, and no blocks of ours.
"""

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

SPAN = re.compile(r"\{([^{}\n]{1,400})\}")


def tokens_of(parser: "MarkdownIt", text: str, notes: Container[str]) -> Iterator["Token"]:
    """The block tokens in order, those that hold text with their children. `notes`: the labels that `[^…]` may name."""
    env = {"notes": notes}
    if "]:" in text:  # a link's address may stand after the link
        for _ in blocks(parser, text, env):
            pass
    for block in blocks(parser, text, env):
        for token in block:
            yield with_children(parser, token, env) if token.type == "inline" else token


def blocks(parser: "MarkdownIt", text: str, env: dict) -> Iterator[list["Token"]]:
    """The tokens of each block that stands in no other: what ParserBlock.tokenize does at its outermost."""
    from markdown_it.rules_block import StateBlock

    rules = parser.block.ruler.getRules("")
    state = StateBlock(text, parser, env, [])
    line = state.skipEmptyLines(0)
    while line < state.lineMax:
        state.line = line
        next(rule for rule in rules if rule(state, line, state.lineMax, False))
        yield state.tokens
        state.tokens = []
        line = state.skipEmptyLines(state.line)


def with_children(parser: "MarkdownIt", token: "Token", env: dict) -> "Token":
    from markdown_it.rules_core import StateCore, inline, text_join

    state = StateCore("", parser, env, [token])
    inline(state)
    text_join(state)
    return token


def markdown_parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable(["table", "strikethrough"])
    markdown.inline.ruler.before("link", "note", note_rule)
    markdown.inline.ruler.before("link", "span", span_rule)
    return markdown


def note_rule(state: "StateInline", silent: bool) -> bool:
    """`[^label]` and `^[a note in place]`."""
    source, at = state.src, state.pos
    if source.startswith("[^", at):
        end = source.find("]", at)
        label = source[at + 2 : end].lower() if end > 0 else ""
        if not label or label not in state.env.get("notes", ()):
            return False
        if not silent:
            state.push("note_mark", "", 0).content = label
        state.pos = end + 1
        return True
    return False


def span_rule(state: "StateInline", silent: bool) -> bool:
    """`[words]{Mara}`, `{voice=mara}`, `{lang=fr}`, `{rate=0.9 pause-after=0.8}`."""
    start = state.pos
    if state.src[start] != "[":
        return False
    end = state.md.helpers.parseLinkLabel(state, start, False)
    if end < 0:
        return False
    said = SPAN.match(state.src, end + 1)
    if not said or said.end() > state.posMax:
        return False
    if not silent:
        limit = state.posMax
        state.push("span_open", "", 1).meta = {"said": said.group(1).strip()}
        state.pos, state.posMax = start + 1, end
        state.md.inline.tokenize(state)
        state.push("span_close", "", -1)
        state.posMax = limit
    state.pos = said.end()
    return True

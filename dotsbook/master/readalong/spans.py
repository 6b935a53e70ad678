"""Spans around sentences in an XHTML tree. It knows ranges of characters and no audio.

The tree is opened first: every text becomes a leaf of its own, so that cutting and wrapping are moves of
nodes. A span stands where a sentence's first and last character have their nearest common parent; inline
elements that reach over an edge are cut in two there and their ids stay on the first piece. Nothing is cut that must
stay whole (a block, a quotation with its marks, ruby): a sentence over its edge gets several spans.
"""

from array import array
from collections.abc import Iterator, Sequence

from dotsbook.master.readalong.manuscript import XHTML, Element, local, parent
from dotsbook.master.readalong.places import Span

LEAF = "leaf"  # no namespace: no book has it
SPAN = f"{{{XHTML}}}span"
CUT = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "mark",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
    ]
)
WHOLE = frozenset(["ruby", "math", "svg"])
UNREAD = frozenset(["script", "style", "head", "template", "rt", "rp", "rtc", "title"])
NO_SPAN = frozenset(
    [
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "colgroup",
        "ul",
        "ol",
        "dl",
        "menu",
        "select",
        "hgroup",
        "picture",
        "html",
    ]
)


class OpenedBody:
    """A document's body, opened; `text` is all it shows, white space and ruby readings left out."""

    def __init__(self, body: Element):
        self.body = body
        open_texts(body)
        self.leaves: list[Element] = []
        self.owner, self.offset = (
            array("L"),
            array("L"),
        )  # of each character of `text`: its leaf, its place there
        pieces = []
        for leaf in shown(body):
            number = len(self.leaves)
            self.leaves.append(leaf)
            visible = [at for at, char in enumerate(leaf.text or "") if not char.isspace()]
            self.owner.extend([number] * len(visible))
            self.offset.extend(visible)
            pieces.append("".join((leaf.text or "").split()))
        self.text = "".join(pieces)
        self.claimed: set[Element] = set()

    def mark(self, spans: Sequence[Span | None], names: Sequence[str]) -> list[list[tuple[str, int]]]:
        """Put spans around the ranges; for each its spans' ids with their characters. Overlaps go to the later range."""
        order = sorted((span, index) for index, span in enumerate(spans) if span)
        given: list[list[tuple[str, int]]] = [[] for _ in spans]
        limit = len(self.text)
        for (first, last), index in reversed(order):
            last = min(last, limit - 1)
            if first > last:
                continue
            limit = first
            runs = list(self.runs(first, last))
            made = [
                (name, count, self.wrap(begin, end))
                for name, count, begin, end in reversed(named(runs, names[index]))
            ]
            for name, count, span in reversed(made):
                if span is not None:
                    span.set("id", name)
                    given[index].append((name, count))
        close_texts(self.body)
        return given

    def runs(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The range, cut where it leaves or enters what must stay whole."""
        begin, wall = first, None
        at = first
        while at <= last:
            here = walled(self.leaves[self.owner[at]])
            if wall is not None and here is not wall:
                yield begin, at - 1
                begin = at
            wall = here
            at = min(self.leaf_end(at), last) + 1
        yield begin, last

    def leaf_end(self, at: int) -> int:
        """The last character of a character's leaf."""
        from bisect import bisect_right

        return bisect_right(self.owner, self.owner[at], at) - 1

    def wrap(self, first: int, last: int) -> Element | None:
        """The span put around a run; None where there is no place for one."""
        begin, end = self.leaves[self.owner[first]], self.leaves[self.owner[last]]
        cut(end, self.offset[last] + 1)
        start = self.offset[first]
        if cut(begin, start) and start:
            after = following(begin)
            end = after if end is begin else end
            begin = after
        begin, end = whole(begin), whole(end)
        top = common(begin, end)
        if begin in self.claimed or end in self.claimed or local(top.tag) in NO_SPAN:
            return None
        self.claimed |= {node for node in (begin, end) if local(node.tag) in WHOLE}
        return around(raised(begin, top, before=True), raised(end, top, before=False))


def named(runs: list[tuple[int, int]], name: str) -> list[tuple[str, int, int, int]]:
    """(id, characters, first, last) of the spans of one sentence."""
    return [
        (name if not number else f"{name}-{number + 1}", last - first + 1, first, last)
        for number, (first, last) in enumerate(runs)
    ]


def open_texts(body: Element) -> None:
    """Turn every text into a leaf; comments and instructions lose their place among them and go."""
    from lxml import etree

    for node in list(body.iter()):
        if node is not body and node.tail:
            leaf = etree.Element(LEAF)
            leaf.text, node.tail = node.tail, None
            node.addnext(leaf)
        if isinstance(node.tag, str) and node.tag != LEAF and node.text:
            leaf = etree.Element(LEAF)
            leaf.text, node.text = node.text, None
            node.insert(0, leaf)


def close_texts(body: Element) -> None:
    """Turn the leaves back into text."""
    for leaf in list(body.iter(LEAF)):
        outer, before, text = parent(leaf), leaf.getprevious(), leaf.text or ""
        if before is None:
            outer.text = (outer.text or "") + text
        else:
            before.tail = (before.tail or "") + text
        outer.remove(leaf)


def shown(body: Element) -> Iterator[Element]:
    """The leaves in reading order, without those of scripts, styles and ruby readings."""
    from lxml import etree

    walk = etree.iterwalk(body, events=("start",))
    for _, node in walk:
        if node.tag == LEAF:
            yield node
        elif local(node.tag) in UNREAD:
            walk.skip_subtree()


def walled(leaf: Element) -> Element:
    """The nearest element around a leaf that isn't cut."""
    node = parent(whole(leaf))
    while local(node.tag) in CUT:
        node = parent(node)
    return node


def whole(leaf: Element) -> Element:
    """The leaf, or the ruby, formula or picture it is in."""
    outer = leaf
    for node in leaf.iterancestors():
        if local(node.tag) in WHOLE:
            outer = node
    return outer


def cut(leaf: Element, at: int) -> bool:
    """Cut a leaf in two: the second begins at `at`. False when there is nothing to cut off."""
    from lxml import etree

    text = leaf.text or ""
    if leaf.tag != LEAF or not 0 < at < len(text):
        return False
    after = etree.Element(LEAF)
    after.text, leaf.text = text[at:], text[:at]
    leaf.addnext(after)
    return True


def common(one: Element, other: Element) -> Element:
    """The nearest element around both."""
    around_one = list(one.iterancestors())
    outer = set(around_one)
    return next(node for node in other.iterancestors() if node in outer)


def raised(node: Element, top: Element, before: bool) -> Element:
    """The child of `top` that begins (or ends) with `node`: elements between them are cut at its edge."""
    while node.getparent() is not top:
        outer = parent(node)
        rest = list(node.itersiblings(preceding=before))
        if before and any(counts(sibling) for sibling in rest):
            twin = shallow(outer)
            twin.extend([node, *node.itersiblings()])
            outer.addnext(twin)
            node = twin
        elif not before and any(counts(sibling) for sibling in rest):
            twin = shallow(outer)
            twin.extend(rest)
            outer.addnext(twin)
            node = outer
        else:
            node = outer
    return node


def following(node: Element) -> Element:
    """The next sibling of a node that has one."""
    after = node.getnext()
    assert after is not None, "it is the last"
    return after


def counts(node: Element) -> bool:
    """Whether a node is worth a cut: it is more than white space."""
    return node.tag != LEAF or bool((node.text or "").strip())


def shallow(node: Element) -> Element:
    """An element like another, without its id and its children."""
    from lxml import etree

    return etree.Element(
        node.tag,
        {
            str(key): str(value)
            for key, value in node.attrib.items()
            if key not in ("id", "name", f"{{{XHTML}}}id")
        },
        dict(node.nsmap),  # type: ignore[arg-type]  # the stubs don't know that None names the default namespace
    )


def around(first: Element, last: Element) -> Element:
    """A span around two siblings and all between."""
    from lxml import etree

    span = etree.Element(SPAN)
    nodes = [first]
    while nodes[-1] is not last:
        nodes.append(following(nodes[-1]))
    first.addprevious(span)
    span.extend(nodes)
    return span

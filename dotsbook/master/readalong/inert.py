"""Makes a book's markup and style sheets inert: no script, handler, form, frame or remote resource stays in them. It opens no file.

Text stays text: a form's fields go, what stands between them is kept. Ordinary links to the web are left to be
followed; every other scheme is dropped.
"""

import re
from collections.abc import Callable

from dotsbook.master.readalong.manuscript import XHTML, Element, keys, local

GONE = frozenset(
    [
        "script",
        "base",
        "input",
        "select",
        "textarea",
        "button",
        "datalist",
        "output",
        "frame",
        "frameset",
        "applet",
        "embed",
        "param",
        "portal",
        "basefont",
        "bgsound",
        "noembed",
        "animate",
        "set",
        "animatetransform",
        "animatemotion",
        "handler",
        "listener",
        "discard",
        "trigger",
    ]
)
KEPT_INSIDE = frozenset(
    [
        "form",
        "fieldset",
        "legend",
        "label",
        "iframe",
        "object",
        "noscript",
        "noframes",
        "canvas",
        "marquee",
        "blink",
        "nobr",
        "template",
        "dialog",
    ]
)
SOURCES = frozenset(
    [
        "src",
        "poster",
        "data",
        "href",
        "background",
        "cite",
        "longdesc",
        "srcset",
        "action",
        "formaction",
        "ping",
        "manifest",
        "usemap",
        "codebase",
        "archive",
        "classid",
        "profile",
    ]
)
BLOCKS = frozenset(
    [
        "p",
        "div",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "blockquote",
        "dl",
        "form",
        "fieldset",
    ]
)
SCHEME = re.compile(r"^[\s\x00-\x20]*([A-Za-z][A-Za-z0-9+.\-]*)[\s\x00-\x20]*:|^[\s\x00-\x20]*(//|\\\\)")
FOLLOWED = frozenset(("http", "https", "mailto", "tel"))
BLANKS = re.compile(r"[\x00-\x20]+")
CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)""", re.I)
CSS_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')\s;]*)["']?\s*\)?[^;{}]*;?""", re.I)
CSS_ACTIVE = re.compile(
    r"(?:expression\s*\(|(?:-webkit-)?image-set\s*\(|behavior\s*:|-moz-binding\s*:|javascript:|vbscript:)[^;{}]*",
    re.I,
)
CSS_DIRECTION = re.compile(
    r"(?<![\w-])(?:direction|unicode-bidi)\s*:[^;{}]*;?", re.I
)  # EPUB 3 forbids them: the markup says it
CSS_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?")  # letters written so could hide a url()
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.S)
PICTURE = re.compile(
    r"data:(?:image/(?:png|jpe?g|gif|webp)|font/[\w-]+|application/(?:x-)?font-[\w-]+)[;,]", re.I
)

Known = Callable[[str], bool]  # whether a relative link leads to a file that the book keeps


def scheme(link: str) -> str:
    """A link's scheme in lower case, "//" for one without; '' for a link inside the book."""
    bare = BLANKS.sub("", link)
    found = SCHEME.match(bare)
    return (found.group(1) or "//").lower() if found else ""


def inert(root: Element, known: Known) -> None:
    """Take everything from a tree that runs, sends or fetches; links to resources that aren't there go too."""
    from lxml import etree

    for node in list(root.iter()):
        if node is root:
            continue
        if not isinstance(node.tag, str):
            if not isinstance(node, etree._Comment):
                removed(node)
            continue
        name = local(node.tag).lower()
        if name in GONE or name == "meta" and node.get("http-equiv") is not None:
            removed(node)
        elif name in KEPT_INSIDE:
            node.tag = f"{{{XHTML}}}{'div' if holds_blocks(node) else 'span'}"
            for key in list(node.attrib):
                if key not in ("id", "class", "title", "lang", "dir"):
                    del node.attrib[key]
    for node in list(root.iter("*")):
        attributes(node, known)
    for node in root.iter(f"{{{XHTML}}}style", "{http://www.w3.org/2000/svg}style"):
        node.text = sheet(node.text or "", known)


def attributes(node: Element, known: Known) -> None:
    """Check one element's attributes; an element that is nothing without its resource goes."""
    name = local(node.tag).lower()
    for key in keys(node):
        word, value = local(key).lower() or key.lower(), node.get(key) or ""
        if word.startswith("on") or word in (
            "action",
            "formaction",
            "ping",
            "srcdoc",
            "manifest",
            "codebase",
            "srcset",
            "background",
        ):
            del node.attrib[key]
        elif word == "style":
            node.set(key, sheet(value, known))
            if not (node.get(key) or "").strip():
                del node.attrib[key]
        elif word in SOURCES and not allowed(name, word, value, known):
            del node.attrib[key]
    if _empty(node, name):
        removed(node)


def _empty(node, name: str) -> bool:
    """An element that shows what it refers to, and refers to nothing any more."""
    if name == "image":
        return not any(local(key) == "href" for key in node.attrib)
    return (
        name in ("img", "source", "track") and not node.get("src") or name == "link" and not node.get("href")
    )


def allowed(name: str, word: str, value: str, known: Known) -> bool:
    """Whether a link may stay where it is."""
    kind = scheme(value)
    if name in ("a", "area", "blockquote", "q", "ins", "del"):
        return (
            kind in FOLLOWED
            or not kind
            and (name == "a" and (not value.strip() or value.startswith("#")) or known(value))
        )
    if kind == "data":
        return PICTURE.match(value.strip()) is not None and name in ("img", "image", "feimage")
    return not kind and (value.startswith("#") or known(value))


def removed(node: Element) -> None:
    """Take a node out and leave what follows it."""
    parent, before = node.getparent(), node.getprevious()
    if parent is None:
        return
    if node.tail:
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)


def holds_blocks(node: Element) -> bool:
    return any(local(inner.tag) in BLOCKS for inner in node.iter("*")) or local(node.tag) in (
        "form",
        "fieldset",
        "noframes",
    )


def letter(escape: re.Match) -> str:
    """An escaped ASCII letter as itself; other escapes stay."""
    code = int(escape.group(1), 16)
    return chr(code) if code < 128 and chr(code).isalpha() else escape.group()


def sheet(text: str, known: Known) -> str:
    """A style sheet, or a style attribute, without anything remote, missing or active."""

    def importing(match: re.Match) -> str:
        return match.group() if not scheme(match.group(1)) and known(match.group(1)) else ""

    text = CSS_ESCAPE.sub(letter, text)
    text = CSS_ACTIVE.sub("", CSS_IMPORT.sub(importing, CSS_COMMENT.sub("", text)))
    return (
        DECLARATION.sub(lambda match: declaration(match.group(), known), CSS_DIRECTION.sub("", text))
        if "url(" in text.lower()
        else CSS_DIRECTION.sub("", text)
    )


DECLARATION = re.compile(
    r"""[\w-]+\s*:(?:[^;{}"']|"[^"]*"|'[^']*')*url\((?:[^;{}"')]|"[^"]*"|'[^']*'|;base64,)*\)(?:[^;{}"']|"[^"]*"|'[^']*')*;?""",
    re.I,
)


def declaration(text: str, known: Known) -> str:
    """A declaration that names resources, without those that can't stay; nothing where none is left."""
    parts = [part for part in re.split(r",(?![^()]*\))", text.partition(":")[2].rstrip("; \n\t\r"))]
    good = []
    for part in parts:
        links = [next(filter(None, found), "") for found in CSS_URL.findall(part)]
        if all(
            PICTURE.match(link.strip()) if scheme(link) else link.startswith("#") or known(link)
            for link in links
        ):
            good.append(part)
    return (
        f"{text.partition(':')[0]}:{','.join(good)};"
        if good and any("url(" in part.lower() for part in good)
        else ""
    )

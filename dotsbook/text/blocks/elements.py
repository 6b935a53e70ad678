"""What an XHTML element says of itself by name, type, role and class, and what that means to the ear. It sees no
text."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from dotsbook.book import Kind
from dotsbook.text.blocks.class_words import (
    BLANK_CLASS,
    BOILERPLATE,
    CAPTION_CLASS,
    CODE_CLASS,
    DIRECTION_CLASS,
    DROP_CLASS,
    HEADING_CLASS,
    LINE_BLOCK,
    LINE_CLASS,
    NOTE_CLASS,
    PAGE_CLASS,
    PERMALINK,
    QUOTE_CLASS,
    REFERENCE_CLASS,
    SCENE_CLASS,
    SPEAKER_CLASS,
    TRANSCRIBER,
    VERSE_CLASS,
)
from dotsbook.text.blocks.language_tags import tag_of
from dotsbook.text.matter.kinds import class_matter, matter_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
else:
    Element = object  # lxml is heavy: it is imported where a file is read

EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SSML_PH = "{http://www.w3.org/2001/10/synthesis}ph"

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "html",
        "frameset",
        "noframes",
    ]
)
CONTAINERS = frozenset(
    ["section", "article", "div", "aside", "table", "blockquote", "ul", "ol", "dl", "li", "figure"]
)
UNCOUNTED = frozenset(("script", "style", "head", "template"))
FALLBACKS = frozenset(
    [
        "audio",
        "video",
        "object",
        "iframe",
        "canvas",
        "noscript",
        "textarea",
        "select",
        "button",
        "input",
        "noframes",
        "embed",
        "applet",
    ]
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}

NOTE_REFERENCES = frozenset(("noteref", "annoref", "doc-noteref"))
NOTES = frozenset(
    [
        "footnote",
        "footnotes",
        "endnote",
        "endnotes",
        "rearnote",
        "rearnotes",
        "note",
        "notes",
        "annotation",
        "sidenote",
        "doc-footnote",
        "doc-endnote",
        "doc-endnotes",
    ]
)
PAGE_MARKS = frozenset(("pagebreak", "doc-pagebreak"))
BACK_LINKS = frozenset(("backlink", "doc-backlink", "referrer"))
SPEAKERS = frozenset(("z3998:persona", "persona"))
DIRECTIONS = frozenset(("z3998:stage-direction", "stage-direction"))
VERSE_TYPES = frozenset(("z3998:verse", "z3998:poem", "z3998:song", "z3998:hymn", "z3998:lyrics"))
QUOTE_TYPES = frozenset(
    ("epigraph", "z3998:letter", "doc-epigraph", "z3998:epistle", "pullquote", "doc-pullquote")
)
HEADING_TYPES = frozenset(
    ("z3998:title", "doc-subtitle", "bridgehead", "title", "fulltitle", "subtitle", "ordinal", "label")
)


class Traits(NamedTuple):
    """What a kind of element is; the same for every element of that name, type, role and class."""

    name: str
    block: bool
    kind: Kind | None = None
    level: int = 0  # of a heading
    soft: bool = False  # a heading by its class only
    matter: str | None = None  # part of the book it says it is
    told: str = ""  # who says so: epub:type, role, class
    note: bool = False  # a note's body
    reference: bool = False  # a note's mark, said by its type
    marked: bool = False  # a note's mark, said by its class
    page: bool = False  # a page number
    paged: bool = False  # the same, said by its class only
    line_number: bool = False
    back: bool = False  # a link back from a note
    persona: bool = False  # a speaker's name
    scene: bool = False  # a scene break
    blank: bool = False  # an empty line
    drop: bool = False  # a drop cap
    direction: bool = False  # a stage direction
    verse: bool = False
    line: bool = False  # one line of verse
    drama: bool = False
    permalink: bool = False
    code: bool = False
    plain: bool = False  # an inline element that says nothing at all


@lru_cache(maxsize=20_000)
def traits(name: str, said: str, role: str, classes: str, identity: str = "") -> Traits:
    """Traits of elements by name, epub:type, role, class, and for a few blocks id."""
    types = frozenset(said.lower().split()) | frozenset(
        word for word in role.lower().split() if word != "note"
    )
    own = classes.lower().split()
    block = name in BLOCKS
    if not types and not own and not identity and not block:
        return Traits(
            name,
            False,
            plain=name
            not in ("a", "sup", "rt", "rp", "rtc", "ruby", "svg", "math", "br", "img", "wbr", "image")
            and name not in FALLBACKS | UNCOUNTED,
        )

    def has(pattern: re.Pattern) -> bool:
        return any(pattern.match(word) for word in own)

    matter, told = matter_told(name, said, types, own, identity)
    kind = kind_of(name, types, has, block)
    level = HEADINGS.get(name, 0) or (3 if kind is Kind.HEADING else 0)
    return Traits(
        name,
        block,
        kind,
        level,
        kind is Kind.HEADING
        and name not in HEADINGS
        and "heading" not in types
        and not types & HEADING_TYPES,
        matter,
        told if matter else "",
        note=block and name != "body" and (bool(types & NOTES) or has(NOTE_CLASS)),
        reference=bool(types & NOTE_REFERENCES),
        marked=any(REFERENCE_CLASS.search(word) for word in own),
        page=bool(types & PAGE_MARKS),
        paged=has(PAGE_CLASS),
        line_number=has(LINE_CLASS),
        back=bool(types & BACK_LINKS),
        persona=bool(types & SPEAKERS) or has(SPEAKER_CLASS),
        scene=name
        in ("p", "div", "span", "section", "hr", "figure", "h2", "h3", "h4", "h5", "h6", "blockquote")
        and any(SCENE_CLASS.search(word) for word in own),
        blank=name in ("p", "div") and has(BLANK_CLASS),
        drop=any(DROP_CLASS.search(word) for word in own),
        direction=bool(types & DIRECTIONS) or has(DIRECTION_CLASS),
        verse=bool(types & VERSE_TYPES) or has(VERSE_CLASS),
        line=block and has(LINE_BLOCK),
        drama=bool(types & {"z3998:drama"}) or block and not {"drama", "play"}.isdisjoint(own),
        permalink=has(PERMALINK),
        code=name == "pre" and any(CODE_CLASS.search(word) for word in own),
    )


def matter_told(
    name: str, said: str, types: frozenset[str], own: list[str], identity: str
) -> tuple[str | None, str]:
    """What matter an element holds, if that is told, and by what: epub:type, role, class or the element itself."""
    if name in BLOCKS and any(BOILERPLATE.match(word) for word in (*own, identity)):
        return "licence", "class"
    if name in BLOCKS and any(TRANSCRIBER.match(word) for word in (*own, identity)):
        return "transcriber's note", "class"
    if (matter := matter_of(types)) is not None:
        return matter, "epub:type" if matter_of(frozenset(said.lower().split())) else "role"
    if own and name in ("div", "section", "body", "article", "table", "ul", "ol"):
        matter = class_matter(own)
    return ("contents", "nav") if name == "nav" and matter is None else (matter, "class")


def kind_of(name: str, types: frozenset[str], has: Callable[[re.Pattern], bool], block: bool) -> Kind | None:
    """What an element makes of the text in it, if anything."""
    if (
        name in HEADINGS
        or block
        and ("heading" in types or types & HEADING_TYPES and name in ("p", "div", "header", "hgroup"))
    ):
        return Kind.HEADING
    if name in ("figcaption", "caption") or block and has(CAPTION_CLASS):
        return Kind.CAPTION
    if types & DIRECTIONS or has(DIRECTION_CLASS):
        return Kind.DIRECTION
    if not block:
        return None
    if types & VERSE_TYPES or has(VERSE_CLASS):
        return Kind.VERSE
    if name == "blockquote" or types & QUOTE_TYPES or has(QUOTE_CLASS):
        return Kind.QUOTE
    match name:
        case "li" | "dt" | "dd":
            return Kind.ITEM
        case "td" | "th":
            return Kind.CELL
        case "p" | "div" | "header":
            return Kind.HEADING if has(HEADING_CLASS) and not (name != "p" and "chapter" in types) else None
    return None


def traits_of(element: Element) -> Traits:
    name = local_name(element)
    attributes = element.attrib
    if not attributes:
        return traits(name, "", "", "")
    identity = attributes.get("id", "").lower() if name in ("div", "section", "pre") else ""
    return traits(
        name,
        attributes.get(EPUB_TYPE) or attributes.get("epub:type") or "",
        attributes.get("role") or "",
        attributes.get("class") or "",
        identity
        if len(identity) < 30 and (TRANSCRIBER.match(identity) or BOILERPLATE.match(identity))
        else "",
    )


def words_of(element: Element) -> set[str]:
    """The element's epub:type and role tokens."""
    attributes = element.attrib
    if not attributes:
        return set()
    said = attributes.get(EPUB_TYPE) or attributes.get("epub:type") or ""
    role = attributes.get("role") or ""
    return set(f"{said} {'' if role == 'note' else role}".lower().split())


def language_of(element: Element) -> str | None:
    attributes = element.attrib
    if not attributes:
        return None
    return tag_of(attributes.get(XML_LANG) or attributes.get("lang") or attributes.get("xml:lang"))


def local_name(element: Element) -> str:
    tag = element.tag
    return bare_name(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=2000)
def bare_name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()

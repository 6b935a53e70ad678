"""What an XHTML element says of itself by name, type, role and class, and what that means to the ear. It sees no
text."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from dotsbook.book import Kind
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


def words(pattern: str) -> re.Pattern:
    return re.compile(f"^(?:{pattern})$")


PAGE_CLASS = words(
    r"(x-ebookmaker-)?(page-?_?(num(ber)?|no|break|nr)s?|pgnum|pgno|pg-?break|pageno|seitenzahl|folio|pb|pagenumber)|"
    r"newpage|page_?marker"
)
LINE_CLASS = words(
    r"lnum|line-?_?num(ber)?s?|lineno|linenr|ln|verse-?num(ber)?|versenum|versnr|poem-?line-?num|linenum\w*"
)
NOTE_CLASS = words(
    r"foot-?_?notes?|end-?_?notes?|fn|rearnotes?|note-?body|(foot|end)note-?(text|body|content|item|para|list|block)|"
    r"_idfootnotes?|_idfootnote|fussnoten?|fußnoten?|msofootnotetext|msoendnotetext|footnotepara|fntext|"
    r"notes?-?section|notebook"
)
REFERENCE_CLASS = re.compile(
    r"noteref|(foot|end)note-?_?(ref|anchor|link|call)|fn-?_?ref|fnanchor|refnote|_idfootnotelink|noteanchor|pagenote|"
    r"note-?call|appel-?note|footnotereference|fnmarker|note-?mark|^reference$|^fnref|^nref$|renvoi",
    re.I,
)
DROP_CLASS = re.compile(
    r"drop-?_?cap|lettrine|^initial(e|cap|letter)?s?$|first-?_?letter|bigcap|versal|^dc\d*$|^cap$|initialbuchstabe|"
    r"capolettera|letrina",
    re.I,
)
SPEAKER_CLASS = words(
    r"speaker(-?name)?|persona(ge)?|char(acter)?-?name|sprecher|personnage|role-?name|dramatis-?name|personaje|"
    r"personaggio|rolle"
)
DIRECTION_CLASS = words(
    r"stage-?_?dir(ection)?s?|stagedir|didascalie|regieanweisung|acotaci[oó]n|didascalia|sd"
)
VERSE_CLASS = words(
    r"verses?|poem|poetry|poema|poesia|poesía|gedicht|stanza|strophe|song|lyrics?|hymn|linegroup|line-?group|lg|"
    r"pg-?poem|poetry-container|poésie|poeme|strofa|estrofa|line-?block"
)
LINE_BLOCK = words(
    r"line|verse-?line|l|i\d{1,2}|indent\d*|v|vers|verso|poem-?line|poetry-?line|pline|stanza-?line|verseline\w*"
)
QUOTE_CLASS = words(
    r"block-?_?quote|block-?_?quotation|epigraph|letter|quote|extract|excerpt|diary|epigrafe|motto|zitat|brief|citation"
)
SCENE_CLASS = re.compile(
    r"(^|[-_])(scene-?break|section-?break|thought-?break|text-?break|context-?break|space-?break|soft-?break|"
    r"ornament(al)?|asterism|dinkus|separator|divider|fleuron|"
    r"transition|szenenwechsel|scene-?start|new-?scene|after-?break|first-?after-?break|blank-?line|scenebreak\w*|"
    r"sceneshift|leerzeile|time-?break)($|[-_\d])|^(tb|spacebreak|sb|sbreak|brk|asterisks|stars|line-?break)$",
    re.I,
)
CAPTION_CLASS = words(
    r"captions?|fig-?caption|illustration-?caption|bildunterschrift|caption-?(text|p)|figure-?caption|legende|légende|"
    r"img-?caption|pie-?de-?foto|didasc"
)
HEADING_CLASS = words(
    r"(chapter|chap|part|section|book)-?_?(title|head(ing|er)?|num(ber)?|name|opener|subtitle|no)\d*|heading-?_?\d?|"
    r"titolo-?capitolo|kapitel(titel|überschrift|nummer)?|ct|cn|chaptitle|chapnum|h[1-6]|msoheading\d|"
    r"überschrift-?\d?|ueberschrift-?\d?|titre-?\d?|titulo-?\d?|titolo-?\d?|titel-?\d?|sub-?head(ing)?\d*|"
    r"chapter-?number-?\w*"
)
BOILERPLATE = words(r"pg-?(boilerplate|header|footer)|pgheader|pgfooter|project-?gutenberg")
TRANSCRIBER = words(r"tnote|transnote|transcribers?-?_?notes?|trans-?note|tnotes|tnbox|transcriber")
PERMALINK = words(r"headerlink|mw-editsection|editsection|anchorjs-link|permalink")
BLANK_CLASS = words(
    r"blank(-?line)?|empty(-?line)?|spacer?|leer(zeile)?|vspace|white-?space|emptyline|blankline"
)
CODE_CLASS = re.compile(
    r"sourcecode|programlisting|highlight|codeblock|code-?block|^code$|listing|literal-?block|^screen$", re.I
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

    matter, told = matter_of(types), "epub:type" if matter_of(frozenset(said.lower().split())) else "role"
    if block and any(BOILERPLATE.match(word) for word in (*own, identity)):
        matter, told = "licence", "class"
    elif block and any(TRANSCRIBER.match(word) for word in (*own, identity)):
        matter, told = "transcriber's note", "class"
    elif (
        block
        and matter is None
        and own
        and name in ("div", "section", "body", "article", "table", "ul", "ol")
    ):
        matter, told = class_matter(own), "class"
    if name == "nav" and matter is None:
        matter, told = "contents", "nav"
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
    return canonical(attributes.get(XML_LANG) or attributes.get("lang") or attributes.get("xml:lang"))


def canonical(tag: str | None) -> str | None:
    """A BCP 47 tag in its usual letter case; None for what names no language."""
    parts = (tag or "").strip().replace("_", "-").split("-")
    first = parts[0].lower()
    if not (2 <= len(first) <= 3 and first.isascii() and first.isalpha()) or first in (
        "und",
        "zxx",
        "mul",
        "mis",
    ):
        return None
    rest = [
        part.upper()
        if len(part) == 2
        else part.title()
        if len(part) == 4 and part.isalpha()
        else part.lower()
        for part in parts[1:]
        if part.isascii() and part.isalnum()
    ]
    return "-".join([THREE.get(first, first), *rest])


THREE = {
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "por": "pt",
    "nld": "nl",
    "dut": "nl",
    "rus": "ru",
    "pol": "pl",
    "ces": "cs",
    "cze": "cs",
    "ell": "el",
    "gre": "el",
    "fin": "fi",
    "hin": "hi",
    "ind": "id",
    "jpn": "ja",
    "kor": "ko",
    "ron": "ro",
    "rum": "ro",
    "tha": "th",
    "tur": "tr",
    "ukr": "uk",
    "vie": "vi",
    "zho": "zh",
    "chi": "zh",
    "ara": "ar",
    "swe": "sv",
    "dan": "da",
    "nor": "no",
    "hun": "hu",
    "heb": "he",
    "lat": "la",
    "cat": "ca",
}


def local_name(element: Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""

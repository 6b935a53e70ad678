"""Bytes of an XHTML, HTML or XML file → an lxml tree, whoever wrote them. It fetches nothing and expands no entity of
a DTD.

A document type is cut off before parsing, so that there is no DTD, no external entity and nothing to expand;
named characters (&nbsp;) and short literal entities of its internal subset are put in by hand.
"""

import codecs
import html.entities
import re
from typing import TYPE_CHECKING

from dotsbook.errors import SourceError
from dotsbook.text.blocks.elements import Element

if TYPE_CHECKING:
    from lxml.etree import HTMLParser, XMLParser

DEEPEST = 2000  # levels of nesting that are read
MOST_NAMED = 20  # entities in one warning
LONGEST_ENTITY = 200  # characters of a literal entity that is put in
LARGEST = 10_000_000  # characters of one run of text libxml2 takes

DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._-]+)", re.I)
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
DOCTYPE = re.compile(r"<!DOCTYPE\s[^\[>]*(\[.*?\]\s*)?>", re.I | re.S)
ENTITY = re.compile(r"<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:\"([^\"<&]*)\"|'([^'<&]*)')\s*>")
REFERENCE = re.compile(r"&([A-Za-z][\w.-]*);")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOISE = re.compile("[\x01-\x08\x0b\x0e-\x1a\x1c-\x1f]")
TITLE = re.compile(r"<(/?)title\b[^>]{0,200}>", re.I)
OWN = frozenset(("amp", "lt", "gt", "quot", "apos"))


def decode(data: bytes) -> str:
    """Text of a markup file: by its byte order mark, its declaration, UTF-8, else Windows-1252."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace").lstrip("\ufeff")
    if data[:4] in (b"<\0?\0", b"<\0h\0", b"<\0!\0"):
        return data.decode("utf-16-le", "replace")
    if data[:4] in (b"\0<\0?", b"\0<\0h", b"\0<\0!"):
        return data.decode("utf-16-be", "replace")
    head = data[:2000]
    named = DECLARED.search(head) or CHARSET.search(head)
    for name in ((named.group(1).decode("ascii"),) if named else ()) + ("utf-8",):
        try:
            if not name.lower().replace("-", "").startswith(("utf16", "utf32", "ucs")):
                return data.decode(name)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", "replace")


def is_noise(data: bytes) -> bool:
    """Whether a file's first bytes are no text in any encoding: a thirtieth of them control codes that no text holds."""
    head = decode(data[:4000])
    return len(head) > 64 and len(NOISE.findall(head)) > len(head) / 30


def prepare(text: str) -> tuple[str, list[str]]:
    """Markup with its declaration and document type cut off and its named characters put in, and what was odd about
    it."""
    odd = []
    text, illegal = ILLEGAL.subn("", text)
    if illegal:
        odd.append(f"{illegal} characters that can't stand in a book (control codes) were left out")
    text = DECLARATION.sub("", text, count=1)
    named = {}
    found = DOCTYPE.search(text[:100_000]) if "<!DOCTYPE" in text[:2000].upper() else None
    if found:
        named = {
            name: first or second
            for name, first, second in ENTITY.findall(found.group(1) or "")
            if len(first or second) <= LONGEST_ENTITY
        }
        text = text[: found.start()] + text[found.end() :]
    if "&" not in text:
        return text, odd
    unknown = set()

    def character(match: re.Match) -> str:
        name = match.group(1)
        if name in OWN:
            return match.group()
        if name in named:
            return named[name]
        value = html.entities.html5.get(name + ";")
        if value is None:
            unknown.add(name)
            return ""
        return value if value not in "<&" else f"&#{ord(value)};"

    text = REFERENCE.sub(character, text)
    if unknown:
        odd.append(undefined(sorted(unknown)))
    return text, odd


def undefined(names: list[str]) -> str:
    """The sentence on entities that nothing defines, each named."""
    listed = ", ".join(f"&{name};" for name in names[:MOST_NAMED])
    if len(names) == 1:
        return f"the entity {listed} isn't defined in the file and was left out"
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"the entities {listed}{more} aren't defined in the file and were left out"


def parse(data: bytes, name: str) -> tuple[Element, list[str]]:
    """(root element, warnings) of a document. Malformed XHTML is read as a browser would read it.

    SourceError when it is nested too deeply or isn't markup at all.
    """
    from lxml import etree

    text, odd = prepare(decode(data))
    if not text.strip():
        return etree.Element("html"), [*odd, "the file is empty"]
    try:
        return etree.fromstring(text.encode(), strict()), odd
    except etree.XMLSyntaxError as error:
        reason = str(error)
    if (
        "Excessive depth" in reason
        or "namespace" in reason.lower()
        or "Huge input" in reason
        or "xmlSAX2Characters" in reason
    ):
        try:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
            root = etree.fromstring(text.encode(), parser)
            check_depth(parser, name)
            only = all(entry.domain_name == "NAMESPACE" for entry in parser.error_log)
            if root is not None and only:
                return root, odd
        except etree.XMLSyntaxError as error:
            reason = str(error)
    browser = etree.HTMLParser(no_network=True, huge_tree=True, encoding="utf-8")
    try:
        root = etree.fromstring(without_open_title(text).encode(), browser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"{name} isn't XHTML that can be read ({error}); is the book damaged?") from error
    check_depth(browser, name)
    if root is not None:
        put_back(root)
    odd.append(f"it isn't well-formed ({reason.split(', line')[0]}) and was read as a browser would")
    return (root if root is not None else etree.Element("html")), odd


def without_open_title(text: str) -> str:
    """Markup without a title that nothing ends: it would swallow the page."""
    ends = [match.end() for match in TITLE.finditer(text) if match.group(1)]
    last = ends[-1] if ends else 0
    return text[:last] + TITLE.sub("", text[last:])


def put_back(root: Element) -> None:
    """Bring what stands after the document's end, which the parser keeps beside the root, into its body."""
    after = [node for node in root.itersiblings() if isinstance(node.tag, str)]
    bodies = list(root.iter("body"))
    for node in after:
        (bodies[-1] if bodies else root).append(node)


def strict() -> "XMLParser":
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def check_depth(parser: "XMLParser | HTMLParser", name: str) -> None:
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise SourceError(
            f"{name} nests its elements more than {DEEPEST} deep, which no book does; it is refused."
        )


def parse_xml(data: bytes, name: str) -> Element:
    """The root of a well-formed XML file of the package; lxml's XMLSyntaxError where it is not."""
    from lxml import etree

    text, _ = prepare(decode(data))
    return etree.fromstring(text.encode(), strict())


def parse_damaged(data: bytes, name: str) -> tuple[Element, list[str]]:
    """(root, warnings) of an XML file that need not be well-formed: what can be made of it. SourceError for nothing."""
    from lxml import etree

    text, odd = prepare(decode(data))
    try:
        return etree.fromstring(text.encode(), strict()), odd
    except etree.XMLSyntaxError as error:
        odd.append(f"it isn't well-formed ({str(error).split(', line')[0]}) and was read as far as it can be")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=True
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(f"{name} isn't XML that can be read ({error}); is the file damaged?") from error
    if root is None:
        raise SourceError(f"{name} isn't XML that can be read; is the file damaged?")
    return root, odd


def local(tag: object) -> str:
    """An element's name without its namespace, in lower case; '' for comments and the like."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""

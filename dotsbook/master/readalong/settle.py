"""Brings a document's markup to what EPUB 3 allows: obsolete elements and attributes become today's, with the same look.

It knows XHTML and no book. A valid document stays as it is.
"""

import re

from dotsbook.master.readalong.inert import removed
from dotsbook.master.readalong.manuscript import OPS, XHTML, XML, Element, keys, local, words

H = f"{{{XHTML}}}"
RENAMED = {
    "center": ("div", "text-align:center"),
    "big": ("span", "font-size:larger"),
    "tt": ("span", "font-family:monospace"),
    "strike": ("s", ""),
    "acronym": ("abbr", ""),
    "dir": ("ul", ""),
    "font": ("span", ""),
    "listing": ("pre", ""),
    "xmp": ("pre", ""),
    "plaintext": ("pre", ""),
    "rb": ("rb", ""),
    "menu": ("ul", ""),
    "isindex": ("span", ""),
    "image": ("img", ""),
}
LOOKS = {
    "b": "font-weight:bold",
    "strong": "font-weight:bold",
    "i": "font-style:italic",
    "em": "font-style:italic",
    "u": "text-decoration:underline",
    "small": "font-size:smaller",
    "sup": "vertical-align:super",
    "sub": "vertical-align:sub",
}
PHRASING = frozenset(
    [
        "p",
        "span",
        "em",
        "i",
        "b",
        "strong",
        "small",
        "abbr",
        "cite",
        "code",
        "sub",
        "sup",
        "u",
        "s",
        "q",
        "dfn",
        "kbd",
        "samp",
        "var",
        "mark",
        "bdo",
        "bdi",
        "pre",
        "time",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    ]
)
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BLOCK = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "div",
        "dl",
        "fieldset",
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
        "hr",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
        "hgroup",
        "li",
        "dd",
        "dt",
    ]
)
GLOBAL = frozenset(
    [
        "id",
        "class",
        "title",
        "lang",
        "dir",
        "style",
        "hidden",
        "tabindex",
        "accesskey",
        "translate",
        "role",
        "xmlns",
        "draggable",
        "inert",
        "itemid",
        "itemprop",
        "itemref",
        "itemscope",
        "itemtype",
        "property",
        "typeof",
        "about",
        "resource",
        "prefix",
        "vocab",
        "content",
        "datatype",
        "rel",
        "rev",
        "inlist",
    ]
)
OWN = {
    "a": "href hreflang type download target",
    "area": "alt coords shape href",
    "audio": "src controls preload loop muted autoplay",
    "blockquote": "cite",
    "video": "src poster controls preload loop muted width height",
    "source": "src type media",
    "track": "src kind srclang label default",
    "col": "span",
    "colgroup": "span",
    "data": "value",
    "del": "cite datetime",
    "ins": "cite datetime",
    "q": "cite",
    "details": "open",
    "img": "src alt width height usemap ismap",
    "li": "value",
    "ol": "start reversed type",
    "link": "href type media hreflang sizes",
    "map": "name",
    "meta": "name charset content",
    "meter": "value min max low high optimum",
    "progress": "value max",
    "style": "type media",
    "bdo": "dir",
    "td": "colspan rowspan headers",
    "th": "colspan rowspan headers scope abbr",
    "time": "datetime",
    "html": "",
    "body": "",
    "table": "",
}
ALLOWED = {name: GLOBAL | frozenset(words.split()) for name, words in OWN.items()}
ALIGNED = {"left": "left", "right": "right", "center": "center", "justify": "justify", "middle": "center"}
NAME = re.compile(r"[a-z][a-z0-9-]*$")
NUMBER = re.compile(r"\d{1,5}$")
LENGTH = re.compile(r"\d{1,5}(?:\.\d+)?(?:%|px|em)?$")
COLOUR = re.compile(r"#?[A-Za-z0-9]{3,20}$")
FOREIGN = ("http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML")


SPACES: dict = {None: XHTML, "epub": OPS}


def settle(root: Element, title: str) -> Element:
    """A document as EPUB 3 wants it: (the same) root element in XHTML's namespace, one head with a title, one body."""
    root = named(root)
    for node in list(root.iter("*")):
        if node.tag.startswith(H):
            element(node)
        elif not any(node.tag.startswith(f"{{{space}}}") for space in FOREIGN) and node.tag.startswith(
            f"{{{OPS}}}"
        ):
            continue
    for node in reversed(list(root.iter("*"))):
        if node.tag.startswith(H):
            nested(node)
    head_of(root, title)
    single_ids(root)
    return root


def named(root: Element) -> Element:
    """The tree with every plain element in XHTML's namespace and attributes' prefixes resolved, below one html element."""
    from lxml import etree

    for node in root.iter("*"):
        if not str(node.tag).startswith("{"):
            name = str(node.tag).rpartition(":")[2].lower()
            node.tag = H + (
                name if NAME.match(name) else "span"
            )  # in a damaged page anything may stand after a "<"
        for key in [key for key in keys(node) if ":" in key and not key.startswith("{")]:
            value = str(node.attrib.pop(key))
            space = {"xml": XML, "epub": OPS}.get(key.partition(":")[0])
            if space:
                node.set(f"{{{space}}}{key.partition(':')[2]}", value)
    if local(root.tag) != "html":
        html = etree.Element(H + "html", nsmap=SPACES)
        body = root if local(root.tag) == "body" else etree.SubElement(html, H + "body")
        if body is root:
            html.append(root)
        else:
            body.append(root)
        return html
    return root


def element(node: Element) -> None:
    """One element: its name, its attributes."""
    name = local(node.tag)
    if name != name.lower():
        node.tag, name = H + name.lower(), name.lower()
    old = {key: node.get(key) or "" for key in keys(node)}
    if name in RENAMED:
        name, look = RENAMED[name]
        node.tag = H + name
        styled(node, look)
    if name == "font" or "color" in old:
        styled(node, f"color:{old['color']}" if COLOUR.match(old.get("color", "")) else "")
    presented(node, name, old)
    if name == "a" and old.get("name") and not node.get("id"):
        node.set("id", old["name"])
    fit = ALLOWED.get(name, GLOBAL)
    for key in keys(node):
        strange = not key.startswith("{") and key not in fit and not key.startswith(("data-", "aria-"))
        if strange or key in (f"{{{XML}}}space", f"{{{XML}}}base"):
            del node.attrib[key]
    lang = f"{{{XML}}}lang"
    spoken, said = node.get(lang), node.get("lang")
    if spoken is not None and said is not None and spoken.lower() != said.lower():
        node.set("lang", spoken)
    if name == "img":
        node.set("alt", node.get("alt", ""))
    if name in ("ol", "li") and not NUMBER.match((node.get("start") or node.get("value") or "0").lstrip("-")):
        for key in ("start", "value"):
            drop(node, key)


def drop(node: Element, key: str) -> None:
    if key in node.attrib:
        del node.attrib[key]


def presented(node: Element, name: str, old: dict[str, str]) -> None:
    """Attributes that say how a thing looks, as style."""
    align = ALIGNED.get(old.get("align", "").lower())
    if align and name in ("img", "table"):
        styled(node, f"float:{align}" if align in ("left", "right") else "")
    elif align:
        styled(node, f"text-align:{align}")
    if old.get("valign", "").lower() in ("top", "middle", "bottom", "baseline"):
        styled(node, f"vertical-align:{old['valign'].lower()}")
    for key in ("width", "height"):
        value = old.get(key, "").strip()
        if value and name not in ("video", "canvas") and (name != "img" or not NUMBER.match(value)):
            drop(node, key)
            if LENGTH.match(value):
                styled(node, f"{key}:{value if not value[-1].isdigit() else value + 'px'}")
    if COLOUR.match(old.get("bgcolor", "")):
        styled(node, f"background-color:{old['bgcolor']}")
    if old.get("clear", "").lower() in ("left", "right", "all", "both"):
        styled(node, f"clear:{old['clear'].lower().replace('all', 'both')}")
    if name == "table" and old.get("border", "0") not in ("0", ""):
        styled(node, "border:1px solid")


def styled(node: Element, look: str) -> None:
    if look:
        before = (node.get("style") or "").strip().rstrip(";")
        node.set("style", f"{before};{look}" if before else look)


def nested(node: Element) -> None:
    """Blocks inside what holds words only, lists in lists without an item, links in links."""
    name = local(node.tag)
    blocks = [
        child
        for child in node
        if isinstance(child.tag, str) and child.tag.startswith(H) and local(child.tag) in BLOCK
    ]
    if blocks and name in HEADINGS:
        for child in blocks:
            child.tag = H + "span"
            styled(child, "display:block")
    elif blocks and name in PHRASING:
        node.tag = H + "div"
        styled(node, LOOKS.get(name, ""))
    if name in ("ul", "ol"):
        listed(node)
    if name == "a" and any(local(outer.tag) == "a" for outer in node.iterancestors()):
        node.tag = H + "span"
        drop(node, "href")


def listed(node: Element) -> None:
    """Every child of a list an item."""
    from lxml import etree

    for child in list(node):
        if isinstance(child.tag, str) and local(child.tag) not in ("li", "template"):
            before = child.getprevious()
            if before is not None and local(before.tag) == "li":
                before.append(child)
            else:
                item = etree.Element(H + "li")
                child.addprevious(item)
                item.append(child)
    if not len(node) and not (node.text or "").strip():
        removed(node)


def head_of(root: Element, title: str) -> None:
    """One head, its title not empty, no more than one charset."""
    from lxml import etree

    body = next((child for child in root if local(child.tag) == "body"), None)
    if body is None:
        body = etree.SubElement(root, H + "body")
        body.extend([child for child in root if child is not body and local(child.tag) != "head"])
    head = next((child for child in root if local(child.tag) == "head"), None)
    if head is None:
        head = etree.Element(H + "head")
        root.insert(0, head)
    titles = [node for node in head if local(node.tag) == "title"]
    for other in titles[1:]:
        removed(other)
    holder = titles[0] if titles else etree.SubElement(head, H + "title")
    holder.text = words(holder) or title or "—"
    for child in list(holder):
        holder.remove(child)
    for child in list(head):
        if (
            isinstance(child.tag, str)
            and local(child.tag) not in ("title", "meta", "link", "style")
            or local(child.tag) == "meta"
            and (
                child.get("charset")
                or not child.get("content")
                or not child.get("name")
                and not child.get("property")
            )
        ):
            removed(child)


def single_ids(root: Element) -> None:
    """Ids that occur twice, or can't be ids, are dropped; the first stays."""
    seen: set[str] = set()
    for node in root.iter("*"):
        value = node.get("id")
        if value is None:
            continue
        if not value or value in seen or any(char.isspace() for char in value):
            del node.attrib["id"]
        seen.add(value)

"""The package document of a read-along: metadata, manifest and spine as EPUB 3 wants them, whatever the source's said. It opens no file."""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import unquote

from dotsbook.master.about import About
from dotsbook.master.cues import clock
from dotsbook.master.readalong.inert import scheme
from dotsbook.master.readalong.manuscript import DC, OPF, XML, Element, Original, link, local, words
from dotsbook.master.readalong.overlay import ACTIVE

PACKAGE, TERM = f"{{{OPF}}}", f"{{{DC}}}"
SPACES: dict = {None: OPF, "dc": DC}
TERMS = frozenset(
    [
        "title",
        "creator",
        "contributor",
        "language",
        "publisher",
        "date",
        "description",
        "rights",
        "identifier",
        "subject",
        "source",
        "coverage",
        "format",
        "relation",
        "type",
    ]
)
TYPES = {
    "image/jpg": "image/jpeg",
    "text/html": "application/xhtml+xml",
    "text/x-oeb1-document": "application/xhtml+xml",
    "text/x-oeb1-css": "text/css",
    "application/xml": "",
    "text/xml": "",
    "": "",
}
ENDINGS = {
    "xhtml": "application/xhtml+xml",
    "html": "application/xhtml+xml",
    "htm": "application/xhtml+xml",
    "xml": "application/xhtml+xml",
    "css": "text/css",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "svg": "image/svg+xml",
    "ncx": "application/x-dtbncx+xml",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "mp3": "audio/mpeg",
}
NCX = "application/x-dtbncx+xml"
DROPPED = frozenset(
    (
        "application/smil+xml",
        "application/javascript",
        "text/javascript",
        "application/ecmascript",
        "application/x-javascript",
        "application/x-dtbresource+xml",
        "application/oebps-page-map+xml",
        "application/vnd.adobe-page-template+xml",
        NCX,
    )
)
NAME = re.compile(r"[^\W\d][\w.\-]*$")
MARKUP = ("application/xhtml+xml", "image/svg+xml")


@dataclass
class OpfItem:
    id: str
    name: str  # its path in the archive
    media_type: str
    properties: set[str] = field(default_factory=set)
    fallback: str = ""
    overlay: str = ""  # an item's id
    linear: str = ""


@dataclass
class OpfPackage:
    """What is written; made from the source's package and then completed."""

    name: str
    root: Element  # the source's package element
    items: dict[str, OpfItem]  # by name
    spine: list[tuple[str, str, str]]  # (name, linear, properties)
    direction: str = ""


def read_package(original: Original) -> OpfPackage:
    """The source's manifest and spine, of files that are there and may stay."""
    root = original.parse(original.read(original.package) or b"", original.package)
    parts = {
        local(node.tag): node
        for node in reversed(list(root.iter("*")))
        if local(node.tag) in ("manifest", "spine")
    }
    items: dict[str, OpfItem] = {}
    names: dict[str, str] = {}
    for node in parts["manifest"].iter("*"):
        place = target(original.package, node.get("href") or "")
        if (
            local(node.tag) != "item"
            or place not in original.names
            or place in items
            or place.startswith("META-INF/")
        ):
            continue
        kind = media_type(node.get("media-type") or "", place)
        if kind in DROPPED or place == original.package:
            continue
        identifier = node.get("id") or ""
        identifier = (
            identifier if NAME.match(identifier) and identifier not in names else f"item-{len(items) + 1}"
        )
        items[place] = OpfItem(
            identifier,
            place,
            kind,
            set((node.get("properties") or "").split()) - {"scripted", "remote-resources"},
            node.get("fallback") or "",
        )
        names[node.get("id") or identifier] = place
    for item in items.values():
        item.fallback = (
            items[names[item.fallback]].id
            if item.fallback in names and names[item.fallback] != item.name
            else ""
        )
    spine = reading_order(parts["spine"], items, names)
    direction = parts["spine"].get("page-progression-direction") or ""
    return OpfPackage(
        original.package, root, items, spine, direction if direction in ("ltr", "rtl", "default") else ""
    )


def reading_order(
    spine: Element, items: Mapping[str, OpfItem], names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """(name, linear, properties) of each document that can be read, once; names: of files by the source's ids."""
    order: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    for node in spine.iter("*"):
        place = names.get(node.get("idref") or "", "")
        if (
            local(node.tag) == "itemref"
            and place
            and place not in seen
            and (items[place].media_type in MARKUP or items[place].fallback)
        ):
            seen.add(place)
            order.append(
                (
                    place,
                    said if (said := node.get("linear") or "") in ("yes", "no") else "",
                    node.get("properties") or "",
                )
            )
    return order


def media_type(said: str, name: str) -> str:
    said = said.strip().lower()
    said = TYPES.get(said, said)
    return said or ENDINGS.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def target(base: str, href: str) -> str:
    """The file a relative link means; '' for none."""
    path = unquote(href.partition("#")[0].partition("?")[0]).replace("\\", "/")
    if scheme(href) or not path:
        return ""
    joined = path if path.startswith("/") else posixpath.join(posixpath.dirname(base), path)
    return posixpath.normpath("/" + joined).lstrip("/")


def identifier_of(package: OpfPackage, about: About) -> tuple[str, str]:
    """(the unique identifier, its element's id in the source)."""
    wanted = package.root.get("unique-identifier")
    found = [node for node in package.root.iter("*") if local(node.tag) == "identifier" and words(node)]
    chosen = next((node for node in found if node.get("id") == wanted), found[0] if found else None)
    if chosen is None:
        digest = hashlib.sha256(f"{about.title}\n{about.author}".encode()).hexdigest()
        return f"urn:uuid:{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-8{digest[17:20]}-{digest[20:32]}", ""
    return "".join(map(str, chosen.itertext("*"))).strip(), chosen.get("id") or ""


def write_package(package: OpfPackage, about: About, durations: Mapping[str, int], ncx: str) -> bytes:
    """The package document. durations: ms of each overlay, by its item's id; ncx: its item's id."""
    from lxml import etree

    root = etree.Element(PACKAGE + "package", nsmap=SPACES)
    root.set("version", "3.0")
    root.set("unique-identifier", "pub-id")
    if prefix := package.root.get("prefix"):
        root.set("prefix", " ".join(prefix.split()))
    if spoken := package.root.get(f"{{{XML}}}lang"):
        root.set(f"{{{XML}}}lang", spoken)
    ids = {item.id for item in package.items.values()}
    metadata = etree.SubElement(root, PACKAGE + "metadata")
    described(metadata, package, about, ids)
    overlaid(metadata, about, durations)
    manifest = etree.SubElement(root, PACKAGE + "manifest")
    for item in package.items.values():
        node = etree.SubElement(
            manifest,
            PACKAGE + "item",
            {"id": item.id, "href": link(package.name, item.name), "media-type": item.media_type},
        )
        for key, value in (
            ("properties", " ".join(sorted(item.properties))),
            ("fallback", item.fallback),
            ("media-overlay", item.overlay),
        ):
            if value:
                node.set(key, value)
    spine = etree.SubElement(root, PACKAGE + "spine", {"toc": ncx} if ncx else {})
    if package.direction:
        spine.set("page-progression-direction", package.direction)
    for name, linear, properties in package.spine:
        node = etree.SubElement(spine, PACKAGE + "itemref", {"idref": package.items[name].id})
        for key, value in (("linear", linear), ("properties", properties)):
            if value:
                node.set(key, value)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def described(metadata: Element, package: OpfPackage, about: About, ids: set[str]) -> None:
    """The source's metadata: what EPUB 2 said by attributes is said by refinements, what is missing comes from `about`."""
    from lxml import etree

    unique, unique_id = identifier_of(package, about)
    etree.SubElement(metadata, TERM + "identifier", {"id": "pub-id"}).text = unique
    holder = next((node for node in package.root.iter("*") if local(node.tag) == "metadata"), None)
    nodes = [node for node in holder.iter("*") if node is not holder] if holder is not None else []
    given, dates = {unique_id: "pub-id"} if unique_id else {}, 0
    for node in nodes:
        term, text = local(node.tag).lower(), words(node)
        if (
            term not in TERMS
            or not text
            or local(node.tag) == "meta"
            or term == "identifier"
            and (text == unique or node.get("id") == unique_id)
        ):
            continue
        dates += term == "date"
        if term == "date" and dates > 1:
            continue
        named = node.get("id") or ""
        own = named if NAME.match(named) and named not in ids else f"meta-{len(metadata)}"
        ids.add(own)
        given[named or own] = own
        made = etree.SubElement(metadata, TERM + term, {"id": own})
        made.text = text
        for key in (f"{{{XML}}}lang", "dir"):
            if (value := node.get(key)) and term != "date":
                made.set(key, value)
        refined(metadata, node, own)
    for term, said in (("title", about.title), ("language", about.language)):
        if not any(local(node.tag) == term for node in metadata):
            etree.SubElement(metadata, TERM + term).text = said
    metas(metadata, nodes, given, package, ids)


def refined(metadata: Element, node: Element, own: str) -> None:
    from lxml import etree

    for key, prop in (("role", "role"), ("file-as", "file-as")):
        value = (node.get(PACKAGE + key) or "").strip()
        if value and local(node.tag) in ("creator", "contributor", "title"):
            made = etree.SubElement(metadata, PACKAGE + "meta", {"refines": f"#{own}", "property": prop})
            made.text = value
            if key == "role":
                made.set("scheme", "marc:relators")


def metas(metadata: Element, nodes: list, given: dict[str, str], package: OpfPackage, ids: set[str]) -> None:
    """The source's meta elements that still mean something: no earlier overlay's, none that refine what is gone."""
    from lxml import etree

    own = {node.get("id") for node in nodes if local(node.tag) == "meta" and node.get("id")}
    known = {item.id for item in package.items.values()} | own
    for node in nodes:
        if local(node.tag) != "meta":
            continue
        text, prop = words(node), (node.get("property") or "").strip()
        goal = (node.get("refines") or "").strip().lstrip("#")
        if (
            prop
            and text
            and not prop.startswith("media:")
            and (prop != "dcterms:modified" or goal)
            and not (goal and goal not in given and goal not in known)
        ):
            made = etree.SubElement(metadata, PACKAGE + "meta", {"property": prop})
            made.text = text
            if goal:
                made.set("refines", f"#{given.get(goal, goal)}")
            for key in ("scheme", f"{{{XML}}}lang", "id", "dir"):
                if node.get(key) and (key != "id" or node.get(key) not in ids):
                    made.set(key, node.get(key))
        elif not prop and node.get("name") and node.get("content"):
            if node.get("name") == "cover":
                cover = next(
                    (item for item in package.items.values() if item.id == node.get("content")), None
                )
                if cover is None or not cover.media_type.startswith("image/"):
                    continue
                if not any("cover-image" in item.properties for item in package.items.values()):
                    cover.properties.add("cover-image")
            etree.SubElement(
                metadata, PACKAGE + "meta", {"name": node.get("name"), "content": node.get("content")}
            )


def overlaid(metadata: Element, about: About, durations: Mapping[str, int]) -> None:
    """What the overlays add: their durations, who narrates and that it is a machine, how the book can be taken in."""
    from lxml import etree

    def meta(prop: str, text: str, **attributes: str) -> None:
        etree.SubElement(metadata, PACKAGE + "meta", {"property": prop, **attributes}).text = text

    for overlay, length in durations.items():
        meta("media:duration", clock(length / 1000), refines=f"#{overlay}")
    meta("media:duration", clock(sum(durations.values()) / 1000))
    meta("media:narrator", about.narrator or "Synthetic voice")
    meta("media:active-class", ACTIVE)
    if about.comment:
        meta("dcterms:provenance", about.comment)
    said = {(node.get("property"), node.text) for node in metadata if node.get("property")}
    for prop, text in (
        ("schema:accessMode", "textual"),
        ("schema:accessMode", "auditory"),
        ("schema:accessModeSufficient", "textual"),
        ("schema:accessibilityFeature", "synchronizedAudioText"),
    ):
        if (prop, text) not in said:
            meta(prop, text)
    meta("dcterms:modified", datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))

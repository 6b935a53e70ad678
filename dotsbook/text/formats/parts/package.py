"""An EPUB's package: container, metadata, manifest, spine and guide, by ebooklib. It reads no chapter.

ebooklib parses the package document; the doors around it are ours, because its own would load every image,
stop at a file that is listed and missing, and take the last of several packages. Its navigation parsers are not
used (they drop the base path of an NCX and recurse as deep as the file says): see navigation.py.
"""

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dotsbook.errors import SourceError
from dotsbook.text.blocks.elements import Element
from dotsbook.text.blocks.markup import decode, local, parse_xml, prepare
from dotsbook.text.formats.parts.addresses import resolve
from dotsbook.text.formats.parts.archive import Archive
from dotsbook.text.formats.parts.foreign import by_names
from dotsbook.text.formats.parts.package_details import DC, OPF, details_of
from dotsbook.text.formats.parts.protection import protected, refuse_drm

if TYPE_CHECKING:
    from lxml.etree import _ElementTree as ElementTree

CONTAINER = "META-INF/container.xml"
PACKAGE_TYPE = "application/oebps-package+xml"
PAGES = (
    "html",
    "xml",
    "dtbook",
    "oeb1-document",
    "text/plain",
    "octet-stream",
)  # in the types of files that may hold a chapter
OTHERS = ("ncx", "smil", "pls")  # in the types of XML files that hold none
TERMS = frozenset(
    [
        "meta",
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
    ]
)
ATTRIBUTES = frozenset(
    [
        "id",
        "href",
        "fallback",
        "media-type",
        "properties",
        "idref",
        "linear",
        "type",
        "title",
        "name",
        "content",
        "property",
        "refines",
        "role",
        "scheme",
    ]
)


@dataclass(frozen=True, slots=True)
class PackageItem:
    """A file of the manifest. `name` is its path inside the archive."""

    id: str
    name: str
    media_type: str
    properties: tuple[str, ...] = ()
    fallback: str = ""  # the id of the file to take where this one can't be read

    @property
    def readable(self) -> bool:
        """Whether it may hold markup, by its type."""
        kind = self.media_type.lower()
        return not kind or any(word in kind for word in PAGES) and not any(word in kind for word in OTHERS)


@dataclass(slots=True)
class EpubPackage:
    name: str  # of the package document, inside the archive
    title: str = ""
    author: str = ""
    language: str = ""
    details: dict[str, str] = field(default_factory=dict)
    items: dict[str, PackageItem] = field(default_factory=dict)  # by id
    spine: list[tuple[PackageItem, bool]] = field(default_factory=list)  # (item, linear)
    guide: list[tuple[str, str, str]] = field(default_factory=list)  # (type, document, id)
    cover: PackageItem | None = None
    nav: PackageItem | None = None
    ncx: PackageItem | None = None


def read_package(archive: Archive) -> EpubPackage:
    """The archive's first package; SourceError where there is none that can be read, or where it is protected."""
    name = find_package(archive)
    locked = protected(archive)
    data = archive.read(name)
    if data is None:
        raise SourceError(
            f"{archive.path}: its package document {name} is missing; the file is damaged: get it again."
        )
    if name in locked:
        refuse_drm(archive, name)
    tree = package_tree(archive, name, data)
    package = gather(name, tree, archive)
    for item, _ in package.spine:
        if item.name in locked:
            refuse_drm(archive, item.name)
    return package


def find_package(archive: Archive) -> str:
    from lxml import etree

    data = archive.read(CONTAINER)
    named: list[str] = []
    if data is not None:
        try:
            roots = [
                node
                for node in parse_xml(data, CONTAINER).iter()
                if local(node.tag) == "rootfile" and node.get("full-path")
            ]
        except etree.XMLSyntaxError:
            roots = []
            archive.warnings.append(f"{archive.path.name}: {CONTAINER} can't be read")
        for node in sorted(roots, key=lambda node: node.get("media-type") != PACKAGE_TYPE):
            named.append(node.get("full-path", ""))
            if found := archive.find(named[-1]):
                return found
    found = next(
        (name for name in archive.entries if name.lower().endswith(".opf") and not ghost(name)), None
    )
    if found is None:
        what = by_names(list(archive.entries))
        if named:
            raise SourceError(
                f"{archive.path}: its package document {named[0]} is missing, though {CONTAINER} names it; the file is "
                "damaged: get it again."
            )
        raise SourceError(
            f"{archive.path} isn't an EPUB but {what}."
            if what
            else f"{archive.path} isn't an EPUB: it has no {CONTAINER} that names a package document; is it the right file?"
        )
    wrong = f"names {named[0]}, which isn't in the file" if named else "is missing or wrong"
    archive.warnings.append(
        f"{archive.path.name}: {CONTAINER} {wrong}; the package document {found} was found by its name"
    )
    return found


def ghost(name: str) -> bool:
    """What a Mac puts into zips beside the files."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


def package_tree(archive: Archive, name: str, data: bytes) -> "ElementTree":
    """The package document as ebooklib wants it: in its namespace, with a metadata, a manifest and a spine."""
    from lxml import etree

    try:
        root = parse_xml(data, name)
    except etree.XMLSyntaxError as error:
        text, _ = prepare(decode(data))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        saved = etree.fromstring(text.encode(), parser) if text.strip() else None
        if saved is None or not any(local(node.tag) == "itemref" for node in saved.iter()):
            raise SourceError(
                f"{archive.path}: its package document {name} is damaged ({error}); get the file again."
            ) from error
        archive.warnings.append(
            f"{archive.path.name}: the package document {name} isn't well-formed; it was read as far as it goes"
        )
        root = saved
    parts = {
        local(node.tag): node
        for node in reversed(list(root.iter()))
        if local(node.tag) in ("metadata", "manifest", "spine", "guide")
    }
    if "spine" not in parts or "manifest" not in parts:
        raise SourceError(
            f"{archive.path}: its package document {name} has no spine, so the order of its chapters is unknown; get "
            f"the file again."
        )
    spaces: Any = {None: OPF, "dc": DC}  # None: the stubs know no default namespace
    version = {"version": root.get("version", "2.0")}
    package = etree.Element(f"{{{OPF}}}package", nsmap=spaces, attrib=version)
    if identifier := root.get("unique-identifier"):
        package.set("unique-identifier", identifier)
    metadata = etree.SubElement(package, f"{{{OPF}}}metadata")
    for node in parts["metadata"].iter() if "metadata" in parts else ():
        word = local(node.tag)
        if word not in TERMS:
            continue
        place = f"{{{OPF}}}meta" if word == "meta" else f"{{{DC}}}{word}"
        etree.SubElement(metadata, place, known(node)).text = "".join(map(str, node.itertext("*")))
    manifest = etree.SubElement(package, f"{{{OPF}}}manifest")
    for node in listed(parts["manifest"], name, archive):
        etree.SubElement(manifest, f"{{{OPF}}}item", known(node))
    spine = etree.SubElement(package, f"{{{OPF}}}spine")
    for node in parts["spine"]:
        if local(node.tag) == "itemref" and node.get("idref"):
            etree.SubElement(spine, f"{{{OPF}}}itemref", known(node))
    package.set("toc", parts["spine"].get("toc", ""))
    guide = etree.SubElement(package, f"{{{OPF}}}guide")
    for node in parts.get("guide", ()):
        if local(node.tag) == "reference" and node.get("href"):
            etree.SubElement(guide, f"{{{OPF}}}reference", known(node))
    return etree.ElementTree(package)


def listed(manifest: Element, name: str, archive: Archive) -> list[Element]:
    """The manifest's items that name a file. Of several of one id the first that may be a chapter is meant."""
    items: dict[str, Element] = {}
    for node in manifest:
        known_by = node.get("id")
        if local(node.tag) != "item" or not known_by or not resolve(name, node.get("href")):
            continue
        before = items.get(known_by)
        if before is not None:
            archive.warnings.append(f"{archive.path.name}: the manifest uses the id {known_by!r} twice")
        if before is None or not typed(before).readable and typed(node).readable:
            items[known_by] = node
    return list(items.values())


def typed(node: Element) -> PackageItem:
    return PackageItem("", "", node.get("media-type") or "")


def known(node: Element) -> dict[str, str]:
    """An element's attributes that mean something, without their namespaces."""
    return {name: str(value) for key, value in node.items() if (name := local(key)) in ATTRIBUTES}


def by_ebooklib(name: str, tree: "ElementTree") -> Any:
    """ebooklib's book of a package document; no other file of the archive is opened."""
    from ebooklib import epub

    class PackageReader(epub.EpubReader):
        def read_file(self, name):
            return b""

    reader = PackageReader(name)
    reader.opf_file, reader.opf_dir, reader.container = name, posixpath.dirname(name), tree
    reader._load_metadata()
    reader._load_manifest()
    reader._load_spine()
    reader._load_guide()
    return reader.book


def gather(name: str, tree: "ElementTree", archive: Archive) -> EpubPackage:
    book = by_ebooklib(name, tree)
    package = EpubPackage(name)
    attributes = {node.get("id"): node for node in tree.getroot().iterfind(f"{{{OPF}}}manifest/*")}
    for item in book.get_items():
        place = resolve(name, attributes[item.id].get("href") if item.id in attributes else item.get_name())
        if place and item.id not in package.items:
            properties = (
                tuple((attributes[item.id].get("properties") or "").split()) if item.id in attributes else ()
            )
            found = archive.find(place[0])
            fallback = (attributes[item.id].get("fallback") or "") if item.id in attributes else ""
            package.items[item.id] = PackageItem(
                item.id, found or place[0], item.media_type or "", properties, fallback
            )
    seen = set()
    for reference, linear in book.spine:
        item = package.items.get(reference)
        if item is None:
            archive.warnings.append(
                f"{archive.path.name}: the spine names {reference!r}, which the manifest lacks"
            )
            continue
        item = readable(item, package.items, archive)
        if item.name not in seen:
            seen.add(item.name)
            package.spine.append((item, (linear or "yes").strip().lower() != "no"))
    if not any(linear for _, linear in package.spine):
        package.spine = [(item, True) for item, _ in package.spine]
    for reference in book.guide:
        place = resolve(name, reference["href"])
        if place:
            package.guide.append(
                ((reference["type"] or "").lower(), archive.find(place[0]) or place[0], place[1])
            )
    package.nav = next((item for item in package.items.values() if "nav" in item.properties), None)
    package.ncx = package.items.get(tree.getroot().get("toc", "")) or next(
        (
            item
            for item in package.items.values()
            if item.media_type == "application/x-dtbncx+xml" or item.name.endswith(".ncx")
        ),
        None,
    )
    package.title, package.author, package.language, cover, package.details = details_of(book.metadata)
    package.cover = next(
        (item for item in package.items.values() if "cover-image" in item.properties), None
    ) or package.items.get(cover)
    return package


def readable(item: PackageItem, items: dict[str, PackageItem], archive: Archive) -> PackageItem:
    """The item, or the first of its chain of fallbacks that is there and may be read; a picture is the last choice."""
    chain = [item]
    while (following := items.get(chain[-1].fallback)) is not None and following not in chain:
        chain.append(following)
    fit = [one for one in chain if one.readable and archive.find(one.name) is not None]
    pages = [one for one in fit if not one.media_type.lower().startswith("image/")]
    return (pages or fit or [item])[0]

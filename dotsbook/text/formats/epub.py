"""An EPUB file → a Manuscript: its package, its navigation, its documents' blocks. It decides nothing about what is
narrated."""

from collections.abc import Collection
from pathlib import Path

from dotsbook.book import Cover
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.blocks.block import Document, Manuscript, TocEntry
from dotsbook.text.blocks.elements import Element, language_of, words_of
from dotsbook.text.blocks.language_tags import tag_of
from dotsbook.text.blocks.markup import decode, is_noise, local, parse, parse_xml
from dotsbook.text.blocks.page_blocks import blocks_of
from dotsbook.text.blocks.styles import LARGEST, StyleRules, read_sheet
from dotsbook.text.blocks.trees import body_of, own_text, visible_in
from dotsbook.text.formats.parts import navigation, pronounce
from dotsbook.text.formats.parts.addresses import resolve
from dotsbook.text.formats.parts.archive import LARGEST_IMAGE, Archive, open_archive
from dotsbook.text.formats.parts.package import EpubPackage, PackageItem, read_package
from dotsbook.text.formats.parts.pictures import picture_kind
from dotsbook.text.formats.table import ManuscriptFormat
from dotsbook.text.matter.kinds import GUIDE, SKIPPED, by_stem, matter_of

BINARY = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"%PDF",
    b"PK\3\4",
    b"OTTO",
    b"wOF",
    b"\0\1\0\0",
    b"ID3",
    b"OggS",
)
MIMETYPE = b"mimetypeapplication/epub+zip"  # its name and content, at the head of the zip


def read_epub(path: Path, reading: Reading, prefix: str = "") -> Manuscript:
    """All of an EPUB. `prefix` goes before every document's name, where a book has several sources."""
    archive = open_archive(path)
    try:
        package = read_package(archive)
        manuscript = described(archive, package)
        entries, landmarks = contents(archive, package)
        for item, linear in package.spine:
            document = read_document(archive, item, linear, reading, package)
            if document is not None:
                manuscript.documents.append(document)
        if archive.noise > len(manuscript.documents):
            raise SourceError(
                f"{path} is protected by DRM: its pages are encrypted, though it doesn't say so; use an edition without DRM."
            )
        if not manuscript.documents:
            why = archive.warnings[-1] if archive.warnings else "nothing stands in its reading order"
            raise SourceError(f"{path} has no text to narrate: {why}.")
        pronounce_words(archive, package, manuscript)
        manuscript.entries = navigation.repaired(
            entries, {document.name for document in manuscript.documents}
        )
        place_guide(manuscript, package, landmarks)
        manuscript.warnings[:0] = archive.warnings
    finally:
        archive.close()
    return prefixed(manuscript, prefix) if prefix else manuscript


def read_epub_details(path: Path) -> Manuscript:
    """An EPUB's title, author, language, cover and details, its chapters unread."""
    archive = open_archive(path)
    try:
        manuscript = described(archive, read_package(archive))
        manuscript.warnings = archive.warnings
        return manuscript
    finally:
        archive.close()


def described(archive: Archive, package: EpubPackage) -> Manuscript:
    title = navigation.tidy(package.title) or archive.path.stem
    return Manuscript(
        title,
        navigation.tidy(package.author),
        tag_of(package.language) or "",
        [],
        [],
        cover=cover(archive, package),
        details={
            key: navigation.tidy(value) if key != "description" else value
            for key, value in package.details.items()
        },
    )


def cover(archive: Archive, package: EpubPackage) -> Cover | None:
    """The cover picture that the package names, in whatever form it has; None where there is none."""
    item = package.cover
    if item is None:
        named = [
            other
            for other in package.items.values()
            if other.media_type.startswith("image/")
            and by_stem(other.name.rpartition("/")[2].rpartition(".")[0]) == "cover"
        ]
        item = named[0] if named else None
    if item is None or archive.find(item.name) is None:
        return None
    try:
        data = archive.read(item.name, LARGEST_IMAGE)
    except SourceError as error:
        archive.warnings.append(f"the cover can't be used: {error}")
        return None
    kind = picture_kind(data or b"")
    return Cover(data, kind) if data and kind else None


def contents(archive: Archive, package: EpubPackage) -> tuple[list[TocEntry], list[TocEntry]]:
    """(table of contents, landmarks): of the navigation document, else of the NCX."""
    from lxml import etree

    entries: list[TocEntry] = []
    landmarks: list[TocEntry] = []
    for item, reader in ((package.nav, navigation.from_nav), (package.ncx, navigation.from_ncx)):
        if item is None or entries or (data := archive.read(item.name)) is None:
            continue
        try:
            root, _ = parse(data, item.name)
            entries = reader(root, item.name)
            if reader is navigation.from_nav:
                landmarks = navigation.from_nav(root, item.name, "landmarks")
        except (etree.XMLSyntaxError, SourceError) as error:
            archive.warnings.append(
                f"the table of contents {item.name} can't be read ({error}); the headings are used"
            )
    return entries, landmarks


def read_document(
    archive: Archive, item: PackageItem, linear: bool, reading: Reading, package: EpubPackage
) -> Document | None:
    """A file of the spine as blocks; None, with a warning, when it isn't there or holds no markup."""
    if not item.readable:
        archive.warnings.append(
            f"{item.name} ({item.media_type}) stands in the reading order and holds no text"
        )
        return None
    data = archive.read(item.name)
    if data is None:
        archive.warnings.append(f"{item.name} stands in the reading order and isn't in the file")
        return None
    if data.startswith(BINARY):
        archive.warnings.append(
            f"{item.name} stands in the reading order and holds no text, whatever its type says"
        )
        return None
    if is_noise(data):
        archive.noise += 1
        archive.warnings.append(
            f"{item.name} stands in the reading order and is noise: damaged, or encrypted"
        )
        return None
    root, odd = parse(data, item.name)
    archive.warnings.extend(f"{item.name}: {what}" for what in odd)
    body = body_of(root)
    language = language_of(body) or language_of(root)
    blocks, head, odd = blocks_of(
        body, item.name, reading, language or tag_of(package.language), looks_of(archive, root, item.name)
    )
    archive.warnings.extend(f"{item.name}: {what}" for what in odd)
    stem = item.name.rpartition("/")[2].rpartition(".")[0] or item.id
    title = next(
        (
            own_text(node)
            for node in root.iter("{*}title", "title")
            if local(node.tag) == "title"
            and (parent := node.getparent()) is not None
            and local(parent.tag) == "head"
        ),
        "",
    )
    marked = matter_of(words_of(body) | words_of(root))
    return Document(
        item.name,
        blocks,
        visible_in(body),
        navigation.tidy(title),
        linear,
        language,
        navigation=item is package.nav and is_navigation(body),
        marked=marked if marked in SKIPPED or marked else None,
        stem=stem,
        head=tuple(head),
    )


def looks_of(archive: Archive, root: Element, name: str) -> StyleRules:
    """What a document's style sheets say of its classes."""
    looks = StyleRules()
    for node in root.iter("{*}link", "link", "{*}style", "style"):
        if local(node.tag) == "style":
            looks |= read_sheet(node.text or "")
        elif "stylesheet" in (node.get("rel") or "").lower().split() and (
            place := resolve(name, node.get("href"))
        ):
            looks |= sheet(archive, place[0])
    return looks


def sheet(archive: Archive, name: str) -> StyleRules:
    """A style sheet, read once."""
    if name not in archive.sheets:
        data = None
        if name.lower().endswith(".css"):
            try:
                data = archive.read(name, LARGEST)
            except SourceError as error:
                archive.warnings.append(f"a style sheet can't be used: {error}")
        archive.sheets[name] = read_sheet(decode(data)) if data else StyleRules()
    return archive.sheets[name]


def pronounce_words(archive: Archive, package: EpubPackage, manuscript: Manuscript) -> None:
    """Use the respellings of the book's pronunciation lexicons; say so where they hold phonetic signs only."""
    from lxml import etree

    phonetic = 0
    for item in package.items.values():
        data = archive.read(item.name) if item.media_type == "application/pls+xml" else None
        if data is None:
            continue
        try:
            words, others = pronounce.respellings(parse_xml(data, item.name))
        except etree.XMLSyntaxError:
            archive.warnings.append(f"the pronunciation lexicon {item.name} can't be read")
            continue
        pronounce.apply(manuscript.documents, words)
        phonetic += others
    if phonetic:
        archive.warnings.append(
            f"{phonetic} words of the book's pronunciation lexicons are in phonetic signs, which dotsbook doesn't use;"
            f" respell them in the lexicon"
        )


def is_navigation(body: Element) -> bool:
    """Whether the navigation document holds no more than lists of links."""
    inside = sum(len("".join(own_text(nav).split())) for nav in body.iter("{*}nav", "nav"))
    return inside > 0.5 * max(1, visible_in(body))


def place_guide(manuscript: Manuscript, package: EpubPackage, landmarks: list[TocEntry]) -> None:
    """Tell documents what the guide and the landmarks call them."""
    documents = {document.name: document for document in manuscript.documents}
    for entry in landmarks:
        kind = matter_of(set(entry.title.split()))
        if kind and entry.document in documents and not entry.anchor and kind not in ("chapter", "part"):
            documents[entry.document].matter = documents[entry.document].matter or (kind, "landmarks")
    for kind, name, anchor in package.guide:
        matter = GUIDE.get(kind)
        if matter and name in documents and not anchor:
            documents[name].matter = documents[name].matter or (matter, "guide")


def prefixed(manuscript: Manuscript, prefix: str) -> Manuscript:
    for document in manuscript.documents:
        document.name = prefix + document.name
        for block in document.blocks:
            block.references = tuple((at, prefix + name, anchor) for at, name, anchor in block.references)
    manuscript.entries = [
        TocEntry(
            entry.title,
            prefix + entry.document if entry.document else None,
            entry.anchor,
            entry.depth,
            entry.parents,
        )
        for entry in manuscript.entries
    ]
    return manuscript


def is_one(head: bytes, names: Collection[str]) -> bool:
    """Whether a zip holds what only an EPUB has: its mimetype, its container, a package document."""
    return MIMETYPE in head[:100] or any(
        name.lower() == "meta-inf/container.xml" or name.lower().endswith(".opf") for name in names
    )


FORMAT = ManuscriptFormat("EPUB", (".epub", ".kepub", ".zip"), is_one, read_epub, read_epub_details)

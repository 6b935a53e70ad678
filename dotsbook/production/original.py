"""The manuscript as the maker of read-alongs wants it: the source's own EPUB, or one set from the chunks."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dotsbook.production.session import Session


@contextmanager
def original_of(session: Session, about) -> Iterator:
    """The source as an Original. Books of one EPUB keep its markup; all others are set anew."""
    from dotsbook.text.formats.table import is_epub

    sources = session.project.sources
    if len(sources) == 1 and is_epub(sources[0]):
        from dotsbook.text.formats.parts.archive import open_archive

        archive = open_archive(sources[0])
        try:
            yield epub(archive, sources[0])
        finally:
            archive.close()
        return
    from dotsbook.master.readalong.typeset import plain_original

    yield plain_original(
        about,
        [
            (listed.number, listed.title, list(session.narration.of({listed.number})))
            for listed in session.narration.chapters
        ],
        session.narration.marks(),
    )


def epub(archive, path: Path):
    """An opened archive as an Original."""
    from dotsbook.master.readalong.manuscript import Heading, Original
    from dotsbook.text.blocks.markup import parse
    from dotsbook.text.formats.epub import contents
    from dotsbook.text.formats.parts.navigation import repaired
    from dotsbook.text.formats.parts.package import read_package

    package = read_package(archive)
    entries, _ = contents(archive, package)
    spine = tuple(item.name for item, _ in package.spine)
    adobe, idpf = obfuscated(archive)

    seen: set[str] = set()

    def read(name: str) -> bytes | None:
        before = archive.taken
        data = archive.read(name)
        if name in seen:
            archive.taken = before  # what is read twice counts once
        seen.add(name)
        return data

    return Original(
        package.name,
        frozenset(archive.entries),
        read,
        lambda data, name: parse(data, name)[0],
        spine,
        tuple(
            Heading(entry.title, entry.document, entry.anchor, entry.depth)
            for entry in repaired(entries, set(spine))
        ),
        lambda chunk: chunk.source,
        adobe,
        idpf,
    )


def obfuscated(archive) -> tuple[frozenset[str], frozenset[str]]:
    """Fonts that are obfuscated by Adobe's method, and by the standard's."""
    from dotsbook.text.blocks.markup import local, parse

    data = archive.read("META-INF/encryption.xml")
    found: dict[str, set[str]] = {}
    for node in parse(data, "META-INF/encryption.xml")[0].iter() if data else ():
        if local(node.tag) == "encrypteddata":
            method = next(
                (child.get("Algorithm", "") for child in node if local(child.tag) == "encryptionmethod"), ""
            )
            names = [child.get("URI", "") for child in node.iter() if local(child.tag) == "cipherreference"]
            found.setdefault(method, set()).update(name for link in names if (name := archive.find(link)))
    return frozenset(found.get("http://ns.adobe.com/pdf/enc#RC", ())), frozenset(
        found.get("http://www.idpf.org/2008/embedding", ())
    )

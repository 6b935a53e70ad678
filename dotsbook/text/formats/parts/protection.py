"""Which files of an EPUB are encrypted, and the refusal of a book that is. Obfuscated fonts are no matter."""

from dotsbook.errors import SourceError
from dotsbook.text.blocks.markup import local, parse_xml
from dotsbook.text.formats.parts.archive import Archive

OBFUSCATION = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def protected(archive: Archive) -> set[str]:
    """Files that are encrypted for real; obfuscated fonts don't count."""
    from lxml import etree

    data = archive.read("META-INF/encryption.xml")
    if data is None:
        return set()
    try:
        root = parse_xml(data, "META-INF/encryption.xml")
    except etree.XMLSyntaxError:
        archive.warnings.append(f"{archive.path.name}: META-INF/encryption.xml can't be read")
        return set()
    locked: set[str] = set()
    for node in root.iter():
        if local(node.tag) != "encrypteddata":
            continue
        method = next(
            (child.get("Algorithm", "") for child in node if local(child.tag) == "encryptionmethod"), ""
        )
        names = [child.get("URI", "") for child in node.iter() if local(child.tag) == "cipherreference"]
        if method not in OBFUSCATION:
            locked.update(found for name in names if (found := archive.find(name)))
    return locked


def refuse_drm(archive: Archive, name: str) -> None:
    keeper = next(
        (
            f" ({kind})"
            for file, kind in (
                ("META-INF/rights.xml", "Adobe ADEPT"),
                ("META-INF/license.lcpl", "LCP"),
                ("META-INF/sinf.xml", "Apple FairPlay"),
            )
            if archive.find(file)
        ),
        "",
    )
    raise SourceError(
        f"{archive.path} is protected by DRM{keeper}: {name} is encrypted, so dotsbook can't read it; "
        "use an edition without DRM."
    )

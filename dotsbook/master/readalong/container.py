"""The zip file of a read-along, written entry by entry. It knows names and bytes."""

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from dotsbook.master.readalong.manuscript import Original, link

DATE = (1980, 1, 1, 0, 0, 0)  # one date for all, so that equal books are equal files


class EpubWriter:
    """Entries into a zip; each name once."""

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive

    def stored(self, name: str, data: bytes) -> None:
        self.archive.writestr(entry(name, zipfile.ZIP_STORED), data)

    def deflated(self, name: str, data: bytes) -> None:
        self.archive.writestr(entry(name, zipfile.ZIP_DEFLATED), data)

    def file(self, name: str, path: Path) -> None:
        """A file, stored as it is."""
        with (
            open(path, "rb") as source,
            self.archive.open(
                entry(name, zipfile.ZIP_STORED), "w", force_zip64=path.stat().st_size > 2**31 - 2**20
            ) as target,
        ):
            shutil.copyfileobj(source, target, 1 << 20)

    def encryption(self, original: Original, names: Iterable[str]) -> None:
        """Say which fonts are obfuscated, if any."""
        kept = [
            (name, method)
            for fonts, method in (
                (original.idpf, "http://www.idpf.org/2008/embedding"),
                (original.adobe, "http://ns.adobe.com/pdf/enc#RC"),
            )
            for name in sorted(fonts)
            if name in names
        ]
        if kept:
            data = "".join(
                f'<enc:EncryptedData><enc:EncryptionMethod Algorithm="{method}"/><enc:CipherData>'
                f"<enc:CipherReference URI={quoteattr(link('', name))}/></enc:CipherData></enc:EncryptedData>\n"
                for name, method in kept
            )
            self.deflated(
                "META-INF/encryption.xml",
                (
                    '<?xml version="1.0" encoding="utf-8"?>\n<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
                    f'xmlns:enc="http://www.w3.org/2001/04/xmlenc#">\n{data}</encryption>\n'
                ).encode(),
            )


def entry(name: str, how: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, DATE)
    info.compress_type, info.external_attr = how, 0o644 << 16
    return info


def container(package: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        f'<rootfile full-path={quoteattr(package)} media-type="application/oebps-package+xml"/></rootfiles></container>\n'
    ).encode()

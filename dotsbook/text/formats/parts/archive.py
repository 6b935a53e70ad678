"""The zip file that an EPUB is, opened with suspicion: what is read is bounded, and nothing is ever written out. It
knows no EPUB.

Names are looked up as a browser would: percent-decoded, `..` resolved inside the archive; letter case, and letters
composed or decomposed, are forgiven.
"""

import lzma
import posixpath
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from dotsbook.errors import SourceError
from dotsbook.text.blocks.styles import StyleRules
from dotsbook.text.formats.parts import foreign

ENTRIES = 50_000  # most entries an archive may list
LARGEST_TEXT = 64_000_000  # bytes of one document, inflated
LARGEST_IMAGE = 64_000_000  # bytes of a cover
LARGEST_TOTAL = 600_000_000  # bytes of all that is read from one archive
RATIO = 400  # inflated to stored, for entries over SUSPECT bytes; prose is under 10
SUSPECT = 10_000_000
HEAD = 2000  # bytes of a file that tell what it is
UTF8 = 0x800  # the flag of a name in UTF-8

DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    struct.error,
    NotImplementedError,
    ValueError,
    OSError,
)


@dataclass
class Archive:
    """An open zip. `warnings` gathers what was odd and could be lived with."""

    path: Path
    zip: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]  # by clean name
    folded: dict[str, str]  # name as `fold` has it → name
    warnings: list[str] = field(default_factory=list)
    taken: int = 0
    noise: int = 0  # pages that are nothing but noise, as encryption leaves them
    sheets: dict[str, StyleRules] = field(default_factory=dict)  # style sheets looked at, by name

    def find(self, name: str) -> str | None:
        """The entry that a name means, or None."""
        name = clean(name)
        for candidate in (name, clean(unquote(name))):
            if candidate in self.entries:
                return candidate
        return self.folded.get(fold(clean(unquote(name))))

    def read(self, name: str, limit: int = LARGEST_TEXT) -> bytes | None:
        """An entry's bytes; None where there is none of that name. Damage, locks and bombs are a SourceError."""
        found = self.find(name)
        if found is None:
            return None
        info = self.entries[found]
        if info.flag_bits & 1:
            raise SourceError(
                f"{self.path}: {found} is locked with a password; dotsbook reads only books that are free of locks."
            )
        if info.file_size > limit or (
            info.file_size > SUSPECT and info.file_size > RATIO * max(1, info.compress_size)
        ):
            raise SourceError(
                f"{self.path}: {found} would unpack to {info.file_size:,} bytes, which no chapter does; the file is "
                f"refused."
            )
        try:
            with self.zip.open(info) as stream:
                data = stream.read(limit + 1)
        except NotImplementedError as error:
            raise SourceError(
                f"{self.path}: {found} is packed in a way that isn't read here ({error}); unpack the file and zip it again."
            ) from error
        except DAMAGE as error:
            raise SourceError(
                f"{self.path}: {found} can't be unpacked ({error}); the file is damaged or incomplete: get it again."
            ) from error
        self.taken += len(data)
        if len(data) > limit or self.taken > LARGEST_TOTAL:
            raise SourceError(
                f"{self.path}: {found} unpacks to more than is reasonable for a book; the file is refused."
            )
        return data

    def close(self) -> None:
        self.zip.close()


def clean(name: str) -> str:
    """A name inside the archive, with `\\`, `.` and `..` resolved; it can't leave the root."""
    name = posixpath.normpath("/" + name.replace("\\", "/").replace("\0", ""))
    return name.lstrip("/")


def fold(name: str) -> str:
    """A name without what file systems and tools tend to change about it."""
    return unicodedata.normalize("NFC", name).casefold()


def meant(info: zipfile.ZipInfo) -> str:
    """An entry's name; UTF-8 that isn't marked as such is still UTF-8."""
    if info.flag_bits & UTF8:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def open_archive(path: Path, meant_as: str = "an EPUB") -> Archive:
    """Open a zip file, or say in a sentence why not. meant_as: what it should be, for that sentence."""
    try:
        with open(path, "rb") as file:
            head = file.read(HEAD)
        if not head:
            raise SourceError(f"{path} is empty (0 bytes), so it is not {meant_as}; get the file again.")
        archive = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise SourceError(f"There is no file {path}; correct `source:` or put the file in place.") from error
    except DAMAGE as error:
        if head[:2] == b"PK":
            raise SourceError(
                f"{path} is damaged or incomplete (an interrupted download?): its table of files is missing; get it "
                f"again."
            ) from error
        what = foreign.told(head)
        raise SourceError(
            f"{path} isn't {meant_as} but {what}."
            if what
            else f"{path} isn't {meant_as}: it isn't even a zip file; is it the right file?"
        ) from error
    return indexed(path, archive)


def indexed(path: Path, archive: zipfile.ZipFile) -> Archive:
    infos = archive.infolist()
    if len(infos) > ENTRIES:
        archive.close()
        raise SourceError(f"{path} lists {len(infos):,} files, which no book does; it is refused.")
    entries: dict[str, zipfile.ZipInfo] = {}
    warnings = []
    for info in infos:
        said = meant(info)
        name = clean(said)
        if not name or said.endswith("/"):
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            warnings.append(f"{path.name}: {name} is a link to another file; it isn't followed")
            continue
        if info.filename.startswith("/") or ".." in info.filename.replace("\\", "/").split("/"):
            warnings.append(
                f"{path.name}: the entry {info.filename!r} points outside the archive; it is read as {name!r}"
            )
        if name in entries:
            warnings.append(f"{path.name}: {name} is in the archive twice; the last one is read")
        entries[name] = info
    folded = {fold(clean(unquote(name))): name for name in reversed(entries)}
    folded |= {fold(name): name for name in reversed(entries)}
    return Archive(path, archive, entries, folded, warnings)

"""Where a link inside a book leads: a document's name and an id. It opens nothing; remote addresses lead nowhere."""

import posixpath
import re
from urllib.parse import unquote

SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")


def resolve(base: str, link: str | None) -> tuple[str, str] | None:
    """(document, id) of a link found in the document `base`; None for remote or empty links.

    `link` may be percent-encoded, absolute, or climb out by `..`; the result stays inside the archive.
    """
    if not link or SCHEME.match(link) or link.startswith("//"):
        return None
    path, _, anchor = link.strip().partition("#")
    path = unquote(path.partition("?")[0]).replace("\\", "/")
    if not path:
        return base, unquote(anchor)
    joined = path if path.startswith("/") else posixpath.join(posixpath.dirname(base), path)
    return posixpath.normpath("/" + joined).lstrip("/"), unquote(anchor)

"""Renders one SVG in a process of its own: SVG on stdin, PNG on stdout, a sentence on stderr where it can't be.

A picture from a stranger's book may be made to exhaust whoever renders it. So nothing it names outside itself is kept,
what it unfolds to is counted beforehand, and time and memory of this process are limited by the system and by the caller.
"""

import base64
import binascii
import io
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

SIDE = 2100  # pixels of the longer side
FLATTEST = 4.0  # times as long as wide, at most
NODES = 100_000  # elements, with those that `use` repeats
EMBEDDED = 50_000_000  # pixels of a picture inside
SECONDS, MEMORY = 20, 1_500_000_000  # CPU seconds and bytes this process may take
DROPPED = frozenset(("script", "foreignobject", "iframe", "audio", "video", "a", "animate", "set", "handler"))
OUTSIDE = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(png|jpe?g|gif|webp);base64,", re.IGNORECASE)
XLINK = "{http://www.w3.org/1999/xlink}href"


class Refused(ValueError):
    """A picture that won't be rendered; its message ends the sentence "The cover is an SVG that …"."""


def rendered(data: bytes) -> bytes:
    """The PNG of an SVG. Raises Refused."""
    import resvg_py
    from lxml import etree

    root = parsed(data)
    clean(root)
    count(root)
    text = any(local(node) == "text" for node in root.iter())
    framed(root)
    source = etree.tostring(root, encoding="unicode")
    try:
        return bytes(resvg_py.svg_to_bytes(svg_string=source, skip_system_fonts=not text))
    except ValueError as error:
        raise Refused(f"can't be drawn ({str(error)[:100]})") from error


def parsed(data: bytes) -> "Element":
    """The tree; nothing is loaded, and entities that grow without end are refused by the parser."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # the stubs don't know lxml 5's word yet
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        pass
    try:  # a picture inside it of more than 10 MB, as no other text is
        huge = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        return etree.fromstring(data, huge)
    except etree.XMLSyntaxError as error:
        raise Refused(f"isn't well-formed ({error.msg})") from error


def local(node: "Element") -> str:
    return node.tag.rpartition("}")[2].lower() if isinstance(node.tag, str) else ""


def clean(root: "Element") -> None:
    """Take out what runs, what points outside, and pictures too large."""
    for node in list(root.iter()):
        parent = node.getparent()
        if parent is not None and (not isinstance(node.tag, str) or local(node) in DROPPED):
            if local(node) == "a":
                node.tag = "{http://www.w3.org/2000/svg}g"
            else:
                parent.remove(node)
                continue
        for key, value in list(node.attrib.items()):
            name = str(key).rpartition("}")[2].lower()
            link = name in ("href", "src") and not str(value).strip().startswith("#")
            if (
                name.startswith("on")
                or link
                and not embedded(str(value))
                or not link
                and OUTSIDE.search(str(value))
            ):
                del node.attrib[key]
        if local(node) == "style" and OUTSIDE.search(node.text or ""):
            node.text = ""


def embedded(value: str) -> bool:
    """Whether a link is a picture inside the SVG, of a size that may be decoded. Raises Refused for one too large."""
    from PIL import Image, UnidentifiedImageError

    match = PICTURE.match(value.strip())
    if not match:
        return False
    try:
        data = base64.b64decode(value.strip()[match.end() :])
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP")) as picture:
            width, height = picture.size
    except Image.DecompressionBombError:
        width = height = EMBEDDED
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return False
    if width * height > EMBEDDED:
        raise Refused(f"holds a picture of more than {EMBEDDED // 10**6} million pixels")
    return True


def count(root: "Element") -> None:
    """Raise Refused where `use` would make more elements than anyone draws."""
    ids = {node.get("id"): node for node in root.iter() if node.get("id")}
    sizes: dict[Element, int] = {}
    open_nodes: set[Element] = set()

    def size(node: "Element") -> int:
        if node in sizes:
            return sizes[node]
        if node in open_nodes:
            raise Refused("repeats itself without end")
        open_nodes.add(node)
        total = 1 + sum(size(child) for child in node)
        if local(node) == "use":
            goal = ids.get((node.get("href") or node.get(XLINK) or "").strip().lstrip("#"))
            total += size(goal) if goal is not None else 0
        open_nodes.discard(node)
        if total > NODES:
            raise Refused(f"has more than {NODES:,} parts")
        sizes[node] = total
        return total

    try:
        size(root)
    except RecursionError as error:
        raise Refused("is nested too deeply") from error


def framed(root: "Element") -> None:
    """Give the root the size in pixels that the picture will have. Raises Refused for one without a shape."""
    if local(root) != "svg":
        raise Refused("has no svg element at its root")
    box = [number(part) for part in re.split(r"[\s,]+", (root.get("viewBox") or "").strip())]
    width, height = (
        (box[2], box[3]) if len(box) == 4 else (number(root.get(side)) for side in ("width", "height"))
    )
    if not (width > 0 and height > 0):
        raise Refused("doesn't say how large it is")
    if not 1 / FLATTEST <= width / height <= FLATTEST:
        raise Refused(f"is {width:g} wide and {height:g} high")
    if len(box) != 4:
        root.set("viewBox", f"0 0 {width} {height}")
    scale = SIDE / max(width, height)
    root.set("width", str(round(width * scale)))
    root.set("height", str(round(height * scale)))
    if "style" in root.attrib:
        del root.attrib["style"]


def number(text: str | None) -> float:
    """A length's figure, whatever its unit; 0 for none."""
    match = re.match(r"\s*(\d{1,9}(?:\.\d{1,9})?)\s*(?:px|pt|pc|mm|cm|in|em|ex)?\s*$", text or "")
    return float(match.group(1)) if match else 0.0


def limit() -> None:
    """Let the system end this process when it takes too much; where it can't, the caller's clock does."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_AS, MEMORY)):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def main() -> int:
    limit()
    try:
        sys.stdout.buffer.write(rendered(sys.stdin.buffer.read()))
    except Refused as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

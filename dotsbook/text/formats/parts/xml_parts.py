"""The XML files inside an office document, parsed; what is missing or broken is told."""

from dotsbook.errors import SourceError
from dotsbook.text.blocks.elements import Element
from dotsbook.text.blocks.markup import parse_xml
from dotsbook.text.formats.parts.archive import Archive


def tree_of(archive: Archive, name: str) -> Element | None:
    """The root of a part that may be missing; one that can't be read is told and left out."""
    from lxml import etree

    data = archive.read(name)
    if data is None:
        return None
    try:
        return parse_xml(data, name)
    except etree.XMLSyntaxError as error:
        archive.warnings.append(f"{name} can't be read ({error}) and is left out")
        return None


def required(archive: Archive, name: str) -> Element:
    """The root of a part that holds the text. SourceError where it is missing or can't be read."""
    from lxml import etree

    data = archive.read(name)
    if data is None:
        raise SourceError(f"{archive.path} has no {name}, where its text belongs; is the file damaged?")
    try:
        return parse_xml(data, name)
    except etree.XMLSyntaxError as error:
        raise SourceError(
            f"{archive.path}: {name} can't be read ({error}); open the document in the program that wrote it and "
            "save it again."
        ) from error

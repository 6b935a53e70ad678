"""Small Word and OpenDocument files made for a test."""

import zipfile
from pathlib import Path

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DOCUMENT = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{w}" xmlns:wp="wp" xmlns:mc="mc" xmlns:m="m"><w:body>'
    "{body}</w:body></w:document>"
)
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)


def run(text: str, looks: str = "") -> str:
    return f'<w:r><w:rPr>{looks}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, style: str = "", more: str = "") -> str:
    inner = inner if inner.startswith("<") else run(inner)
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{inner}</w:p>"


def word(path: Path, body: str, **parts: str) -> Path:
    """A .docx; parts: `styles`, `footnotes`, `numbering`: what stands in those files' root."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", DOCUMENT.format(w=W, body=body))
        for name, inner in parts.items():
            if name == "core":
                archive.writestr(
                    "docProps/core.xml", f'<p xmlns:dc="http://purl.org/dc/elements/1.1/">{inner}</p>'
                )
            else:
                archive.writestr(f"word/{name}.xml", f'<w:{name} xmlns:w="{W}">{inner}</w:{name}>')
    return path


def style(identity: str, name: str, based: str = "", more: str = "") -> str:
    on = f'<w:basedOn w:val="{based}"/>' if based else ""
    return f'<w:style w:styleId="{identity}"><w:name w:val="{name}"/>{on}<w:pPr>{more}</w:pPr></w:style>'


def opendocument(path: Path, text: str, styles: str = "", meta: str = "") -> Path:
    """An .odt; styles: its automatic ones."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            f"<office:document-content {ODF}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
            f"<office:text>{text}</office:text></office:body></office:document-content>",
        )
        if meta:
            archive.writestr("meta.xml", f"<office:document-meta {ODF}>{meta}</office:document-meta>")
    return path

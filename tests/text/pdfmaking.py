"""Small PDFs made for a test: lines of Helvetica at places of one's own."""

from pathlib import Path

WIDTH, HEIGHT = 360, 540  # points


def pdf(path: Path, pages: list[list[tuple]], info: str = "", more: str = "") -> Path:
    """pages: of (x, y from the top, size, text). more: what else the catalogue says."""
    objects = [f"<</Type/Catalog/Pages 2 0 R{more}>>"]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects.append(f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>")
    objects.append("<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>")
    for number, lines in enumerate(pages):
        drawn = "".join(
            f"BT /F1 {size} Tf {x} {HEIGHT - y} Td ({escaped(text)}) Tj ET\n" for x, y, size, text in lines
        )
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {WIDTH} {HEIGHT}]/Contents {5 + 2 * number} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(drawn.encode('cp1252'))}>>stream\n{drawn}\nendstream")
    objects.append(f"<<{info}>>")
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    data += f"trailer<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>\nstartxref\n{start}\n%%EOF".encode()
    path.write_bytes(data)
    return path


def escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def column(
    text: str, x: float, y: float, size: float = 10, width: int = 44, indent: float = 14
) -> list[tuple]:
    """A paragraph's lines of `width` letters, the first one indented."""
    lines, rest = [], text.split()
    while rest:
        row = [rest.pop(0)]
        while rest and len(" ".join((*row, rest[0]))) <= width:
            row.append(rest.pop(0))
        lines.append(" ".join(row))
    return [
        (x + (indent if not number else 0), y + 13 * number, size, line) for number, line in enumerate(lines)
    ]

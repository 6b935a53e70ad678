"""What a reader of the documentation has at hand: a manuscript, recordings of two voices, a hub with a model on it."""

import zipfile
from pathlib import Path

from dotsbook.audio import write_flac
from dotsbook.voices.syllables import RATE, draw
from tests.model.fakehub import Hub
from tests.model.tiny import write_tiny
from tests.voices.tiny_onnx import kokoro_folder, piper_files

MODEL = "shraey/dots-tts-mlx"
WORDS = {
    "me": "The lamp on the hill had burned, it is said, for a hundred years.",
    "mara": "Nobody waved when the boat left, and nobody was sorry for it either.",
}
PACKAGE = """<?xml version="1.0"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:uuid:salt-road</dc:identifier>
<dc:title>The Salt Road</dc:title><dc:creator>A. Writer</dc:creator><dc:language>en</dc:language>
<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>
<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="imprint" href="imprint.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/>
<item id="two" href="two.xhtml" media-type="application/xhtml+xml"/></manifest>
<spine><itemref idref="imprint"/><itemref idref="one"/><itemref idref="two"/></spine></package>
"""
PAGES = {
    "nav": '<nav epub:type="toc"><ol><li><a href="one.xhtml">The Ferry</a></li><li><a href="two.xhtml">The Road</a></li></ol></nav>',
    "imprint": '<section epub:type="imprint"><p>Copyright 2026 by A. Writer. All rights reserved.</p></section>',
    "one": "<h1>The Ferry</h1><p>The boat left at 6:30. Only Siobhan waved, and nobody waved back.</p>"
    "<p>“Not tonight,” she said to the water.</p>",
    "two": "<h1>The Road</h1><p>In the morning there were 12 gulls on the rail. Nobody but Siobhan counted them.</p>",
}


def epub(path: Path) -> None:
    head = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{0}</title></head>'
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles><rootfile '
        'full-path="package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("package.opf", PACKAGE)
        for name, body in PAGES.items():
            archive.writestr(f"{name}.xhtml", f"{head.format(name)}<body>{body}</body></html>")


def lay_out(folder: Path) -> None:
    """The files that the pages name."""
    epub(folder / "book.epub")
    for name, words in WORDS.items():
        write_flac(folder / f"{name}.wav", draw(name, words, 1), RATE)
        (folder / f"{name}.txt").write_text(f"{words}\n", "utf-8")


def hubs(folder: Path) -> list[Hub]:
    """The hub that the pages fetch from: a very small model of random weights, and voices that only hum."""
    weights = write_tiny(
        folder / "weights", kind="mf", layout="shraey", seed=4, bits=4
    )  # that seed ends soon
    files = {p.relative_to(weights).as_posix(): p.read_bytes() for p in weights.rglob("*") if p.is_file()}
    return [
        Hub(MODEL, {f"mf-int4/{name}": data for name, data in files.items()}),
        piper_hub(folder),
        kokoro_hub(folder),
    ]


def piper_hub(folder: Path, name: str = "en_US-joe-medium") -> Hub:
    file = piper_files(folder / "piper", name)
    _, who, quality = name.split("-")
    place = f"en/en_US/{who}/{quality}"
    card = "# Model card for joe\n\n## Dataset\n\n* License: CC0\n"
    config = file.with_name(f"{name}.onnx.json")
    files = {file.name: file.read_bytes(), config.name: config.read_bytes(), "MODEL_CARD": card.encode()}
    return Hub("rhasspy/piper-voices", {f"{place}/{name}": data for name, data in files.items()}, "mit")


def kokoro_hub(folder: Path) -> Hub:
    import numpy as np

    made = kokoro_folder(folder / "kokoro", voices="af_heart")
    with np.load(made / "voices.npz") as tables:
        table = tables["af_heart"].astype("<f4").tobytes()
    model = (made / "kokoro.onnx").read_bytes()
    return Hub(
        "onnx-community/Kokoro-82M-v1.0-ONNX",
        {"onnx/model_quantized.onnx": model, "voices/af_heart.bin": table},
        "apache-2.0",
    )

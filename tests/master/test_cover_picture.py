"""Covers: every common form becomes what players show; a hostile one loads nothing and takes bounded time and memory."""

import gzip
import io
import time

import pytest
from PIL import Image

from dotsbook.book import Cover
from dotsbook.errors import OutputError
from dotsbook.master import cover_picture as covers
from dotsbook.master import svg_worker
from dotsbook.master.about import check_cover
from dotsbook.master.cover_picture import shown

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 140 210"'
RED = f'<svg {SVG}><rect width="140" height="210" fill="#c00"/></svg>'


def picture(mode: str, colour, kind: str, size=(300, 400), **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def look(cover: Cover) -> Image.Image:
    assert check_cover(cover) == cover.media_type.removeprefix("image/")
    return Image.open(io.BytesIO(cover.data)).convert("RGB")


def near(pixel, wanted) -> bool:
    return all(abs(a - b) <= 8 for a, b in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_players_show_stays_as_it_is(kind):
    data = picture("RGB", (1, 2, 3), kind)
    assert shown(Cover(data, "application/octet-stream")) == Cover(data, f"image/{kind.lower()}")


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (picture("RGB", (200, 10, 10), "WEBP"), (200, 10, 10)),
        (picture("CMYK", (0, 255, 255, 0), "JPEG"), (254, 0, 0)),
        (picture("RGBA", (0, 0, 200, 128), "PNG"), (127, 127, 227)),
        (picture("LA", (0, 0), "PNG"), (255, 255, 255)),
        (picture("P", 3, "GIF", transparency=3), (255, 255, 255)),
        (picture("I;16", 65535, "PNG"), (255, 255, 255)),
        (picture("RGB", (0, 120, 0), "AVIF"), (0, 120, 0)),
        (RED.encode(), (204, 0, 0)),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a cover -->\n" + RED.encode(), (204, 0, 0)),
        (gzip.compress(RED.encode()), (204, 0, 0)),
        (f"<svg {SVG}></svg>".encode(), (255, 255, 255)),
    ],
    ids=[
        "webp",
        "cmyk",
        "alpha",
        "grey-alpha",
        "gif",
        "16-bit",
        "avif",
        "svg",
        "svg-declared",
        "svgz",
        "svg-empty",
    ],
)
def test_every_common_form_becomes_a_jpeg(data, wanted):
    made = shown(Cover(data, "image/x"))
    assert made.media_type == "image/jpeg"
    seen = look(made)
    assert near(seen.getpixel((seen.width // 2, seen.height // 2)), wanted)


def test_an_svg_is_drawn_as_large_as_players_want_and_only_once(tmp_path, monkeypatch):
    made = shown(Cover(RED.encode(), "image/svg+xml"), tmp_path)
    assert look(made).size == (1400, 2100)
    monkeypatch.setattr(covers, "drawn", None)
    assert shown(Cover(RED.encode(), "image/svg+xml"), tmp_path) == made


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        picture("RGB", (1, 2, 3), "JPEG")[:400],
        picture("RGBA", (1, 2, 3, 4), "PNG")[:120],
        picture("RGB", (1, 2, 3), "JPEG", (20, 20)),
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><body/></html>",
        b"\x1f\x8bno gzip",
        b"<?xml version='1.0'?><html/>",
        f"<svg {SVG.replace('140 210', '1 99999')}/>".encode(),
    ],
)
def test_what_is_no_cover_gets_a_sentence(data):
    with pytest.raises(OutputError, match=r"^The cover .*output\.cover|^The cover is \d+ × \d+"):
        shown(Cover(data, "image/png"))


def drawn_in(text: str) -> Image.Image:
    return look(shown(Cover(text.encode(), "image/svg+xml")))


def test_nothing_outside_is_loaded(tmp_path):
    outside = tmp_path / "secret.png"
    outside.write_bytes(picture("RGB", (0, 255, 0), "PNG", (140, 210)))
    (tmp_path / "secret.txt").write_text("M0 0H140V210H0Z")
    for inside in (
        f'<image width="140" height="210" href="{outside}"/>',
        f'<image width="140" height="210" xlink:href="file://{outside}"/>',
        '<image width="140" height="210" href="http://127.0.0.1:9/a.png"/>',
        f'<style>@import url("file://{outside}"); rect {{ fill: #0f0 }}</style>',
        f'<rect width="140" height="210" style="fill:url(file://{outside})"/>',
        f'<use href="file://{outside}#a"/>',
        "<script>alert(1)</script>",
        '<foreignObject width="140" height="210"><p xmlns="http://www.w3.org/1999/xhtml">x</p></foreignObject>',
    ):
        seen = drawn_in(f"<svg {SVG}>{inside}</svg>")
        assert not near(seen.getpixel((700, 1000)), (0, 255, 0)), inside
    entity = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]>'
    try:
        seen = drawn_in(f'{entity}<svg {SVG}><path d="M0 0"/><text>&x;</text></svg>')
    except OutputError:
        return
    assert near(seen.getpixel((700, 1000)), (255, 255, 255))


def test_entities_that_illustrator_writes_are_understood():
    start = '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY ns_svg "http://www.w3.org/2000/svg">]>'
    seen = drawn_in(
        f'{start}<svg xmlns="&ns_svg;" viewBox="0 0 140 210"><rect width="140" height="210" fill="#c00"/></svg>'
    )
    assert near(seen.getpixel((700, 1000)), (204, 0, 0))


def laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE svg [<!ENTITY l0 "ha">{entities}]><svg {SVG}><text>&l9;</text></svg>'


def doubled(wrap: str) -> str:
    rows = "".join(f'<g id="g{n}">{f"""<use href="#g{n - 1}"/>""" * 10}</g>' for n in range(1, 12))
    return f'<svg {SVG}><defs><g id="g0"><rect width="9" height="9"/></g>{rows}</defs>{wrap}</svg>'


def patterns() -> str:
    rows = "".join(
        f'<pattern id="p{n}" width="1" height="1" patternUnits="userSpaceOnUse">'
        + "".join(f'<rect x=".{i}" width=".1" height="1" fill="url(#p{n - 1})"/>' for i in range(10))
        + "</pattern>"
        for n in range(1, 14)
    )
    return f'<svg {SVG}><defs><pattern id="p0" width="1" height="1"/>{rows}</defs><rect width="140" height="210" fill="url(#p13)"/></svg>'


@pytest.mark.parametrize(
    "text",
    [
        laughs(),
        doubled('<use href="#g11"/>'),
        f'<svg {SVG}><g id="a"><use href="#a"/></g></svg>',
        f"<svg {SVG}>" + "<g>" * 5000 + "</g>" * 5000 + "</svg>",
        patterns(),
        f'<svg {SVG}><filter id="f" width="9e9" height="9e9"><feGaussianBlur stdDeviation="9e8"/></filter>'
        '<rect width="140" height="210" filter="url(#f)"/></svg>',
        f"<svg {SVG.replace('140 210', '1e300 1e300')}/>",
    ],
    ids=["laughs", "use", "loop", "deep", "patterns", "filter", "huge"],
)
def test_a_picture_made_to_exhaust_is_bounded(text, monkeypatch):
    monkeypatch.setattr(covers, "WAIT", 8.0)
    begin = time.monotonic()
    try:
        shown(Cover(text.encode(), "image/svg+xml"))
    except OutputError as error:
        assert str(error).startswith("The cover is an SVG that")
    assert time.monotonic() - begin < 40


def test_a_picture_inside_is_looked_at_before_it_is_decoded():
    import base64

    bomb = base64.b64encode(picture("1", 0, "PNG", (30000, 30000))).decode()
    with pytest.raises(OutputError, match="more than 50 million pixels"):
        drawn_in(f'<svg {SVG}><image width="140" height="210" href="data:image/png;base64,{bomb}"/></svg>')
    small = base64.b64encode(picture("RGB", (0, 0, 200), "JPEG")).decode()
    seen = drawn_in(
        f'<svg {SVG}><image width="140" height="210" preserveAspectRatio="none" xlink:href="data:image/jpeg;base64,\n{small}"/></svg>'
    )
    assert near(seen.getpixel((700, 1000)), (0, 0, 200))


def test_a_picture_too_large_to_decode_is_refused():
    with pytest.raises(OutputError, match="more than 50 million pixels"):
        shown(Cover(picture("1", 0, "PNG", (30000, 30000)), "image/png"))


def test_lengths_with_units_are_read():
    assert [svg_worker.number(text) for text in ("10", "2.5in", " 7px ", "50%", "1e9", None)] == [
        10,
        2.5,
        7,
        0,
        0,
        0,
    ]

"""Every output format there is, in one table. A new one is a file with its `OutputFormat` and a line here."""

from collections.abc import Sequence

from dotsbook.errors import ManifestError
from dotsbook.master import m4b, mp3, page, review_page, shelf, subtitles, word_proof, xiph
from dotsbook.master.acx import pack
from dotsbook.master.mastering import OutputFormat
from dotsbook.master.readalong import read_along

FORMATS: dict[str, OutputFormat] = {
    format.name: format
    for format in (
        m4b.M4B,
        mp3.MP3,
        mp3.MP3_BOOK,
        xiph.FLAC,
        xiph.OPUS,
        pack.ACX,
        read_along.EPUB,
        page.PAGE,
        review_page.REVIEW,
        *subtitles.SUBTITLES,
        word_proof.WORDS,
        shelf.ABS,
    )
}


def in_order(names: Sequence[str]) -> list[OutputFormat]:
    """The formats, each after those it is made from, each once. Raises ManifestError for a name that is none."""
    wanted: dict[str, OutputFormat] = {}
    for name in names:
        if name not in FORMATS:
            raise ManifestError(f"There is no format {name!r} here; there are {', '.join(FORMATS)}.")
        for one in (*FORMATS[name].needs, name):
            wanted[one] = FORMATS[one]
    return sorted(wanted.values(), key=lambda format: bool(format.needs))

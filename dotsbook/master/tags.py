"""A book's particulars as each format's tags, and read back. It knows no audio.

Composer is the narrator and the album the title: what Apple's apps, BookPlayer and audiobookshelf read. Freeform atoms
and TXXX frames carry what has no tag of its own.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from dotsbook.book import Cover
from dotsbook.language_code import primary
from dotsbook.master.about import About, check_cover, summary

FREE = "----:com.apple.iTunes:"


def extras(about: About) -> dict[str, str]:
    """What no format has a tag for, by the names audiobookshelf reads."""
    found = {
        "SUBTITLE": about.subtitle,
        "SERIES": about.series,
        "SERIES-PART": about.part if about.series else None,
        "PART": about.part,
        "ISBN": about.isbn,
        "ASIN": about.asin,
        "LANGUAGE": about.language,
        "NARRATOR": about.narrator,
        "PUBLISHER": about.publisher,
        "NARRATION": "AI" if about.synthetic else None,
        "VOICE-LICENCE": about.licence,
    }
    return {key: value for key, value in found.items() if value}


def mp4_tags(about: About) -> dict:
    """mutagen's keys and values for an M4B."""
    from mutagen.mp4 import AtomDataType, MP4Cover, MP4FreeForm

    texts = {
        "\xa9nam": about.full_title,
        "\xa9alb": about.full_title,
        "\xa9ART": about.author,
        "aART": about.author,
        "\xa9wrt": about.narrator,
        "\xa9nrt": about.narrator,
        "\xa9day": about.date,
        "\xa9gen": about.genre,
        "\xa9cmt": about.comment,
        "desc": about.description and summary(about.description, 255),
        "ldes": about.description,
        "cprt": about.copyright,
        "\xa9pub": about.publisher,
        "soal": sort_title(about),
        "\xa9grp": about.series and f"{about.series} #{about.part}" if about.part else about.series,
        "\xa9mvn": about.series,
    }
    tags: dict = {key: [value] for key, value in texts.items() if value}
    tags |= {"stik": [2], "pgap": True}
    if about.series and re.fullmatch(r"\d{1,4}", about.part or ""):
        tags |= {"\xa9mvi": [int(about.part or 0)], "shwm": [1]}
    for key, value in extras(about).items():
        tags[FREE + key] = [MP4FreeForm(value.encode(), AtomDataType.UTF8)]
    if about.cover:
        form = MP4Cover.FORMAT_PNG if check_cover(about.cover) == "png" else MP4Cover.FORMAT_JPEG
        tags["covr"] = [MP4Cover(about.cover.data, form)]
    return tags


def sort_title(about: About) -> str | None:
    return f"{about.series} {about.part.zfill(3)} - {about.title}" if about.series and about.part else None


def tag_mp4(path: Path, about: About) -> None:
    from mutagen.mp4 import MP4

    file = MP4(path)
    if file.tags is None:
        file.add_tags()
    assert file.tags is not None, "they were just added"
    file.tags.clear()
    file.tags.update(mp4_tags(about))
    file.save()


def id3_frames(about: About, title: str, number: tuple[int, int] | None = None) -> list:
    """ID3 frames; title: of this file; number: (track, of how many)."""
    from mutagen import id3

    texts = {
        id3.TIT2: title,
        id3.TALB: about.full_title,
        id3.TPE1: about.author,
        id3.TPE2: about.author,
        id3.TCOM: about.narrator,
        id3.TDRC: about.year,
        id3.TCON: about.genre,
        id3.TPUB: about.publisher,
        id3.TIT3: about.subtitle,
        id3.TCOP: about.copyright,
        id3.TIT1: about.series and f"{about.series} #{about.part}" if about.part else about.series,
        id3.MVNM: about.series,
        id3.MVIN: about.part if about.series else None,
        id3.TRCK: f"{number[0]}/{number[1]}" if number else None,
    }
    frames: list = [kind(encoding=1, text=[value]) for kind, value in texts.items() if value]
    if about.comment:
        frames.append(id3.COMM(encoding=1, lang="eng", desc="", text=[about.comment]))
    free = extras(about) | ({"DESCRIPTION": about.description} if about.description else {})
    frames += [id3.TXXX(encoding=1, desc=key, text=[value]) for key, value in free.items()]
    frames.append(id3.TLAN(encoding=1, text=[language3(about.language)]))
    if about.cover:
        frames.append(
            id3.APIC(
                encoding=0, mime=f"image/{check_cover(about.cover)}", type=3, desc="", data=about.cover.data
            )
        )
    return frames


def vorbis_comments(about: About, chapters: Sequence[tuple[str, str]] = ()) -> dict[str, str]:
    """Comments of a FLAC or Opus file; chapters: (time, title)."""
    found = {
        "TITLE": about.full_title,
        "ALBUM": about.full_title,
        "ARTIST": about.author,
        "ALBUMARTIST": about.author,
        "COMPOSER": about.narrator,
        "DATE": about.date,
        "GENRE": about.genre,
        "DESCRIPTION": about.described,  # no COMMENT beside it: ffmpeg's programs would show that one in its place
        "COPYRIGHT": about.copyright,
        "GROUPING": about.series and f"{about.series} #{about.part}" if about.part else about.series,
    }
    comments = {key: value for key, value in found.items() if value} | extras(about)
    for index, (time, title) in enumerate(chapters):
        comments |= {f"CHAPTER{index:03d}": time, f"CHAPTER{index:03d}NAME": title}
    return comments


def vorbis_picture(cover: Cover):
    """A FLAC picture block of the cover."""
    from mutagen.flac import Picture

    from dotsbook.master.about import picture_size

    picture = Picture()
    picture.data, picture.type, picture.mime = cover.data, 3, f"image/{check_cover(cover)}"
    picture.width, picture.height = picture_size(cover.data)
    picture.depth = 24
    return picture


def language3(language: str) -> str:
    """ISO 639-2/T of a BCP 47 tag, as MP4 and ID3 want it; "und" if it isn't among those we know."""
    return THREE.get(primary(language), "und")


THREE = {
    "ar": "ara",
    "bg": "bul",
    "ca": "cat",
    "cs": "ces",
    "cy": "cym",
    "da": "dan",
    "de": "deu",
    "el": "ell",
    "en": "eng",
    "eo": "epo",
    "es": "spa",
    "et": "est",
    "eu": "eus",
    "fa": "fas",
    "fi": "fin",
    "fr": "fra",
    "ga": "gle",
    "gl": "glg",
    "he": "heb",
    "hi": "hin",
    "hr": "hrv",
    "hu": "hun",
    "hy": "hye",
    "id": "ind",
    "is": "isl",
    "it": "ita",
    "ja": "jpn",
    "ka": "kat",
    "kk": "kaz",
    "ko": "kor",
    "la": "lat",
    "lt": "lit",
    "lv": "lav",
    "mk": "mkd",
    "ms": "msa",
    "nb": "nob",
    "nl": "nld",
    "nn": "nno",
    "no": "nor",
    "pl": "pol",
    "pt": "por",
    "ro": "ron",
    "ru": "rus",
    "sk": "slk",
    "sl": "slv",
    "sq": "sqi",
    "sr": "srp",
    "sv": "swe",
    "sw": "swa",
    "ta": "tam",
    "th": "tha",
    "tl": "tgl",
    "tr": "tur",
    "uk": "ukr",
    "ur": "urd",
    "uz": "uzb",
    "vi": "vie",
    "yue": "yue",
    "zh": "zho",
    "bn": "ben",
    "te": "tel",
    "mr": "mar",
    "gu": "guj",
    "kn": "kan",
    "ml": "mal",
    "pa": "pan",
    "af": "afr",
}


def save_id3(path: Path, frames: list) -> None:
    """Write ID3v2.3 in UTF-16 with the frames in the order given (mutagen sorts by size, which scrambles chapters)."""
    from mutagen import id3

    tags = in_order()
    for frame in frames:
        tags.add(frame)
    tags.update_to_v23()
    tags.save(path, v2_version=3, v1=id3.ID3v1SaveOptions.REMOVE)


def in_order():
    """An ID3 that keeps the order its frames were added in."""
    from mutagen import id3
    from mutagen.id3._tags import save_frame

    class InOrder(id3.ID3):
        def _write(self, config):
            return b"".join(save_frame(frame, config=config) for frame in self.values())

    return InOrder()

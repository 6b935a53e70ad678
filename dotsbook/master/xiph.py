"""The whole book as one FLAC or Opus file with chapters in its Vorbis comments. It knows no takes."""

from pathlib import Path

from dotsbook.errors import EncodeError
from dotsbook.files import replacing
from dotsbook.master.ceiling import kept_under
from dotsbook.master.chapter_marks import clock, marks
from dotsbook.master.encode import Codec, write_stream
from dotsbook.master.hear import decoded, hear
from dotsbook.master.limiter import Zones
from dotsbook.master.mastering import Made, Mastering, OutputFormat
from dotsbook.master.meter import Measured
from dotsbook.master.mp3 import whole_book
from dotsbook.master.naming import book_name
from dotsbook.master.proof import (
    Proof,
    ProofRow,
    cover_name,
    equal,
    mark_rows,
    sound_rows,
    store_proof,
    tag_rows,
)
from dotsbook.master.tags import vorbis_comments, vorbis_picture

FLAC_CODEC = Codec("flac", "flac", format="s16")
OPUS_CODEC = Codec("ogg", "libopus", 32, 48000, "flt", (("application", "voip"),))


def make_flac(mastering: Mastering) -> list[Made]:
    return make_one(mastering, "flac", FLAC_CODEC)


def make_opus(mastering: Mastering) -> list[Made]:
    return make_one(mastering, "opus", OPUS_CODEC)


def make_one(mastering: Mastering, ending: str, codec: Codec) -> list[Made]:
    name = book_name(mastering.about)
    path = mastering.out / f"{name} ({ending.upper()})" / f"{name}.{ending}"
    rate = mastering.timeline.rate
    times = [(clock(mark.start, rate), mark.title) for mark in marks(mastering.timeline)]
    comments = vorbis_comments(mastering.about, times)
    with replacing(path) as temporary:

        def encode(zones: Zones) -> Measured:
            write_stream(temporary, whole_book(mastering, zones), rate, codec)
            tag(temporary, mastering, comments)
            mastering.on_progress("proving", 0.0)
            return hear(temporary)

        heard = kept_under(mastering.sound.delivered, rate, encode, lambda: decoded(temporary))
        proof = Proof(path.name, tuple(rows_of(temporary, mastering, comments, heard)))
        proof.check()
    store_proof(proof, path.with_name(f"{path.stem}.proof.json"), [path])
    return [Made(path, proof, (), 1, mastering.levels, ending)]


def opened(path: Path):
    """The file by mutagen, whichever of the two it is."""
    from mutagen import MutagenError
    from mutagen.flac import FLAC as FlacFile
    from mutagen.oggopus import OggOpus

    try:
        return FlacFile(path) if path.suffix == ".flac" else OggOpus(path)
    except MutagenError as error:
        raise EncodeError(f"The tags of {path.name} can't be read again: {error}.") from error


def tag(path: Path, mastering: Mastering, comments: dict[str, str]) -> None:
    import base64

    file = opened(path)
    file.delete()
    for key, value in comments.items():
        file[key] = [value]
    if mastering.about.cover:
        picture = vorbis_picture(mastering.about.cover)
        if path.suffix == ".flac":
            file.clear_pictures()
            file.add_picture(picture)
        else:
            file["METADATA_BLOCK_PICTURE"] = [base64.b64encode(picture.write()).decode()]
    file.save()


def rows_of(path: Path, mastering: Mastering, comments: dict[str, str], heard: Measured) -> list[ProofRow]:
    import base64

    from mutagen.flac import Picture

    file, rate = opened(path), mastering.timeline.rate
    found = {key.upper(): values[0] for key, values in file.tags.as_dict().items()}
    pictures = (
        file.pictures
        if path.suffix == ".flac"
        else [Picture(base64.b64decode(text)) for text in file.get("METADATA_BLOCK_PICTURE", [])]
    )
    marked = [
        (seconds(found[f"CHAPTER{index:03d}"]), found.get(f"CHAPTER{index:03d}NAME", ""))
        for index in range(len(mastering.timeline.tracks))
        if f"CHAPTER{index:03d}" in found
    ]
    rows = mark_rows(
        [(mark.start / rate, mark.title) for mark in marks(mastering.timeline)], marked, "Vorbis"
    )
    rows += tag_rows({key: value for key, value in comments.items() if not key.startswith("CHAPTER")}, found)
    cover = mastering.about.cover_data
    rows.append(equal("cover", cover_name(cover), cover_name(pictures[0].data if pictures else None)))
    return rows + sound_rows([(list(mastering.timeline.tracks), heard)], rate, mastering.levels)


def seconds(time: str) -> float:
    hours, minutes, rest = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


FLAC = OutputFormat("flac", make_flac, kbits=400)
OPUS = OutputFormat("opus", make_opus, kbits=32, overshoot=3.0, codec=lambda settings: OPUS_CODEC)

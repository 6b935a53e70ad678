"""The whole book as one FLAC or Opus file with chapters in its Vorbis comments. It knows no takes."""

from pathlib import Path

from dotsbook.errors import EncodeError
from dotsbook.files import replacing
from dotsbook.master.chapters import clock, marks
from dotsbook.master.encode import Codec, write_stream
from dotsbook.master.hear import hear
from dotsbook.master.job import OPUS, Job, Made
from dotsbook.master.mp3 import whole_book
from dotsbook.master.naming import book_name
from dotsbook.master.proof import Proof, Row, cover_name, equal, mark_rows, sound_rows, store_proof, tag_rows
from dotsbook.master.tags import vorbis_comments, vorbis_picture

FLAC = Codec("flac", "flac", format="s16")


def make_flac(job: Job) -> list[Made]:
    return make_one(job, "flac", FLAC)


def make_opus(job: Job) -> list[Made]:
    return make_one(job, "opus", OPUS)


def make_one(job: Job, ending: str, codec: Codec) -> list[Made]:
    name = book_name(job.about)
    path = job.out / f"{name} ({ending.upper()})" / f"{name}.{ending}"
    rate = job.timeline.rate
    times = [(clock(mark.start, rate), mark.title) for mark in marks(job.timeline)]
    comments = vorbis_comments(job.about, times)
    with replacing(path) as temporary:
        write_stream(temporary, whole_book(job), rate, codec)
        tag(temporary, job, comments)
        job.on_progress("proving", 0.0)
        proof = Proof(path.name, tuple(rows_of(temporary, job, comments)))
        proof.check()
    store_proof(proof, path.with_name(f"{path.stem}.proof.json"), [path])
    return [Made(path, proof, (), 1, job.levels)]


def opened(path: Path):
    """The file by mutagen, whichever of the two it is."""
    from mutagen import MutagenError
    from mutagen.flac import FLAC as FlacFile
    from mutagen.oggopus import OggOpus

    try:
        return FlacFile(path) if path.suffix == ".flac" else OggOpus(path)
    except MutagenError as error:
        raise EncodeError(f"The tags of {path.name} can't be read again: {error}.") from error


def tag(path: Path, job: Job, comments: dict[str, str]) -> None:
    import base64

    file = opened(path)
    file.delete()
    for key, value in comments.items():
        file[key] = [value]
    if job.about.cover:
        picture = vorbis_picture(job.about.cover)
        if path.suffix == ".flac":
            file.clear_pictures()
            file.add_picture(picture)
        else:
            file["METADATA_BLOCK_PICTURE"] = [base64.b64encode(picture.write()).decode()]
    file.save()


def rows_of(path: Path, job: Job, comments: dict[str, str]) -> list[Row]:
    import base64

    from mutagen.flac import Picture

    file, rate = opened(path), job.timeline.rate
    found = {key.upper(): values[0] for key, values in file.tags.as_dict().items()}
    pictures = (
        file.pictures
        if path.suffix == ".flac"
        else [Picture(base64.b64decode(text)) for text in file.get("METADATA_BLOCK_PICTURE", [])]
    )
    marked = [
        (seconds(found[f"CHAPTER{index:03d}"]), found.get(f"CHAPTER{index:03d}NAME", ""))
        for index in range(len(job.timeline.tracks))
        if f"CHAPTER{index:03d}" in found
    ]
    rows = mark_rows([(mark.start / rate, mark.title) for mark in marks(job.timeline)], marked, "Vorbis")
    rows += tag_rows({key: value for key, value in comments.items() if not key.startswith("CHAPTER")}, found)
    cover = job.about.cover and job.about.cover.data
    rows.append(equal("cover", cover_name(cover), cover_name(pictures[0].data if pictures else None)))
    return rows + sound_rows([(list(job.timeline.tracks), hear(path))], rate, job.levels)


def seconds(time: str) -> float:
    hours, minutes, rest = time.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)

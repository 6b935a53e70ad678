"""A timeline to finished, proven files: the door the command line knocks at. It knows no projects and prints nothing.

Every file is written beside its final name, proven there, and only then renamed: what stood under the name before stays
until then, whatever happens.
"""

import shutil
from pathlib import Path

from dotsbook.errors import ManifestError, OutputError
from dotsbook.files import remove_abandoned
from dotsbook.master.about import About, fit
from dotsbook.master.encode import OPTIONS, Codec, check_rate
from dotsbook.master.join import Sound, check_takes
from dotsbook.master.loudness import find_levels, parse_target
from dotsbook.master.mastering import KBITS, OPUS, Made, Mastering, Progress, Settings
from dotsbook.master.room_tone import make_bed
from dotsbook.master.timeline import Timeline
from dotsbook.memory import share_heap

FORMATS = ("m4b", "mp3", "mp3-book", "flac", "opus", "acx")
# dB by which a codec's peaks pass those it was given
OVERSHOOT = {"m4b": 1.5, "opus": 2.2, "mp3": 0.7, "mp3-book": 0.7, "epub": 0.7, "acx": 0.9}


def produce(
    timeline: Timeline,
    format: str,
    about: About,
    settings: Settings,
    out: Path,
    cache: Path,
    on_progress: Progress = lambda what, share: None,
) -> list[Made]:
    """Make one format of a book in `out`: m4b, mp3 (a file a chapter), mp3-book, flac, opus, acx.

    Raises Unfinished (a take is missing, truncated, altered), EncodeError (an encoder failed, a proof failed),
    OutputError (no room, no permission, a cover that is none), ManifestError (a loudness or a rate that can't be).
    """
    if format not in FORMATS:
        raise ManifestError(f"There is no format {format!r} here; there are {', '.join(FORMATS)}.")
    return make(format, prepare(timeline, format, about, settings, out, cache, on_progress))


def prepare(
    timeline: Timeline,
    format: str,
    about: About,
    settings: Settings,
    out: Path,
    cache: Path,
    on_progress: Progress,
) -> Mastering:
    """Everything before the first sample of any format is made: takes checked, room looked for, levels found."""
    if not timeline.tracks:
        raise OutputError("There is no chapter to assemble; see `dotsbook plan`.")
    share_heap()
    about = fit(about)
    check_room(timeline, format, settings, out)
    remove_abandoned(out)
    remove_abandoned(cache / "segments")
    on_progress("checking takes", 0.0)
    check_takes(timeline)
    target = parse_target("acx" if format == "acx" else settings.loudness)
    bed = make_bed(settings.room_tone, timeline.rate)
    if format in ("m4b", "epub"):
        check_rate(timeline.rate)
    limit = None if target.ceiling is None else target.ceiling - OVERSHOOT.get(format, 0.0)
    levels = find_levels(timeline, target, limit, bed, lossy(format, settings), cache)
    sound = Sound(timeline.rate, levels.gains, bed, limit)
    return Mastering(timeline, about, settings, sound, levels, out, cache, on_progress)


def lossy(format: str, settings: Settings) -> Codec | None:
    """The codec whose loss of level is tried out beforehand; MP3 sees to its own."""
    match format:
        case "m4b":
            return Codec("adts", "aac", settings.bitrate, options=tuple(OPTIONS.items()))
        case "opus":
            return OPUS
        case _:
            return None


def make(format: str, mastering: Mastering) -> list[Made]:
    match format:
        case "m4b":
            from dotsbook.master.m4b import make_m4b as maker
        case "mp3":
            from dotsbook.master.mp3 import make_set as maker
        case "mp3-book":
            from dotsbook.master.mp3 import make_book as maker
        case "flac":
            from dotsbook.master.xiph import make_flac as maker
        case "opus":
            from dotsbook.master.xiph import make_opus as maker
        case _:
            from dotsbook.master.acx.pack import make_acx as maker
    return maker(mastering)


def check_room(timeline: Timeline, format: str, settings: Settings, out: Path) -> None:
    """Raise OutputError if the file system hasn't room for the file and its temporary twin."""
    seconds = timeline.samples / timeline.rate
    needed = (
        int(seconds * KBITS.get(format, settings.bitrate) * 125 * (2.3 if format == "m4b" else 1.2))
        + 20_000_000
    )
    folder = out
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutputError(
            f"The disk is too full: {format} needs about {needed / 1e6:.0f} MB in {out} and {free / 1e6:.0f} MB "
            "are free. Make room and run the same command again."
        )

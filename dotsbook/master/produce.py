"""A timeline to finished, proven files in any formats: the one call production makes. It knows no projects and prints nothing.

Every file is written beside its final name, proven there, and only then renamed: what stood under the name before stays
until then, whatever happens. What several formats need (the takes checked, the bed, the levels of one target) is found once.
"""

import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from dotsbook.errors import ManifestError, OutputError
from dotsbook.files import remove_abandoned
from dotsbook.master.about import About, fit
from dotsbook.master.encode import Codec
from dotsbook.master.join import Sound, check_takes
from dotsbook.master.loudness import Levels, Target, find_levels, parse_target
from dotsbook.master.mastering import Made, Mastering, Opener, OutputFormat, Settings
from dotsbook.master.output_formats import in_order
from dotsbook.master.room_tone import Bed, make_bed
from dotsbook.master.timeline import Timeline
from dotsbook.memory import hand_back, share_heap

FormatProgress = Callable[[str, str, float], None]  # (format, what is going on, 0…1)


def produce(
    timeline: Timeline,
    formats: Sequence[str],
    about: About,
    settings: Settings,
    out: Path,
    cache: Path,
    original: Opener | None = None,
    on_progress: FormatProgress = lambda format, what, share: None,
) -> Iterator[Made]:
    """Make a book in `out`, in each of `formats` and in those they are made from; give each file as it is proven.

    original opens the manuscript, for a read-along. An exception that `on_progress` raises stops the work and leaves
    nothing half made. Raises Unfinished (a take is missing, truncated, altered), EncodeError (an encoder failed, a proof
    failed), OutputError (no room, no permission, a cover that is none), ManifestError (a format, a loudness or a rate
    that can't be).
    """
    wanted = in_order(formats)
    if not timeline.tracks:
        raise OutputError("There is no chapter to assemble; see `dotsbook plan`.")
    for format in wanted:
        if format.rates and timeline.rate not in format.rates:
            known = ", ".join(map(str, format.rates))
            raise ManifestError(f"output.rate can't be {timeline.rate} for {format.name}; it can be {known}.")
    return each_format(wanted, BookSound(timeline, settings, cache), fit(about), out, original, on_progress)


def each_format(
    formats: list[OutputFormat],
    sound: "BookSound",
    about: About,
    out: Path,
    original: Opener | None,
    on_progress: FormatProgress,
) -> Iterator[Made]:
    share_heap()
    remove_abandoned(out)
    remove_abandoned(sound.cache / "segments")
    made: dict[str, list[Made]] = {}
    for format in formats:

        def tell(what: str, share: float, name: str = format.name) -> None:
            on_progress(name, what, share)

        if format.encoded:
            check_room(sound.timeline, format, sound.settings, out)
            tell("checking takes", 0.0)
        timeline, settings, cache = sound.timeline, sound.settings, sound.cache
        heard, levels = sound.of(format)
        made[format.name] = format.make(
            Mastering(timeline, about, settings, heard, levels, out, cache, tell, made, original)
        )
        yield from made[format.name]


class BookSound:
    """What all formats of a book share: the takes checked, the bed made, the levels of each target found once."""

    def __init__(self, timeline: Timeline, settings: Settings, cache: Path):
        self.timeline, self.settings, self.cache = timeline, settings, cache
        self.found: dict[tuple[Target, float | None, Codec | None], Levels] = {}

    def of(self, format: OutputFormat) -> tuple[Sound, Levels]:
        """The sound and the levels of one format; silence for one that holds no sound."""
        if not format.encoded:
            off = Levels(parse_target("off"), 0.0, {}, {})
            return Sound(self.timeline.rate, {}, make_bed(False, self.timeline.rate), None), off
        target = parse_target(format.target or self.settings.loudness)
        limit = None if target.ceiling is None else target.ceiling - format.overshoot
        codec = format.codec(self.settings) if format.codec else None
        known = (target, limit, codec)
        if known not in self.found:
            self.found[known] = find_levels(self.timeline, target, limit, self.bed, codec, self.cache)
            hand_back()
        levels = self.found[known]
        return Sound(self.timeline.rate, levels.gains, self.bed, limit, target.ceiling), levels

    @cached_property
    def bed(self) -> Bed:
        """The bed, made after every take proved to be the ledger's. Raises Unfinished."""
        check_takes(self.timeline)
        return make_bed(self.settings.room_tone, self.timeline.rate)


def check_room(timeline: Timeline, format: OutputFormat, settings: Settings, out: Path) -> None:
    """Raise OutputError if the file system hasn't room for the file and what is beside it while it is made."""
    seconds = timeline.samples / timeline.rate
    needed = int(seconds * (format.kbits or settings.bitrate) * 125 * format.space) + 20_000_000
    folder = out
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OutputError(
            f"The disk is too full: {format.name} needs about {needed / 1e6:.0f} MB in {out} and {free / 1e6:.0f} MB "
            "are free. Make room and run the same command again."
        )

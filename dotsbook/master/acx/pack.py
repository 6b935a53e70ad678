"""The set that audiobook shops take: an MP3 a chapter at their levels, credits, a retail sample, and the check of each.

Each file has one gain that brings it to −20 dBFS RMS (nothing rides within it), a head and a tail of room tone, and
is checked as delivered. Passing is not being accepted: shops listen, and have rules of their own about AI narration.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples
from dotsbook.errors import ManifestError
from dotsbook.master import clips
from dotsbook.master.acx.requirements import Checked, check
from dotsbook.master.acx.results_page import page
from dotsbook.master.folder import put_in_place, staged
from dotsbook.master.hear import hear
from dotsbook.master.join import Sound, mastered
from dotsbook.master.layout import FRAME
from dotsbook.master.mastering import Made, Mastering, OutputFormat
from dotsbook.master.meter import Measured
from dotsbook.master.mp3 import each, mp3_codec, tags_row, write_chapter, write_mp3
from dotsbook.master.naming import book_name, numbered
from dotsbook.master.proof import Proof, ProofRow, sound_rows
from dotsbook.master.tags import id3_frames, save_id3
from dotsbook.master.timeline import Track

RATE, KBITS = 44100, 192
HEAD, TAIL = (0.5, 0.75, 1.0), (1.0, 3.0, 5.0)  # s: least, what is made if it isn't between, most
BRIEF, LITTLE = (
    20.0,
    (0.6, 1.2),
)  # s of speech, s of head and tail: silence counts in the level of what is shorter
CLOSE = 0.3  # dB of RMS left as it is
MOST = 4.0  # dB a file is moved from the book's level by at most
SAMPLE = (60.0, 180.0, 300.0)  # s: least, what is cut if nothing is named, most


def make_acx(mastering: Mastering) -> list[Made]:
    """Write the set into a folder of its own, with acx.html."""
    tracks = [framed(track, mastering.timeline.rate) for track in mastering.timeline.tracks]
    mastering = replace(mastering, timeline=replace(mastering.timeline, tracks=tuple(tracks)))
    folder = mastering.out / f"{book_name(mastering.about)} (ACX)"
    with staged(folder) as stage:
        files = [stage / f"{numbered(track.number, tracks[-1].number, track.title)}.mp3" for track in tracks]
        heard = each(mastering, lambda index: deliver(files[index], tracks[index], mastering, index))
        rows = sound_rows(
            [([track], part) for track, part in zip(tracks, heard, strict=True)],
            mastering.timeline.rate,
            mastering.levels,
        )
        rows.append(tags_row(files, mastering.about, [track.title for track in tracks]))
        sample = retail_sample(stage / "Retail Sample.mp3", mastering)
        checked = [check(file) for file in (*files, *([sample] if sample else []))]
        rows += [limits_row(one) for one in checked] + pack_rows(tracks, sample)
        proof = Proof(folder.name, tuple(rows))
        proof.check()
        (stage / "acx.html").write_text(
            page(
                mastering.about.full_title,
                checked,
                [row for row in proof.rows if row.what.startswith("set:")],
            ),
            "utf-8",
        )
        made = put_in_place(stage, folder, proof)
    return [Made(folder, proof, tuple(made), len(files), mastering.levels, ACX.name)]


def framed(track: Track, rate: int) -> Track:
    """The chapter with a head and a tail within the shop's limits; a brief one, such as credits, with the least of both."""
    if not track.placements:
        return track
    head, last = track.placements[0].speech[0], track.placements[-1].speech[1]
    tail, brief = track.samples - last, last - head < BRIEF * rate
    wanted_head, wanted_tail = LITTLE if brief else (HEAD[1], TAIL[1])
    shift = 0 if HEAD[0] * rate <= head <= HEAD[2] * rate and not brief else round(wanted_head * rate) - head
    samples = track.samples + shift
    if brief or not TAIL[0] * rate <= tail <= TAIL[2] * rate:
        samples = -(-(last + shift + round(wanted_tail * rate)) // FRAME) * FRAME
    return replace(
        track,
        samples=samples,
        placements=tuple(replace(p, start=max(0, p.start + shift)) for p in track.placements),
    )


def deliver(file: Path, track: Track, mastering: Mastering, index: int) -> Measured:
    """Encode a chapter, listen, and once more if its level is off."""
    codec = mp3_codec(KBITS, RATE)
    heard = write_chapter(file, track, mastering.sound, codec)
    off = wanted(mastering) - heard.rms
    if abs(off) > CLOSE:
        move = min(MOST, max(-MOST, off))
        heard = write_chapter(file, track, louder(mastering.sound, track, move), codec)
    save_id3(file, id3_frames(mastering.about, track.title, (index + 1, len(mastering.timeline.tracks))))
    return heard


def wanted(mastering: Mastering) -> float:
    """The RMS every file is brought to, in dBFS."""
    level = mastering.levels.target.level
    assert level is not None, "the shop's target has a level"
    return level


def louder(sound: Sound, track: Track, move: float) -> Sound:
    """The same, every voice of a chapter moved by so many dB."""
    voices = {placement.voiced.chunk.voice for placement in track.placements}
    return replace(sound, gains=sound.gains | {voice: sound.gains.get(voice, 0.0) + move for voice in voices})


def retail_sample(file: Path, mastering: Mastering) -> Path | None:
    """The stretch the manifest names, or the book's beginning to a sentence's end; None if there isn't a minute."""
    stretch = named_stretch(mastering) if mastering.settings.sample else first_stretch(mastering)
    if stretch is None:
        return None
    track, start, stop = stretch
    samples = clips.sample_clip(part_of(track, mastering.sound, start, stop), mastering.timeline.rate)
    write_mp3(file, [samples], mastering.timeline.rate, mp3_codec(KBITS, RATE))
    off = wanted(mastering) - hear(file).rms
    if abs(off) > CLOSE:
        sound = louder(mastering.sound, track, min(MOST, max(-MOST, off)))
        samples = clips.sample_clip(part_of(track, sound, start, stop), mastering.timeline.rate)
        write_mp3(file, [samples], mastering.timeline.rate, mp3_codec(KBITS, RATE))
    save_id3(file, id3_frames(mastering.about, "Retail Sample"))
    return file


def part_of(track: Track, sound: Sound, start: int, stop: int) -> Samples:
    """Samples [start, stop) of a mastered chapter."""
    kept, at = [], 0
    for block in mastered(track, sound):
        first, last = max(start - at, 0), min(stop - at, len(block))
        if first < last:
            kept.append(block[first:last])
        at += len(block)
        if at >= stop:
            break
    return np.concatenate(kept)


def first_stretch(mastering: Mastering) -> tuple[Track, int, int] | None:
    """The beginning of the first chapter that is long enough, to the end of a sentence."""
    rate = mastering.timeline.rate
    for track in mastering.timeline.tracks:
        ends = [
            p.speech[1]
            for p in track.placements
            if SAMPLE[0] * rate <= p.speech[1] + rate <= SAMPLE[1] * rate
        ]
        if ends:
            return track, 0, min(ends[-1] + rate, track.samples)
    return None


def named_stretch(mastering: Mastering) -> tuple[Track, int, int]:
    """What `credits.sample` says: "3" or "3 1:30-4:00". Raises ManifestError."""
    text, rate = mastering.settings.sample or "", mastering.timeline.rate
    chapter, _, times = text.strip().partition(" ")
    track = next((track for track in mastering.timeline.tracks if str(track.number) == chapter), None)
    if track is None:
        raise ManifestError(
            f'credits.sample {text!r}: there is no chapter {chapter!r}; write e.g. "3 1:30-4:00".'
        )
    start, stop = 0, min(track.samples, round(SAMPLE[2] * rate))
    if times:
        first, dash, last = times.replace("–", "-").partition("-")
        try:
            start, stop = (round(seconds_of(part) * rate) for part in (first, last))
        except ValueError as error:
            raise ManifestError(
                f'credits.sample {text!r} isn\'t a stretch; write e.g. "3 1:30-4:00".'
            ) from error
    if not 0 <= start < stop <= track.samples or stop - start > SAMPLE[2] * rate + rate:
        raise ManifestError(
            f"credits.sample {text!r} must lie in the chapter ({track.samples / rate:.0f} s) and be 5 minutes at most."
        )
    return track, start, stop


def seconds_of(text: str) -> float:
    total = 0.0
    for part in text.strip().split(":"):
        total = total * 60 + float(part)
    return total


def limits_row(checked: Checked) -> ProofRow:
    """A file's limits in one row; each stands in acx.html."""
    failed = [f"{test.name} {test.found}, not {test.limit}" for test in checked.tests if not test.ok]
    heard = checked.heard
    found = "; ".join(failed) or f"all, with RMS {heard.rms:.2f} and peak {heard.peak_db:.2f} dBFS"
    return ProofRow(f"shop limits of {checked.file}", f"all {len(checked.tests)}", found, not failed, False)


def pack_rows(tracks: list[Track], sample: Path | None) -> list[ProofRow]:
    """What the set has besides its chapters; it informs."""
    chunks = [placement.voiced.chunk for track in tracks for placement in track.placements]
    there = {
        kind: any(
            kind == chunk.id or source == chunk.source for chunk in chunks
        )  # a line spoken, or a recording
        for kind, source in clips.SOURCES.items()
    }
    rows = [
        ProofRow(
            f"set: {kind} credits",
            "a file of their own",
            "there" if found else f"none; set `credits.{kind}` in book.yaml",
            found,
            False,
        )
        for kind, found in there.items()
    ]
    return [
        *rows,
        ProofRow(
            "set: retail sample",
            "1 to 5 minutes",
            "there" if sample else "none: the book is too short",
            bool(sample),
            False,
        ),
    ]


ACX = OutputFormat("acx", make_acx, kbits=KBITS, overshoot=0.9, target="acx")

"""The user's own short sounds: credits, music under them, the retail sample. It knows no books; pydub does the work.

Clips are 16 bit and held in memory, so they stay under ten minutes. PyAV decodes them (pydub would want an ffmpeg
program); a finished credit becomes a take like any other, placed, levelled and proven with the rest.
"""

import hashlib
import warnings
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples, read_any, resample, write_flac
from dotsbook.book import Chunk, Pause, Take
from dotsbook.errors import DotsbookError, OutputError
from dotsbook.files import replacing, sha256_of
from dotsbook.master.timeline import VoicedChunk
from dotsbook.measure import measure, rms, speech_edges

LONGEST = 600.0  # s
LEAD, OUT = 2.0, 4.0  # s of music before and after the words
DUCK = 15.0  # dB the music stays under the words
FADE = 1500  # ms the music takes to come and go
RECIPE = "credit 1"
SOURCES = {"opening": "credits:opening", "closing": "credits:closing"}  # a credit's Chunk.source


def segment(samples: Samples, rate: int):
    """Samples as a pydub AudioSegment, 16 bit mono."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydub looks for an ffmpeg program when it is imported
        try:
            from pydub import AudioSegment
        except ImportError as error:
            raise OutputError(
                f"Credits and samples need pydub, which this Python can't load ({error}); "
                "install the package `audioop-lts`."
            ) from error
    data = (np.clip(samples, -1, 32767 / 32768) * 32768).round().astype("<i2").tobytes()
    return AudioSegment(data=data, sample_width=2, frame_rate=rate, channels=1)


def samples_of(clip) -> Samples:
    """A mono AudioSegment's samples."""
    return np.frombuffer(clip.raw_data, "<i2").astype(np.float32) / 32768


def load(path: Path, rate: int, what: str) -> Samples:
    """A clip of the user's, at `rate`; what: how the manifest calls it. Raises OutputError."""
    try:
        samples, found = read_any(path, LONGEST + 1)
    except DotsbookError as error:
        raise OutputError(f"{what}: {error}") from error
    if len(samples) > LONGEST * found:
        raise OutputError(
            f"{what}: {path} is longer than {LONGEST / 60:g} minutes; credits and music are short, cut it."
        )
    return resample(samples, found, rate)


def with_music(words: Samples, music: Samples, rate: int) -> Samples:
    """Words over music that comes in before them, lies DUCK under them, and goes out after."""
    first, last = speech_edges(words, rate)
    words = words[first:last]
    length = round((LEAD + len(words) / rate + OUT) * 1000)
    bed = segment(music, rate)
    while len(bed) < length:
        bed = bed.append(bed, crossfade=min(500, len(bed) // 4))
    bed = bed[:length].apply_gain(rms(words) - rms(music) - 3)
    from_ms, to_ms = round(LEAD * 1000), round((LEAD + len(words) / rate) * 1000)
    bed = bed.fade(to_gain=3 - DUCK, start=from_ms - 800, duration=800).fade(
        from_gain=0, to_gain=DUCK - 3, start=to_ms, duration=800
    )
    bed = bed.fade_in(FADE).fade_out(FADE)
    return samples_of(bed.overlay(segment(words, rate), position=from_ms))


def credit_chunk(
    kind: str, words: Path, music: Path | None, cache: Path, rate: int, chapter: int = 0
) -> VoicedChunk:
    """Opening or closing credits as a take: words is the user's recording or a rendered take of the line.

    Give it to `lay_out` as a chapter of its own: (chapter, "Opening Credits", [voiced]).
    """
    spoken = load(words, rate, f"credits.{kind}")
    backing = load(music, rate, "credits.music") if music else None
    facts = [
        RECIPE.encode(),
        spoken.tobytes(),
        backing.tobytes() if backing is not None else b"",
        str(rate).encode(),
    ]
    key = hashlib.sha256(b"|".join(hashlib.sha256(fact).digest() for fact in facts)).hexdigest()
    sound = with_music(spoken, backing, rate) if backing is not None else spoken
    path = cache / "credits" / f"{key}.flac"
    if not path.is_file():
        with replacing(path) as temporary:
            write_flac(temporary, sound, rate)
    found = measure(sound, rate)
    if found.last <= found.first:
        raise OutputError(f"credits.{kind}: nothing is heard in {words}.")
    take = Take(
        f"r1:{key}",
        path.name,
        sha256_of(path),
        len(sound),
        rate,
        found.first,
        found.last,
        found.peak,
        1,
        True,
        {},
        found.energies,
    )
    chunk = Chunk(f"{chapter}.1", chapter, SOURCES[kind], 0, 0, "", "", "credits", "", Pause.CHAPTER)
    return VoicedChunk(chunk, take, path)


def sample_clip(samples: Samples, rate: int) -> Samples:
    """A stretch of the book as a sample of its own: faded in and out."""
    return samples_of(segment(samples, rate).fade_in(300).fade_out(1500))

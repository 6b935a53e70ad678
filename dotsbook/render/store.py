"""Take files: each whole or not there, named by its key, and carrying its own facts. It knows no engine and no script.

`write` is step 1 of the commit order in ledger.py. What a row says of a take stands in the FLAC's comment too, so that
a lost ledger can be made again from the files.
"""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from dotsbook import files
from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.errors import LedgerError
from dotsbook.render.key import VERSION
from dotsbook.render.ledger import NORMED, Facts, health_json, make_folder

FORMAT = 1  # of the comment


def file_of(key: str) -> str:
    """A take's file, relative to takes/: `ab/abcdef….flac`."""
    name = key.removeprefix(VERSION)
    return f"{name[:2]}/{name}.flac"


def write(
    folder: Path, key: str, samples: Samples, rate: int, facts: Facts, measure: Callable | None = None
) -> Take:
    """Put a take's sound on disk for good, and say what its row must; it is not committed until that row is.

    samples: mono float32, finite, at least one; `measure`: dotsbook.measure.measure. Raises OutputError.
    """
    if measure is None:
        from dotsbook.measure import measure
    file = file_of(key)
    data = encode(samples, rate, comment(key, facts))
    target = Path(folder) / file
    make_folder(Path(folder))
    make_folder(target.parent)
    files.write_whole(target, data)
    return take_of(key, data, *decode(data), facts, measure)


def read(folder: Path, key: str) -> Samples:
    """A committed take's sound, mono float32. Raises LedgerError if its file is gone or damaged."""
    import soundfile

    path = Path(folder) / file_of(key)
    try:
        return decode(path.read_bytes())[0]
    except (OSError, soundfile.LibsndfileError) as error:
        raise LedgerError(
            f"{path} can't be read ({error}); `dotsbook verify --repair` has it made anew."
        ) from error


def take_of(key: str, data: bytes, samples: Samples, rate: int, facts: Facts, measure: Callable) -> Take:
    """The row of a take whose file holds `data`, which decodes to `samples`."""
    figures = measure(samples, rate)
    return Take(
        key,
        file_of(key),
        hashlib.sha256(data).hexdigest(),
        len(samples),
        rate,
        int(figures.first),
        int(figures.last),
        float(figures.peak),
        facts.attempts,
        facts.healthy,
        json.loads(health_json(facts.health or {})),
        figures.energies,
    )


def encode(samples: Samples, rate: int, note: str) -> bytes:
    """A FLAC file, 16 bit, with a comment."""
    import soundfile

    buffer = io.BytesIO()
    with soundfile.SoundFile(buffer, "w", rate, 1, "PCM_16", format="FLAC") as file:
        file.comment = note
        file.write(np.clip(samples, -1.0, 1.0))
    return buffer.getvalue()


def decode(data: bytes) -> tuple[Samples, int]:
    """A FLAC file's samples and rate. Raises soundfile.LibsndfileError."""
    import soundfile

    return soundfile.read(io.BytesIO(data), dtype="float32", always_2d=False)


def comment(key: str, facts: Facts) -> str:
    """What a file says of itself: the same whatever was rendered before it, or its stretches would be encoded again."""
    health = json.loads(
        health_json({name: figure for name, figure in sorted((facts.health or {}).items()) if name != NORMED})
    )
    return json.dumps({"dotsbook": FORMAT, "key": key} | asdict(facts) | {"health": health})


def facts_in(note: str) -> tuple[str, Facts]:
    """(key, facts) out of a take's comment. Raises LedgerError if it is none of ours."""
    try:
        data = json.loads(note)
        if data.pop("dotsbook") != FORMAT:
            raise LedgerError("the take's note is of another version")
        return data.pop("key"), Facts(**data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LedgerError("the file carries no note of dotsbook's") from error

"""Take files: each whole or not there, named by its key, and carrying its own facts. It knows no engine and no script.

`write` is step 1 of the commit order in ledger.py. What a row says of a take stands in the FLAC's comment too, so that
a lost ledger can be made again from the files.
"""

import contextlib
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from dotsbook import files
from dotsbook.audio import Samples
from dotsbook.book import Take
from dotsbook.errors import LedgerError
from dotsbook.render.jobs import VERSION
from dotsbook.render.ledger_file import make_folder
from dotsbook.render.take_rows import NORMED, Facts, health_json
from dotsbook.voices.engine import RecordedTake

FORMAT = 1  # of the comment
COMMENTS = 4  # a FLAC file's block of that kind


def file_of(key: str, issue: int = 1) -> str:
    """A take's file, relative to takes/: `ab/abcdef….flac`; `ab/abcdef….2.flac` is what took its place, and so on."""
    name = key.removeprefix(VERSION)
    return f"{name[:2]}/{name}.flac" if issue == 1 else f"{name[:2]}/{name}.{issue}.flac"


def key_of(file: str) -> str:
    """The key whose take such a file holds; "" if the name is none of ours."""
    return VERSION + name.partition(".")[0] if (name := file[3:]) and issue_of(file) else ""


def issue_of(file: str) -> int:
    """Which of a key's files this is, from 1; 0 if the name is none of ours."""
    match = re.fullmatch(r"(..)/\1[^./]*(?:\.([1-9][0-9]*))?\.flac", file)
    return int(match[2] or 1) if match else 0


def successor(file: str) -> str:
    """The name for what takes a file's place: another, since the old one holds until the new row is committed."""
    return file_of(key_of(file), issue_of(file) + 1)


def write(
    folder: Path,
    key: str,
    samples: Samples,
    rate: int,
    facts: Facts,
    measure: Callable | None = None,
    file: str | None = None,
    recorded: RecordedTake | None = None,
) -> Take:
    """Put a take's sound on disk for good, and say what its row must; it is not committed until that row is.

    samples: mono float32, finite, at least one; `measure`: dotsbook.measure.measure; file: its name, where a take of
    this key is there already (`successor`); recorded: what the samples were decoded from. Raises OutputError.
    """
    if measure is None:
        from dotsbook.measure import measure as usual

        measure = usual
    file = file or file_of(key)
    note = comment(key, facts)
    data = with_note(recorded.flac, note) if recorded else encode(samples, rate, note)
    target = Path(folder) / file
    make_folder(Path(folder))
    make_folder(target.parent)
    files.write_whole(target, data)
    if recorded:
        return take_of(key, data, samples, rate, facts, lambda *_: recorded.measures, file)
    return take_of(key, data, *decode(data), facts, measure, file)


def read(folder: Path, file: str) -> tuple[Samples, int]:
    """A committed take's sound, mono float32, and its rate. Raises LedgerError if its file is gone or damaged."""
    import soundfile

    path = Path(folder) / file
    try:
        return decode(path.read_bytes())
    except (OSError, soundfile.LibsndfileError) as error:
        raise LedgerError(
            f"{path} can't be read ({error}); `dotsbook verify --repair` has it made anew."
        ) from error


def origin_of(folder: Path, file: str) -> dict[str, str]:
    """Who spoke a committed take and where, as its file says: made_by, device, machine, version; '' if it doesn't."""
    import soundfile

    facts = Facts()
    with (
        contextlib.suppress(OSError, soundfile.LibsndfileError, LedgerError),
        soundfile.SoundFile(Path(folder) / file) as sound,
    ):
        _, facts = facts_in(sound.comment)
    return {name: getattr(facts, name) for name in ("made_by", "device", "machine", "version")}


def text_of(folder: Path, file: str) -> str:
    """What a committed take was to say, as its file tells; "" if it doesn't."""
    import soundfile

    with (
        contextlib.suppress(OSError, soundfile.LibsndfileError, LedgerError),
        soundfile.SoundFile(Path(folder) / file) as sound,
    ):
        return facts_in(sound.comment)[1].text
    return ""


def take_of(
    key: str,
    data: bytes,
    samples: Samples,
    rate: int,
    facts: Facts,
    measure: Callable,
    file: str | None = None,
) -> Take:
    """The row of a take whose file holds `data`, which decodes to `samples`."""
    figures = measure(samples, rate)
    return Take(
        key,
        file or file_of(key),
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


def with_note(flac: bytes, note: str) -> bytes:
    """A FLAC file of write_flac's with a comment: the file that `encode` makes of the same samples."""
    blocks, at, last = [], 4, False
    while not last:
        last, kind, size = bool(flac[at] & 128), flac[at] & 127, int.from_bytes(flac[at + 1 : at + 4], "big")
        content = flac[at + 4 : at + 4 + size]
        if kind == COMMENTS:
            vendor = content[: 4 + int.from_bytes(content[:4], "little")]
            said = f"comment={note}".encode()
            content = vendor + (1).to_bytes(4, "little") + len(said).to_bytes(4, "little") + said
        blocks.append(bytes([last * 128 | kind]) + len(content).to_bytes(3, "big") + content)
        at += 4 + size
    return b"".join([flac[:4], *blocks, flac[at:]])


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

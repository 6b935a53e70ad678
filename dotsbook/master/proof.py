"""A finished file, opened again and compared with what was meant. It knows what should be there, not how it was made.

Every row says what was expected and what was found. A row that binds and differs fails the proof: then nothing stands
under the final name. Other rows inform.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from dotsbook import measure
from dotsbook.errors import EncodeError
from dotsbook.files import sha256_of, write_whole
from dotsbook.master.loudness import Levels, speech_energies
from dotsbook.master.meter import Measured, merged
from dotsbook.master.timeline import Track

PER_CHAPTER = 0.050  # s a chapter the duration may differ
MARK = 0.001  # s a chapter mark may be off
FAINT = 12.0  # dB a take may be quieter in the file than planned before it counts as lost
LOUDNESS = 0.5  # dB


@dataclass(frozen=True)
class ProofRow:
    what: str
    expected: str
    found: str
    ok: bool
    binding: bool = True  # False: it informs


@dataclass(frozen=True)
class Proof:
    file: str  # its name
    rows: tuple[ProofRow, ...]

    @property
    def ok(self) -> bool:
        return all(row.ok for row in self.rows if row.binding)

    @property
    def failures(self) -> list[ProofRow]:
        return [row for row in self.rows if row.binding and not row.ok]

    @property
    def warnings(self) -> list[ProofRow]:
        return [row for row in self.rows if not row.binding and not row.ok]

    def check(self) -> None:
        """Raise EncodeError if a binding row failed."""
        if not self.ok:
            first = self.failures[0]
            more = f" (and {len(self.failures) - 1} more)" if len(self.failures) > 1 else ""
            raise EncodeError(
                f"{self.file} did not prove right: {first.what} should be {first.expected[:80]} and is "
                f"{first.found[:80]}{more}; it was not kept. Run the command again, and report it if it stays so."
            )


def store_proof(proof: Proof, path: Path, files: list[Path]) -> None:
    """Write a proof as JSON beside the files it is about, with their hashes, so that `recheck` knows them again."""
    listed = [{"name": file.name, "bytes": file.stat().st_size, "sha256": sha256_of(file)} for file in files]
    data = {"file": proof.file, "ok": proof.ok, "files": listed, "rows": [asdict(row) for row in proof.rows]}
    write_whole(path, json.dumps(data, ensure_ascii=False, indent=1).encode())


def recheck(out: Path) -> list[tuple[Path, list[str]]]:
    """Every finished file under a folder, with what is wrong with it now: gone, or no longer what was proved."""
    proofs = sorted(out.rglob("*proof.json"))
    return [(path.parent / name, faults) for path in proofs for name, faults in faults_of(path)]


def faults_of(path: Path) -> list[tuple[str, list[str]]]:
    """(name, faults) of the files a stored proof is about."""
    try:
        listed = json.loads(path.read_text("utf-8"))["files"] if path.is_file() else ()
        files = [(str(file["name"]), str(file["sha256"])) for file in listed]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return [(path.name, ["the proof can't be read; assemble the book again"])]
    return [(name, fault(path.parent / name, digest)) for name, digest in files]


def fault(file: Path, digest: str) -> list[str]:
    try:
        return [] if sha256_of(file) == digest else ["not what was proved: changed or damaged since"]
    except OSError as error:
        return [f"gone or unreadable ({error.strerror})"]


def equal(what: str, expected: object, found: object) -> ProofRow:
    return ProofRow(what, str(expected), str(found), expected == found)


def near(what: str, expected: float, found: float, by: float, unit: str, binding: bool = True) -> ProofRow:
    return ProofRow(
        what,
        f"{expected:.2f} ± {by:g} {unit}",
        f"{found:.2f} {unit}",
        abs(expected - found) <= by + 1e-9,
        binding,
    )


def cover_name(data: bytes | None) -> str:
    """A cover as a row shows it."""
    return f"{len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()[:12]}" if data else "none"


def mark_rows(
    expected: list[tuple[float, str]], found: list[tuple[float, str]], where: str
) -> list[ProofRow]:
    """Chapters: how many, when, what they are called; expected, found: (seconds, title)."""
    rows = [equal(f"chapters ({where})", len(expected), len(found))]
    off = max((abs(a[0] - b[0]) for a, b in zip(expected, found, strict=False)), default=0.0)
    rows.append(
        ProofRow(
            f"chapter times ({where})",
            f"within {MARK * 1000:g} ms",
            f"{off * 1000:.2f} ms off at most",
            off <= MARK + 1e-6,
        )
    )
    wrong = [(a[1], b[1]) for a, b in zip(expected, found, strict=False) if a[1] != b[1]]
    rows.append(
        ProofRow(
            f"chapter titles ({where})",
            repr(wrong[0][0]) if wrong else "as planned",
            repr(wrong[0][1]) if wrong else "as planned",
            not wrong,
        )
    )
    return rows


def summed(what: str, rows: list[ProofRow]) -> ProofRow:
    """Many rows as one: as planned, or the first that isn't."""
    wrong = [row for row in rows if not row.ok]
    if not wrong:
        return ProofRow(what, "as planned", "as planned", True)
    return ProofRow(
        what,
        f"{wrong[0].what} {wrong[0].expected}",
        f"{wrong[0].found} ({len(wrong)} of {len(rows)} are wrong)",
        False,
    )


def tag_rows(expected: dict[str, str], found: dict[str, str]) -> list[ProofRow]:
    return [
        ProofRow(f"tag {key}", value, found.get(key, "nothing"), found.get(key) == value)
        for key, value in expected.items()
    ]


def sound_rows(files: list[tuple[list[Track], Measured]], rate: int, levels: Levels) -> list[ProofRow]:
    """Duration, silence map, loudness, peaks of a book as it decodes; files: the tracks in each and what was heard."""
    lost = []
    rows = [
        duration_row(
            [
                (sum(track.samples for track in tracks) / rate, heard.samples / heard.rate, len(tracks))
                for tracks, heard in files
            ]
        )
    ]
    for tracks, heard in files:
        for track in tracks:
            lost += faint(track, rate, heard, (track.start - tracks[0].start) / rate, levels)
    placed = sum(len(track.placements) for tracks, _ in files for track in tracks)
    missing = f", not {', '.join(lost[:8])}" if lost else ""
    rows.append(
        ProofRow("takes heard in their places", str(placed), f"{placed - len(lost)}{missing}", not lost)
    )
    return rows + level_rows(merged([heard for _, heard in files]), levels)


def duration_row(files: list[tuple[float, float, int]]) -> ProofRow:
    """files: (seconds planned, seconds found, chapters) of each; the row tells of the one that is furthest off."""
    planned, found, chapters = max(files, key=lambda file: abs(file[0] - file[1]) / file[2])
    row = near("duration", planned, found, PER_CHAPTER * chapters, "s")
    if len(files) == 1:
        return row
    total = sum(file[1] for file in files)
    return ProofRow(
        f"durations of {len(files)} files",
        f"within {PER_CHAPTER * 1000:g} ms each",
        f"{abs(planned - found) * 1000:.0f} ms off at most, {total:.2f} s in all",
        row.ok,
    )


def level_rows(heard: Measured, levels: Levels) -> list[ProofRow]:
    target = levels.target
    found = heard.rms if target.rms else heard.loudness
    unit = "dBFS RMS" if target.rms else "LUFS"
    rows = [ProofRow("loudness before", "as rendered", f"{levels.before:.2f} LUFS", True, False)]
    if target.level is None:
        rows.append(ProofRow("loudness", "as rendered", f"{found:.2f} {unit}", True, False))
    else:
        rows.append(near("loudness", target.level, found, LOUDNESS, unit, False))
    ceiling = "any" if target.ceiling is None else f"≤ {target.ceiling:g} dBTP"
    under = target.ceiling is None or heard.true_peak_db <= target.ceiling
    rows.append(ProofRow("true peak as decoded", ceiling, f"{heard.true_peak_db:.2f} dBTP", under, False))
    rows.append(
        ProofRow("clipped samples", "0", str(heard.clipped), heard.clipped == 0, target.ceiling is not None)
    )
    rows.append(ProofRow("noise floor", "≤ -60 dBFS", f"{heard.floor:.1f} dBFS", heard.floor <= -60, False))
    return rows


def faint(track: Track, rate: int, heard: Measured, begin: float, levels: Levels) -> list[str]:
    """Chunks of a chapter that begins `begin` seconds into `heard` and are far quieter there than planned."""
    lost, step = [], round(heard.rate * measure.BLOCK)
    for placement in track.placements:
        if not placement.samples:
            continue
        gain = levels.gains.get(placement.voiced.chunk.voice, 0.0)
        planned = measure.decibels(float(speech_energies(placement).sum())) + gain
        first, last = (round((begin + place / rate) * heard.rate) // step for place in placement.speech)
        window = heard.energies[first : last + 1]
        if measure.decibels(float(np.sum(window))) < planned - FAINT:
            lost.append(placement.voiced.chunk.id)
    return lost

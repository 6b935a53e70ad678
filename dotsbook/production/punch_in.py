"""A line recorded by a person: checked like a take, kept beside the others, and chosen for its line."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import VoiceError
from dotsbook.production.line_story import RECORDED
from dotsbook.production.selection import jobs_named
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger

LEAST, MOST = 0.2, 120.0  # s of a recording
PEAK = 0.9  # full scale is 1: no recording is raised beyond


@dataclass(frozen=True)
class PunchedIn:
    """What became of a recording."""

    chunk: str  # the line's id
    key: str  # of the take it is now
    seconds: float
    healthy: bool
    reasons: tuple[str, ...]  # what the checks have against it


def punch_in(session: Session, name: str, recording: Path | bytes, by: str) -> PunchedIn:
    """Keep a recording as a take of a line and choose it. Raises VoiceError for a file that is no such recording.

    It holds the project's write lock for a moment, so a render must have ended.
    """
    from dotsbook.audio import read_any
    from dotsbook.render import store
    from dotsbook.render.health import examine
    from dotsbook.render.jobs import VERSION, canonical
    from dotsbook.render.judgement import norms_for
    from dotsbook.render.review import Review
    from dotsbook.render.take_rows import Facts

    [job] = jobs_named(session, [name])
    if isinstance(recording, bytes):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "recording"
            path.write_bytes(recording)
            samples, rate = read_any(path, MOST + 1)
    else:
        samples, rate = read_any(recording, MOST + 1)
    seconds = len(samples) / rate
    if not LEAST <= seconds <= MOST:
        raise VoiceError(f"The recording is {seconds:.1f} s long; a line has {LEAST} to {MOST:.0f} s.")
    with session.writing() as ledger:
        samples = levelled(samples, rate, usual_loudness(ledger, job))
        norm = norms_for(ledger, [job]).get((job.voice.name, job.chunk.language))
        verdict = examine(samples, rate, job.chunk.spoken, job.chunk.language, norm)
        sound = hashlib.sha256(samples.tobytes()).hexdigest()
        key = VERSION + hashlib.sha256(canonical([RECORDED, job.base, rate, sound]).encode()).hexdigest()
        facts = Facts(
            1,
            verdict.ok,
            verdict.figures,
            RECORDED,
            job.voice.name,
            job.chunk.language,
            job.chunk.spoken,
            job.base,
            job.retake,
            made_by=by or RECORDED,
        )
        take = store.write(session.project.takes, key, samples, rate, facts)
        ledger.add([(take, facts)])
        Review(ledger).choose(job.base, key, by)
    return PunchedIn(job.chunk.id, key, seconds, verdict.ok, verdict.reasons)


def usual_loudness(ledger: "Ledger", job: "Job") -> float | None:
    """How loud the line's other takes are, or some of its voice's; LUFS, None where there are none."""
    from dotsbook.measure import loudness_of

    rows = "SELECT energies FROM takes WHERE engine != ? AND "
    own = ledger.rows(f"{rows} (base = ? OR key = ?)", (RECORDED, job.base, job.base))
    own = own or ledger.rows(f"{rows} voice = ? LIMIT 50", (RECORDED, job.voice.name))
    return loudness_of([energies for (energies,) in own]) if own else None


def levelled(samples: "Samples", rate: int, loudness: float | None) -> "Samples":
    """A recording brought to a loudness, as far as its peaks have room."""
    from dotsbook.measure import GATE, energies_of, loudness_of

    here = loudness_of([energies_of(samples, rate)])
    peak = float(abs(samples).max(initial=0.0))
    if loudness is None or here <= GATE or not peak:
        return samples
    gain: float = min(10 ** ((loudness - here) / 20), PEAK / peak)
    return (samples * gain).astype("float32")

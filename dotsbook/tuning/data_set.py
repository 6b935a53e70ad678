"""A data set to train on, as a folder: clips with their texts, whose voices they are and by whose leave.

dataset.yaml      consent, licence, name, language, what it was made from, rate, counts
lines.jsonl       an object a line: a clip, its text and speaker, whether it is held out
clips/ID.flac     mono, at the data set's rate, edges of a quarter second, levelled
rejected.csv      what wasn't taken, and the reason
cache/            latents and x-vectors, by content; made again where missing

`prepare` writes dataset.yaml last: a folder without one isn't a data set yet. A person may edit texts in lines.jsonl, take
lines out, or set `held_out`; a clip whose bytes changed is refused, for its latents would be another's.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dotsbook.errors import SourceError
from dotsbook.files import sha256_of, write_whole

if TYPE_CHECKING:
    from dotsbook.audio import Samples
    from dotsbook.model.training.clip_codec import ClipCodec, ClipLatents

FORMAT = 1
ABOUT, LINES, REJECTED, CLIPS, CACHE = "dataset.yaml", "lines.jsonl", "rejected.csv", "clips", "cache"


@dataclass(frozen=True)
class ClipLine:
    """A clip and what is said in it."""

    id: str
    audio: str  # under the folder: clips/ID.flac
    text: str
    speaker: str
    lang: str  # BCP 47; "": no tag is put before the text
    seconds: float
    held_out: bool
    sha256: str  # of the clip's file


@dataclass(frozen=True)
class DatasetAbout:
    """What stands in dataset.yaml."""

    name: str
    consent: str  # who allowed what, in the words of whoever made the data set
    licence: str
    language: str  # of lines that name none
    made_from: tuple[str, ...]
    rate: int  # Hz of the clips
    model: str = ""  # identity of the model that the latents in cache/ were made with, "": none yet
    clips: int = 0
    held_out: int = 0
    seconds: float = 0.0
    rejected: int = 0


@dataclass(frozen=True)
class Dataset:
    """A data set that was made; `Dataset.open(folder)`."""

    folder: Path
    about: DatasetAbout
    all_lines: tuple[ClipLine, ...] = field(repr=False)

    @classmethod
    def open(cls, folder: str | Path) -> "Dataset":
        """Raises SourceError for what is no data set, with the file and line."""
        folder = Path(folder)
        about = read_about(folder / ABOUT)
        return cls(folder, about, tuple(read_lines(folder / LINES)))

    @property
    def lines(self) -> tuple[ClipLine, ...]:
        """What is trained on."""
        return tuple(line for line in self.all_lines if not line.held_out)

    @property
    def held_out(self) -> tuple[ClipLine, ...]:
        """What is never trained on: by it a training is judged."""
        return tuple(line for line in self.all_lines if line.held_out)

    @property
    def consent(self) -> str:
        return self.about.consent

    @property
    def licence(self) -> str:
        return self.about.licence

    @property
    def seconds(self) -> float:
        return sum(line.seconds for line in self.all_lines)

    @property
    def hash(self) -> str:
        """Of all that training depends on: each line's sound, text, speaker, language, and whether it is held out."""
        digest = hashlib.sha256(b"dotsbook data set 1")
        for line in sorted(self.all_lines, key=lambda line: line.id):
            row = [line.id, line.sha256, line.text, line.speaker, line.lang, line.held_out]
            digest.update(json.dumps(row, ensure_ascii=False).encode())
        return digest.hexdigest()

    def clip(self, line: ClipLine) -> "tuple[Samples, int]":
        """A line's samples, mono float32, and rate. SourceError if the file isn't the one that was prepared."""
        import soundfile

        from dotsbook.audio import read_flac

        path = self.folder / line.audio
        try:
            if sha256_of(path) != line.sha256:
                raise SourceError(
                    f"{path} isn't the clip that was prepared: it was changed or damaged. Take its line out of "
                    f"{self.folder / LINES}, or prepare the data set again."
                )
            return read_flac(path)
        except (OSError, soundfile.LibsndfileError) as error:
            raise SourceError(
                f"{path} can't be read ({error}). Take its line out of {self.folder / LINES}, or prepare the data set again."
            ) from error

    def latents(self, line: ClipLine, codec: "ClipCodec") -> "ClipLatents":
        """A line's latents and x-vector: from the cache, or made and kept there. SourceError, ModelError, OutputError."""
        from dotsbook.errors import ModelError
        from dotsbook.model.training.clip_codec import read_latents

        path = self.latents_file(line, codec)
        if path.is_file():
            try:
                return read_latents(path)
            except ModelError:  # damaged: what follows replaces it
                pass
        samples, rate = self.clip(line)
        found = codec.latents(samples, rate)
        found.save(path)
        return found

    def latents_file(self, line: ClipLine, codec: "ClipCodec") -> Path:
        """Where the cache has a line's latents, or will have them."""
        named = hashlib.sha256(f"{line.sha256} {codec.identity}".encode()).hexdigest()[:40]
        return self.folder / CACHE / f"{named}.safetensors"

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        speakers = {line.speaker for line in self.all_lines}
        return {
            "folder": str(self.folder),
            **asdict(self.about),
            "made_from": list(self.about.made_from),
            "clips": len(self.all_lines),
            "held_out": len(self.held_out),
            "seconds": round(self.seconds, 3),
            "speakers": sorted(speakers),
            "hash": self.hash,
        }


# ── the files ──


def lines_file(lines: Iterable[ClipLine]) -> bytes:
    """lines.jsonl's bytes."""
    return "".join(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in lines).encode()


def write_lines(path: Path, lines: Iterable[ClipLine]) -> None:
    """OutputError if the disk refuses; what stood there then still does."""
    write_whole(path, lines_file(lines))


def read_lines(path: Path) -> list[ClipLine]:
    try:
        rows = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} can't be read ({error}). Prepare the data set again.") from error
    found = [line_of(row, f"{path} line {number}") for number, row in enumerate(rows, 1) if row.strip()]
    if not found:
        raise SourceError(f"{path} has no lines: there is nothing to train on.")
    known: set[str] = set()
    for line in found:
        if line.id in known:
            raise SourceError(f"{path} names {line.id} twice; each line needs a name of its own.")
        known.add(line.id)
    return found


KINDS: dict[str, type | tuple[type, ...]] = {
    "id": str,
    "audio": str,
    "text": str,
    "speaker": str,
    "lang": str,
    "seconds": (int, float),
    "held_out": bool,
    "sha256": str,
}


def line_of(row: str, where: str) -> ClipLine:
    try:
        said = json.loads(row)
    except ValueError as error:
        raise SourceError(f"{where} is no JSON object ({error}).") from error
    if not isinstance(said, dict):
        raise SourceError(f"{where} is no JSON object.")
    for key, kind in KINDS.items():
        if not isinstance(said.get(key), kind):
            raise SourceError(f"{where} has no proper `{key}`; prepare the data set again.")
    line = ClipLine(**{key: said[key] for key in KINDS})
    parts = Path(line.audio).parts
    if len(parts) != 2 or parts[0] != CLIPS or parts[1] in ("..", "."):
        raise SourceError(f"{where} names {line.audio!r}, which is no file in {CLIPS}/.")
    if not line.text.strip():
        raise SourceError(f"{where} has no text; take the line out.")
    return line


def write_about(path: Path, about: DatasetAbout) -> None:
    import yaml

    said = {"format": FORMAT, **asdict(about), "made_from": list(about.made_from)}
    write_whole(path, yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=120).encode())


def read_about(path: Path) -> DatasetAbout:
    from dotsbook.yaml_file import load_yaml

    if not path.is_file():
        raise SourceError(
            f"{path.parent} is no data set: it has no {ABOUT}. `dotsbook tune prepare {path.parent} --from …` makes one, or "
            "goes on with one that was stopped."
        )
    said, _ = load_yaml(path)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise SourceError(f"{path} is not of a data set that this version reads.")
    consent, rate = said.get("consent"), said.get("rate")
    if not isinstance(consent, str) or not consent.strip():
        raise SourceError(f"{path} says nothing under `consent`: whose voices are these, and by whose leave?")
    if not isinstance(rate, int) or rate <= 0:
        raise SourceError(f"{path} has no proper `rate`.")
    made_from = said.get("made_from")
    return DatasetAbout(
        name=str(said.get("name") or path.parent.name),
        consent=consent,
        licence=str(said.get("licence") or ""),
        language=str(said.get("language") or ""),
        made_from=tuple(map(str, made_from)) if isinstance(made_from, list) else (),
        rate=rate,
        model=str(said.get("model") or ""),
        **{name: figure(said, name) for name in ("clips", "held_out", "seconds", "rejected")},
    )


def figure(said: dict, name: str) -> Any:
    found = said.get(name)
    return found if isinstance(found, (int, float)) else 0

"""A project's folder: its manifest and every path in it, each spelled once. It knows no formats and reads no manuscript.

book.yaml, sources, voices/, lexicon.yaml     the user's, for git
cast.yaml, speakers.tsv                       who the people are, who says what: the user's, for git
direction.yaml                                how lines are to be spoken: the user's, for git
spoken.yaml                                   lines spoken otherwise than written: the user's, for git
.dotsbook/ledger.db                           which takes are done
.dotsbook/takes/ab/abcdef….flac               the takes
.dotsbook/profiles/                           voices, enrolled
.dotsbook/cache/                              what can be made again: calibration, encoded chapters
out/                                          finished books
"""

import os
from dataclasses import dataclass
from pathlib import Path

from dotsbook.direction import checked, emotion_of, parted, read
from dotsbook.errors import ManifestError, OutputError, SourceError, VoiceError
from dotsbook.manifest import Manifest, VoiceEntry, load_manifest

MANIFEST = "book.yaml"
MANIFESTS = (".yaml", ".yml", ".json")  # suffixes: a file of another is a manuscript, in whatever format
LARGEST_TRANSCRIPT = 1_000_000  # bytes


@dataclass(frozen=True)
class Project:
    folder: Path  # absolute
    manifest: Manifest
    file: Path  # the manifest

    @property
    def state(self) -> Path:
        return self.folder / ".dotsbook"

    @property
    def ledger(self) -> Path:
        return self.state / "ledger.db"

    @property
    def takes(self) -> Path:
        return self.state / "takes"

    @property
    def profiles(self) -> Path:
        return self.state / "profiles"

    @property
    def designs(self) -> Path:
        """Voices that were made of a description, to choose from."""
        return self.state / "designs"

    @property
    def cache(self) -> Path:
        return self.state / "cache"

    @property
    def lock_file(self) -> Path:
        return self.folder / "book.lock.yaml"

    @property
    def cast_file(self) -> Path:
        return self.folder / "cast.yaml"

    @property
    def speakers_file(self) -> Path:
        return self.folder / "speakers.tsv"

    @property
    def direction_file(self) -> Path:
        return self.folder / "direction.yaml"

    @property
    def spoken_file(self) -> Path:
        """Lines that are spoken otherwise than they are written."""
        return self.folder / "spoken.yaml"

    @property
    def cast_answers(self) -> Path:
        """Who was found to speak which line, kept while the book is rendered."""
        return self.state / "cast.json"

    @property
    def series_cast(self) -> Path | None:
        """The roster of the project that `cast: {from: …}` names, which must exist."""
        if not self.manifest.cast_from:
            return None
        path = self.path(self.manifest.cast_from)
        file = path / "cast.yaml" if path.is_dir() else path
        if not os.path.isfile(file):
            raise ManifestError(
                f"{self.file}: `cast.from` {self.manifest.cast_from!r} has no cast.yaml ({file}); name the folder of a "
                "book whose people are the same, or take the line out."
            )
        return file

    @property
    def out(self) -> Path:
        """Where books are written: inside the project, always."""
        folder = Path(os.path.normpath(self.folder / self.manifest.output.folder))
        if not folder.is_relative_to(self.folder) or folder == self.folder or "\0" in str(folder):
            raise OutputError(
                f"{self.file}: `output.folder` {self.manifest.output.folder!r} leaves the project; name a folder inside it."
            )
        return folder

    @property
    def sources(self) -> list[Path]:
        """The manuscript's files, in order."""
        paths = [self.path(name) for name in self.manifest.source]
        for name, path in zip(self.manifest.source, paths, strict=True):
            if not os.path.isfile(path):  # which is no for a name that no file can have
                raise SourceError(
                    f"{self.file}: the source {name!r} isn't there ({path}); correct `source:` or put the file in place."
                )
        return paths

    @property
    def lexicon(self) -> Path | None:
        if not self.manifest.lexicon:
            return None
        path = self.path(self.manifest.lexicon)
        if not os.path.isfile(path):
            raise ManifestError(
                f"{self.file}: the lexicon {self.manifest.lexicon!r} isn't there; correct `lexicon:` or make the file."
            )
        return path

    def path(self, name: str) -> Path:
        """A path of the manifest's: relative to the project, or absolute."""
        return Path(os.path.normpath(self.folder / os.path.expanduser(name)))

    def reference(self, name: str) -> Path | None:
        """A voice's reference audio, which must exist."""
        return self._voice_file(name, "reference", self.voice(name).reference)

    def adapter(self, name: str) -> Path | None:
        """A voice's adapter, which must exist."""
        return self._voice_file(name, "adapter", self.voice(name).adapter)

    def _voice_file(self, name: str, what: str, named: str | None) -> Path | None:
        if not named:
            return None
        path = self.path(named)
        if not os.path.isfile(path):
            raise VoiceError(
                f"{self.file}: the {what} of voice `{name}` isn't there ({path}); correct `voices.{name}.{what}`."
            )
        return path

    def transcript(self, name: str) -> str | None:
        """A voice's transcript: the words themselves, or those in the .txt file it names."""
        text = self.voice(name).transcript
        if not text or not text.endswith(".txt"):
            return text
        path = self.path(text)
        try:
            if path.stat().st_size > LARGEST_TRANSCRIPT:
                raise VoiceError(
                    f"{self.file}: the transcript of voice `{name}`, {path}, is far longer than any recording; "
                    "it must be exactly what is spoken in it."
                )
            return path.read_text("utf-8-sig").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise VoiceError(
                f"{self.file}: the transcript of voice `{name}` can't be read from {path}: {error}."
            ) from error

    def voice(self, name: str) -> VoiceEntry:
        """What the manifest says of a voice; with a delivery behind its name, as it is for lines so directed."""
        if entry := self.manifest.voices.get(name):
            return entry
        base, delivery = parted(name)
        entry = self.manifest.voices.get(base)
        if entry is None:
            raise VoiceError(
                f"{self.file}: there is no voice `{base}`; enrolled are {', '.join(self.manifest.voices)}."
            )
        said = read(delivery)
        emotion = said.get("emo", "")
        reference = entry.references.get(emotion) or entry.references.get(emotion_of(emotion)[0])
        try:
            rate = float(checked("rate", said.get("rate", 1)))
        except ValueError as error:
            raise VoiceError(f"Voice `{name}`: {error}.") from error
        return entry.directed(entry.tempo * rate, reference, said.get("instruct"))


def open_project(path: Path) -> Project:
    """The project in a folder, or that a manifest file stands in."""
    path = Path(os.path.abspath(path))
    file = path / MANIFEST if path.is_dir() else path
    if file.suffix.lower() not in MANIFESTS and file.is_file():
        raise ManifestError(
            f"{file} is no project: a manifest is a YAML file, {MANIFEST}. If it is a manuscript, `dotsbook init DIR "
            f"--source {file.name}` makes a project of it."
        )
    return Project(file.parent, load_manifest(file), file)

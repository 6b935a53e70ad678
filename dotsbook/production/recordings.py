"""A recording to enrol a voice from: out of a sound file, or out of a bundle of dots-tts-mlx. It keeps nothing."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import VoiceError
from dotsbook.project import Project

if TYPE_CHECKING:
    from dotsbook.audio import Samples


@dataclass(frozen=True, eq=False)
class Recording:
    samples: "Samples"  # mono
    rate: int  # Hz
    words: str = ""  # what is spoken in it, where it says so itself
    scale: float | None = None  # dots' `speaker_scale`, where it says one

    def without_noise(self) -> "Recording":
        """The same, its noise taken out. VoiceError where nothing that can is installed."""
        from dotsbook.voices.deep_filter import without_noise

        samples, rate = without_noise(self.samples, self.rate)
        return replace(self, samples=samples, rate=rate)


def recording_at(project: Project, path: Path) -> Recording:
    """A sound file in any format, or a `.dtprofile` folder, decoded by the book's dots.tts model. VoiceError,
    ModelError."""
    from dotsbook.audio import read_any
    from dotsbook.model.dtprofile import SUFFIX

    if path.suffix == SUFFIX:
        return taken_over(project, path)
    samples, rate = read_any(path)
    return Recording(samples, rate)


def taken_over(project: Project, bundle: Path) -> Recording:
    from dotsbook.model.dtprofile import read_bundle, recording_in
    from dotsbook.voices.dots_words import SPEAKER_SCALE, folder_of

    found = read_bundle(bundle)
    manifest = project.manifest
    if manifest.engine != "dots" or not manifest.model:
        raise VoiceError(
            f"The recording in {bundle} can only be heard through dots.tts: set `engine: dots` and `model:` in "
            f"{project.file} first."
        )
    here = project.path(manifest.model)
    samples = recording_in(found, folder_of(str(here) if here.exists() else manifest.model))
    scale = None if found.scale == SPEAKER_SCALE else found.scale
    return Recording(samples, found.rate, found.words, scale)

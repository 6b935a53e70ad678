"""Fixed lines spoken by a model that is being trained, kept as FLAC files, and the page to listen to them. It trains nothing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError
from dotsbook.files import write_whole
from dotsbook.tuning.listening_page import LineHeard, listening_html

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.opening import Checkpoint
    from dotsbook.model.network.core import Core
    from dotsbook.model.prompt import PromptTokens
    from dotsbook.model.training.clip_codec import ClipCodec
    from dotsbook.tuning.data_set import ClipLine, Dataset

LINES = 3  # held-out lines, where none are named
BEFORE = 0  # the step of a model that nothing was taught yet
LATEST = 3  # times of samples that the page shows besides the first
SLOWEST = 0.2  # s a character: what is longer has lost its end
TRIED = 24  # patches at the least


@dataclass(frozen=True, eq=False)
class SampleSpeaker:
    """Lines of a data set, or of the user's, in the voice of one of its clips."""

    data: "Dataset"
    texts: Sequence[str]
    checkpoint: "Checkpoint"
    codec: "ClipCodec"
    tokens: "PromptTokens"
    folder: Path

    @property
    def lines(self) -> "list[tuple[str, ClipLine | None]]":
        """Each text, with the held-out clip it is from."""
        if self.texts:
            return [(text, None) for text in self.texts]
        return [(line.text, line) for line in (self.data.held_out or self.data.lines)[:LINES]]

    @property
    def reference(self) -> "ClipLine":
        """Whose voice speaks: that of the first held-out line, by its longest clip of up to ten seconds."""
        speaker = (self.data.held_out or self.data.lines)[0].speaker
        own = [line for line in self.data.lines if line.speaker == speaker] or list(self.data.lines)
        return max(
            own, key=lambda line: (line.seconds <= 10, line.seconds if line.seconds <= 10 else -line.seconds)
        )

    def speak(self, core: "Core", step: int) -> None:
        """Speak the lines as `core` speaks now. OutputError if the disk refuses; what can't be spoken is told in the page."""
        from dotsbook.audio import write_flac
        from dotsbook.model.dots import Dots, Utterance
        from dotsbook.model.sampling import SamplingOptions
        from dotsbook.model.training.adapters import with_dropout

        with_dropout(core, None)
        dots = Dots(self.checkpoint, core, self.codec.vae, self.codec.speaker, self.tokens)
        samples, rate = self.data.clip(self.reference)
        voice = dots.enroll(samples, rate)
        language = self.reference.lang or self.data.about.language or None
        patch = dots.config.patch_samples / dots.rate
        asked = [
            Utterance(
                text,
                voice,
                (line.lang if line else "") or language,
                SamplingOptions(max_patches=max(TRIED, math.ceil(len(text) * SLOWEST / patch))),
                seed=number,
            )
            for number, (text, line) in enumerate(self.lines)
        ]
        for number, found in dots.speak_batch(asked):
            path = self.file(step, number)
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(found, ModelError):
                write_whole(path.with_suffix(".txt"), str(found).encode())
            else:
                write_flac(path, found, dots.rate)

    def file(self, step: int, number: int) -> Path:
        return self.folder / f"{step:07d}-{number}.flac"

    def spoken(self, step: int) -> bool:
        return all(self._of(step, number) is not None for number in range(len(self.lines)))

    def write_page(self, path: Path, title: str, about: str, curves: Mapping[str, Sequence]) -> None:
        """All lines as they were before and as they came out since."""
        steps = sorted({int(file.stem.partition("-")[0]) for file in self.folder.glob("*-*.*")})
        shown = [*[step for step in steps if step == BEFORE], *[step for step in steps if step][-LATEST:]]
        heard = []
        for number, (text, line) in enumerate(self.lines):
            sounds: list[tuple[str, Path | str]] = []
            if line is not None:
                sounds.append(("recorded", self.data.folder / line.audio))
            for step in shown:
                name = "before" if step == BEFORE else f"step {step}"
                sounds.append((name, self._of(step, number) or "not spoken"))
            heard.append(LineHeard(text, sounds))
        write_whole(path, listening_html(title, about, heard, curves).encode())

    def _of(self, step: int, number: int) -> Path | str | None:
        path = self.file(step, number)
        if path.is_file():
            return path
        told = path.with_suffix(".txt")
        return told.read_text("utf-8") if told.is_file() else None

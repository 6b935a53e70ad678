"""What of a direction a voice's engine can do: which delivery a take is made with, and a sentence for what it can't be."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from dotsbook.direction import EMOTIONS, QUICKEST, SLOWEST, delivered, emotion_of, written
from dotsbook.errors import VoiceError
from dotsbook.manifest import Edits
from dotsbook.production.fix_wish import FixWish
from dotsbook.project import Project
from dotsbook.render.calibration import audio_seconds
from dotsbook.wording import count, duration

HOW_MUCH = {1: "slightly ", 2: "", 3: "very ", None: ""}


@dataclass(frozen=True)
class Undone:
    """A part of a direction that isn't heard."""

    key: str
    value: str
    why: str  # a sentence without its stop
    takes: int = 0  # that an engine which edits can make of each line, for a person to choose from


def cost_of(undone: Undone, words: Sequence[str], language: str) -> str:
    """What the takes of all places with it are."""
    if not undone.takes:
        return ""
    seconds = undone.takes * audio_seconds([(text, language) for text in words], {})
    return f" ({count(undone.takes * len(words), 'take')}, {duration(seconds)} of speech at the least)"


class Deliveries:
    """Directions as one project's voices can follow them."""

    def __init__(self, project: Project):
        self.project = project
        self.undone: dict[Undone, list[str]] = {}  # with the words it was asked for
        self.known = cache(self.worked_out)

    def deliver(self, voice: str, wanted: Mapping[str, str], words: str) -> str:
        """The delivery of words; what it leaves out is remembered for `warnings`."""
        delivery, undone = self.known(voice, tuple(sorted(wanted.items())))
        for one in undone:
            self.undone.setdefault(one, []).append(" ".join(words.split()))
        return delivery

    def warnings(self) -> list[str]:
        """A sentence for each kind of thing that was asked for and isn't heard."""
        return [
            f"“{words[0][:40]}”"
            + (f" and {count(len(words) - 1, 'other place')}" if len(words) > 1 else "")
            + f": `{one.key}={one.value}` isn't heard: {one.why}{cost_of(one, words, self.project.manifest.language)}."
            for one, words in self.undone.items()
        ]

    def worked_out(self, voice: str, wanted: tuple[tuple[str, str], ...]) -> tuple[str, tuple[Undone, ...]]:
        """(a delivery, what it leaves out). Raises VoiceError where a recording that is named isn't there."""
        asked, said, undone = dict(wanted), {}, []
        if rate := asked.get("rate"):
            tempo = self.project.voice(voice).tempo
            kept = min(max(float(rate), SLOWEST / tempo), QUICKEST / tempo)
            if kept != float(rate):
                undone.append(
                    Undone("rate", rate, f"with the voice's own tempo {tempo:g} it can be {kept:.2f}")
                )
            if kept != 1:
                said["rate"] = f"{kept:.4g}"
        instructions = []
        if emo := asked.get("emo"):
            instructions += self.felt(voice, emo, said, undone)
        if instruct := asked.get("instruct"):
            instructions.append(instruct)
            if not self.takes_instructions(voice):
                undone.append(Undone("instruct", instruct, f"{self.engine(voice)} takes no instruction"))
        if instructions and self.takes_instructions(voice):
            said["instruct"] = " ".join(instructions)
        return written(said), tuple(undone)

    def felt(self, voice: str, emo: str, said: dict[str, str], undone: list[Undone]) -> list[str]:
        """An emotion: by another recording of the voice, else as an instruction, which comes back."""
        name, level = emotion_of(emo)
        references = self.project.voice(voice).references
        key = emo if emo in references else name
        if key in references:
            self.require(voice, key)
            if self.heard(voice, f"emo={key}"):
                said["emo"] = key
                if key != emo:
                    undone.append(
                        Undone("emo", emo, f"the recording `{key}` has one strength only; `{name}` is spoken")
                    )
                return []
            undone.append(
                Undone("emo", emo, f"{self.engine(voice)} clones no recording, and has only its own voices")
            )
            return []
        if self.takes_instructions(voice):
            return [f"Speak in a {HOW_MUCH[level]}{name} voice."]
        why = f"voice `{voice}` has no recording `{name}` under `references:`, and {self.engine(voice)} takes no instruction"
        edited = "; `dotsbook fix --directed` makes takes with it, to choose from" if self.edits(name) else ""
        undone.append(Undone("emo", emo, why + edited, takes=FixWish(emotion=name).usual if edited else 0))
        return []

    def edits(self, emotion: str) -> bool:
        """Whether takes can come by an emotion in that the book names what edits them."""
        edits = self.project.manifest.edits
        return emotion in EMOTIONS and edits != Edits(small=edits.small)

    def by_edit(self, voice: str, emotion: str) -> bool:
        """Whether an emotion is one that only an edit can give a voice's take."""
        return any(one.takes for one in self.known(voice, (("emo", emotion),))[1])

    def require(self, voice: str, emotion: str) -> None:
        """Raise VoiceError, with the manifest's line, unless the recording is there."""
        named = self.project.manifest.voices[voice].references[emotion].reference
        if not self.project.path(named).is_file():
            line = self.project.manifest.lines.get(("voices", voice, "references", emotion))
            raise VoiceError(
                f"{self.project.file}{f' line {line}' if line else ''}: the recording `{emotion}` of voice `{voice}` isn't "
                f"there ({self.project.path(named)}); correct `references:` or put the file in place."
            )

    def heard(self, voice: str, delivery: str) -> bool:
        """Whether the voice sounds otherwise with it, by what its engine says of itself."""
        from dotsbook.voices.catalogue import voice_of

        names = voice, delivered(voice, delivery)
        plain, other = (voice_of(self.project, name).fingerprint for name in names)
        return plain != other

    def takes_instructions(self, voice: str) -> bool:
        from dotsbook.voices.catalogue import spec_for

        return bool(spec_for(self.project, voice).described_by)

    def engine(self, voice: str) -> str:
        return f"the engine {self.project.voice(voice).engine or self.project.manifest.engine}"


def abilities(project: Project) -> dict[str, str]:
    """{voice: what its engine takes an instruction by}: facts that a script depends on besides the manifest's own words."""
    from dotsbook.voices.catalogue import spec_for

    found = {}
    for name in project.manifest.voices:
        with suppress(VoiceError):
            found[name] = spec_for(project, name).described_by
    return found

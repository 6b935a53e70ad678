"""What the engine of a line can do of a direction, and a sentence for each thing that it can't."""

from dataclasses import dataclass

from dotsbook.book import Chunk
from dotsbook.direction import EMOTIONS, read
from dotsbook.errors import ModelError, VoiceError
from dotsbook.production.deliveries import Deliveries
from dotsbook.production.direct_step import emotions_of
from dotsbook.production.session import Session


@dataclass(frozen=True)
class FeltEmotion:
    """An emotion, and how a voice comes by it."""

    name: str
    how: str  # "recording": another reference of the same voice; "words": an instruction; "": it can't
    why: str = ""  # it can't, or not as asked: a sentence


@dataclass(frozen=True)
class DirectionAbilities:
    """Of one line."""

    voice: str
    engine: str
    emotions: tuple[FeltEmotion, ...]  # what can be heard before what can't
    instruct: str  # why an instruction isn't heard; "": it is
    edit: str  # why a take can't be mended; "": it can

    def record(self) -> dict:
        """As other programs read it."""
        return {
            "voice": self.voice,
            "engine": self.engine,
            "emotions": [{"name": one.name, "how": one.how, "why": one.why} for one in self.emotions],
            "instruct": self.instruct,
            "edit": self.edit,
        }


def abilities_of(session: Session, chunk: Chunk) -> DirectionAbilities:
    """What can be done with a line."""
    deliveries = Deliveries(session.project)
    names = dict.fromkeys(
        (*session.project.manifest.voices[chunk.voice].references, *emotions_of(session.project), *EMOTIONS)
    )
    felt = [felt_emotion(deliveries, chunk.voice, name) for name in names]
    engine = deliveries.engine(chunk.voice).removeprefix("the engine ")
    takes = deliveries.takes_instructions(chunk.voice)
    return DirectionAbilities(
        chunk.voice,
        engine,
        tuple(sorted(felt, key=lambda one: not one.how)),
        "" if takes else f"The engine {engine} takes no instruction.",
        why_no_edit(session, chunk.language),
    )


def felt_emotion(deliveries: Deliveries, voice: str, name: str) -> FeltEmotion:
    try:
        delivery, undone = deliveries.worked_out(voice, (("emo", name),))
    except VoiceError as error:  # its recording is named and isn't there
        return FeltEmotion(name, "", str(error))
    said = read(delivery)
    how = "recording" if "emo" in said else "words" if "instruct" in said else ""
    return FeltEmotion(name, how, "; ".join(one.why for one in undone))


def why_no_edit(session: Session, language: str) -> str:
    """A sentence on what keeps the engine that `edits:` names from mending lines in a language; "" where nothing does."""
    from dotsbook.production.fixing import open_editing

    try:
        open_editing(session, language).close()
    except (VoiceError, ModelError) as error:
        return str(error)
    return ""

"""The Direct view: how lines are to be spoken, what of that their engine can do, and takes mended where a model can."""

import tempfile
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from dotsbook.direction import KEYS
from dotsbook.production.events import Remark
from dotsbook.production.fix_wish import FixWish
from dotsbook.production.fixing import Fixed
from dotsbook.production.production import Production
from dotsbook.studio.endpoint import Asked, ChangeWish, Endpoint, LineAsked, LineWish
from dotsbook.studio.studio_house import StudioHouse
from dotsbook.studio.tasks import StudioTask

Value = Annotated[str, Field(max_length=200)] | Annotated[float, Field(ge=-1e6, le=1e6)] | None
Lines = Annotated[str, Field(pattern=r"^[\w.]{1,40}(-[\w.]{1,40})?$")]  # one, or a stretch: 3.42-3.45


class DirectionWish(ChangeWish):
    lines: Lines
    wanted: Annotated[
        dict[Literal["rate", "emo", "instruct", "pause-before", "pause-after"], Value], Field(min_length=1)
    ]
    start: Annotated[int, Field(ge=0, le=100_000)] | None = (
        None  # only the words between two offsets of the line's text
    )
    end: Annotated[int, Field(ge=0, le=100_000)] | None = None
    look: bool = False  # only say what it costs

    @property
    def by_kind(self) -> dict[str, str | float | None]:
        return dict(self.wanted.items())


class ClearWish(ChangeWish):
    lines: Lines


class MendWish(LineWish):
    say: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    emotion: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    semitones: Annotated[int, Field(ge=-12, le=12)] | None = None
    rate: Annotated[float, Field(gt=0, le=4)] | None = None
    enhance: bool = False
    takes: Annotated[int, Field(ge=1, le=10)] | None = None
    keep: bool = False  # the take that is proposed


def direction(house: StudioHouse, book: Production, asked: Asked) -> dict:
    """All direction that there is, with what of it isn't heard."""
    return {"lines": [one.record() for one in book.direction.lines()], "kinds": list(KEYS)}


def abilities(house: StudioHouse, book: Production, asked: LineAsked) -> dict:
    """What the engine of a line's voice can do."""
    return book.direction.abilities(asked.line).record()


def direct(house: StudioHouse, book: Production, asked: DirectionWish) -> dict:
    """Say how lines are to be spoken, in direction.yaml, or what that would cost."""
    words, nth = words_of(book, asked)
    decide = book.direction.cost if asked.look else book.direction.direct
    return decide(asked.lines, asked.by_kind, words, nth).record()


def words_of(book: Production, asked: DirectionWish) -> tuple[str, int | None]:
    if asked.start is None or asked.end is None:
        return "", None
    return book.direction.words_at(asked.lines, asked.start, asked.end)


def clear(house: StudioHouse, book: Production, asked: ClearWish) -> dict:
    """Take back what direction.yaml says of lines."""
    return {"entries": book.direction.clear(asked.lines)}


def hear_directed(house: StudioHouse, book: Production, asked: DirectionWish) -> dict:
    """A line as it would be spoken."""
    house.require_rest()
    words, nth = words_of(book, asked)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "said.flac"
        seconds = book.direction.say(asked.lines, asked.by_kind, target, words, nth)
        return {"sound": house.sound_at(target), "seconds": seconds}


def mend(house: StudioHouse, book: Production, asked: MendWish) -> dict:
    """Begin to mend a line's take: edited takes of it, of which one is proposed."""
    wish = FixWish(
        say=asked.say,
        emotion=asked.emotion,
        semitones=asked.semitones,
        rate=asked.rate,
        enhance=asked.enhance,
    )
    house.rest_voice()
    return house.tasks.start("fix", lambda own, task: mend_line(own, task, asked, wish)).record()


def mend_line(book: Production, task: StudioTask, asked: MendWish, wish: FixWish) -> None:
    task.what = f"{asked.line} is being mended"
    for event in book.fix(asked.line, wish, takes=asked.takes, keep=asked.keep, by=asked.by):
        if isinstance(event, Remark):
            task.tell(event.text)
        elif isinstance(event, Fixed):
            stands = "stands" if event.kept else "is proposed"
            task.tell(
                f"Of {len(event.takes)} takes of {event.line} one {stands}."
                if event.proposed
                else "None of the takes is fit."
            )
            task.what = f"{event.line}: see its takes"
        else:
            task.tell(f"{event.take.seconds:.1f} s: {', '.join(event.reasons) or 'nothing is wrong with it'}")
        if task.stop.is_set():
            return


ENDPOINTS = (
    Endpoint("direction", Asked, direction),
    Endpoint("abilities", LineAsked, abilities),
    Endpoint("direct", DirectionWish, direct),
    Endpoint("clear-direction", ClearWish, clear),
    Endpoint("hear-directed", DirectionWish, hear_directed, room="voice"),
    Endpoint("mend", MendWish, mend),
)

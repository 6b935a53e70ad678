"""What a view answers: each question with its typed fields and the function that answers it. It knows no routes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LineId = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[\w.]+$")]
Key = Annotated[str, Field(pattern=r"^r1:[0-9a-f]{64}$")]
Words = Annotated[str, Field(min_length=1, max_length=4000)]
Name = Annotated[str, Field(min_length=1, max_length=100)]
ChapterNumber = Annotated[int, Field(ge=0, le=9999)]


class Asked(BaseModel):
    """A question's fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LineAsked(Asked):
    line: LineId


class ChangeWish(Asked):
    """The fields of what changes something."""

    by: str = Field(default="", max_length=80)  # who wants it


class LineWish(ChangeWish):
    line: LineId


@dataclass(frozen=True)
class Endpoint:
    """One question. It is asked with GET, or with POST where it changes something."""

    name: str  # in the address, /api/NAME
    asks: type[Asked]
    answer: Callable[..., object]  # (house, book, the question, and the recording where there is one)
    room: Literal["desk", "voice", "shelf"] = "desk"  # where it is asked: StudioHouse
    sound: bool = False  # the body is a recording, and the fields stand in the address
    largest: int = 262_144  # bytes of a body that is none

    @property
    def changes(self) -> bool:
        return issubclass(self.asks, ChangeWish)

"""A recording and what is said in it, as a source has it: before it is opened."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class SourceClip:
    """A recording and what is said in it, as a source has it."""

    audio: Path
    text: str
    speaker: str = ""
    lang: str = ""
    name: str = ""  # what the source calls it; "": its file's name
    where: str = ""  # file and line, for people
    fault: str = ""  # why it can't be used, where its line alone says so

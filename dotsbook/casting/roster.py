"""What a person says about the people of a book: which names are one person, their gender, who tells the story.

The nouns alone; the file they come from is another's.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the roster."""

    name: str
    also: tuple[str, ...] = ()  # other names in the text that mean the same person
    gender: str = ""  # "f", "m", "" = as the text tells
    voice: str = ""  # a name of `voices:`, "" = dealt; attribution doesn't look at it
    is_narrator: bool = False  # the "I" of the narration


@dataclass(frozen=True, slots=True)
class Roster:
    """The members in the file's order. They come before all that is found in the text, and stay apart from one another."""

    members: tuple[Member, ...] = ()
    closed: bool = False  # whether nobody but the members speaks: nobody else is looked for

"""A person of the book, as far as the text tells: names, gender, how much they say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Character:
    """One cluster of names. The narrator of a book in the first person is one too, named by the book or "I"."""

    name: str  # the name they are listed under: the roster's, else the fullest of the common ones
    aliases: tuple[str, ...] = ()  # other names in the text that mean them, most frequent first
    gender: str = ""  # "f", "m", "" where the text doesn't tell
    lines: int = 0  # quotations given to them, sure or not
    words: int = 0  # words in those quotations
    is_narrator: bool = False  # who says "I" in the narration
    nominal: bool = False  # known by what they are ("the landlord"), not by a name

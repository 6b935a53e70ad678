"""What a book's `lexicon` can do: words that a voice may get wrong, one heard in its sentence, and what is decided of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.production.lexicon import SaidWord
    from dotsbook.production.lexicon_edits import EntryEffect
    from dotsbook.production.lexicon_places import LexiconPlaces
    from dotsbook.text.lexicon.odd_words import OddWord


class BookLexicon:
    """The words of a book that a voice may get wrong."""

    def __init__(self, session: Session):
        self.session = session
        self.odd: list[OddWord] | None = None  # once they were looked for, without the lexicon's entries

    def find(self) -> "list[OddWord]":
        """Names and odd words, the most frequent first, each with its entry in the lexicon if it has one."""
        from dotsbook.production.lexicon_edits import lexicon_of
        from dotsbook.text.lexicon.odd_words import odd_words, with_entries

        if self.odd is None:
            self.odd = odd_words(list(self.session.narration), self.session.project.manifest.language)
        return with_entries(self.odd, lexicon_of(self.session))

    def say(self, word: str, respelling: str | None = None, out: str | Path | None = None) -> "SaidWord":
        """Speak a word in its sentence as the next take would, as it is or as proposed. Raises SourceError if it isn't there."""
        from dotsbook.production.lexicon import say_word

        return say_word(self.session, word, respelling, Path(out) if out else None)

    def effect(self, word: str, say: str) -> "EntryEffect":
        """Where a respelling would act, before it is made: the lines it changes, and how many of them have takes."""
        from dotsbook.production.lexicon_edits import effect_of

        return effect_of(self.session, word, say)

    def respell(self, word: str, say: str) -> Path:
        """Write an entry into the lexicon, in the place of the word's former one; its file. Open the book again to speak it."""
        from dotsbook.production.lexicon_edits import respell

        return respell(self.session, word, say)

    def accept(self, words: Sequence[str]) -> Path:
        """Write into the lexicon that words are right as they are; `find` doesn't count them among the open ones any more."""
        from dotsbook.production.lexicon_edits import accept

        return accept(self.session, words)

    def places(self, word: str, say: str | None = None) -> "LexiconPlaces":
        """The lines that hold a word, what they would say with it said as `say`, and what that costs; nothing is written."""
        from dotsbook.production.lexicon_places import places_of

        return places_of(self.session, word, say)

    def forget(self, word: str) -> Path:
        """Take a word's entry out of the lexicon; its file. Open the book again to speak it. Raises ManifestError."""
        from dotsbook.production.lexicon_places import forget_entry

        return forget_entry(self.session, word)

    def entries(self) -> "list[tuple[str, str]]":
        """(word, how it is said) of what the lexicon has."""
        from dotsbook.production.lexicon_places import entries_of

        return list(entries_of(self.session))

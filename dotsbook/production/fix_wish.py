"""What a person wants of a line's take, and the instruction that asks an editing engine for it."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError

if TYPE_CHECKING:
    from dotsbook.model.editing.instruction import Instruction


@dataclass(frozen=True)
class FixWish:
    """One of these, and `enhance` beside any."""

    say: str | None = None  # the line's words as they are to be said
    lexicon: bool = False  # the words as the book's lexicon has them now
    emotion: str | None = None  # "angry", "angry/3", or some words
    semitones: int | None = None  # higher or lower
    rate: float | None = None  # 0.9: slower
    instruction: str | None = None  # an instruction in the model's own tags
    enhance: bool = False  # without noise
    heard: str | None = None  # what is said in the take, where that isn't its text
    over: str = ""  # the words that an emotion is of; "": all

    @property
    def usual(self) -> int:
        """How many takes it needs to be chosen from."""
        return 3 if self.emotion is None else 5

    @property
    def is_of_words(self) -> bool:
        """Whether it changes what is said, and not only how."""
        return self.say is not None or self.lexicon or self.instruction is not None

    def must_be_nothing(self) -> None:
        """Raise ManifestError for a wish beside a pause, which is let into the take without any model."""
        if self != FixWish():
            raise ManifestError("A pause is let into the take that is there: ask for it by itself.")

    def instruction_for(self, said: str, text: str) -> "Instruction":
        """The instruction for a take in which `said` is said, of a line whose words are `text` now.

        Raises ManifestError for a wish of nothing or of two things, InstructionError for one that the model doesn't know.
        """
        from dotsbook.model.editing import forms
        from dotsbook.model.editing.changes import instruction_between
        from dotsbook.model.editing.instruction import parse

        wished = [
            field.name
            for field in fields(self)
            if field.name not in ("heard", "enhance", "over")
            and getattr(self, field.name) not in (None, False)
        ]
        if len(wished) > 1 or not (wished or self.enhance):
            raise ManifestError(
                "Wish for one thing at a time: other words (--say, --lexicon), an emotion (--emo), a pitch, a rate, or less "
                "noise (--enhance)."
            )
        if self.say is not None or self.lexicon:
            return instruction_between(said, self.say if self.say is not None else text, enhance=self.enhance)
        if self.instruction is not None:
            forms.check_forms(self.instruction)
            return parse(self.instruction, self.heard)
        if self.emotion is not None:
            tagged = forms.emotional(said, self.emotion, self.over)
        elif self.semitones is not None:
            tagged = forms.pitched(said, self.semitones)
        elif self.rate is not None:
            tagged = forms.paced(said, self.rate)
        else:
            return parse(forms.enhanced(said), said, said)
        return parse(f"<enhance>{tagged}</enhance>" if self.enhance else tagged, said, said)

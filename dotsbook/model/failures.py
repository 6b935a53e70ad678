"""What can go wrong when an utterance is spoken or a voice enrolled.

ModelError
├── EmptyLine          there is nothing to say
├── LineTooLong        the text can't fit into the room for patches or the LLM's context
├── ReferenceTooShort  less than 0.3 s of voice to clone
├── WrongProfile       damaged, from another version, or made with another model
├── FixedSampling      a distilled model was asked for settings it wasn't made for
├── NothingSpoken      the model ended before it said anything
└── NotFinite          the numbers broke
"""

from dotsbook.errors import ModelError


class EmptyLine(ModelError):
    pass


class LineTooLong(ModelError):
    pass


class ReferenceTooShort(ModelError):
    pass


class WrongProfile(ModelError):
    pass


class FixedSampling(ModelError):
    pass


class NothingSpoken(ModelError):
    pass


class NotFinite(ModelError):
    pass

"""Who says a quotation, how sure that is and why."""

from dataclasses import dataclass

from dotsbook.casting.quotation import Quotation


@dataclass(frozen=True, slots=True)
class Attributed:
    """A quotation with its most likely speaker.

    probability is calibrated: of the lines at .8, eight in ten are right. reason is for people: "tag: said Lucy",
    "turn", "decided by hand". choices hold the likeliest names first, `name` among them, with their probabilities;
    what is missing to 1 is somebody else or nobody.
    """

    quotation: Quotation
    name: (
        str | None
    )  # Character.name; None = nobody is known (a crowd, a cited word, no rules for the language)
    probability: float  # that `name` is right; 1.0 where markup or a person says so
    reason: str
    choices: tuple[tuple[str, float], ...] = ()

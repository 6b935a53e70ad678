"""The user's own judges of takes, found by entry point: a recogniser, say. It judges nothing itself.

    [project.entry-points."dotsbook.validators"]
    whisper = "my_package:check"

    def check(samples, rate, text, language) -> str | None:     # what is wrong, or None

`samples` is a mono float32 numpy array at `rate` Hz, `text` what was to be spoken, `language` its BCP 47 tag. A
validator that fails is told of and costs no take.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points

from dotsbook.audio import Samples
from dotsbook.render.captured import Captured

GROUP = "dotsbook.validators"
Check = Callable[[Samples, int, str, str], str | None]


@dataclass
class Judge:
    """Called like its check; a fault of the check's own becomes its `complaint`, and no opinion."""

    name: str
    check: Check
    complaint: str = ""  # the last thing that went wrong in it, a sentence

    def __call__(self, samples: Samples, rate: int, text: str, language: str) -> str | None:
        opinion = None
        with Captured() as captured:
            opinion = self.check(samples.copy(), rate, text, language)
        if error := survived(captured.error):
            self.complaint = (
                f"The validator `{self.name}` failed ({type(error).__name__}: {error}); "
                "its opinion is left out."
            )
        if opinion is None or isinstance(opinion, str):
            return f"{self.name}: {opinion}" if opinion else None
        self.complaint = (
            f"The validator `{self.name}` answered with a {type(opinion).__name__}, "
            "where a sentence or None belongs."
        )
        return None


def find(points: Sequence[EntryPoint] | None = None) -> tuple[list[Judge], list[str]]:
    """(validators installed beside us, a sentence for each that can't be loaded)."""
    found, broken = [], []
    for point in sorted(
        entry_points(group=GROUP) if points is None else points, key=lambda point: point.name
    ):
        check = None
        with Captured() as captured:
            check = point.load()
        if error := survived(captured.error):
            broken.append(
                f"The validator `{point.name}` can't be loaded ({type(error).__name__}: {error}); "
                f"mend or uninstall {point.value.partition(':')[0]}."
            )
            continue
        if callable(check):
            found.append(Judge(point.name, check))
        else:
            broken.append(
                f"The validator `{point.name}` is no function; {point.value} must be one of "
                "(samples, rate, text, language)."
            )
    return found, broken


def survived(error: BaseException | None) -> Exception | None:
    """What foreign code raised, whatever it is; but an interrupt, an exit and the end of memory go on."""
    if error is None or isinstance(error, Exception) and not isinstance(error, MemoryError):
        return error
    raise error

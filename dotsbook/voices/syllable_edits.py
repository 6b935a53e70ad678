"""Edits by the engine `syllables`: exact, for tests and dry runs. It knows the engine's rhythm.

What the text keeps at its beginning and its end keeps its samples; the words between are spoken anew.
"""

from collections.abc import Callable

from dotsbook.audio import Samples
from dotsbook.voices.edits import EditedLine, EditRequest

Rhythm = Callable[[str], list[int]]  # a text → samples of its syllables and pauses


def edited(
    request: EditRequest, rhythm: Rhythm, draw: Callable[[str, int], Samples], edge: int
) -> EditedLine:
    """An edit of a take. `draw` speaks a text by a seed, with `edge` samples of quiet before and after it."""
    import numpy as np

    from dotsbook.model.editing.instruction import parse

    instruction = parse(request.instruction, request.source, request.target)
    if instruction.source == instruction.target:  # only its manner: said anew
        return EditedLine(request, samples=draw(instruction.target, request.seed))
    head, new, tail = unlike(instruction.source, instruction.target)
    drawn = edge + sum(rhythm(instruction.source)) + edge
    scale = len(request.samples) / drawn  # a take at another tempo
    first = round((edge + sum(begun(rhythm, head))) * scale) if head else 0
    last = len(request.samples) - round((sum(rhythm(tail)) + edge) * scale) if tail else len(request.samples)
    spoken = draw(new, request.seed)[edge if head else 0 :] if new.strip() else np.zeros(0, np.float32)
    spoken = spoken[: len(spoken) - edge] if tail and len(spoken) else spoken
    return EditedLine(
        request,
        samples=np.concatenate([request.samples[:first], spoken, request.samples[max(first, last) :]]),
    )


def begun(rhythm: Rhythm, text: str) -> list[int]:
    """The rhythm of a text that goes on: with the pause at its end."""
    return rhythm(f"{text} a")[:-1]


def unlike(source: str, target: str) -> tuple[str, str, str]:
    """(the words both begin with, the target's own, the words both end with)."""
    old, new = source.split(), target.split()
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    ends = 0
    while ends < min(len(old), len(new)) - same and old[-1 - ends] == new[-1 - ends]:
        ends += 1
    return " ".join(new[:same]), " ".join(new[same : len(new) - ends]), " ".join(new[len(new) - ends :])

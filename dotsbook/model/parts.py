"""What decodings hand out, part by part, and the parts joined. It knows no networks."""

from collections.abc import Iterator

import numpy as np

from dotsbook.errors import ModelError

Found = np.ndarray | ModelError  # samples or latents, or what went wrong instead
Part = tuple[int, Found, bool]  # an utterance's index, the next of it, whether that is its last


def joined_parts(parts: Iterator[Part]) -> Iterator[tuple[int, Found]]:
    """Each utterance's parts in one array when its last has come; what went wrong at once."""
    kept: dict[int, list[np.ndarray]] = {}
    for index, part, last in parts:
        if isinstance(part, ModelError):
            yield index, part
            continue
        kept.setdefault(index, []).append(part)
        if last:
            yield index, np.concatenate(kept.pop(index))

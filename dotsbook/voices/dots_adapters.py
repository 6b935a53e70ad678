"""Models with a voice's adapter laid over them, made when first spoken with. It knows files and strengths, no lines."""

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError, VoiceError
from dotsbook.files import sha256_of
from dotsbook.voices.engine import Voice

if TYPE_CHECKING:
    from dotsbook.model.dots import Dots

MOST = 6  # kept: each is the adapter's arrays only, the base's are shared


class AdaptedModels:
    """The base model, and the same with adapters."""

    def __init__(self, base: "Dots"):
        self.base = base
        self.kept: OrderedDict[tuple[str, float], Dots] = OrderedDict()

    def of(self, voice: Voice) -> "Dots":
        """The model that speaks a voice. VoiceError if its adapter can't be read or is another model's."""
        if voice.adapter is None:
            return self.base
        key = (sha256_of(voice.adapter), voice.strength)
        if key not in self.kept:
            self.kept[key] = laid_over(self.base, voice.adapter, voice.strength, voice.name)
        self.kept.move_to_end(key)
        while len(self.kept) > MOST:
            self.kept.popitem(last=False)
        return self.kept[key]


def laid_over(base: "Dots", adapter: Path, strength: float, name: str) -> "Dots":
    from dotsbook.model.adapted import adapted
    from dotsbook.model.training.adapter_file import read_adapter

    try:
        return adapted(base, read_adapter(adapter), strength)
    except ModelError as error:
        raise VoiceError(f"The adapter of voice `{name}` can't be used: {error}") from error


def adapter_mark(voice: Voice) -> dict[str, object]:
    """What a fingerprint or a profile's name says of a voice's adapter; nothing without one."""
    if voice.adapter is None:
        return {}
    return {"adapter": sha256_of(voice.adapter), "strength": voice.strength}

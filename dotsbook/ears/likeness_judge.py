"""The judge `likeness`: whether a take is in the voice it should be in, and what it measures. It knows no recogniser."""

import hashlib
import math
from collections.abc import Mapping

from dotsbook.ears.voice_measures import cepstra_of, powers_of, speech_frames, voice_measures
from dotsbook.ears.voice_model import VoiceModel
from dotsbook.render.judges import HeardTake
from dotsbook.render.opinions import Opinion

RECIPE = 1
UNLIKE = (
    -3.5
)  # spreads below the usual: none of 440 takes of a neural voice went so far, and every one of another did


class LikenessJudge:
    """Judges by a model for each voice; of a voice without one it only measures."""

    name = "likeness"
    threshold = 0.5
    parallel = True

    def __init__(self, models: Mapping[str, VoiceModel]):
        """models: by the voices' names."""
        self.models = models
        kept = "".join(f"{name}{model.digest}" for name, model in sorted(models.items()))
        self.version = f"{RECIPE}:{hashlib.sha256(kept.encode()).hexdigest()[:12]}"

    def hear(self, take: HeardTake) -> Opinion | None:
        frames = speech_frames(take.samples, take.rate)
        if not len(frames):
            return None
        powers = powers_of(frames)
        measures = voice_measures(frames, powers, take.text)
        figures = {"brightness": measures.brightness, "pace": measures.pace, "level": measures.level}
        if not math.isnan(measures.pitch):
            figures["pitch"] = measures.pitch
        model = self.models.get(take.voice.name)
        if model is None:
            return Opinion(1.0, (), figures)
        likeness = model.likeness(cepstra_of(powers))
        figures["likeness"] = likeness
        score = 1 / (1 + math.exp(-(likeness - UNLIKE)))
        if likeness >= UNLIKE:
            return Opinion(max(0.5, score), (), figures)
        return Opinion(
            min(0.49, score),
            (f"the voice isn't {take.voice.name}'s ({likeness:.1f} spreads from its usual)",),
            figures,
        )

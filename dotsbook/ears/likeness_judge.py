"""The judge `likeness`: whether a take is in the voice it should be in, and what it measures. It knows no recogniser."""

import math
from collections.abc import Mapping

from dotsbook.ears.voice_measures import cepstra_of, powers_of, speech_frames, voice_measures
from dotsbook.ears.voice_model import VoiceModel
from dotsbook.render.judges import HeardTake
from dotsbook.render.opinions import LATER, Opinion

RECIPE = 1
UNLIKE = (
    -3.5
)  # spreads below the usual: none of 440 takes of a neural voice went so far, and every one of another did


class LikenessJudge:
    """Judges by a model for each voice; takes of a voice whose model isn't made yet it hears later."""

    name = "likeness"
    version = str(RECIPE)
    threshold = 0.5
    parallel = True

    def __init__(self, models: Mapping[str, VoiceModel] | None = None):
        """models: by the voices' names; `learn` adds to them."""
        self.models = dict(models or {})

    def learn(self, voice: str, model: VoiceModel) -> None:
        self.models[voice] = model

    def version_of(self, voice: str) -> str:
        model = self.models.get(voice)
        return f"{RECIPE}:{model.digest}" if model else LATER

    def hear(self, take: HeardTake) -> Opinion | None:
        """None where there is too little speech to tell."""
        frames = speech_frames(take.samples, take.rate)
        if not len(frames):
            return None
        powers = powers_of(frames)
        measures = voice_measures(frames, powers, take.text)
        figures = {"brightness": measures.brightness, "pace": measures.pace, "level": measures.level}
        if not math.isnan(measures.pitch):
            figures["pitch"] = measures.pitch
        model = self.models[take.voice.name]
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

"""The judge `likeness`: whether a take is in the voice it should be in, and what it measures. It knows no recogniser."""

import math
from collections.abc import Mapping

from dotsbook.ears.timbre import KnownVoice, SpectralTimbre, Timbre
from dotsbook.ears.voice_measures import HeardSpeech, voice_measures
from dotsbook.render.judges import HeardTake
from dotsbook.render.opinions import LATER, Opinion

RECIPE = 1
UNLIKE = (
    -3.5
)  # spreads below the usual: none of 440 takes of a neural voice went so far, and every one of another did


class LikenessJudge:
    """Judges by what was learned of each voice; takes of a voice that isn't learned yet it hears later."""

    name = "likeness"
    version = str(RECIPE)
    threshold = 0.5
    parallel = True

    def __init__(self, known: Mapping[str, KnownVoice] | None = None, timbre: Timbre | None = None):
        """known: by the voices' names; `learn` adds to them. timbre: what voices are told by; None: their spectra."""
        self.known, self.timbre = dict(known or {}), timbre or SpectralTimbre()

    def learn(self, voice: str, known: KnownVoice) -> None:
        self.known[voice] = known

    def version_of(self, voice: str) -> str:
        known = self.known.get(voice)
        return f"{RECIPE}:{known.digest}" if known else LATER

    def hear(self, take: HeardTake) -> Opinion | None:
        """None where there is too little speech to tell."""
        speech = HeardSpeech(take.samples, take.rate)
        features = self.timbre.features(speech)
        if features is None:
            return None
        measures = voice_measures(speech.frames, speech.powers, take.text)
        figures = {"brightness": measures.brightness, "pace": measures.pace, "level": measures.level}
        if not math.isnan(measures.pitch):
            figures["pitch"] = measures.pitch
        likeness = self.known[take.voice.name].likeness(features)
        figures["likeness"] = likeness
        score = 1 / (1 + math.exp(-(likeness - UNLIKE)))
        if likeness >= UNLIKE:
            return Opinion(max(0.5, score), (), figures)
        return Opinion(
            min(0.49, score),
            (f"the voice isn't {take.voice.name}'s ({likeness:.1f} spreads from its usual)",),
            figures,
        )

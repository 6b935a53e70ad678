"""An engine with a tempo for each voice laid over it. It knows no samples: tempo.py does."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dotsbook.voices.engine import EngineAround, Request, Spoken


class Paced(EngineAround):
    """An engine whose voices keep their own tempo (`Voice.settings["tempo"]`); otherwise the engine it holds."""

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        for spoken in self.engine.speak(batch):
            tempo = spoken.request.voice.settings.get("tempo") or 1.0
            if spoken.samples is None or tempo == 1.0:
                yield spoken
            else:
                from dotsbook.voices.tempo import stretch

                yield replace(spoken, samples=stretch(spoken.samples, spoken.rate or self.rate, tempo))

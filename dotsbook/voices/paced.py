"""An engine with a tempo for each voice laid over it. It knows no samples: tempo.py does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dotsbook.voices.engine import Engine, Request, Spoken, Voice, facts_of, slots_of


class Paced:
    """An engine whose voices keep their own tempo (`Voice.settings["tempo"]`); otherwise the engine it holds."""

    def __init__(self, engine: Engine):
        self.engine = engine

    @property
    def rate(self) -> int:
        return self.engine.rate

    @property
    def identity(self) -> str:
        return self.engine.identity

    @property
    def slots(self) -> int:
        return slots_of(self.engine)

    def facts(self) -> Mapping[str, str]:
        return facts_of(self.engine)

    def check(self, voice: Voice, languages: Sequence[str]) -> Sequence[str]:
        return self.engine.check(voice, languages)

    def peak_bytes(self, requests: Sequence[Request]) -> int:
        return self.engine.peak_bytes(requests)

    def speak(self, batch: Sequence[Request]) -> Iterator[Spoken]:
        for spoken in self.engine.speak(batch):
            tempo = spoken.request.voice.settings.get("tempo") or 1.0
            if spoken.samples is None or tempo == 1.0:
                yield spoken
            else:
                from dotsbook.voices.tempo import stretch

                yield replace(spoken, samples=stretch(spoken.samples, spoken.rate or self.rate, tempo))

    def close(self) -> None:
        self.engine.close()

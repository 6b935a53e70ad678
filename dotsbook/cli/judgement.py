"""How takes are judged in a run: the health checks, the voices' norms as they become known, the user's own validators."""

from collections.abc import Callable, Sequence
from dataclasses import replace

LONG = 80  # characters; a shorter line isn't worth splitting
SHARE = 0.6  # of a line that each part may be


class Judgement:
    """Examines takes, learns from those that pass, and thinks again about those made before anything was normal."""

    def __init__(self, ledger, engine: str, validators: Sequence = ()):
        from dotsbook.render.calibration import Tally
        from dotsbook.render.norms import Norms

        self.norms, self.tally, self.validators = Norms(), Tally(), validators
        self.early: dict[str, tuple] = {}  # takes of this run judged without a norm: {key: (voice, language, figures)}
        for voice, language, _, _, figures in ledger.figures(engine):
            self.norms.add(voice, language, figures)

    def examine(self, samples, rate: int, request):
        """The verdict on a take; a user's validators have the last word."""
        from dotsbook.render.health import examine

        verdict = examine(samples, rate, request.text, request.language, self.norms.of(request.voice.name, request.language))
        if not verdict.ok:
            return verdict
        reasons = tuple(said for validator in self.validators if (said := validator(samples, rate, request.text, request.language)))
        return replace(verdict, ok=False, score=verdict.score / 2, reasons=reasons) if reasons else verdict

    def learn(self, event) -> None:
        """Take in an event of the render loop."""
        from dotsbook.render.progress import Done

        if not isinstance(event, Done):
            return
        chunk, take = event.job.chunk, event.take
        self.tally.add(chunk.language, len(chunk.spoken), take.seconds)
        if take.healthy:
            if self.norms.of(event.job.voice.name, chunk.language) is None:
                self.early[take.key] = (event.job.voice.name, chunk.language, take.health)
            self.norms.add(event.job.voice.name, chunk.language, take.health)

    def second_thoughts(self) -> list[str]:
        """Keys of early takes that don't hold against what turned out to be normal."""
        from dotsbook.render.health import judge

        early, self.early = self.early, {}
        return [
            key
            for key, (voice, language, figures) in early.items()
            if (norm := self.norms.of(voice, language)) and not judge(figures, norm).ok
        ]


def splitter(language: str) -> Callable[[str], list[str]]:
    """What cuts a long line at its clauses: text → parts, one if it is short or won't part."""

    def split(text: str) -> list[str]:
        from dotsbook.text.clauses import parts

        cuts = parts(text, language, round(len(text) * SHARE)) if len(text) >= LONG else []
        return [text[start:end].strip() for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    return split

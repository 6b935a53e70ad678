"""What a render asks of every take: health checks, the user's validators, a memory of what is normal. It knows no engine.

The first takes of a voice are judged by wide limits, since nothing is known of it yet. When its norm becomes known
they are judged again from their figures; those that fail now are `second_thoughts`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from dotsbook.audio import Samples
from dotsbook.render.health import Verdict, examine, judge
from dotsbook.render.norms import Norms
from dotsbook.render.validators import Validator, opinions
from dotsbook.voices.engine import Request


class Examiner:
    """Called with (samples, rate, request), says what it thinks of the take; learns from those it likes."""

    def __init__(self, validators: Sequence[Validator] = ()):
        self.norms = Norms()
        self.validators = tuple(validators)
        self.provisional: dict[tuple[str, str], list[tuple[Request, Mapping[str, float]]]] = {}
        self.thoughts: list[tuple[Request, Verdict]] = []
        self.complaints: list[str] = []      # of validators that failed: a sentence each, once

    def learn(self, takes: Iterable[tuple[str, str, Mapping[str, float]]]) -> None:
        """Remember healthy takes of earlier runs: (voice, language, figures) out of the ledger, oldest first."""
        for voice, language, figures in takes:
            self.norms.add(voice, language, figures)

    def __call__(self, samples: Samples, rate: int, request: Request) -> Verdict:
        place = request.voice.name, request.language
        norm = self.norms.of(*place)
        verdict = examine(samples, rate, request.text, request.language, norm)
        if verdict.ok and self.validators:
            verdict = self.consult(verdict, samples, rate, request)
        if not verdict.ok:
            return verdict
        if norm is None:
            self.provisional.setdefault(place, []).append((request, verdict.figures))
        if self.norms.add(*place, verdict.figures) and norm is None:
            self.look_again(place)
        return verdict

    def consult(self, verdict: Verdict, samples: Samples, rate: int, request: Request) -> Verdict:
        """What the user's validators say of a take that is healthy to us."""
        reasons, broken = opinions(self.validators, samples, rate, request.text, request.language)
        self.complaints += [sentence for sentence in broken if sentence not in self.complaints]
        return replace(verdict, ok=False, score=0.5 / len(reasons), reasons=reasons) if reasons else verdict

    def look_again(self, place: tuple[str, str]) -> None:
        norm = self.norms.of(*place)
        judged = ((request, judge(figures, norm)) for request, figures in self.provisional.pop(place, ()))
        self.thoughts += [(request, verdict) for request, verdict in judged if not verdict.ok]

    def second_thoughts(self) -> list[tuple[Request, Verdict]]:
        """Takes once called healthy that no longer are, each told once."""
        told, self.thoughts = self.thoughts, []
        return told

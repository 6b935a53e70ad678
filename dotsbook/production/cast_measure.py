"""How often casting is right on annotated novels, and how much a local language model adds: for its owner to measure."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dotsbook.casting.annotated import Sample, samples
from dotsbook.casting.cast_of import Casting, read_cast
from dotsbook.casting.scoring import answers, clusters, roster_of
from dotsbook.errors import SourceError
from dotsbook.machine import user_cache

CORPUS = "pdnc"
UNSURE = 0.8  # lines of which casting itself is less sure than this are counted apart


@dataclass(frozen=True)
class Share:
    """How many of some quotations were given to the right character."""

    quotes: int
    right: int

    @property
    def part(self) -> float:
        return self.right / self.quotes if self.quotes else 0.0


@dataclass(frozen=True)
class NovelMeasure:
    """One novel, its people found by themselves; names that mean the same character are counted as one."""

    novel: str
    ours: Share
    ours_unsure: Share  # of the lines that we are unsure of
    model: Share | None = None  # the same with the model's word, None where none was asked
    model_unsure: Share | None = None
    seconds: float = 0.0  # that the model took; scenes it had answered before take none

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        parts = {
            "ours": self.ours,
            "ours_unsure": self.ours_unsure,
            "model": self.model,
            "model_unsure": self.model_unsure,
        }
        return {
            "novel": self.novel,
            **{name: part and {"quotes": part.quotes, "right": part.right} for name, part in parts.items()},
            "seconds": round(self.seconds, 1),
        }


def measure_casting(
    folder: Path, model: str | None = None, stop: Callable[[], bool] = lambda: False
) -> Iterator[NovelMeasure]:
    """Each novel of `unified/pdnc*.jsonl` in a folder, as it is done; the model's answers are kept, so that it can be stopped.

    Raises SourceError where the folder holds no such file, ModelError where the model can't be had.
    """
    asked = None
    if model is not None:
        from dotsbook.casting.language_model import open_model

        asked = open_model(model, Path.cwd())
    found = False
    for sample in samples(folder, CORPUS):
        found = True
        casting = read_cast(sample.book)
        unsure = {line.quotation.place for line in casting.lines if line.probability < UNSURE}
        ours = shares(sample, casting, unsure)
        if asked is None:
            yield NovelMeasure(sample.name, *ours)
            continue
        from dotsbook.casting.language_model import asked_by_scene
        from dotsbook.casting.scene_answers import SceneAnswers

        begun = time.monotonic()
        kept = user_cache() / "cast-measure" / f"{hashlib.sha256(asked.name.encode()).hexdigest()[:16]}.jsonl"
        said = asked_by_scene(sample.book, casting, asked, SceneAnswers(kept), lambda _: stop())
        if stop():
            return
        yield NovelMeasure(sample.name, *ours, *shares(sample, said, unsure), time.monotonic() - begun)
    if not found:
        raise SourceError(
            f"{folder} holds no {CORPUS}*.jsonl: it is the folder of annotated novels, as docs/casting.md tells."
        )


def shares(sample: Sample, casting: Casting, unsure: set) -> tuple[Share, Share]:
    """(of all quotations, of those whose line is in `unsure`)."""
    _, meant = roster_of(sample)
    found = [one for one in answers(sample, casting, meant) if one.gold.speaker]
    merged, _ = clusters(found)
    right = [one.name is not None and merged.get(one.name) == one.gold.speaker for one in found]
    doubted = [ok for one, ok in zip(found, right, strict=True) if one.place in unsure]
    return Share(len(right), sum(right)), Share(len(doubted), sum(doubted))

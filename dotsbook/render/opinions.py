"""What judges have said of takes, kept in the ledger by take, judge and version, so that none is heard twice."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dotsbook.render.ledger import Ledger, batches
from dotsbook.render.ledger_file import REPAIR, Damaged
from dotsbook.render.take_rows import health_json


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge thinks of a take."""

    score: float  # 0 … 1, higher is better; compared between attempts at one line, and with the judge's threshold
    reasons: tuple[str, ...] = ()  # what is wrong, sentences
    figures: Mapping[str, float] = field(default_factory=dict)  # what was measured
    spans: tuple[
        tuple[int, int], ...
    ] = ()  # of the text as spoken, that it is about: offsets, the end not included


@dataclass(frozen=True, slots=True)
class KeptOpinion:
    """An opinion as the ledger has it."""

    key: str  # the take's
    judge: str  # its name
    version: str  # its version
    opinion: Opinion | None  # None: the judge heard the take and has no opinion


def kept(ledger: Ledger, keys: Collection[str]) -> list[KeptOpinion]:
    """All that is known of these takes."""
    select = "SELECT key, judge, version, score, reasons, figures, spans FROM opinions"
    found = [row for batch in batches(keys) for row in ledger.chosen(select, batch)]
    try:
        return [KeptOpinion(key, judge, version, opinion_of(*said)) for key, judge, version, *said in found]
    except (TypeError, ValueError) as error:
        raise Damaged(f"{ledger.path} is damaged ({error}); {REPAIR}.") from error


def opinion_of(score: float | None, reasons: str, figures: str, spans: str) -> Opinion | None:
    if score is None:
        return None
    places = tuple((start, end) for start, end in json.loads(spans))
    return Opinion(score, tuple(json.loads(reasons)), json.loads(figures), places)


def keep(ledger: Ledger, found: Sequence[KeptOpinion]) -> None:
    """Commit opinions of takes whose rows are there."""
    now = time.time()
    rows = []
    for one in found:
        opinion = one.opinion or Opinion(0.0)
        said = (
            json.dumps(list(opinion.reasons)),
            health_json(dict(opinion.figures)),
            json.dumps(opinion.spans),
        )
        rows.append((one.key, one.judge, one.version, one.opinion and opinion.score, *said, now))
    with ledger.transaction() as connection:
        connection.executemany("INSERT OR REPLACE INTO opinions VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

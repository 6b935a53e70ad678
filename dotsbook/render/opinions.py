"""What judges have said of takes, kept in the ledger by take, judge and version, so that none is heard twice."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dotsbook.render.ledger import Ledger, batches
from dotsbook.render.ledger_file import REPAIR, Damaged
from dotsbook.render.take_rows import health_json

LATER = "later"  # the version of a judge that has to learn a voice before it can judge its takes


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word of a take: where it is in the text and in the sound, and what was heard for it."""

    start: int  # offset in the text as spoken
    end: int  # both at the text's end: something after it
    begins: float  # s from the take's beginning
    ends: float  # s
    heard: str = ""  # "": nothing
    doubt: float = 0.0  # 0 … 1


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a judge thinks of a take."""

    score: float  # 0 … 1, higher is better; compared between attempts at one line, and with the judge's threshold
    reasons: tuple[str, ...] = ()  # what is wrong, sentences
    figures: Mapping[str, float] = field(default_factory=dict)  # what was measured
    spans: tuple[
        tuple[int, int], ...
    ] = ()  # of the text as spoken, that it is about: offsets, the end not included
    words: tuple[SpokenWord, ...] = ()  # the whole take's, of a judge that hears words


@dataclass(frozen=True, slots=True)
class KeptOpinion:
    """An opinion as the ledger has it."""

    key: str  # the take's
    judge: str  # its name
    version: str  # its version
    opinion: Opinion | None  # None: the judge heard the take and has no opinion


def kept(ledger: Ledger, keys: Collection[str]) -> list[KeptOpinion]:
    """All that is known of these takes, in the order in which it was kept."""
    select = "SELECT at, key, judge, version, score, reasons, figures, spans, words FROM opinions"
    found = [row for batch in batches(keys) for row in ledger.chosen(select, batch)]
    found.sort(key=lambda row: row[0])
    try:
        return [
            KeptOpinion(key, judge, version, opinion_of(*said)) for _, key, judge, version, *said in found
        ]
    except (TypeError, ValueError) as error:
        raise Damaged(f"{ledger.path} is damaged ({error}); {REPAIR}.") from error


def latest(ledger: Ledger, keys: Collection[str], judge: str) -> dict[str, Opinion]:
    """{key: what a judge said last of a take}, of those that it has an opinion of."""
    found: dict[str, Opinion] = {}
    for one in kept(ledger, keys):
        if one.judge == judge and one.opinion:
            found[one.key] = one.opinion
    return found


def put_off(ledger: Ledger) -> set[str]:
    """The keys of takes that a judge is still to hear, having had to learn their voice first."""
    return {key for (key,) in ledger.rows("SELECT key FROM opinions WHERE version = ?", [LATER])}


def against(ledger: Ledger, limits: Mapping[str, float]) -> dict[str, list[KeptOpinion]]:
    """{key: the last opinions of judges that are under their limit}. limits: {judge: the least score}; 0.5 for others."""
    select = (
        "SELECT key, judge, version, score, reasons, figures, spans, words FROM opinions AS one WHERE score < ? AND NOT "
        "EXISTS (SELECT 1 FROM opinions WHERE key = one.key AND judge = one.judge AND at > one.at)"
    )
    found: dict[str, list[KeptOpinion]] = {}
    for key, judge, version, score, *said in ledger.rows(select, [max(0.5, *limits.values(), 0.5)]):
        if score < limits.get(judge, 0.5):
            found.setdefault(key, []).append(KeptOpinion(key, judge, version, opinion_of(score, *said)))
    return found


def opinion_of(score: float | None, reasons: str, figures: str, spans: str, words: str) -> Opinion | None:
    if score is None:
        return None
    places = tuple((start, end) for start, end in json.loads(spans))
    spoken = tuple(SpokenWord(*word) for word in json.loads(words))
    return Opinion(score, tuple(json.loads(reasons)), json.loads(figures), places, spoken)


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
        words = json.dumps([row_of(word) for word in opinion.words], ensure_ascii=False)
        rows.append((one.key, one.judge, one.version, one.opinion and opinion.score, *said, now, words))
    with ledger.transaction() as connection:
        connection.executemany(
            "DELETE FROM opinions WHERE key = ? AND judge = ? AND version = ?",
            [(one.key, one.judge, LATER) for one in found],
        )
        connection.executemany("INSERT OR REPLACE INTO opinions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def row_of(word: SpokenWord) -> tuple:
    times = round(word.begins, 3), round(word.ends, 3)
    return (word.start, word.end, *times, word.heard, round(word.doubt, 3))

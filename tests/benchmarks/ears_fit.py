"""Fits the weights by which the Words judge weighs evidence, and writes dotsbook/ears/weights.json.

    python -m tests.benchmarks.ears_fit DIR [--lines 120] [--draft 60] [--work /tmp/dotsbook-ears]

DIR is a corpus with `attribution/pdnc/data/*/novel_text.txt`. Lines of the novels named in tests/ears/novel_lines.py are spoken
by a Piper voice and by the draft voice, as they are and with one fault each, and heard by Whisper tiny.en. The limit is set where
`--alarms` of the healthy lines, each weighed by weights that haven't seen it, are doubted. What was spoken and heard is kept in
`--work`.
"""

import json
from collections.abc import Sequence

import numpy as np

from dotsbook.ears.weighing import WEIGHTS, Net, Weights
from tests.ears.fitting import fitted
from tests.ears.labelled import Labelled, arguments, labelled, whisper
from tests.ears.novel_lines import POOL, faulty_lines, lines_of, novels_of

FOLDS = 4
SEEDS = 3  # nets whose mean counts


def weights_of(takes: Sequence[Labelled]) -> Weights:
    """Fitted to these takes; with no limit yet."""
    figures, labels, weight = [], [], []
    for take in takes:
        count = len(take.words)
        label, counts = np.zeros(count + 1), np.ones(count + 1)
        for hit in take.hit:
            counts[max(0, hit - 1) : hit + 2] = 0  # neighbours of a fault are neither right nor wrong
        for hit in take.hit:
            label[hit] = counts[hit] = 1
        healthy = take.line.kind == "healthy"
        counts[:-1] *= np.where(label[:-1] > 0, 1.0, 0.6 if healthy else 0.3)
        counts[-1] *= 2.0 if healthy else 1.0
        figures.append(take.words)
        labels.append(label)
        weight.append(counts)
    of_words = (
        np.concatenate(figures),
        np.concatenate([label[:-1] for label in labels]),
        np.concatenate([counts[:-1] for counts in weight]),
    )
    of_after = (
        np.stack([take.after for take in takes]),
        np.array([label[-1] for label in labels]),
        np.array([counts[-1] for counts in weight]),
    )
    words = tuple(fitted(*of_words, seed=seed) for seed in range(SEEDS))
    return Weights(words, tuple(fitted(*of_after, hidden=10, seed=seed) for seed in range(SEEDS)), 0.0)


def held_out(takes: Sequence[Labelled]) -> list[np.ndarray]:
    """The odds of each take's words by weights that haven't seen its line."""
    texts = {text: number % FOLDS for number, text in enumerate(sorted({take.line.text for take in takes}))}
    found: list[np.ndarray] = [np.zeros(0)] * len(takes)
    for fold in range(FOLDS):
        found_weights = weights_of([take for take in takes if texts[take.line.text] != fold])
        for at, take in enumerate(takes):
            if texts[take.line.text] == fold:
                found[at] = found_weights.odds(take.words, take.after)
    return found


def written(net: Net) -> dict:
    return {name: np.round(value, 4).tolist() for name, value in vars(net).items()}


def keep(weights: Weights, limit: float) -> None:
    nets = {name: [written(net) for net in getattr(weights, name)] for name in ("word", "after")}
    WEIGHTS.write_text(json.dumps({"limit": round(limit, 4), **nets}) + "\n", "utf-8")


def main() -> None:
    options = arguments(__doc__ or "", lines=120, draft=60, alarms=0.03).parse_args()
    recogniser, takes = whisper(), []
    for voice, count in (("piper", options.lines), ("draft", options.draft)):
        lines = faulty_lines(lines_of(novels_of(options.corpus, tuned_on=True), POOL)[:count])
        takes += list(labelled(lines, voice, options.work, recogniser))
    found = held_out(takes)
    worst = np.array([rows.max() for rows in found])
    healthy = np.array([take.line.kind == "healthy" for take in takes])
    limit = float(np.quantile(worst[healthy], 1 - options.alarms))
    for kind in sorted({take.line.kind for take in takes}):
        of_kind = np.array([take.line.kind == kind for take in takes])
        print(
            f"{kind:12} {np.mean(worst[of_kind] > limit):6.1%} doubted of {of_kind.sum()}, by weights that haven't seen them"
        )
    keep(weights_of(takes), limit)


if __name__ == "__main__":
    main()

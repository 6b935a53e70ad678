"""How a line mended by an engine that edits exactly compares with its source take.

    python -m tests.benchmarks.mend_splices [--lines 500] [--seed 1]

Lines of random words in the test voice, one to three words of each changed, left out or put in, by the engine
`syllables`. Of each mended line: the unchanged part against the source take in dB, how much is kept, and steps at the
seams beside the largest of both takes themselves. Lines that don't line up are counted with their sentence.
"""

import argparse
from collections import Counter

import numpy as np

from dotsbook.mending import Mended, mended
from dotsbook.model.editing.changes import instruction_between
from dotsbook.production.mendable import unchanged_share
from dotsbook.voices.edits import EditRequest
from dotsbook.voices.syllables import RATE, SyllablesEngine, draw

WORDS = [
    "the",
    "tide",
    "was",
    "out",
    "and",
    "nobody",
    "on",
    "long",
    "grey",
    "shore",
    "had",
    "anything",
    "left",
    "to",
    "say",
    "her",
    "about",
    "it",
    "that",
    "morning",
    "when",
    "boats",
    "came",
    "home,",
    "slowly,",
    "seven",
    "lanterns",
    "burning;",
    "quietly",
    "below",
    "harbour",
    "windows",
    "nothing",
    "moved",
]


def changed(words: list[str], dice: np.random.Generator) -> list[str]:
    """The words with one to three beside one another changed, left out or put in."""
    at, count = int(dice.integers(len(words))), int(dice.integers(1, 4))
    new = [WORDS[int(i)] for i in dice.integers(len(WORDS), size=count)]
    match dice.integers(3):
        case 0:
            return words[:at] + words[at + count :]
        case 1:
            return words[:at] + new + words[at:]
        case _:
            return words[:at] + new + words[at + count :]


def step(samples: np.ndarray, places: list[int]) -> float:
    """The largest second difference near some places."""
    second = np.abs(np.diff(np.pad(samples.astype(np.float64), 2), 2))
    return max((float(second[max(0, at - 400) : at + 400].max(initial=0)) for at in places), default=0.0)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--lines", type=int, default=500)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    dice, engine = np.random.default_rng(chosen.seed), SyllablesEngine()
    worst, kept, clicks, why = np.inf, [], [], Counter()
    for number in range(chosen.lines):
        words = [WORDS[int(i)] for i in dice.integers(len(WORDS), size=int(dice.integers(5, 25)))]
        other = changed(words, dice)
        before, after = f"{' '.join(words)}.", f"{' '.join(other)}."
        if before == after or not other:
            continue
        old = (
            np.round(draw("narrator", before, number) * 32768).astype(np.float32) / 32768
        )  # as a take holds it
        asked = instruction_between(before, after)
        [answer] = engine.edit([EditRequest(old, RATE, asked.text, before, after, "en", number)])
        made = mended(old, answer.samples, RATE, unchanged_share(before, after))
        if not isinstance(made, Mended):
            why[made] += 1
            continue
        first, rest = made.changed[0], len(made.samples) - made.changed[1]
        mine = np.concatenate([made.samples[:first], made.samples[len(made.samples) - rest :]]).astype(
            np.float64
        )
        own = np.concatenate([old[:first], old[len(old) - rest :]]).astype(np.float64)
        noise = float(np.sum((mine - own) ** 2))
        worst = min(worst, 10 * np.log10(np.sum(own**2) / noise) if noise else 300.0)
        kept.append(len(own) / len(old))
        seams = [at for at in made.changed if 0 < at < len(made.samples)]
        loudest = max(
            step(old, [*range(0, len(old), 400)]), step(answer.samples, [*range(0, len(answer.samples), 400)])
        )
        clicks.append(step(made.samples, seams) / loudest)
    total = len(kept) + sum(why.values())
    print(
        f"{len(kept)} of {total} lines line up; the unchanged part is within {worst:.0f} dB of the source take, or equal (300)"
    )
    print(
        f"kept of a take: {np.mean(kept):.2f} on average; the largest step at a seam: {max(clicks):.2f} of the voice's own"
    )
    for sentence, count in why.most_common():
        print(f"{count} whole: {sentence}")


if __name__ == "__main__":
    main()

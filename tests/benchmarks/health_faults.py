"""How many faults the health checks miss: scripted ones in 10,000 takes, 5 % of each kind. Real ones it doesn't know.

    python -m tests.benchmarks.health_faults [DIR] [--novels DIR] [--seed 7] [--count 10000] [--engine syllables] [--language en] [--show]

With DIR (a corpus, see health_false_alarms) its sentences are spoken; with --novels those of the plain texts that lie anywhere
in a folder; without either made-up ones. Another seed means other sentences, other voices and other faults. A fault is missed if
the take passes, also when it is judged again once its voice's norm is known.

The smallest of each kind: skip, 40 % of the take gone and joined without a click; truncation, the last 40 %; silence,
1.2 s put inside, 40 % of the take muted (0.8 s at least), or all of it; NaN, one sample; loop, the last 0.3 … 1.5 s
said over for 1.5 s or more; noise, half a second of it or hiss 5 dB under the voice all along. Lines under 1.5 s are
never skipped or cut in part: what a word or two lack can't be told from their length.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from sentencex import segment

from dotsbook.audio import Samples
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.engine import Request, Voice
from dotsbook.voices.spec import EngineChoice
from tests.benchmarks.health_false_alarms import VOICES, Examiner, sentences_of, spoken

SEED = 7  # of the sentences, voices and faults that limits were tried on
SHARE = 0.05  # of each kind
PART_FROM = 1.5  # s: a shorter take is lost whole or not at all
WORDS = re.findall(
    r"\w+",
    """lamp harbour ledger winter carried nobody window seven kettle slowly across the of and a
    under stairs remembered answer between grey morning said never quite letter before without island children""",
)

Dice = np.random.Generator


def skip(samples: Samples, rate: int, dice: Dice) -> Samples:
    lost = int(len(samples) * dice.uniform(0.4, 0.6))
    at = int(dice.uniform(0, len(samples) - lost))
    fade = min(round(0.005 * rate), at, len(samples) - at - lost)
    ramp = np.linspace(0, 1, fade, dtype=np.float32)
    joined = samples[at - fade : at] * (1 - ramp) + samples[at + lost - fade : at + lost] * ramp
    return np.concatenate([samples[: at - fade], joined, samples[at + lost :]])


def truncation(samples: Samples, rate: int, dice: Dice) -> Samples:
    return samples[: int(len(samples) * dice.uniform(0.3, 0.6))]


def silence(samples: Samples, rate: int, dice: Dice) -> Samples:
    kind, long = dice.integers(3), len(samples) > 2.2 * rate
    if kind == 0 or not long:
        return np.zeros_like(samples)
    if kind == 1:
        at = int(len(samples) * dice.uniform(0.2, 0.8))
        return np.concatenate(
            [samples[:at], np.zeros(int(rate * dice.uniform(1.2, 4)), np.float32), samples[at:]]
        )
    lost = max(round(0.8 * rate), int(len(samples) * dice.uniform(0.4, 0.6)))
    at = int(dice.uniform(0.1, 0.9) * (len(samples) - lost))
    return np.concatenate([samples[:at], np.zeros(lost, np.float32), samples[at + lost :]])


def nan(samples: Samples, rate: int, dice: Dice) -> Samples:
    broken = samples.copy()
    broken[dice.integers(len(samples))] = dice.choice([np.nan, np.inf])
    return broken


def loop(samples: Samples, rate: int, dice: Dice) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > 0.05 * np.abs(samples).max())
    end = int(loud[-1])  # of speech: to say silence over is no loop
    period = min(int(rate * dice.uniform(0.3, 1.5)), end // 2)
    times = max(2, int(np.ceil(1.5 * rate / period)))
    return np.concatenate([samples[:end], *[samples[end - period : end]] * times, samples[end:]])


def noise(samples: Samples, rate: int, dice: Dice) -> Samples:
    level = float(np.sqrt(np.mean(samples**2)))
    hiss = (dice.standard_normal(len(samples)) * level).astype(np.float32)
    kind = dice.integers(3)
    if kind == 0:
        return hiss
    if kind == 1:
        return samples + hiss * np.float32(10 ** (-5 / 20) if len(samples) > 1.3 * rate else 1.0)
    long = min(len(samples), int(rate * dice.uniform(0.5, 2)))
    at = int(dice.uniform(0, len(samples) - long))
    return np.concatenate([samples[:at], hiss[:long], samples[at + long :]])


FAULTS: dict[str, Callable[[Samples, int, Dice], Samples]] = {
    "skip": skip,
    "truncation": truncation,
    "silence": silence,
    "NaN": nan,
    "loop": loop,
    "noise": noise,
}


def made_up(count: int, seed: int) -> list[str]:
    dice = random.Random(seed)
    return [
        " ".join(dice.choices(WORDS, k=dice.randint(1, 32))).capitalize() + dice.choice("..?!")
        for _ in range(count)
    ]


def texts(chosen: argparse.Namespace) -> list[str]:
    if chosen.novels:
        paragraphs = [
            " ".join(paragraph.split())
            for path in sorted(chosen.novels.rglob("*.txt"))
            for paragraph in path.read_text().split("\n\n")
        ]
        some = random.Random(chosen.seed).sample(paragraphs, min(chosen.count, len(paragraphs)))
        found = spoken(
            (sentence for text in some for sentence in segment(chosen.language, text)), chosen.language
        )
    elif chosen.folder:
        found = sentences_of(chosen.folder, chosen.language)
    else:
        return made_up(chosen.count, chosen.seed)
    random.Random(chosen.seed).shuffle(found)
    return [found[index % len(found)] for index in range(chosen.count)]


def requests(chosen: argparse.Namespace) -> Iterator[Request]:
    for index, text in enumerate(texts(chosen)):
        voice = VOICES[index % len(VOICES)]
        yield Request(
            text,
            Voice(voice if chosen.seed == SEED else f"{voice} {chosen.seed}"),
            chosen.language,
            index,
            index,
        )


def afflict(samples: Samples, rate: int, index: int, seed: int) -> tuple[str, Samples]:
    """(kind of fault or "", the take with it); by the take's number and the seed alone."""
    dice = np.random.default_rng(index if seed == SEED else (seed, index))
    kind = int(dice.random() / SHARE)
    name = list(FAULTS)[kind] if kind < len(FAULTS) else ""
    if not name or (name in ("skip", "truncation") and len(samples) < PART_FROM * rate):
        return "", samples
    return name, FAULTS[name](samples, rate, dice)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder", type=Path, nargs="?")
    options.add_argument("--novels", type=Path)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--engine", default="syllables")
    options.add_argument("--language", default="en")
    options.add_argument("--show", action="store_true", help="print each mistake")
    chosen = options.parse_args()
    engine, asked = open_engine(EngineChoice(chosen.engine), Path("profiles")), list(requests(chosen))
    examiner = Examiner(asked)
    injected, reasons, caught, hearing, audio = {}, Counter(), {}, 0.0, 0.0
    for answer in engine.speak(asked):
        if answer.samples is None:
            continue
        index = answer.request.tag
        injected[index], samples = afflict(answer.samples, engine.rate, index, chosen.seed)
        begun = time.perf_counter()
        verdict = examiner(samples, engine.rate, answer.request)
        hearing += time.perf_counter() - begun
        audio += len(samples) / engine.rate
        caught[index] = verdict
        reasons.update((injected[index], reason.partition(":")[0]) for reason in verdict.reasons)
    again = {request.tag: verdict for request, verdict in examiner.second_thoughts()}
    table(injected, caught, again, reasons, chosen.show)
    print(f"{audio / 3600:.1f} h judged at {audio / hearing:.0f} times real time")
    engine.close()


def table(injected: dict, caught: dict, again: dict, reasons: Counter, show: bool) -> None:
    final = caught | again
    print("fault        takes  missed      %   at once   named by")
    for name in (*FAULTS, ""):
        takes = [index for index, kind in injected.items() if kind == name]
        passed = [index for index in takes if final[index].ok == bool(name)]
        first = sum(not caught[index].ok for index in takes)
        by = ", ".join(f"{reason} {count}" for (kind, reason), count in reasons.most_common() if kind == name)
        share = 100 * len(passed) / max(1, len(takes))
        print(f"{name or 'false alarms':12} {len(takes):5} {len(passed):7} {share:6.2f}   {first:7}   {by}")
        if show:
            print(
                *(f"    {index}: {final[index].reasons or final[index].figures}" for index in passed),
                sep="\n",
            )


if __name__ == "__main__":
    main()

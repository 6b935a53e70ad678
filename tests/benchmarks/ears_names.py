"""Doubts over names that come again and again in a novel: each take by itself, and beside what is heard in the others.

    python -m tests.benchmarks.ears_names DIR [--names 4] [--lines 8] [--voice draft] [--work /tmp/dotsbook-ears]

Of each novel that the weights weren't fitted on the names that stand in most of its lines are taken, and of each name some
lines, spoken by a Piper voice (or the draft voice) and heard by Whisper tiny.en. In one line of each the name is also left
out, and another one said: those are to be found still.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from dotsbook.ears.usual_hearing import TakeWords, UsualHearing
from dotsbook.ears.weighing import doubts
from dotsbook.ears.words_judge import WordsJudge, opinion_of
from dotsbook.render.judges import HeardTake
from dotsbook.voices.engine import Voice
from tests.ears.labelled import Labelled, arguments, labelled, whisper
from tests.ears.novel_lines import BROKEN, WORD, FaultyLine, lines_of, novels_of, without

NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?=[ ,.;:?!])")
LEAST = 5  # lines that a name must stand in
FAULTY = 1  # lines of each name in which it is left out, and in which another one is said
ELSEWHERE = ("Harold", "Constance", "Rupert", "Matilda")  # other names


def named_lines(novel: Path, names: int, count: int) -> Iterator[tuple[str, list[str]]]:
    """Each of a novel's most frequent names, with lines that have it once."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines_of([novel], 100_000):
        if BROKEN.search(line) or len(line) > 160:
            continue
        for name in set(NAME.findall(line)):
            if len(re.findall(rf"\b{name}\b", line)) == 1:
                found[name].append(line)
    often = sorted(found.items(), key=lambda one: (-len(one[1]), one[0]))
    yield from ((name, lines[:count]) for name, lines in often[:names] if len(lines) >= LEAST)


def with_faults(name: str, lines: list[str], other: str) -> Iterator[FaultyLine]:
    for number, line in enumerate(lines):
        yield FaultyLine(line, line, "healthy")
        if number >= FAULTY:
            continue
        place = re.search(rf"\b{name}\b", line)
        assert place
        hit = [word.start() for word in WORD.finditer(line)].index(place.start())
        yield FaultyLine(line, without(line, *place.span()), "left out", (hit,))
        yield FaultyLine(line, line[: place.start()] + other + line[place.end() :], "another", (hit,))


RATE = 16_000  # Hz, of a silence that stands for a take whose evidence is known


def heard(take: Labelled, novel: str) -> TakeWords:
    """What the judge said of a take."""
    text, key = take.line.text, f"{take.line.kind} {take.line.text}"
    sound = np.zeros(round(take.seconds * RATE), np.float32)
    about = HeardTake(sound, RATE, text, "en", Voice("narrator"), key)
    return TakeWords(key, novel, "en", text, opinion_of(about, take.evidence, doubts(take.evidence)))


def doubted(take: TakeWords, healthy: Sequence[TakeWords]) -> tuple[bool, bool]:
    """Whether a take is doubted by itself, and beside a book's healthy ones."""
    book = [one for one in healthy if one.voice == take.voice and one.text != take.text] + [take]
    usual = UsualHearing(book)
    for one in book:
        usual.add(one)
    beside, _ = usual.weighed(take)
    return take.opinion.score < WordsJudge.threshold, beside.score < WordsJudge.threshold


def main() -> None:
    parser = arguments(__doc__ or "", names=4, lines=8)
    parser.add_argument("--voice", choices=["piper", "draft"], default="piper")
    options = parser.parse_args()
    recogniser = whisper()
    takes: dict[str, dict[str, TakeWords]] = defaultdict(dict)  # {kind: {key: take}}
    for novel in novels_of(options.corpus, tuned_on=False):
        for number, (name, lines) in enumerate(named_lines(novel, options.names, options.lines)):
            faulty = with_faults(name, lines, ELSEWHERE[number % len(ELSEWHERE)])
            for take in labelled(faulty, options.voice, options.work, recogniser):
                words = heard(take, novel.parent.name)
                takes[take.line.kind][words.key] = words
    healthy = list(takes["healthy"].values())
    for kind, those in takes.items():
        alone, beside = np.mean([doubted(one, healthy) for one in those.values()], axis=0)
        print(f"{kind:9} of {len(those)}: {alone:.1%} doubted alone, {beside:.1%} beside the others")


if __name__ == "__main__":
    main()

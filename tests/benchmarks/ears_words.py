"""What the Words judge finds: novels' lines spoken with one fault each by a real neural voice, heard by Whisper tiny.en.

    python -m tests.benchmarks.ears_words DIR [--lines 150] [--healthy 240] [--draft 120] [--work /tmp/dotsbook-ears] [--show]

DIR is a corpus with `attribution/pdnc/data/*/novel_text.txt`; lines are of the novels that the weights weren't fitted on. The voice
is told a line with a content word replaced, dropped or doubled, two words dropped, or a word or babble after the end; the judge
is told the line as it stands in the novel. Also: where it points, the draft voice, names with and without a respelling in the
lexicon, and word times against words placed at known times. What was spoken and heard is kept in `--work`.
"""

import random
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples
from dotsbook.ears.evidence import gather
from dotsbook.ears.faster_whisper import FasterWhisper
from dotsbook.ears.weighing import doubts
from dotsbook.ears.word_times import placed
from dotsbook.ears.words_judge import LIMIT, WordsJudge
from dotsbook.measure import speech_edges
from dotsbook.render.judges import HeardTake
from dotsbook.voices.engine import Voice
from tests.ears.labelled import Labelled, arguments, labelled, speaker, whisper
from tests.ears.novel_lines import KINDS, POOL, WORD, faulty_lines, kept_sound, lines_of, novels_of


def found(takes: Iterable[Labelled], show: bool) -> None:
    """A line for each kind of fault: how many are doubted, and how many of those point at the place."""
    rows: dict[str, list[tuple[bool, bool]]] = {}
    for take in takes:
        doubted = doubts(take.evidence)
        is_found = bool(doubted.max() > LIMIT)
        near = any(abs(int(doubted.argmax()) - hit) <= 1 for hit in take.hit)
        rows.setdefault(take.line.kind, []).append((is_found, near))
        if show and is_found == (take.line.kind == "healthy"):
            print(
                f"    {take.line.kind}: {take.line.spoken} | {doubted.max():.2f} at {int(doubted.argmax())}"
            )
    for kind, seen in rows.items():
        share = np.mean([is_found for is_found, _ in seen])
        if kind == "healthy":
            print(f"  false alarms  {share:6.1%} of {len(seen)}")
        else:
            points = np.mean([near for is_found, near in seen if is_found])
            print(
                f"  {kind:12}  {share:6.1%} of {len(seen)}, {points:.1%} of them at the right word or its neighbour"
            )


def names(corpus: Path, folder: Path, recogniser: FasterWhisper, count: int) -> None:
    """False alarms of lines with a name: as it is written, and with the name respelled by a lexicon."""
    speak = speaker("piper", folder / "profiles")
    lines = [
        (line, name[0])
        for line in lines_of(novels_of(corpus, tuned_on=False), 1000, seed=6)
        if (name := re.search(r"(?<=[a-z,] )[A-Z][a-z]{4,}(?=[ ,.])", line))
    ][:count]
    alarms = []
    for line, name in lines:
        respelling = respelled(name)
        for text, judge in (
            (line, WordsJudge(recogniser)),
            (line.replace(name, respelling), WordsJudge(recogniser, {respelling: name})),
        ):
            samples, rate = kept_sound(text, "piper", folder, speak)
            opinion = judge.hear(HeardTake(samples, rate, text, "en", Voice("narrator"), "k"))
            alarms.append(opinion is not None and opinion.score < judge.threshold)
    print(
        f"Names: false alarms {np.mean(alarms[::2]):.1%} as written, {np.mean(alarms[1::2]):.1%} respelled, {len(lines)} lines"
    )


def respelled(name: str) -> str:
    """A name as people respell it for a voice: by syllables."""
    return re.sub(r"(?<=[aeiouy])(?=[bcdfgklmnprstvwz][aeiouy])", "-", name).lower()


def times(corpus: Path, folder: Path, recogniser: FasterWhisper, count: int) -> None:
    """Errors of word times against phrases spoken apart and put at known places."""
    speak = speaker("piper", folder / "profiles")
    dice = random.Random(3)
    errors: list[float] = []
    for line in lines_of(novels_of(corpus, tuned_on=False), 1000, seed=7)[:count]:
        words = WORD.findall(line)[:16]
        phrases = [" ".join(words[at : at + 4]) for at in range(0, len(words), 4)]
        parts, edges, at = [np.zeros(4000, np.float32)], [], 4000
        for phrase in phrases:
            samples, rate = kept_sound(phrase, "piper", folder, speak)
            first, last = speech_edges(samples, rate)
            gap = np.zeros(int(dice.uniform(0.06, 0.3) * rate), np.float32)
            parts += [samples[first:last], gap]
            edges.append((at / rate, (at + last - first) / rate))
            at += last - first + len(gap)
        sound: Samples = np.concatenate(parts)
        evidence = gather(sound, rate, recogniser.listen(sound, rate, "en"), " ".join(phrases), "en")
        placed_words, number = placed(evidence), 0
        for phrase, (begins, ends) in zip(phrases, edges, strict=True):
            last_word = number + len(phrase.split()) - 1
            errors += [placed_words[number][0] - begins, placed_words[last_word][1] - ends]
            number = last_word + 1
    off = np.abs(errors)
    print(
        f"Word times: median {np.median(off) * 1000:.0f} ms, 95 % within {np.quantile(off, 0.95) * 1000:.0f} ms "
        f"({len(errors)} edges of placed words, mean {np.mean(errors) * 1000:+.0f} ms)"
    )


def speed(takes: Sequence[Labelled], folder: Path, recogniser: FasterWhisper) -> None:
    speak = speaker("piper", folder / "profiles")
    start, audio = time.monotonic(), 0.0
    for take in takes:
        samples, rate = kept_sound(take.line.spoken, "piper", folder, speak)
        gather(samples, rate, recogniser.listen(samples, rate, "en"), take.line.text, "en")
        audio += len(samples) / rate
    wall = time.monotonic() - start
    print(f"Speed: {audio / wall:.1f} times real time, {wall / len(takes):.2f} s a line, one thread")


def main() -> None:
    parser = arguments(__doc__ or "", lines=150, healthy=240, draft=120, names=60, times=40)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    recogniser = whisper()
    lines = lines_of(novels_of(options.corpus, tuned_on=False), POOL)
    makes = list(faulty_lines(lines))
    with_faults, among = set(lines[: options.lines]), set(lines[: options.healthy])
    wanted = [one for one in makes if one.text in with_faults or one.kind == KINDS[0] and one.text in among]
    print("Piper:")
    takes = list(labelled(wanted, "piper", options.work, recogniser))
    found(takes, options.show)
    print("Draft voice:")
    drafts = set(lines[: options.draft])
    wanted = [one for one in makes if one.text in drafts and one.kind in ("healthy", "replaced")]
    found(labelled(wanted, "draft", options.work, recogniser), options.show)
    speed(takes[:20], options.work, recogniser)
    if options.times:
        times(options.corpus, options.work, recogniser, options.times)
    if options.names:
        names(options.corpus, options.work, recogniser, options.names)


if __name__ == "__main__":
    main()

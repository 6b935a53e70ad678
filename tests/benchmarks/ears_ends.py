"""What the judge `ends` finds: takes of a Piper voice as they are, cut in their first or last phoneme, and with a click.

python -m tests.benchmarks.ears_ends DIR [--lines 120] [--cut 0.07] [--work /tmp/dotsbook-ears]
"""

from collections.abc import Iterator

import numpy as np

from dotsbook.audio import Samples
from dotsbook.ears.ends_judge import EndsJudge
from dotsbook.measure import speech_edges
from dotsbook.render.judges import HeardTake
from dotsbook.voices.engine import Voice
from tests.ears.labelled import arguments, speaker
from tests.ears.novel_lines import POOL, kept_sound, lines_of, novels_of


def faulty_ends(samples: Samples, rate: int, cut: float) -> Iterator[tuple[str, Samples]]:
    """A take as it is, and with its ends spoilt. cut: seconds of speech that are lost."""
    first, last = speech_edges(samples, rate)
    lost, silence = round(cut * rate), np.full(rate // 5, 1e-4, np.float32)
    click = np.zeros(rate // 5, np.float32)
    click[rate // 10 : rate // 10 + rate // 500] = 0.2 * np.abs(samples).max()
    yield "healthy", samples
    yield "end cut", samples[: last - lost]
    yield "end cut, silence after it", np.append(samples[: last - lost], silence)
    yield "beginning cut", samples[first + lost :]
    yield "beginning cut, silence before it", np.append(silence, samples[first + lost :])
    yield "a click after it", np.append(samples, click + silence)


def main() -> None:
    options = arguments(__doc__ or "", lines=120, cut=0.07).parse_args()
    speak, judge = speaker("piper", options.work / "profiles"), EndsJudge()
    rows: dict[str, list[bool]] = {}
    for line in lines_of(novels_of(options.corpus, tuned_on=False), POOL)[: options.lines]:
        samples, rate = kept_sound(line, "piper", options.work, speak)
        for kind, sound in faulty_ends(samples, rate, options.cut):
            opinion = judge.hear(HeardTake(sound, rate, line, "en", Voice("narrator"), "k"))
            rows.setdefault(kind, []).append(opinion is not None and opinion.score < judge.threshold)
    for kind, found in rows.items():
        print(f"{kind:34} {np.mean(found):6.1%} doubted of {len(found)}")


if __name__ == "__main__":
    main()

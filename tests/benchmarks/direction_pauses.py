"""Pauses asked for within lines: whether they are as long as asked, and at the gap that is meant.

    python -m tests.benchmarks.direction_pauses DIR [--lines 100] [--placed 60] [--work /tmp/dotsbook-ears] [--deaf]

DIR is a corpus with `attribution/pdnc/data/*/novel_text.txt`. Novels' lines, spoken by a Piper voice and by the draft voice, each
with one pause behind a word drawn at random; word times by Whisper tiny.en, or none (`--deaf`). The lines are laid out and joined
as a book's are. How long the pause is is measured on what came out, from the end of speech to its start; at which gap it is, in
two ways: `heard`: Whisper hears the new sound, and the pause must lie between the two words; `placed`: two phrases spoken apart and
joined at a known place, at which the pause must be.
"""

import hashlib
import random
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples
from dotsbook.book import Chunk, Pause
from dotsbook.ears.parting import parts_at
from dotsbook.ears.words_judge import WordsJudge
from dotsbook.manifest import Pacing
from dotsbook.master.join import Sound, joined
from dotsbook.master.layout import lay_out
from dotsbook.master.room_tone import make_bed
from dotsbook.master.timeline import Placement, VoicedChunk
from dotsbook.measure import speech_edges
from dotsbook.production.pauses_inside import placed_in
from dotsbook.render.judges import HeardTake
from dotsbook.render.opinions import SpokenWord
from dotsbook.splice import silences_in
from dotsbook.voices.engine import Voice
from tests.ears.labelled import arguments, speaker, whisper
from tests.ears.novel_lines import POOL, WORD, kept_sound, lines_of, novels_of
from tests.master.made import take_of

RATE = 48000
LENGTHS = (0.3, 0.5, 0.8, 1.2, 2.0)  # s
WITHIN = 0.06  # s of the asked length that count as met
EDGE = 0.04  # s a pause may lie off a known place
VOICE = Voice("narrator", fingerprint="n")


def words_in(judge: WordsJudge, samples: Samples, rate: int, text: str) -> tuple[SpokenWord, ...]:
    opinion = judge.hear(HeardTake(samples, rate, text, "en", VOICE, "r1:x"))
    return tuple(word for word in opinion.words if word.end > word.start) if opinion else ()


def opened(
    folder: Path,
    samples: Samples,
    rate: int,
    text: str,
    place: int,
    seconds: float,
    words: tuple[SpokenWord, ...],
    judge: WordsJudge,
) -> tuple[Placement, Samples]:
    """The line as it stands in a book, laid out and joined."""
    key = hashlib.sha256(f"{text}{place}".encode()).hexdigest()[:20]
    file = folder / f"{key}.flac"
    take = take_of(file, samples, rate, key)
    chunk = Chunk(
        "1.1", 1, "a", 0, len(text), text, text, "narrator", "en", Pause.CHAPTER, pauses=((place, seconds),)
    )

    def listener(
        samples: Samples, rate: int, voiced: VoicedChunk, place: int, times: tuple[float, float]
    ) -> float | None:
        return parts_at(judge.recogniser, samples, rate, "en", voiced.chunk.spoken, place, times)

    voiced = placed_in(VoicedChunk(chunk, take, file), words, RATE, listener)
    track = lay_out([(1, "One", [voiced])], Pacing(), RATE).tracks[0]
    sound = Sound(RATE, {}, make_bed(False, RATE), None)
    return track.placements[0], np.concatenate(list(joined(track, sound, 0, track.samples)))


def length_at(placement: Placement, sound: Samples) -> tuple[float, float]:
    """(seconds of the silence that was let in, second of its middle in the chapter)."""
    (_, end, at), (_, _, after) = placement.parts[0], placement.parts[1]
    middle = placement.start + (at + end + after) / 2
    silences = silences_in(sound, RATE)
    first, last = min(silences, key=lambda one: abs((one[0] + one[1]) / 2 - middle), default=(0, 0))
    return (last - first) / RATE, middle / RATE


def places(text: str, dice: random.Random) -> int:
    """The offset behind one of a line's words, not the last."""
    return dice.choice([found.end() for found in WORD.finditer(text)][:-1])


def natural(
    lines: list[str], speak: Callable, voice: str, judge: WordsJudge, work: Path, deaf: bool
) -> Iterator[tuple[float, bool]]:
    """(how far the length is off, whether the pause is at its gap) of each line."""
    dice = random.Random(5)
    with tempfile.TemporaryDirectory() as folder:
        for text in lines:
            place, seconds = places(text, dice), dice.choice(LENGTHS)
            samples, rate = kept_sound(text, voice, work, speak)
            words = words_in(judge, samples, rate, text)
            placement, sound = opened(
                Path(folder), samples, rate, text, place, seconds, () if deaf else words, judge
            )
            found, middle = length_at(placement, sound)
            again = words_in(judge, sound, RATE, text)
            before = [word for word in again if word.start < place]
            after = [word for word in again if word.start >= place]
            right = bool(before and after) and before[-1].ends <= middle <= after[0].begins
            yield found - seconds, right


def known(
    lines: list[str], speak: Callable, voice: str, judge: WordsJudge, work: Path, deaf: bool
) -> Iterator[tuple[float, bool]]:
    """The same of two phrases that were spoken apart, and joined with little or nothing between them."""
    dice = random.Random(6)
    with tempfile.TemporaryDirectory() as folder:
        for line in lines:
            words = WORD.findall(line)[:14]
            cut = dice.randrange(2, len(words) - 1)
            phrases, seconds = [" ".join(words[:cut]), " ".join(words[cut:])], dice.choice(LENGTHS)
            parts, rate = [], RATE
            for phrase in phrases:
                samples, rate = kept_sound(phrase, voice, work, speak)
                first, last = speech_edges(samples, rate)
                parts.append(samples[first:last])
            edge = np.zeros(round(0.1 * rate), np.float32)
            gap = np.zeros(round(dice.choice((0.0, 0.03, 0.06, 0.12)) * rate), np.float32)
            sound = np.concatenate((edge, parts[0], gap, parts[1], edge))
            text = " ".join(phrases)
            heard = () if deaf else words_in(judge, sound, rate, text)
            placement, out = opened(Path(folder), sound, rate, text, len(phrases[0]), seconds, heard, judge)
            found, _ = length_at(placement, out)
            point = placement.voiced.splices[0]
            begin = len(edge) + len(parts[0])
            off = max(begin - point.out, point.into - begin - len(gap), 0) / rate
            yield found - seconds, off <= EDGE


def told(name: str, rows: list[tuple[float, bool]]) -> None:
    off = np.abs([error for error, _ in rows])
    right = np.mean([hit for _, hit in rows])
    print(
        f"  {name:8} {len(rows):4} pauses: {np.mean(off <= WITHIN):6.1%} within {WITHIN * 1000:.0f} ms of the asked length "
        f"(median {np.median(off) * 1000:.0f} ms off, 95 % {np.quantile(off, 0.95) * 1000:.0f} ms), at the right gap {right:6.1%}",
        flush=True,
    )


def main() -> None:
    parser = arguments(__doc__ or "", lines=100, placed=60)
    parser.add_argument("--deaf", action="store_true", help="without word times")
    parser.add_argument("--voice", action="append", choices=("piper", "draft"))
    options = parser.parse_args()
    judge = WordsJudge(whisper())
    lines = [
        line
        for line in lines_of(novels_of(options.corpus, tuned_on=False), POOL, seed=8)
        if len(WORD.findall(line)) > 5
    ]
    for voice in options.voice or ("piper", "draft"):
        speak = speaker(voice, options.work / "profiles")
        print(f"{voice}{', no word times' if options.deaf else ''}:")
        told("heard", list(natural(lines[: options.lines], speak, voice, judge, options.work, options.deaf)))
        told("placed", list(known(lines[-options.placed :], speak, voice, judge, options.work, options.deaf)))


if __name__ == "__main__":
    main()

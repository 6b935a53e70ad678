"""Our meter beside ffmpeg's: `python -m tests.benchmarks.meter_against_ffmpeg [FOLDER …]`. Needs an ffmpeg program.

Without folders, twenty files of its own making: speech, noise, tones at several levels, rates and formats. For each,
integrated loudness and true peak against ebur128, RMS and peak against astats; prints the differences and the highest
of each.
"""

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np


def files_of_our_own(folder: Path) -> list[Path]:
    from dotsbook.audio import write_flac
    from dotsbook.master.encode import write_stream
    from dotsbook.master.mp3 import mp3_codec
    from tests.master.made import speech

    made, dice = [], np.random.default_rng(5)
    for index in range(20):
        rate = (48000, 44100, 22050, 24000)[index % 4]
        parts = [
            speech(float(dice.uniform(1, 5)), index * 10 + i, rate, level=-18 - 2 * (index % 7))
            for i in range(6)
        ]
        parts.append(dice.standard_normal(rate * 2).astype(np.float32) * 10 ** (-(30 + index) / 20))
        samples = np.concatenate(parts) * (1.8 if index % 5 == 0 else 1.0)
        if index % 2:
            path = folder / f"{index:02d}.mp3"
            write_stream(path, [samples.astype(np.float32)], rate, mp3_codec(192 if rate > 40000 else 96))
        else:
            path = folder / f"{index:02d}.flac"
            write_flac(path, samples, rate)
        made.append(path)
    return made


def by_ffmpeg(path: Path) -> dict[str, float]:
    """loudness, true peak, RMS, peak, as ffmpeg says."""
    command = [
        "ffmpeg",
        "-nostats",
        "-hide_banner",
        "-i",
        str(path),
        "-map",
        "0:a",
        "-af",
        "aformat=sample_fmts=flt:channel_layouts=mono,astats=measure_perchannel=none,ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = text[text.rindex("Summary:") :]

    def figure(pattern: str, where: str) -> float:
        found = re.findall(pattern + r"\s*(-?[\d.]+|-inf)", where)
        return float(found[-1]) if found else float("nan")

    return {
        "loudness": figure(r"I:", summary),
        "true peak": figure(r"Peak:", summary),
        "RMS": figure(r"RMS level dB:", text),
        "peak": figure(r"Peak level dB:", text),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path)
    options = parser.parse_args()
    from dotsbook.errors import EncodeError
    from dotsbook.master.hear import hear

    with tempfile.TemporaryDirectory(prefix="meter-") as name:
        files = [
            path
            for folder in options.folders
            for path in sorted(folder.rglob("*"))
            if path.suffix in (".mp3", ".flac", ".wav", ".m4b", ".opus", ".m4a")
        ] or files_of_our_own(Path(name))
        highest: dict[str, float] = {}
        for path in files:
            try:
                heard = hear(path)
            except EncodeError as error:
                print(error)
                continue
            ours = {
                "loudness": heard.loudness,
                "true peak": heard.true_peak_db,
                "RMS": heard.rms,
                "peak": heard.peak_db,
            }
            theirs = by_ffmpeg(path)
            off = {key: ours[key] - theirs[key] for key in ours}
            highest = {
                key: max(highest.get(key, 0.0), abs(off[key])) for key in off if abs(off[key]) < 900
            } or highest
            print(path.name, *(f"{key} {ours[key]:.2f} ({off[key]:+.2f})" for key in ours), sep="  ")
        print(
            len(files),
            "files; highest difference in dB:",
            *(f"{key} {value:.3f}" for key, value in highest.items()),
            sep="  ",
        )


if __name__ == "__main__":
    main()

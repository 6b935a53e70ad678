"""An M4B longer than 32 bit headers hold: `python -m tests.benchmarks.long_m4b [--hours 14]`.

One encoded frame stands for the sound, over and over, so that only the container is at work. Prints whether chapters
and length are read back right (PyAV, mutagen), the size, the time and the peak RSS.
"""

import argparse
import tempfile
import time
from pathlib import Path

RATE = 48000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=14.0)
    parser.add_argument("--chapters", type=int, default=40)
    options = parser.parse_args()
    import resource

    import av
    from mutagen.mp4 import MP4

    from dotsbook.book import Pause
    from dotsbook.manifest import Pacing
    from dotsbook.master.about import About
    from dotsbook.master.chapter_marks import ChapterMark
    from dotsbook.master.encode import aac_packets
    from dotsbook.master.join import Sound
    from dotsbook.master.layout import FRAME, lay_out
    from dotsbook.master.m4b import write_m4b
    from dotsbook.master.room_tone import make_bed
    from dotsbook.master.segments import segments_of
    from tests.master import made

    with tempfile.TemporaryDirectory(prefix="long-") as name:
        folder = Path(name)
        timeline = lay_out([(1, "One", [made.piece(folder, 1, 1, 2.0, Pause.CHAPTER)])], Pacing(), RATE)
        sound = Sound(RATE, {}, make_bed(True, RATE), None)
        packet = aac_packets(segments_of(timeline, sound, "x")[0], sound, 64)[60]
        each = round(options.hours * 3600 * RATE / options.chapters / FRAME) * FRAME
        marks = [ChapterMark(i * each, (i + 1) * each, f"Chapter {i + 1}") for i in range(options.chapters)]
        begin, path = time.perf_counter(), folder / "long.m4b"
        write_m4b(path, (packet for _ in range(marks[-1].end // FRAME + 1)), marks, About("Long"), RATE, 64)
        wall = time.perf_counter() - begin
        with av.open(str(path)) as container:
            found = [float(chapter["start"] * chapter["time_base"]) for chapter in container.chapters()]
        nero = [chapter.start for chapter in MP4(path).chapters or ()]
        for label, times in (("QuickTime", found), ("Nero", nero)):
            off = max(abs(time - mark.start / RATE) for time, mark in zip(times, marks, strict=True))
            print(f"{label}: {len(times)} chapters, {off * 1000:.3f} ms off at most")
        print(
            f"length {MP4(path).info.length / 3600:.4f} h of {marks[-1].end / RATE / 3600:.4f}, "
            f"{path.stat().st_size / 1e6:.0f} MB, "
            f"{wall:.1f} s, RSS {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
        )


if __name__ == "__main__":
    main()

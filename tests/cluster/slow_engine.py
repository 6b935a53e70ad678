"""An engine of syllables that takes its time, as a package of its own: `install` puts it into a folder."""

from pathlib import Path

CODE = '''
"""Syllables at a chosen pace: SLOW seconds a second of sound, asleep as a machine with a graphics card is; or, where SLOW is
"dots", as long as a batch of dots.tts is reckoned to take on an M4 Max. SPOKEN: a file that is told of each line when it
is begun."""
import os, time
from dotsbook.voices import syllables
from dotsbook.voices.spec import EngineSpec

PATCH = 0.16  # seconds of sound
STEP, ROW = 0.0243, 0.0167  # seconds a patch takes, and each line of the batch more: 41 ms for one line, 158 for eight

class SlowEngine(syllables.SyllablesEngine):
    identity, together = "slow:1", 8

    def speak(self, batch):
        if told := os.environ.get("SPOKEN"):
            with open(told, "a") as log:
                log.write("".join(f"{time.time()} {request.seed}\\n" for request in batch))
        slow = os.environ.get("SLOW", "0.1")
        begun, longest = time.monotonic(), 0.0
        for spoken in super().speak(batch):
            seconds = 0.0 if spoken.samples is None else len(spoken.samples) / self.rate
            longest = max(longest, seconds)
            if slow != "dots":
                time.sleep(seconds * float(slow))
            yield spoken
        if slow == "dots":
            takes = longest / PATCH * (STEP + ROW * len(batch))
            time.sleep(max(0.0, takes - (time.monotonic() - begun)))

SPEC = EngineSpec("slow", lambda setup: SlowEngine(), fingerprint=syllables.fingerprint, can=frozenset({"batch"}))
'''


def install(folder: Path) -> Path:
    """The folder, with the engine in it, to be put on the path."""
    about = folder / "slow-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[dotsbook.engines]\nslow = slow_voice:SPEC\n")
    (folder / "slow_voice.py").write_text(CODE)
    return folder

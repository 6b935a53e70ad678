"""An engine of syllables that takes its time, as a package of its own: `install` puts it into a folder."""

from pathlib import Path

CODE = '''
"""Syllables at a chosen pace: SLOW seconds a second of sound, asleep as a machine with a graphics card is. SPOKEN: a file
that is told of each line when it is begun."""
import os, time
from dotsbook.voices import syllables
from dotsbook.voices.spec import EngineSpec

class SlowEngine(syllables.SyllablesEngine):
    identity = "slow:1"

    def speak(self, batch):
        if told := os.environ.get("SPOKEN"):
            with open(told, "a") as log:
                log.write("".join(f"{time.time()} {request.seed}\\n" for request in batch))
        for spoken in super().speak(batch):
            if spoken.samples is not None:
                time.sleep(len(spoken.samples) / self.rate * float(os.environ.get("SLOW", "0.1")))
            yield spoken

SPEC = EngineSpec("slow", lambda setup: SlowEngine(), fingerprint=syllables.fingerprint)
'''


def install(folder: Path) -> Path:
    """The folder, with the engine in it, to be put on the path."""
    about = folder / "slow-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: slow\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[dotsbook.engines]\nslow = slow_voice:SPEC\n")
    (folder / "slow_voice.py").write_text(CODE)
    return folder

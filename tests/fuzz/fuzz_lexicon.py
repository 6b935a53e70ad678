"""Feeds bytes to the lexicon's reader. A lexicon that passes can be used, and no pattern of its keeps a line waiting.

python tests/fuzz/fuzz_lexicon.py CORPUS        with atheris, for as long as it is left to run
"""

import tempfile
import time
from pathlib import Path

from shuffle import LINES, Shuffle

from dotsbook.errors import DotsbookError
from dotsbook.text.lexicon.lexicon_file import load_lexicon
from dotsbook.text.script.spoken import spoken

TEXT = "Siobhan read 12x34 in Paris, Dr. アンナ 重庆 وأحمد — aaaaaaaaaaaaaaaaaaaaaaaa! " * 4
SEEDS = [
    b"Siobhan: shi-VAWN\nDr.: Drive\n",
    b"read: {say: red, language: en, voice: mara, case: exact}\n",
    b"'(\\d+)x(\\d+)': {say: '\\1 by \\2', regex: true}\n",
    b"Paris: [{say: a, language: fr}, {say: b}]\n",
    b"'a*(?:b|c)[d-f]+$': {say: x, regex: true, case: any}\n",
    "重庆: chong2庆\nアン: あん\nأحمد: X\n".encode(),
]
SLOWEST = 5.0  # seconds of processor time for one file and one line
SHUFFLE = Shuffle(LINES, SEEDS)


def one_input(data: bytes) -> None:
    began = time.process_time()
    with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
        file.write(data)
        file.flush()
        try:
            lexicon = load_lexicon(Path(file.name), voices=["mara"])
        except DotsbookError:
            return
    found = lexicon.readings(TEXT, "en", "mara")
    assert all(TEXT[change.start : change.end] == change.before for change in found)
    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))
    assert spoken(TEXT, "en", found, None)[0]
    assert time.process_time() - began < SLOWEST, data


if __name__ == "__main__":
    from harness import run

    run(one_input, SEEDS, SHUFFLE)

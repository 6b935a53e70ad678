"""Feeds bytes to the manifest's reader. A manifest that passes names a folder inside the project and voices that exist.

python tests/fuzz/fuzz_manifest.py CORPUS        with atheris, for as long as it is left to run
"""

import contextlib
import tempfile
import time
from pathlib import Path

from shuffle import LINES, Shuffle

from dotsbook.errors import DotsbookError
from dotsbook.project import open_project

SEEDS = [
    b"title: A\nauthor: B\nlanguage: en\nsource: a.md\nvoices: {narrator: {}, mara: {reference: m.wav, consent: mine}}\n"
    b"cast: {Mara: mara, default: narrator}\n",
    b"title: 1984\nlanguage: no\nsource: [a.md, b.epub]\nskip: [x]\npacing: {sentence: 0.4, pace: 1.1}\noutput:\n"
    b"  formats: [m4b, mp3]\n  folder: out\n",
    b"title: x\nlanguage: en\nsource: a\nsampling: {steps: 4, seed: 42, guidance_scale: 1.2}\n"
    b"reading: {footnotes: inline}\ncredits: {opening: hello}\nlexicon: l.yaml\nretries: 2\nnormalise: off\n",
    b"title: x\nlanguage: en\nsource: [~nobody-here/a.md, ~]\n",
    b"a: &x [*x]\n",
    b"? [a]\n: b\n",
    b"!!python/object/apply:os.system [true]\n",
    b"{" * 40,
    b"title: !!binary aGk=\n",
    b'title: "\\ud800\\x00 "\nlanguage: |\n  en\nsource: >-\n  ../a\n  b\noutput: {folder: "../x"}\n<<: {a: 1e9}\n',
]
SLOWEST = 5.0  # seconds of processor time for one file
SHUFFLE = Shuffle(LINES, SEEDS)


def one_input(data: bytes) -> None:
    began = time.process_time()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "book.yaml").write_bytes(data)
        with contextlib.suppress(DotsbookError):
            project = open_project(folder)
            assert project.manifest.default_voice in project.manifest.voices
            assert all(voice in project.manifest.voices for voice in project.manifest.cast.values())
            assert project.out.is_relative_to(folder) and project.out != folder
            _ = project.sources
    assert time.process_time() - began < SLOWEST, data


if __name__ == "__main__":
    from harness import run

    run(one_input, SEEDS, SHUFFLE)

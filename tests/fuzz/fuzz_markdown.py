"""Feeds bytes to the Markdown and plain text readers. What passes accounts for every character.

python tests/fuzz/fuzz_markdown.py               with atheris, for as long as it is left to run
"""

import tempfile
import time
from pathlib import Path

from fuzz_epub import POLICIES, check

from dotsbook.errors import SourceError
from dotsbook.text.reader import read_book

SLOWEST = 10.0  # seconds for one file, on a busy machine
SEEDS = [
    b'---\ntitle: A Book\nlang: en\n---\n# One\n\n**Mara:** "No."\n\nHe said [so]{Mara} and [mot]{lang=fr '
    b"voice=x}.[^1]\n\n---\n\n> Quoted\n\n- a\n  - b\n\n[^1]: A note\n    goes on.\n",
    b"# One\n\n| a | b |\n|---|---|\n| c | **d** |\n\n```\ncode\n```\n\n<div>html <b>x</b></div>\n\n![alt](x.png) "
    b"[link](y) `code` <br> <!-- c -->\n\n## Two\n\nLine  \nline\n\n***\n\n&amp; \\* ~~x~~\n",
    "CHAPTER I\n\nIt was the best of _times_, it was\nthe worst of times.\n\n   Roses are red,\n   violets are "
    "blue.\n\n* * *\n\n[Illustration: x]\n\n第二章\n\n　山路を。\n".encode(),
]


def one_input(data: bytes) -> None:
    began = time.perf_counter()
    for suffix in (".md", ".txt"):
        with tempfile.NamedTemporaryFile(suffix=suffix) as file:
            file.write(data)
            file.flush()
            for reading in POLICIES:
                try:
                    check(read_book([Path(file.name)], reading))
                except SourceError as error:
                    assert "\n" not in str(error)[:400]
    assert time.perf_counter() - began < SLOWEST


if __name__ == "__main__":
    from harness import run

    run(one_input)

"""Feeds bytes to direction.yaml and the braces of Markdown spans. What passes is written and read again the same.

python tests/fuzz/fuzz_direction.py CORPUS        with atheris, for as long as it is left to run
python tests/fuzz/fuzz_direction.py --storm N     N mutations of the seeds, without it
"""

import random
import sys
import tempfile
import zlib
from pathlib import Path

from shuffle import LINES, Shuffle

from dotsbook.direction import KEYS, delivered, marks_of, parted, read, written
from dotsbook.errors import ManifestError
from dotsbook.production.direction_file import load_direction, with_wanted, write_direction
from dotsbook.text.formats.parts.markdown_spans import SpanLines, marks_asked
from dotsbook.word_anchor import WordAnchor

FILES = (
    "- words: she whispered\n  rate: 0.9\n  pause-after: 0.8\n  emo: sad/2\n",
    "# mine\n- {words: 'a: b', number: 2, paragraph: 'x a: b y', before: x, after: y, instruct: \"low\"}\n",
    "[{words: a, rate: 2}, {words: b, pause-before: 0}]",
    "-   words: |\n      two\n      lines\n    pause-before: 30\n",
    "- words: 雨が\n  emo: calm\n  paragraph: 雨が降っていた。\n",
)
SPANS = (
    "rate=0.9 pause-after=0.8 emo=sad/2",
    "Mara instruct='to herself, low' lang=fr .note #id",
    'voice=mara say="a b" rate = 1.1',
    "pause-before=-1 volume=3 rate=1e999 rate=nan emo=sad/9",
)
SEEDS = [b"\0" + text.encode() for text in FILES] + [b"\1" + text.encode() for text in SPANS]
SHUFFLE = Shuffle(LINES, SEEDS)
FOLDER = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))


def shuffled(data: bytes, chance: random.Random) -> bytes:
    return bytes([chance.randrange(2)]) + SHUFFLE(data[1:], chance)


def one_input(data: bytes) -> None:
    """The first byte says what the rest is."""
    if data[:1] == b"\1":
        span(data[1:].decode("utf-8", "replace"))
    else:
        file(data[1:])


def span(said: str) -> None:
    marks, told = marks_asked(said)
    assert all(isinstance(one, str) and one for one in SpanLines("a.md", f"]{{{said}}}").placed(said, told))
    wanted = {kind: value for _, _, kind, value in marks if kind in KEYS}
    assert read(written(wanted)) == wanted
    assert parted(delivered("mara", written(wanted))) == ("mara", written(wanted))
    assert all(mark.start < mark.end for mark in marks_of(3, 9, wanted))


def file(data: bytes) -> None:
    path = FOLDER / "direction.yaml"
    path.write_bytes(data)
    try:
        before = load_direction(path)
    except ManifestError as error:
        assert str(error)
        return
    if zlib.crc32(data) % 8:
        return  # writing costs more than reading: it is tried with some
    anchors = [before[0].anchor] if before else []
    for anchor in [*anchors, WordAnchor("new words", "with new words in it")]:
        for wanted in ({"rate": "0.9", "pause-after": "1"}, {key: None for key in KEYS}):
            after = with_wanted(before, anchor, wanted)
            path.write_bytes(data)
            write_direction(path, before, after)
            again = [(one.anchor, dict(one.wanted)) for one in load_direction(path)]
            assert again == [(one.anchor, dict(one.wanted)) for one in after]


if __name__ == "__main__":
    from harness import mutate, run

    if sys.argv[1:2] == ["--storm"]:
        source = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
        for number in range(int(sys.argv[2])):
            data = shuffled(source.choice(SEEDS), source) if number % 2 else mutate(SEEDS, source)
            try:
                one_input(data)
            except BaseException as error:
                error.add_note(f"input {number}: {data!r}")
                raise
        print(f"{int(sys.argv[2]):,} inputs, no traceback")
    else:
        run(one_input, SEEDS, shuffled)

"""A million instructions of edits, sound and broken ones, read: each is understood or refused in a sentence.

    python -m tests.benchmarks.fuzz_instructions [--runs 1000000] [--seed 1]

Pieces of tags, entities and text of many scripts in random order, and well-formed instructions with characters changed. Anything
but an InstructionError is a fault and ends the run.
"""

import argparse
import random
import time

from dotsbook.model.editing.changes import instruction_between
from dotsbook.model.editing.forms import check_forms
from dotsbook.model.editing.instruction import InstructionError, parse
from dotsbook.model.editing.several import one_instruction

TAGS = [
    "<del>",
    "</del>",
    "<ins>",
    "</ins>",
    "<sub",
    'targ="new">',
    "<sub>",
    "<sub",
    "targ='a&amp;b'>",
    "</sub>",
    "<emo>",
    "<emo",
    'type="sad">',
    "</emo>",
    "<pause/>",
    "<pause",
    'act="ins"',
    'level="2"/>',
    "<spk_transfer/>",
    "<enhance>",
    "</enhance>",
    "<bg>",
    "</bg>",
    "<rate,",
    "factor=1.2>",
    "</rate>",
    "<pitch,",
    "semitones=5>",
    "</pitch>",
    "<",
    ">",
    "</",
    "/>",
    "<>",
    "<a>",
    "<del/>",
    "<INS>",
    "</ins",
    ">",
    "&lt;",
    "&amp;",
    "&#x27;",
    "&nbsp;",
    "&copy",
    "&#0;",
    "&#xFFFFFFFF;",
    "<|audio_gen_span|>",
    "<!--",
    "-->",
]
TEXT = [
    "a",
    "it",
    "'",
    "s",
    "’",
    "-",
    "well",
    "é",
    "я",
    "他",
    "没",
    "カ",
    "한",
    "ا",
    ".",
    ",",
    "。",
    " ",
    "  ",
    "\n",
    "\x00",
]
TEXT += ["\u200b", "\ud7ff", "🙂", "\u3000", "ſ", "K", '"', "=", "targ", "\u202e", "0", "&"]

ANY = [chr(point) for point in (*range(0xD800), *range(0xE000, 0x30000, 7))]


def piece(dice: random.Random) -> str:
    kind = dice.random()
    if kind < 0.5:
        return dice.choice(TAGS)
    return dice.choice(TEXT) if kind < 0.97 else dice.choice(ANY)


def whole(dice: random.Random, depth: int = 0) -> str:
    parts = []
    for _ in range(dice.randint(1, 4)):
        name = dice.choice(["del", "ins", "emo", "sub", "enhance"])
        if depth < 3 and dice.random() < 0.4:
            opening = '<sub targ="x y">' if name == "sub" else f"<{name}>"
            parts.append(f"{opening}{whole(dice, depth + 1)}</{name}>")
        else:
            parts.append("".join(dice.choice(TEXT) for _ in range(dice.randint(1, 4))))
    text = "".join(parts)
    if depth == 0 and dice.random() < 0.3:
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(["<", ">", "", "/", '"', "&"]) + text[at + 1 :]
    return text


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=1_000_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    dice, read, begun = random.Random(chosen.seed), 0, time.monotonic()
    for run in range(chosen.runs):
        text = whole(dice) if run % 2 else "".join(piece(dice) for _ in range(dice.randint(0, 12)))
        try:
            found = parse(text)
            assert found.source and found.target
            read += 1
            check_forms(text)
            if run % 16 == 0:
                again = instruction_between(found.source, found.target)
                assert (again.source, again.target) == (found.source, found.target)
            if run % 8 == 0:
                one_instruction([text, whole(dice)])
        except InstructionError as refused:
            assert str(refused).endswith((".", "?"))
    print(f"{chosen.runs:,} instructions, {read:,} of them sound, 0 faults, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()

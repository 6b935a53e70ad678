"""A page of documentation as what it tells a reader to do: commands to type, files to write, lines to change.

A fenced block is worked through in order. An HTML comment on the line before it says what it is where that isn't plain:

    <!-- not run: WHY -->          a block that a test can't run (it installs something, it needs a person)
    <!-- exits: 3 -->              its last command ends with this exit code
    <!-- file: mybook/story.md --> the block is this file's new text
    <!-- prints: COMMAND -->       examples of what a command prints, as JSON: the same fields, other values
    <!-- edit: mybook/book.yaml --> its top-level keys take the place of those in the file, or are added
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(
    r"^(?:<!-- *(?P<note>[^\n]*?) *-->\n)?```(?P<kind>[\w-]*)\n(?P<text>.*?)^```$", re.M | re.S
)
KEY = re.compile(r"^(\w+):", re.M)


@dataclass(frozen=True)
class Step:
    kind: str  # sh, python, file, edit, prints, or the block's language where nothing is done with it
    text: str
    line: int  # of the page
    target: str = ""  # a file, or a command
    code: int = 0  # the exit code
    not_run: str = ""  # why

    @property
    def place(self) -> str:
        return f"line {self.line}"


def steps(page: str) -> Iterator[Step]:
    for block in FENCE.finditer(page):
        word, _, rest = (block["note"] or "").partition(":")
        line = page.count("\n", 0, block.start("text"))
        if word in ("file", "edit", "prints"):
            yield Step(word, block["text"], line, target=rest.strip())
        else:
            code = int(rest) if word == "exits" else 0
            why = rest.strip() if word == "not run" else ""
            yield Step(block["kind"], block["text"], line, code=code, not_run=why)


def edited(file: str, change: str) -> str:
    """The file's text with the top-level entries of `change` in the place of its own of those names."""
    for key in KEY.findall(change):
        file = re.sub(rf"^{key}:.*\n(?:[ \t#].*\n|\n(?=[ \t]))*", "", file, flags=re.M)
    return f"{file.rstrip()}\n{change}"


def examples(text: str) -> list[object]:
    """The JSON values of a block, one after the other."""
    found, at, decoder = [], 0, json.JSONDecoder()
    while at < len(text.rstrip()):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


def difference(example: object, found: object, at: str = "") -> str:
    """Where the fields of what was found aren't those of the example; "" if they are. Values are not compared."""
    if isinstance(example, dict) and isinstance(found, dict):
        if example and example.keys() != found.keys():
            return f"{at or 'the object'} has {sorted(found)}, documented are {sorted(example)}"
        pairs = [(example[key], found[key], f"{at}.{key}") for key in example]
    elif isinstance(example, list) and isinstance(found, list):
        pairs = [(example[0], item, f"{at}[]") for item in found] if example else []
    else:
        return (
            ""
            if example is None or found is None or kind_of(example) is kind_of(found)
            else f"{at} is {found!r}"
        )
    return next((told for pair in pairs if (told := difference(*pair))), "")


def kind_of(value: object) -> type:
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


def write(folder: Path, step: Step) -> None:
    target = folder / step.target
    target.parent.mkdir(parents=True, exist_ok=True)
    text = step.text if step.kind == "file" else edited(target.read_text("utf-8"), step.text)
    target.write_text(text, "utf-8")

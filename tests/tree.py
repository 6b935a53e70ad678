"""Prints the tree of docs/house.md, a line a file, from each module's own first sentence: `python -m tests.tree [--write]`."""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "house.md"
BEGIN, END = "<!-- tree -->", "<!-- end tree -->"
ORDER = ("spine", "cli", "production", "tuning", "text", "voices", "model", "cluster", "render", "master")
ROOMS = {
    "spine": "the nouns every room shares",
    "cli": "words to calls: one short file a command, the only place that prints",
    "production": "composes the rooms: plan, render, review, assemble; prints nothing",
    "tuning": "recordings → data sets → trained voices; stands on production and the rooms",
    "text": "manuscript → Book → chunks",
    "voices": "text and a voice → sound: the engine's door and what stands behind it",
    "model": "dots.tts in MLX; knows arrays and token ids, no books",
    "cluster": "voices → sound by many machines, on dask.distributed",
    "render": "chunks → takes: keys, ledger, health, the loop",
    "master": "takes → finished, proven files",
}


def sentence(file: Path) -> str:
    """The first sentence of a module's docstring, without its stop."""
    text = " ".join((ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split("\n\n")[0].split())
    end = next(
        (at for at in range(len(text)) if text[at] == "." and (at + 1 == len(text) or text[at + 1] == " ")),
        len(text),
    )
    return text[:end]


def tree() -> str:
    """The tree as the page shows it."""
    lines = ["```"]
    package = ROOT / "dotsbook"
    for room in ORDER:
        folder = package if room == "spine" else package / room
        files = sorted(folder.glob("*.py")) if room == "spine" else sorted(folder.rglob("*.py"))
        lines.append(f"dotsbook/{'' if room == 'spine' else room + '/':24} {ROOMS[room]}")
        for file in files:
            said = sentence(file)
            if said:
                lines.append(f"  {file.relative_to(folder).as_posix():30} {said}")
    lines += [
        "projects/                         example books that run as they are, and demo.sh",
        "templates/                        what `init` copies: novel, nonfiction, drama",
        "tests/                            a folder a room; attack/ and fuzz/ break it; benchmarks/ measure it",
        "```",
    ]
    return "\n".join(lines)


def in_page() -> str:
    text = PAGE.read_text("utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()


if __name__ == "__main__":
    if "--write" in sys.argv:
        page = PAGE.read_text("utf-8")
        start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        PAGE.write_text(f"{page[:start]}\n{tree()}\n{page[end:]}", "utf-8")
    else:
        print(tree())

"""A small book in a folder of its own, and a way to run commands on it as a user would."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from dotsbook.cli.app import run

STORY = """# The Ferry

## One

The boat left at 6:30. Nobody waved.

**Mara:** "Not tonight."

**Anselm:** "Then when?"

She looked at the water. It had no answer for her, and neither had he.

* * *

In the morning there were 12 gulls on the rail.

## Two

[« On y va tout de suite ? »]{lang=fr}

Nobody moved.

Run! Run! They ran.
"""

MANIFEST = """# a comment that must stay
title: The Ferry
author: A. Writer
language: en
source: story.md
engine: syllables
voices: {narrator: {}, mara: {}, anselm: {}}
cast: {Mara: mara, Anselm: anselm, default: narrator}
pacing: {tail: 1.0}
"""


@dataclass
class Shell:
    """Runs commands in one project and hands back what they said."""

    folder: Path
    capsys: pytest.CaptureFixture

    def __call__(self, command: str, *more: str, code: int = 0) -> str:
        self.capsys.readouterr()
        words = [command, *more]
        returned = run([word.replace("@", str(self.folder)) for word in words])
        said = self.capsys.readouterr()
        assert returned == code, f"{words} ended with {returned}: {said.out}{said.err}"
        return said.out + said.err

    def json(self, command: str, *more: str, code: int = 0) -> dict:
        out = self(command, "@", "--json", *more, code=code)
        return json.loads(out.splitlines()[0])

    def edit(self, name: str, before: str, after: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")

    def takes(self) -> dict[str, int]:
        """{file: when it was written} of every take."""
        return {
            path.name: path.stat().st_mtime_ns
            for path in (self.folder / ".dotsbook" / "takes").rglob("*.flac")
        }


@pytest.fixture
def shell(tmp_path, capsys) -> Shell:
    folder = tmp_path / 'The "Ferry" – übung\'s'
    folder.mkdir()
    (folder / "story.md").write_text(STORY, "utf-8")
    (folder / "book.yaml").write_text(MANIFEST, "utf-8")
    return Shell(folder, capsys)

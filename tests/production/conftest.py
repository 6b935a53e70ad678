"""A small book in a folder of its own, made with the deterministic engine."""

from pathlib import Path

import pytest

STORY = """# The Ferry

## One

The boat left at 6:30. Nobody waved. It rained.

**Mara:** "Not tonight."

## Two

Nobody moved. Run! Run! They ran over the bridge to the mill.
"""

MANIFEST = """title: The Ferry
author: A. Writer
language: en
source: story.md
engine: syllables
voices: {narrator: {}, mara: {}}
cast: {Mara: mara, default: narrator}
pacing: {tail: 1.0}
"""


def make(folder: Path, story: str = STORY, manifest: str = MANIFEST) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "story.md").write_text(story, "utf-8")
    (folder / "book.yaml").write_text(manifest, "utf-8")
    return folder


@pytest.fixture
def ferry(tmp_path) -> Path:
    return make(tmp_path / "ferry")

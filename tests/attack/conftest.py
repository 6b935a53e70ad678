"""A small project, commands in processes of their own, and what a refusal must look like. Knows no room's inside."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from ground import MANIFEST, STORY, Project  # noqa: E402


@pytest.fixture
def project(tmp_path) -> Project:
    """A book of two short chapters."""
    return Project.make(tmp_path / "ground" / "book", STORY, MANIFEST)


@pytest.fixture(scope="session")
def rendered_once(tmp_path_factory) -> Project:
    """The same, rendered; not to be written into."""
    made = Project.make(tmp_path_factory.mktemp("rendered") / "book", STORY, MANIFEST)
    made.must("render", "@")
    return made


@pytest.fixture
def rendered(rendered_once, tmp_path) -> Project:
    """The same, rendered, for one's own."""
    return rendered_once.copy(tmp_path / "ground" / "book")

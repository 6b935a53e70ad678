"""A small book, assembled once for all tests that only look at it."""

import pytest
from made import RATE, book

from dotsbook.manifest import Pacing
from dotsbook.master.layout import lay_out


@pytest.fixture(scope="session")
def small_book(tmp_path_factory):
    """Three chapters of three takes, laid out."""
    return lay_out(book(tmp_path_factory.mktemp("takes"), 3, 3, 0.8), Pacing(), RATE)

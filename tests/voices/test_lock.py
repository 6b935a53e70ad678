"""The lock: written, kept, and every drift named."""

import pytest

from dotsbook.errors import ManifestError
from dotsbook.voices.catalogue import open_engine
from dotsbook.voices.lock import check_lock, write_lock
from dotsbook.voices.spec import EngineChoice
from dotsbook.voices.syllables import SyllablesEngine
from tests.voices.test_catalogue import project


@pytest.fixture
def engine(tmp_path):
    return open_engine(EngineChoice("syllables"), tmp_path / "profiles")


def test_what_was_written_is_kept(tmp_path, engine):
    book = project(tmp_path, "syllables")
    write_lock(book, engine)
    check_lock(book, engine)
    assert "mumble:1" in book.lock_file.read_text()


def test_without_a_lock_there_is_nothing_to_keep_to(tmp_path, engine):
    with pytest.raises(ManifestError, match="render once without --locked"):
        check_lock(project(tmp_path, "syllables"), engine)


def test_drift_is_named(tmp_path, engine):
    write_lock(project(tmp_path, "syllables"), engine)
    changed = project(tmp_path, "syllables", "{narrator: {tempo: 1.1}, mara: {}}")
    with pytest.raises(ManifestError, match="voice mara is new; voice narrator has changed"):
        check_lock(changed, engine)


def test_another_engine_is_named(tmp_path, engine):
    book = project(tmp_path, "syllables")
    write_lock(book, engine)
    book.lock_file.write_text(book.lock_file.read_text().replace("mumble:1", "mumble:0"))
    with pytest.raises(ManifestError, match="identity was mumble:0, is mumble:1"):
        check_lock(book, engine)


@pytest.mark.parametrize(
    "text", ["", "a: [", "lock: 99\n", "- 1\n", "lock: 1\nvoices: 3\nengine: syllables\n"]
)
def test_a_damaged_lock_gets_a_sentence(tmp_path, engine, text):
    book = project(tmp_path, "syllables")
    book.lock_file.write_text(text)
    with pytest.raises(ManifestError, match="lock"):
        check_lock(book, engine)


def test_a_lock_with_an_engines_name_of_before_still_holds(tmp_path):
    book, engine = project(tmp_path, "mumble"), SyllablesEngine()
    write_lock(book, engine)
    book.lock_file.write_text(book.lock_file.read_text().replace("engine: syllables", "engine: mumble"))
    check_lock(book, engine)

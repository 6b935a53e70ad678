"""The lock: written, kept, and every drift named; what isn't a lock of ours harms nothing."""

import pytest

import dotsbook
from dotsbook.production.pinning import require_locked
from dotsbook.production.pins import Pin, PinnedVoice, Pins, differences, read_pins, write_pins
from dotsbook.production.session import Session
from dotsbook.voices.syllables import SyllablesEngine


@pytest.fixture
def pinned(ferry):
    """A book that was rendered, so that its lock stands."""
    with dotsbook.open(ferry) as book:
        list(book.render())
    return ferry


def keep_to(folder) -> None:
    with dotsbook.open(folder) as book:
        require_locked(book.session)


def edit(path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_what_was_written_is_kept(pinned):
    keep_to(pinned)
    assert "mumble:1" in (pinned / "book.lock.yaml").read_text("utf-8")


def test_without_a_lock_there_is_nothing_to_keep_to(ferry):
    with pytest.raises(dotsbook.ManifestError, match="render once without --locked"):
        keep_to(ferry)


def test_drift_is_named(pinned):
    edit(pinned / "book.yaml", "{narrator: {}, mara: {}}", "{narrator: {tempo: 1.1}, mara: {}}")
    with pytest.raises(dotsbook.ManifestError, match="voice narrator has changed"):
        keep_to(pinned)
    edit(pinned / "book.lock.yaml", "mara:", "maria:")
    with pytest.raises(dotsbook.ManifestError, match="voice maria is gone; voice mara is new"):
        keep_to(pinned)


def test_another_engine_is_named(pinned):
    edit(pinned / "book.lock.yaml", "mumble:1", "mumble:0")
    with pytest.raises(dotsbook.ManifestError, match="identity was mumble:0, is mumble:1"):
        keep_to(pinned)


@pytest.mark.parametrize(
    "text", ["", "a: [", "lock: 99\n", "- 1\n", "lock: 1\nvoices: 3\nengine: syllables\n"]
)
def test_a_damaged_lock_gets_a_sentence(pinned, text):
    (pinned / "book.lock.yaml").write_text(text)
    with pytest.raises(dotsbook.ManifestError, match="lock"):
        keep_to(pinned)


def test_a_lock_of_before_with_an_engines_former_name_still_holds(pinned):
    (pinned / "book.lock.yaml").write_text("lock: 1\nengine: mumble\nidentity: mumble:1\nrate: 24000\n")
    keep_to(pinned)


def test_what_is_written_reads_back(tmp_path):
    pin = Pin("dots a/b", "dots", "a/b", "dots:1", 48000, {"core.safetensors": "ab"})
    pins = Pins({pin.key: pin}, {"narrator": PinnedVoice("dots a/b", "e", "f")})
    write_pins(tmp_path / "book.lock.yaml", pins)
    assert read_pins(tmp_path / "book.lock.yaml") == pins
    assert differences(pins, pins) == []


def test_a_lock_that_did_not_change_is_not_written_again(pinned):
    before = (pinned / "book.lock.yaml").stat().st_mtime_ns
    edit(pinned / "story.md", "over the bridge", "under the bridge")
    with dotsbook.open(pinned) as book:
        list(book.render())
    assert (pinned / "book.lock.yaml").stat().st_mtime_ns == before


def test_pins_of_engines_the_book_left_stay_for_its_return(pinned, monkeypatch):
    edit(pinned / "book.yaml", "engine: syllables", "engine: draft")
    monkeypatch.setattr(Session, "check_voices", lambda self: [])
    with dotsbook.open(pinned) as book:
        assert "syllables" in book.session.pins.engines
        assert "draft" not in book.session.pins.engines
    edit(pinned / "book.yaml", "engine: draft", "engine: syllables")
    monkeypatch.setattr(SyllablesEngine, "identity", "mumble:9")
    with dotsbook.open(pinned) as book:
        assert book.status().done == book.status().chunks

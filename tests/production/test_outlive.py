"""Takes outlive engines: what was rendered stays, whatever engine is installed or not, until a person asks for another."""

import hashlib
import re

import pytest
import yaml

import dotsbook
from dotsbook.production.events import Done, Remark
from dotsbook.voices.syllables import SyllablesEngine


def rendered(folder, **options) -> list:
    with dotsbook.open(folder) as book:
        return list(book.render(**options))


def m4b(folder) -> str:
    with dotsbook.open(folder) as book:
        [made] = book.assemble(["m4b"])
    return hashlib.sha256(made.path.read_bytes()).hexdigest()


@pytest.fixture
def newer(monkeypatch):
    """Another version of the engine is installed from now on."""

    def install(identity: str = "mumble:2") -> None:
        monkeypatch.setattr(SyllablesEngine, "identity", identity)

    return install


@pytest.fixture
def away(monkeypatch):
    """The engine isn't installed from now on: whatever opens it fails."""

    def remove() -> None:
        def refuse(self, *_):
            raise dotsbook.VoiceError("The engine isn't installed.")

        monkeypatch.setattr(SyllablesEngine, "__init__", refuse)

    return remove


def test_a_newer_engine_loses_no_take_makes_none_again_and_offers_none_to_sweep(ferry, newer):
    rendered(ferry)
    takes = {path.name for path in (ferry / ".dotsbook/takes").rglob("*.flac")}
    before = m4b(ferry)
    newer()
    with dotsbook.open(ferry) as book:
        status = book.status()
        assert status.done == status.chunks == len(takes)
        assert book.sweep(remove=True).files == ()
        [told] = [warning for warning in book.plan().warnings if "mumble:2" in warning]
        assert "--engine-anew" in told
    assert not any(isinstance(event, Done) for event in rendered(ferry))
    assert {path.name for path in (ferry / ".dotsbook/takes").rglob("*.flac")} == takes
    assert m4b(ferry) == before


def test_a_line_edited_under_a_newer_engine_costs_that_line_and_says_who_spoke_it(ferry, newer):
    rendered(ferry)
    newer()
    story = ferry / "story.md"
    story.write_text(story.read_text("utf-8").replace("over the bridge", "under the bridge"), "utf-8")
    events = rendered(ferry)
    assert sum(isinstance(event, Done) for event in events) == 1
    assert any(isinstance(event, Remark) and "mumble:2" in event.text for event in events)
    with dotsbook.open(ferry) as book, book.session.reading() as ledger:
        spoke = dict(ledger.rows("SELECT made_by, count(*) FROM takes GROUP BY made_by"))
        pinned = {engine for (engine,) in ledger.rows("SELECT DISTINCT engine FROM takes")}
    assert spoke["mumble:2"] == 1 and len(spoke) == 2
    assert len(pinned) == 1 and "mumble:2" not in pinned


def test_engine_anew_makes_all_again_and_keeps_the_old_takes(ferry, newer):
    first = rendered(ferry)
    newer()
    again = rendered(ferry, engine_anew=True)
    assert sum(isinstance(event, Done) for event in again) == sum(isinstance(event, Done) for event in first)
    with dotsbook.open(ferry) as book:
        assert book.plan().warnings == ()
        swept = book.sweep()
        assert swept.files == () and swept.kept == sum(isinstance(event, Done) for event in first)
        assert len(book.sweep(remove=True, other_engines=True).files) == swept.kept
        assert book.status().done == book.status().chunks


def test_without_the_engine_all_but_speaking_works_and_the_book_is_the_same(ferry, away):
    rendered(ferry)
    before = m4b(ferry)
    for path in (ferry / "out").iterdir():
        path.unlink()
    away()
    with dotsbook.open(ferry) as book:
        assert book.status().done == book.status().chunks
        plan = book.plan()
        assert plan.estimate.chunks == 0
        assert not book.verify().faults
        assert book.sweep(remove=True).files == ()
        assert [type(event).__name__ for event in book.render()] == ["Rendered"]
    assert m4b(ferry) == before


def test_without_the_engine_an_unrendered_book_is_planned_with_keys_left_open(ferry, away):
    away()
    with dotsbook.open(ferry) as book:
        record = book.plan().record()
        assert all(chunk["key"] is None for chapter in record["chapters"] for chunk in chapter["chunks"])
        assert book.status().done == 0
        with pytest.raises(dotsbook.VoiceError, match="isn't installed"):
            list(book.render())


def test_without_its_lock_a_book_finds_its_takes_by_what_the_ledger_says(ferry, newer):
    rendered(ferry)
    (ferry / "book.lock.yaml").unlink()
    newer()
    with dotsbook.open(ferry) as book:
        assert book.status().done == book.status().chunks
    rendered(ferry)
    with dotsbook.open(ferry) as book:
        assert book.status().done == book.status().chunks


def test_a_lock_of_the_first_format_is_kept_to(ferry, newer):
    rendered(ferry)
    lock = ferry / "book.lock.yaml"
    data = yaml.safe_load(lock.read_text("utf-8"))
    [pin] = data["engines"].values()
    old = {"lock": 1, "engine": "syllables", "identity": pin["identity"], "rate": pin["rate"], "voices": {}}
    lock.write_text(yaml.safe_dump(old), "utf-8")
    newer()
    with dotsbook.open(ferry) as book:
        assert book.status().done == book.status().chunks


def test_another_machine_finds_the_same_keys(ferry, newer, tmp_path):
    """The folder's git half, elsewhere, with another engine: keys are the pinned ones."""
    import shutil

    rendered(ferry)
    copy = tmp_path / "elsewhere"
    shutil.copytree(ferry, copy, ignore=shutil.ignore_patterns(".dotsbook", "out"))
    newer()

    def keys(folder) -> list[str]:
        with dotsbook.open(folder) as book:
            return re.findall(r"'key': '(r1:\w+)'", str(book.plan().record()))

    assert keys(copy) == keys(ferry) != []


def test_a_spoiled_lock_is_a_sentence(ferry):
    (ferry / "book.lock.yaml").write_text("lock: 2\nengines: [1]\n", "utf-8")
    with dotsbook.open(ferry) as book, pytest.raises(dotsbook.ManifestError, match="git"):
        book.status()


def test_locked_refuses_a_newer_engine(ferry, newer):
    rendered(ferry)
    story = ferry / "story.md"
    story.write_text(story.read_text("utf-8").replace("It rained.", "It snowed."), "utf-8")
    newer()
    with pytest.raises(dotsbook.ManifestError, match="mumble:2"):
        rendered(ferry, locked=True)


def test_another_model_of_the_same_engine_is_another_book_of_takes(ferry, newer):
    """What a person changes in the manifest is meant: takes of the former model aren't taken for the new one's."""
    rendered(ferry)
    manifest = ferry / "book.yaml"
    manifest.write_text(manifest.read_text("utf-8") + "model: other/model\n", "utf-8")
    newer()
    with dotsbook.open(ferry) as book:
        assert book.status().done == 0
    manifest.write_text(manifest.read_text("utf-8").replace("model: other/model\n", ""), "utf-8")
    with dotsbook.open(ferry) as book:
        assert book.status().done == book.status().chunks, "and the former ones are found again"

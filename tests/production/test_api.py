"""The Python API does what the command line does: prints nothing, works from any thread, is stopped by its argument."""

import ast
import json
import threading
from pathlib import Path

import pytest

import dotsbook
from dotsbook.production.events import ChapterDone, Done, Rendered, Started
from tests.production.conftest import make


def names() -> list[str]:
    """The names that a person may count on."""
    return [
        "DotsbookError",
        "EncodeError",
        "LedgerError",
        "ManifestError",
        "ModelError",
        "OutputError",
        "RenderError",
        "SourceError",
        "Unfinished",
        "VoiceError",
        "__version__",
        "begin",
        "open",
    ]


def test_the_exported_names_are_these():
    assert dotsbook.__all__ == names()
    assert all(hasattr(dotsbook, name) for name in dotsbook.__all__)


def test_the_doors_methods_are_these():
    from dotsbook.production.production import Production

    public = {name for name in vars(Production) if not name.startswith("_")}
    assert public == {
        "approve",
        "assemble",
        "cast",
        "changes",
        "chapters",
        "check",
        "check_outputs",
        "checked",
        "choose",
        "chunks",
        "close",
        "direction",
        "corrections",
        "export_notes",
        "import_notes",
        "fix",
        "fix_directed",
        "likeness",
        "lock",
        "measure",
        "note",
        "plan",
        "project",
        "render",
        "retake",
        "retake_unlike",
        "review",
        "speaker",
        "status",
        "sweep",
        "unsure_skips",
        "verify",
    }


def test_a_book_from_beginning_to_end(tmp_path, capsys):
    (tmp_path / "story.md").write_text("# A Tale\n\n## One\n\nThe boat left. Nobody waved.\n", "utf-8")
    manifest = dotsbook.begin(tmp_path / "tale", tmp_path / "story.md")
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace("engine: draft", "engine: syllables"), "utf-8")
    with dotsbook.open(tmp_path / "tale") as book:
        plan = book.plan()
        assert plan.record()["receipt"]["unaccounted"] == 0
        assert plan.estimate.chunks == sum(chapter.count for chapter in plan.chapters)
        events = list(book.render())
        made = list(book.assemble(formats=["m4b"]))
        assert book.status().done == book.status().chunks == plan.estimate.chunks
        assert not book.verify().faults
        assert book.lexicon.find() == []
    assert isinstance(events[-1], Rendered) and events[-1].outcome.complete
    assert [type(event) for event in events].count(Done) == plan.estimate.chunks
    assert ChapterDone in map(type, events)
    assert made[0].proof.ok and made[0].path.is_file()
    said = capsys.readouterr()
    assert said.out == said.err == "", "the library prints nothing"


def test_the_library_touches_neither_signals_nor_faces():
    for file in Path(dotsbook.__file__).parent.glob("production/*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.split(".")[0] not in ("signal", "typer", "rich"), f"{file.name} imports {name}"


def test_two_projects_at_once_from_threads_that_are_not_the_main_one(tmp_path):
    found: dict[str, list] = {}

    def work(name: str) -> None:
        with dotsbook.open(make(tmp_path / name)) as book:
            events = list(book.render())
            found[name] = [events[-1].outcome.done, [made.proof.ok for made in book.assemble(["m4b"])]]

    threads = [threading.Thread(target=work, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found["a"] == found["b"] == [found["a"][0], [True]] and found["a"][0] > 5


def test_a_book_opened_on_one_thread_works_on_another(ferry):
    with dotsbook.open(ferry) as book:
        book.plan()
        result: list = []
        thread = threading.Thread(target=lambda: result.append(list(book.render())[-1].outcome.done))
        thread.start()
        thread.join(60)
        assert result and book.status().done == result[0]


@pytest.mark.parametrize("as_event", [True, False])
def test_its_argument_stops_a_render(tmp_path, as_event):
    lines = "\n\n".join(f"Boat number {n} left the harbour before anyone was awake." for n in range(300))
    stop = threading.Event()
    with dotsbook.open(make(tmp_path / "long", f"# A\n\n## One\n\n{lines}\n")) as book:
        for event in book.render(stop=stop if as_event else stop.is_set):
            if isinstance(event, Done):
                stop.set()
        assert event.outcome.stopped == "interrupted"
        status = book.status()
        assert 1 <= status.done < status.chunks and event.outcome.left == status.chunks - status.done
        list(book.render())
        assert book.status().done == status.chunks


def test_closing_the_generator_leaves_a_project_that_goes_on(ferry):
    with dotsbook.open(ferry) as book:
        events = book.render()
        for event in events:
            if isinstance(event, Done):
                break
        events.close()
        done = book.status().done
        assert done >= 1
        list(book.render())  # the lock was let go of
        assert book.status().done == book.status().chunks


def test_started_carries_figures_that_move(ferry):
    with dotsbook.open(ferry) as book:
        figures = None
        for event in book.render():
            if isinstance(event, Started):
                figures, before = event.progress, event.progress.done
        assert figures.done - before == figures.total


def test_a_chapter_that_is_not_there_is_a_sentence(ferry):
    with dotsbook.open(ferry) as book, pytest.raises(dotsbook.ManifestError, match="chapters 1 to 2"):
        book.render(chapters=[3])


def test_records_are_what_the_commands_print(ferry, capsys):
    from dotsbook.cli.app import run

    with dotsbook.open(ferry) as book:
        list(book.render())
        plan, status = book.plan().record(), book.status().record()
    for command, record in (("plan", plan), ("status", status)):
        capsys.readouterr()
        assert run([command, str(ferry), "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(record))

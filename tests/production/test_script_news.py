"""A newer reader says which lines it reads otherwise, and what that costs, before it costs it."""

import dotsbook
from dotsbook.production.events import Done, Remark
from dotsbook.text import version


def newer(monkeypatch, ferry) -> None:
    """Another version of the reader: it reads 6:30 otherwise."""
    made_by = dict(version.made_by())
    monkeypatch.setattr(version, "made_by", lambda: made_by | {"num2words": "99.0"})
    from dotsbook.text.script import spoken

    normal = spoken.spoken

    def otherwise(text, *more):
        said, changes = normal(text, *more)
        return said.replace("six thirty", "half past six"), changes

    for module in ("spoken", "script_writer"):
        target = __import__(f"dotsbook.text.script.{module}", fromlist=["spoken"])
        if hasattr(target, "spoken"):
            monkeypatch.setattr(target, "spoken", otherwise)


def test_a_newer_reader_is_told_with_its_lines_and_its_cost(ferry, monkeypatch):
    with dotsbook.open(ferry) as book:
        list(book.render())
        assert any("six thirty" in chunk.spoken for chunk in book.chunks())
    newer(monkeypatch, ferry)
    with dotsbook.open(ferry) as book:
        [told] = book.plan().warnings
        assert "num2words" in told and "99.0" in told and "1.2" in told
        events = list(book.render())
    remarks = [event.text for event in events if isinstance(event, Remark)]
    assert told in remarks
    first_take = next(i for i, event in enumerate(events) if isinstance(event, Done))
    assert events.index(Remark(told)) < first_take
    assert sum(isinstance(event, Done) for event in events) == 1, "only what is spoken otherwise"
    with dotsbook.open(ferry) as book:
        assert book.plan().warnings == (), "once it is rendered there is nothing to tell"


def test_a_newer_reader_that_reads_the_same_says_nothing(ferry, monkeypatch):
    with dotsbook.open(ferry) as book:
        list(book.render())
    made_by = dict(version.made_by())
    monkeypatch.setattr(version, "made_by", lambda: made_by | {"lxml": "99.0"})
    with dotsbook.open(ferry) as book:
        assert book.plan().warnings == ()
        assert book.status().done == book.status().chunks


def test_an_edit_of_the_manuscript_is_no_news(ferry):
    with dotsbook.open(ferry) as book:
        list(book.render())
    story = ferry / "story.md"
    story.write_text(story.read_text("utf-8").replace("over the bridge", "under the bridge"), "utf-8")
    with dotsbook.open(ferry) as book:
        assert book.plan().warnings == ()

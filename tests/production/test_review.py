"""What a listener wants of lines is taken while a render runs, and a retake is rendered in that run."""

import threading

import pytest

import dotsbook
from dotsbook.production.events import Done
from dotsbook.voices.syllables import SyllablesEngine


def line(book, text: str):
    return next(chunk for chunk in book.chunks() if text in chunk.text)


def test_retakes_notes_and_approvals_during_a_running_render(ferry, monkeypatch):
    heard, go = threading.Event(), threading.Event()
    speak = SyllablesEngine.speak

    def slow(self, batch):
        for spoken in speak(self, batch):
            yield spoken
            go.wait(30)

    monkeypatch.setattr(SyllablesEngine, "speak", slow)
    events: list = []

    def work() -> None:
        with dotsbook.open(ferry) as book:
            for event in book.render():
                events.append(event)
                if isinstance(event, Done):
                    heard.set()

    runner = threading.Thread(target=work)
    runner.start()
    assert heard.wait(30)
    with dotsbook.open(ferry) as book:
        done = next(event for event in events if isinstance(event, Done)).job.chunk.id
        assert book.approve([done]) == 1
        assert book.status().approved == 1
        assert book.retake([done], why="the name") == 1
        book.note(done, "said it twice", "extra", 1.5)
    go.set()
    runner.join(60)
    assert not runner.is_alive()
    made = [event.job for event in events if isinstance(event, Done) and event.job.chunk.id == done]
    assert len(made) == 2 and made[1].retake == 1, "the retake is made in the run that was going on"
    with dotsbook.open(ferry) as book:
        status = book.status()
        assert (status.notes, status.approved) == (1, 0), "a retake ends an approval"
        assert status.done == status.chunks


def test_a_locked_line_is_not_made_again(ferry):
    with dotsbook.open(ferry) as book:
        list(book.render())
        waved = line(book, "Nobody waved").id
        book.lock([waved])
        with pytest.raises(dotsbook.ManifestError, match="locked"):
            book.retake([waved])
        events = list(book.render(chapters=[1], again=True))
        assert waved not in [event.job.chunk.id for event in events if isinstance(event, Done)]
        assert any(waved in getattr(event, "text", "") for event in events)
        book.lock([waved], unlock=True)
        assert book.retake([waved]) == 1


def test_lines_are_named_by_key_too(ferry):
    with dotsbook.open(ferry) as book:
        list(book.render())
        chunk = book.plan().chapters[0].chunks[1]
        assert book.retake([chunk.key[:14]]) == 1
        again = [event.job.chunk.id for event in book.render() if isinstance(event, Done)]
        assert again == [chunk.chunk.id]
        with pytest.raises(dotsbook.ManifestError, match="no chunk 9.99"):
            book.retake(["9.99"])


def test_a_former_take_is_chosen_and_the_newest_taken_up_again(ferry):
    with dotsbook.open(ferry) as book:
        list(book.render())
        first = book.plan().chapters[0].chunks[1]
        book.retake([first.chunk.id])
        list(book.render())
        second = book.plan().chapters[0].chunks[1]
        assert second.key != first.key
        book.choose(first.chunk.id, first.key)
        assert book.plan().chapters[0].chunks[1].key == first.key
        assert book.sweep().files == (), "the take not chosen is a choice, not waste"
        book.choose(first.chunk.id, None)
        assert book.plan().chapters[0].chunks[1].key == second.key


def test_a_take_of_another_line_cannot_be_chosen(ferry):
    with dotsbook.open(ferry) as book:
        list(book.render())
        one, two = book.plan().chapters[0].chunks[:2]
        with pytest.raises(dotsbook.ManifestError, match="another line.s"):
            book.choose(one.chunk.id, two.key)


def test_notes_need_words_and_a_known_category(ferry):
    with dotsbook.open(ferry) as book:
        waved = line(book, "Nobody waved").id
        with pytest.raises(dotsbook.ManifestError, match="empty"):
            book.note(waved, " ")
        with pytest.raises(dotsbook.ManifestError, match="category"):
            book.note(waved, "odd", "colour")

"""`ears:` in a book: takes heard in `render` and by `check`, doubted ones tried again, listed, and nothing heard twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

import dotsbook
from dotsbook.errors import ManifestError, ModelError
from dotsbook.production.checking import CheckStarted, HeardLine
from dotsbook.production.events import Remark, Rendered
from dotsbook.render.opinions import Opinion, SpokenWord
from tests.production.conftest import MANIFEST, make

ON = MANIFEST + "ears: {words: on}\n"


class ScriptedWords:
    """A judge of words that says what `says` gives for a take and how often its line was heard before."""

    name, threshold, parallel = "words", 0.5, False

    def __init__(self, says=lambda take, before: Opinion(0.9), version="1"):
        self.says, self.version = says, version
        self.heard: list = []

    def hear(self, take):
        before = sum(other.key == take.key for other in self.heard)
        self.heard.append(take)
        return self.says(take, before)


def asked(monkeypatch, judge):
    monkeypatch.setattr("dotsbook.production.book_judges.ears_of", lambda session: [judge])
    return judge


def doubt(take, before) -> Opinion:
    """Doubts lines with a boat in them."""
    at = take.text.find("boat")
    if at < 0:
        return Opinion(0.95)
    word = SpokenWord(at, at + 4, 0.8, 1.1, "goat", 0.9)
    return Opinion(0.1, ("“goat” is heard for “boat”",), {"at": 0.8}, ((at, at + 4),), (word,))


def rendered(folder: Path) -> Rendered:
    with dotsbook.open(folder) as book:
        return list(book.render())[-1]


def test_a_doubted_take_gets_its_retries_and_the_best_is_kept(tmp_path, monkeypatch):
    def better_and_better(take, before):
        return Opinion(0.1 + 0.2 * before, ("no",)) if "boat" in take.text else Opinion(0.9)

    judge = asked(monkeypatch, ScriptedWords(better_and_better))
    folder = make(tmp_path / "book", manifest=ON)
    rendered(folder)
    times = Counter(take.text for take in judge.heard)
    assert max(times.values()) == 3 and sum(count > 1 for count in times.values()) == 1
    with dotsbook.open(folder) as book:
        assert book.status().doubtful == ()
        events = list(book.check())
    assert [event for event in events if isinstance(event, HeardLine)] == []
    assert sum(isinstance(event, CheckStarted) and event.takes == 0 for event in events) == 1


def test_ears_change_no_key(tmp_path, monkeypatch):
    asked(monkeypatch, ScriptedWords())
    plain, heard = make(tmp_path / "plain"), make(tmp_path / "heard", manifest=ON)
    for folder in (plain, heard):
        rendered(folder)
    takes = [
        sorted(path.name for path in folder.glob(".dotsbook/takes/*/*.flac")) for folder in (plain, heard)
    ]
    assert takes[0] == takes[1] and takes[0]


def test_check_tells_what_it_will_cost_and_lists_what_it_doubts(tmp_path, monkeypatch):
    folder = make(tmp_path / "book")
    rendered(folder)
    (folder / "book.yaml").write_text(ON, "utf-8")
    judge = asked(monkeypatch, ScriptedWords(doubt))
    with dotsbook.open(folder) as book:
        started, *lines = [event for event in book.check() if not isinstance(event, Remark)]
        chunks = len(list(book.chunks()))
        assert started.takes == chunks == len(lines) == len(judge.heard) and started.audio > 5
        [bad] = [line for line in lines if line.doubted]
        assert book.status().doubtful == (bad.chunk,)
    page = (folder / "out" / "report.html").read_text("utf-8")
    assert "“goat” is heard for “boat”" in page
    assert "<mark>boat</mark>" in page and "<rt>goat</rt>" in page and "#t=0.40" in page
    with dotsbook.open(folder) as book:
        book.approve([bad.chunk])
        assert book.status().doubtful == ()


def test_another_version_hears_again(tmp_path, monkeypatch):
    folder = make(tmp_path / "book")
    rendered(folder)
    asked(monkeypatch, ScriptedWords(doubt))
    with dotsbook.open(folder) as book:
        list(book.check())
        assert len(book.status().doubtful) == 1
    judge = asked(monkeypatch, ScriptedWords(version="2"))
    with dotsbook.open(folder) as book:
        list(book.check())
        assert len(judge.heard) == len(list(book.chunks()))
        assert book.status().doubtful == (), "the last opinion counts"


def test_a_recogniser_that_is_not_here_is_a_sentence(tmp_path):
    folder = make(tmp_path / "book", manifest=MANIFEST + "ears: {words: on, recogniser: nowhere/whisper}\n")
    with dotsbook.open(folder) as book, pytest.raises(ModelError, match="hf download nowhere/whisper"):
        list(book.render())


def test_no_judge_is_a_remark(tmp_path):
    ferry = make(tmp_path / "ferry")
    with dotsbook.open(ferry) as book:
        told = [event.text for event in book.check() if isinstance(event, Remark)]
        assert any("ears: {words: on}" in text for text in told)
        with pytest.raises(ManifestError, match="no judge words"):
            list(book.check(judges=["words"]))


def test_languages_that_a_recogniser_lacks_are_told(tmp_path, monkeypatch):
    judge = ScriptedWords()
    judge.recogniser = type("English", (), {"hears": lambda self, language: language == "en"})()
    asked(monkeypatch, judge)
    folder = make(tmp_path / "book", manifest=ON.replace("language: en", "language: de"))
    with dotsbook.open(folder) as book:
        told = [event.text for event in book.render() if isinstance(event, Remark)]
    assert sum("doesn't know de" in text for text in told) == 1


SLOW = """
import sys, time
from pathlib import Path
import dotsbook, dotsbook.production.book_judges as judges
from dotsbook.render.opinions import Opinion

class Slow:
    name, version, threshold = "words", "1", 0.5
    def hear(self, take):
        with Path(sys.argv[2]).open("a") as log:
            log.write(take.key + "\\n")
        time.sleep(0.03)
        return Opinion(0.9)

judges.ears_of = lambda session: [Slow()]
with dotsbook.open(sys.argv[1]) as book:
    list(book.check())
"""


def test_check_goes_on_after_kill_and_hears_nothing_twice(tmp_path):
    story = "# Long\n\n## One\n\n" + " ".join(f"Line number {at} went by." for at in range(60))
    folder, log = make(tmp_path / "book", story, ON.replace("ears: {words: on}\n", "")), tmp_path / "log"
    rendered(folder)
    (folder / "book.yaml").write_text(ON, "utf-8")
    (tmp_path / "slow.py").write_text(SLOW, "utf-8")
    command = [sys.executable, str(tmp_path / "slow.py"), str(folder), str(log)]
    running = subprocess.Popen(command)
    until = time.monotonic() + 60
    while time.monotonic() < until and (not log.exists() or len(log.read_text().split()) < 8):
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    before = log.read_text().split()
    assert 8 <= len(before) < 60
    subprocess.run(command, check=True, timeout=100)
    heard = Counter(log.read_text().split())
    with dotsbook.open(folder) as book:
        assert len(heard) == len(list(book.chunks()))
    assert {key for key, count in heard.items() if count > 1} <= {before[-1]}, "only what the kill cut short"


def test_what_a_better_judge_accepts_is_doubtful_no_more(tmp_path, monkeypatch):
    """A take that was kept though a judge spoke against it in the render itself."""
    asked(monkeypatch, ScriptedWords(doubt))
    folder = make(tmp_path / "book", manifest=ON)
    rendered(folder)
    with dotsbook.open(folder) as book:
        assert len(book.status().doubtful) == 1
    asked(monkeypatch, ScriptedWords(version="2"))
    with dotsbook.open(folder) as book:
        list(book.check())
        assert book.status().doubtful == ()
    assert "None: every take passed" in (folder / "out" / "report.html").read_text("utf-8")


def test_an_approved_take_is_doubtful_no_more(tmp_path, monkeypatch):
    asked(monkeypatch, ScriptedWords(doubt))
    folder = make(tmp_path / "book", manifest=ON)
    rendered(folder)
    with dotsbook.open(folder) as book:
        [line] = book.status().doubtful
        book.approve([line])
        assert book.status().doubtful == ()

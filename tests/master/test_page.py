"""The page to listen by, without a browser: its structure, its policy, and that nothing a book says can run in it."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from dotsbook.book import Cover
from dotsbook.master.page import BARS, ChapterAudio, page

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> javascript:alert(3) <!-- ]]> & \u2028 \" '"


class Reader(HTMLParser):
    """All start tags with their attributes, and the text of each script."""

    def __init__(self):
        super().__init__()
        self.tags, self.scripts, self.inside = [], [], False

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside = tag == "script"
        if self.inside:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "script"

    def handle_data(self, data):
        if self.inside:
            self.scripts[-1] += data


def made(timeline, title="A Book", byline="An Author", cover=None):
    audio = {
        track.number: ChapterAudio("A%20Book.m4b", track.start / timeline.rate) for track in timeline.tracks
    }
    text = page(timeline, audio, title=title, byline=byline, language="en", cover=cover)
    reader = Reader()
    reader.feed(text)
    return text, reader


@pytest.fixture
def hostile(small_book):
    """The same book, its titles and sentences out to do harm."""

    def spoil(placed):
        return replace(
            placed,
            voiced=replace(
                placed.voiced, chunk=replace(placed.voiced.chunk, text=HOSTILE, language='"><script>')
            ),
        )

    return replace(
        small_book,
        tracks=tuple(
            replace(track, title=HOSTILE, placements=tuple(map(spoil, track.placements)))
            for track in small_book.tracks
        ),
    )


def test_the_data_reads_back(small_book):
    _, reader = made(small_book)
    book = json.loads(reader.scripts[0])
    assert [chapter["title"] for chapter in book["chapters"]] == [track.title for track in small_book.tracks]
    assert [len(chapter["sentences"]) for chapter in book["chapters"]] == [
        len(track.placements) for track in small_book.tracks
    ]
    first, placed = book["chapters"][1]["sentences"][0], small_book.tracks[1].placements[0]
    assert (
        first[0] == pytest.approx(placed.speech[0] / small_book.rate, abs=0.001)
        and first[2] == placed.voiced.chunk.text
    )
    assert book["chapters"][1]["offset"] == pytest.approx(small_book.tracks[1].start / small_book.rate)
    assert len(book["chapters"][0]["wave"]) == BARS and max(book["chapters"][0]["wave"]) == 1


def test_the_policy_lets_only_the_pages_own_script_run(small_book):
    _, reader = made(small_book)
    policy = next(
        attrs["content"]
        for tag, attrs in reader.tags
        if tag == "meta" and attrs.get("http-equiv") == "Content-Security-Policy"
    )
    digest = base64.b64encode(hashlib.sha256(reader.scripts[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy
    assert "unsafe-eval" not in policy and "http" not in policy.replace("http-equiv", "")


def test_nothing_a_book_says_becomes_markup(small_book, hostile):
    plain, bad = made(small_book)[1], made(hostile, HOSTILE, HOSTILE)[1]
    assert [tag for tag, _ in bad.tags] == [tag for tag, _ in plain.tags]
    assert not any(key.startswith("on") for _, attrs in bad.tags for key in attrs)
    assert len(bad.scripts) == 2 and bad.scripts[1] == plain.scripts[1]
    said = json.loads(bad.scripts[0])["chapters"][0]["sentences"][0][2]
    assert said.startswith("</script><script>alert(1)</script>")


def test_nothing_is_fetched_from_elsewhere(hostile):
    text, reader = made(hostile, HOSTILE, HOSTILE, Cover(b"\xff\xd8\xff\xe0", 'image/jpeg" onload="alert(1)'))
    for tag, attrs in reader.tags:
        for key in ("src", "href", "action", "data"):
            assert not re.match(r"\s*(https?:|//|javascript:)", attrs.get(key) or ""), (tag, attrs)
        assert "onload" not in attrs
    assert "@import" not in text


def test_the_script_writes_text_not_markup(small_book):
    script = made(small_book)[1].scripts[1]
    assert "eval(" not in script and "document.write" not in script and "insertAdjacentHTML" not in script
    assert re.findall(r"(\w+)\(?.{0,12}\.innerHTML", script) in ([], ["at"])  # the waveform: numbers only


def test_it_can_be_used_by_keyboard_and_by_ear(small_book):
    text, reader = made(small_book)
    html = next(attrs for tag, attrs in reader.tags if tag == "html")
    named = {attrs.get("id"): attrs.get("aria-label") for _, attrs in reader.tags}
    assert html["lang"] == "en" and named["seek"]
    for button in ("Play", "Back 15 s", "Forward 15 s"):
        assert f">{button}</button>" in text, "a button's name is what stands on it"
    assert any(tag == "nav" and attrs.get("aria-label") for tag, attrs in reader.tags)
    assert any(attrs.get("role") == "alert" for _, attrs in reader.tags)

"""Words with times in what is written: WebVTT, JSON, the page, the read-along and the proof of words."""

import json
import re
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from made import RATE, produced
from test_page import Reader
from test_readalong import told  # noqa: F401  a fixture

from dotsbook.master.about import About
from dotsbook.master.cues import book_cues, chapter_cues, timings, vtt
from dotsbook.master.mastering import Settings
from dotsbook.master.page import ChapterAudio, page
from dotsbook.master.readalong.reopened import clips_of
from dotsbook.master.timeline import TimedWord, Timeline
from dotsbook.master.word_marks import placed_words
from dotsbook.master.word_proof import laid_out, word_times


def heard(placed, **other):
    """A placement whose take was heard: each word as long as the next; `other`: what is else of the word with a number."""
    words, take = list(re.finditer(r"\S+", placed.voiced.chunk.text)), placed.voiced.take
    begin, each = take.first / take.rate, (take.last - take.first) / take.rate / len(words)
    timed = [
        TimedWord(
            *word.span(), begin + at * each, begin + (at + 1) * each, word[0], **other.get(f"w{at}", {})
        )
        for at, word in enumerate(words)
    ]
    return replace(placed, voiced=replace(placed.voiced, words=tuple(timed)))


def with_words(timeline: Timeline, **other) -> Timeline:
    """A book of which ears have heard all but the first line of each chapter."""
    return replace(
        timeline,
        tracks=tuple(
            replace(
                track,
                placements=(
                    track.placements[0],
                    *(heard(placed, **other) for placed in track.placements[1:]),
                ),
            )
            for track in timeline.tracks
        ),
    )


@pytest.fixture
def timeline(small_book):
    return with_words(small_book, w1={"doubted": True})


def test_words_lie_in_their_line_and_in_order(timeline):
    for track in timeline.tracks:
        for placed in track.placements:
            words = placed_words(placed)
            assert all(placed.start <= one.begin <= one.end <= placed.end for one in words)
            assert all(one.end <= two.begin for one, two in zip(words, words[1:], strict=False))
    placed = timeline.tracks[0].placements[1]
    assert placed_words(placed)[0].begin == pytest.approx(placed.speech[0], abs=2)
    assert placed_words(placed)[-1].end == pytest.approx(placed.speech[1], abs=2)


def test_a_word_that_strays_is_kept_in_its_line(small_book):
    placed = small_book.tracks[0].placements[0]
    odd = (TimedWord(0, 8, -3.0, 99.0), TimedWord(9, 10, 0.1, 0.2))
    placed = replace(placed, voiced=replace(placed.voiced, words=odd))
    assert [(one.begin, one.end) for one in placed_words(placed)] == [
        (placed.start, placed.end),
        (placed.end, placed.end),
    ]


def test_vtt_has_a_rising_time_before_each_word_and_the_same_text(timeline):
    plain, timed = (vtt(book_cues(timeline), words) for words in (False, True))
    stamp = re.compile(r"<(\d\d:\d\d:\d\d\.\d{3})>")
    assert stamp.sub("", timed) == plain and not stamp.search(plain)
    block = next(part for part in timed.split("\n\n") if part.startswith("1.2\n"))
    _, span, text = block.split("\n")
    begin, end = span.split(" --> ")
    stamps = stamp.findall(text)
    assert len(stamps) == 4, "the first word begins with its cue"
    assert [begin, *stamps, end] == sorted({begin, *stamps, end})


def test_soft_hyphens_and_spaces_do_not_move_words(small_book):
    placed = small_book.tracks[0].placements[0]
    text = "  Co\u00adop  \n is\u200b here."
    chunk = replace(placed.voiced.chunk, text=text)
    placed = heard(replace(placed, voiced=replace(placed.voiced, chunk=chunk)))
    [cue] = chapter_cues(replace(small_book.tracks[0], placements=(placed,)), RATE)
    assert cue.text == "Coop is here."
    assert [cue.text[word.first : word.last] for word in cue.words] == ["Coop", "is", "here."]


def test_json_has_words_where_they_were_heard(timeline, small_book):
    sentences = timings(timeline)["chapters"][0]["sentences"]
    assert "words" not in sentences[0] and [word["text"] for word in sentences[1]["words"]] == [
        "Sentence",
        "2",
        "of",
        "chapter",
        "1.",
    ]
    assert "words" not in json.dumps(timings(small_book))


def test_the_page_marks_words_and_says_the_same(timeline):
    audio = {track.number: ChapterAudio("a.m4b") for track in timeline.tracks}
    about = {"title": "T", "byline": "", "language": "en"}
    texts = []
    for words in (False, True):
        reader = Reader()
        reader.feed(page(timeline, audio, **about, words=words))
        rows = [row for chapter in json.loads(reader.scripts[0])["chapters"] for row in chapter["sentences"]]
        texts.append([row[2] for row in rows])
        assert {len(row) for row in rows} == {8 if words else 7}
    assert texts[0] == texts[1]
    assert (
        rows[0][7] == [] and [rows[1][2][first:last] for first, last, _ in rows[1][7]] == rows[1][2].split()
    )


def test_the_proof_of_words_tells_each(timeline):
    said = json.loads(laid_out({"title": "T"} | word_times(timeline)))
    assert said["words"] == {"heard": 24, "doubted": 6, "not heard": 0, "added": 0}
    assert said["lines"] == {"heard": 6, "all": 9}
    chapter = said["chapters"][1]
    first, second = chapter["lines"][:2]
    assert first["words"] == [] and first["end"] > first["start"] >= chapter["start"]
    assert [word["state"] for word in second["words"]] == ["heard", "doubted", "heard", "heard", "heard"]
    assert second["words"][1] == second["words"][1] | {"text": "2", "heard": "2"}
    assert (
        second["start"]
        <= second["words"][0]["start"]
        < second["words"][-1]["end"]
        <= chapter["start"] + chapter["seconds"]
    )


def test_what_was_added_or_not_heard_is_told(small_book):
    placed = small_book.tracks[0].placements[0]
    end = len(placed.voiced.chunk.text)
    words = (TimedWord(0, 8, 0.2, 0.3, "", True), TimedWord(end, end, 0.5, 0.9, "so be it", True))
    placed = replace(placed, voiced=replace(placed.voiced, words=words))
    said = word_times(replace(small_book, tracks=(replace(small_book.tracks[0], placements=(placed,)),)))
    [line] = said["chapters"][0]["lines"]
    assert [(word["text"], word["state"]) for word in line["words"]] == [
        ("Sentence", "not heard"),
        ("", "added"),
    ]
    assert said["words"] == {"heard": 0, "doubted": 0, "not heard": 1, "added": 1}


def test_it_stands_beside_the_book(timeline, tmp_path):
    [made] = produced(timeline, "words", About("A Book"), Settings(), tmp_path)
    assert made.path.name == "A Book.words.json" and made.proof.ok
    assert json.loads(made.path.read_text("utf-8"))["title"] == "A Book"


def read(made):
    """(a document's bare text and ids, its clips' anchors with begin and end) of the first document."""
    with zipfile.ZipFile(made.path) as archive:
        root = etree.fromstring(archive.read("a.html"))
        overlay = "dotsbook/overlay/0001.smil"
        clips = clips_of(etree.fromstring(archive.read(overlay)), overlay)
    body = root.find("{*}body")
    ids = {node.get("id"): "".join(node.itertext()) for node in body.iter("{*}span")}
    return "".join(body.itertext()), ids, [(anchor, begin, end) for _, anchor, _, begin, end in clips]


def test_the_read_along_marks_words_inside_the_same_sentences(told, tmp_path):  # noqa: F811
    from contextlib import nullcontext

    timeline, original = told
    timeline = with_words(timeline)
    found = []
    for words in (False, True):
        [made] = produced(
            timeline,
            "epub",
            About("T"),
            Settings(workers=1, words=words),
            tmp_path / str(words),
            original=lambda: nullcontext(original),
        )
        assert made.proof.ok
        found.append(read(made))
    (plain, sentences, _), (text, ids, clips) = found
    assert text == plain and sentences.items() <= ids.items(), "text and sentences' ids stay as they are"
    words = {name: said for name, said in ids.items() if "-w" in name}
    second = [said for name, said in words.items() if name.startswith("s-1-2-w")]
    assert second == ["It", "was", "late", "in", "the", "small", "house", "by", "the", "sea."]
    assert [said for name, said in words.items() if name.startswith("s-1-3-w")] == ["She", "said", "so."]
    assert [anchor for anchor, *_ in clips] == ["s-1-1", *words], "the title wasn't heard: it is one clip"
    assert all(one[2] == two[1] for one, two in zip(clips, clips[1:], strict=False))
    starts = {
        f"s-1-2-w{at + 1}": one.begin / RATE
        for at, one in enumerate(placed_words(timeline.tracks[0].placements[1]))
    }
    assert all(abs(begin - starts.get(anchor, begin)) < 0.002 for anchor, begin, _ in clips)


def test_a_sample_of_the_chapter_leads_back_to_its_second(small_book):
    placed = small_book.tracks[1].placements[1]
    for second in (0.2, 0.5, 0.9):
        assert placed.second_at(placed.at(second)) == pytest.approx(second, abs=0.001)
    assert placed.second_at(0) == placed.first / placed.voiced.take.rate

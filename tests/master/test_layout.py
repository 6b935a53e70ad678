"""Where takes are placed: gaps from speech to speech, exact, repeatable, on the grid."""

from dataclasses import replace

import pytest
from made import RATE, book, piece

from dotsbook.book import Pause
from dotsbook.errors import Unfinished
from dotsbook.manifest import Pacing
from dotsbook.master.layout import FRAME, chance, lay_out

STILL = Pacing(jitter=0)


def gaps(track, rate=RATE):
    """Seconds from speech to speech, head and tail too."""
    edges = [(0, 0), *(placement.speech for placement in track.placements), (track.samples, track.samples)]
    return [(after[0] - before[1]) / rate for before, after in zip(edges, edges[1:], strict=False)]


def test_gaps_are_the_manifests_between_speech_and_speech(tmp_path):
    pauses = [
        Pause.CLAUSE,
        Pause.SENTENCE,
        Pause.SPEAKER,
        Pause.PARAGRAPH,
        Pause.SCENE,
        Pause.HEADING,
        Pause.CHAPTER,
    ]
    pieces = [piece(tmp_path, 1, i, 0.5, pause) for i, pause in enumerate(pauses)]
    track = lay_out([(1, "One", pieces)], STILL, RATE).tracks[0]
    wanted = [0.75, 0.25, 0.45, 0.55, 0.9, 2.25, 2.0]
    assert gaps(track)[:-1] == pytest.approx(wanted, abs=2 / RATE)
    assert 3.0 <= gaps(track)[-1] < 3.0 + FRAME / RATE


def test_pace_multiplies_all_but_head_and_tail(tmp_path):
    pieces = [piece(tmp_path, 1, i, 0.5, Pause.PARAGRAPH) for i in range(2)]
    track = lay_out([(1, "One", pieces)], Pacing(jitter=0, pace=2), RATE).tracks[0]
    assert gaps(track)[:2] == pytest.approx([0.75, 1.8], abs=2 / RATE)


def test_a_long_sentence_is_followed_by_a_longer_gap(tmp_path):
    pieces = [piece(tmp_path, 1, i, seconds) for i, seconds in enumerate((1.5, 6.0, 11.0, 1.0))]
    found = gaps(lay_out([(1, "One", pieces)], STILL, RATE).tracks[0])[1:4]
    assert found == pytest.approx([0.45, 0.54, 0.63], abs=0.002)


def test_jitter_is_small_and_always_the_same(tmp_path):
    chapters = book(tmp_path, 1, 12, 0.3)
    one, two = (lay_out(chapters, Pacing(), RATE) for _ in range(2))
    assert one == two
    steady = gaps(lay_out(chapters, STILL, RATE).tracks[0])[1:-1]
    ratios = [found / plain for found, plain in zip(gaps(one.tracks[0])[1:-1], steady, strict=True)]
    assert 0.02 < max(abs(ratio - 1) for ratio in ratios) <= 0.0801
    assert all(-1 <= chance(str(i)) <= 1 for i in range(1000))
    assert abs(sum(chance(str(i)) for i in range(1000))) < 60


def test_an_edit_elsewhere_moves_no_gap(tmp_path):
    chapters = book(tmp_path, 1, 6, 0.3)
    before = gaps(lay_out(chapters, Pacing(), RATE).tracks[0])
    number, title, pieces = chapters[0]
    after = gaps(lay_out([(number, title, pieces[2:])], Pacing(), RATE).tracks[0])
    assert after[1:-1] == pytest.approx(before[3:-1], abs=2 / RATE)


def test_chapters_lie_end_to_end_on_the_grid(small_book):
    assert all(track.samples % FRAME == 0 for track in small_book.tracks)
    assert [track.start for track in small_book.tracks[1:]] == [track.end for track in small_book.tracks[:-1]]
    assert small_book.samples == small_book.tracks[-1].end


def test_takes_never_overlap_even_without_any_gap(tmp_path):
    nothing = Pacing(clause=0, sentence=0, speaker=0, paragraph=0, scene=0, heading=0, head=0, tail=0)
    track = lay_out(book(tmp_path, 1, 8, 0.4), nothing, RATE).tracks[0]
    assert track.placements[0].start == 0
    assert all(a.end <= b.start + 1 for a, b in zip(track.placements, track.placements[1:], strict=False))
    assert track.samples - track.placements[-1].end >= FRAME


def test_takes_at_another_rate_are_placed_at_the_books(tmp_path):
    pieces = [piece(tmp_path, 1, i, 0.5, rate=22050) for i in range(3)]
    track = lay_out([(1, "One", pieces)], STILL, RATE).tracks[0]
    assert gaps(track)[:3] == pytest.approx([0.75, 0.45, 0.45], abs=2 / RATE)
    for placement in track.placements:
        assert placement.samples == round((placement.last - placement.first) * RATE / 22050)


def test_a_chapter_without_takes_and_a_silent_take_are_refused(tmp_path):
    with pytest.raises(Unfinished, match="Chapter 4"):
        lay_out([(4, "Four", [])], STILL, RATE)
    mute = piece(tmp_path, 1, 7, 0.5)
    mute = replace(mute, take=replace(mute.take, first=0, last=0))
    with pytest.raises(Unfinished, match=r"1\.7"):
        lay_out([(1, "One", [mute])], STILL, RATE)


def test_a_silent_take_of_nothing_sayable_takes_no_room(tmp_path):
    ornament = piece(tmp_path, 1, 7, 0.5)
    ornament = replace(
        ornament, take=replace(ornament.take, first=0, last=0), chunk=replace(ornament.chunk, spoken="* * *")
    )
    track = lay_out(
        [(1, "One", [piece(tmp_path, 1, 1), ornament, piece(tmp_path, 1, 2)])], STILL, RATE
    ).tracks[0]
    assert track.placements[1].samples == 0

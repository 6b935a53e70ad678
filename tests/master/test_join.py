"""The stream of a chapter: whole takes only, no clicks, the same from anywhere."""

from dataclasses import replace

import numpy as np
import pytest
from made import RATE, piece, speech

from dotsbook.audio import write_flac
from dotsbook.errors import OutputError, Unfinished
from dotsbook.manifest import Pacing
from dotsbook.master.join import BLOCK, Sound, fade, joined, mastered, placed, read_take
from dotsbook.master.layout import lay_out
from dotsbook.master.room_tone import LEVEL, make_bed
from dotsbook.measure import rms

BED = make_bed(True, RATE)
SOUND = Sound(RATE, {"narrator": 6.0}, BED, -3.0)


def whole(blocks):
    return np.concatenate(list(blocks))


def test_a_take_stands_where_it_was_placed(small_book):
    quiet = Sound(RATE, {"narrator": 0.0}, make_bed(False, RATE), None)
    track = small_book.tracks[0]
    samples = whole(joined(track, quiet, 0, track.samples))
    assert len(samples) == track.samples
    for placement in track.placements:
        source, _ = read_take(placement.voiced)
        begin, end = placement.speech
        inside = slice(begin + 2000, end - 2000)
        at = placement.first - placement.start
        np.testing.assert_array_equal(samples[inside], source[inside.start + at : inside.stop + at])
    between = samples[track.placements[0].end : track.placements[1].start]
    assert len(between) > 1000
    assert not between.any()


def test_a_stretch_is_the_same_as_in_the_whole(small_book):
    track = small_book.tracks[1]
    samples = whole(joined(track, SOUND, 0, track.samples))
    for start, stop in ((0, 1), (1000, 5000), (BLOCK - 7, BLOCK + 9), (track.samples - 999, track.samples)):
        np.testing.assert_array_equal(whole(joined(track, SOUND, start, stop)), samples[start:stop])


def test_mastering_keeps_length_and_place(small_book):
    track = small_book.tracks[0]
    loud = replace(SOUND, gains={"narrator": 20.0})
    limited, plain = whole(mastered(track, loud)), whole(joined(track, loud, 0, track.samples))
    assert len(limited) == track.samples
    assert np.abs(limited).max() <= 10 ** (-3 / 20)
    assert np.abs(plain).max() > 1
    calm = np.abs(plain) < 0.01
    assert np.corrcoef(limited[~calm], plain[~calm])[0, 1] > 0.95


def test_the_bed_is_a_room_without_seams():
    chapter = 7 * RATE
    under = BED.under(0, chapter, chapter)
    assert rms(under) == pytest.approx(LEVEL, abs=0.7)
    levels = [rms(under[i : i + RATE // 4]) for i in range(0, chapter - RATE // 4, RATE // 4)]
    assert max(levels) - min(levels) < 6
    assert np.abs(np.diff(np.concatenate((under, BED.under(0, RATE, chapter))))).max() < 10 ** (-60 / 20)
    np.testing.assert_array_equal(BED.under(chapter - 4096, chapter, chapter)[-100:], BED.loop[-100:])
    np.testing.assert_array_equal(BED.under(-4096, 0, chapter), BED.loop[-4096:])


def test_a_room_of_ones_own(tmp_path):
    tone = (np.random.default_rng(3).standard_normal(5 * 44100) * 0.02).astype(np.float32)
    write_flac(tmp_path / "room.flac", tone, 44100)
    bed = make_bed(tmp_path / "room.flac", RATE)
    assert rms(bed.loop) == pytest.approx(-63, abs=0.1)
    assert len(bed.loop) % 1024 == 0
    with pytest.raises(OutputError, match="room_tone"):
        make_bed(tmp_path / "none.wav", RATE)
    write_flac(tmp_path / "short.flac", tone[:44100], 44100)
    with pytest.raises(OutputError, match="too short"):
        make_bed(tmp_path / "short.flac", RATE)


def test_fades_leave_no_step():
    samples = fade(np.ones(RATE, np.float32), RATE)
    assert samples[0] < 1e-4
    assert samples[-1] < 1e-4
    assert np.abs(np.diff(samples)).max() < 0.006
    assert samples[RATE // 2] == 1
    assert len(fade(np.ones(3, np.float32), RATE)) == 3


def test_what_is_not_the_ledgers_take_is_named(tmp_path):
    one = piece(tmp_path, 2, 5, 0.4)
    data = one.file.read_bytes()
    for wrong, word in (
        (data[:-200], "truncated or altered"),
        (data[:500] + b"\x00" + data[501:], "altered"),
        (b"", "altered"),
    ):
        one.file.write_bytes(wrong)
        with pytest.raises(Unfinished, match=rf"chunk 2\.5 .*{word}"):
            read_take(one)
    one.file.unlink()
    with pytest.raises(Unfinished, match=r"chunk 2\.5 .*missing"):
        read_take(one)
    one.file.write_bytes(data)
    with pytest.raises(Unfinished, match="as long as the ledger"):
        read_take(replace(one, take=replace(one.take, samples=7)))


def test_other_rates_keep_their_time(tmp_path):
    one = piece(tmp_path, 1, 1, 0.6, rate=24000)
    track = lay_out([(1, "One", [one])], Pacing(), RATE).tracks[0]
    samples = placed(track.placements[0], replace(SOUND, gains={}))
    assert len(samples) == track.placements[0].samples
    begin = track.placements[0].speech[0] - track.placements[0].start
    same = speech(0.6, 1001, RATE)
    assert rms(samples[begin + 4000 : begin + 20000]) == pytest.approx(
        rms(same[7200 + 4000 : 7200 + 20000]), abs=1.0
    )

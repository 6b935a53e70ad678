"""The shops' set and the check of each file; credits and samples through pydub."""

from dataclasses import replace

import numpy as np
import pytest
from made import RATE, book, piece, produced, speech

from dotsbook.audio import write_flac
from dotsbook.book import Pause
from dotsbook.errors import ManifestError, OutputError
from dotsbook.manifest import Pacing
from dotsbook.master import clips
from dotsbook.master.about import About
from dotsbook.master.acx import pack as acx
from dotsbook.master.acx.requirements import check
from dotsbook.master.encode import write_stream
from dotsbook.master.layout import lay_out
from dotsbook.master.mastering import Settings
from dotsbook.master.mp3 import mp3_codec
from dotsbook.measure import rms


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """Two chapters without head and tail, opening credits with music; the sample limits lowered for a short book."""
    folder = tmp_path_factory.mktemp("acx")
    write_flac(folder / "words.flac", speech(1.5, 5), RATE)
    write_flac(folder / "music.flac", (0.1 * np.sin(np.arange(RATE * 2) * 0.05)).astype(np.float32), RATE)
    opening = clips.credit_chunk(
        "opening", folder / "words.flac", folder / "music.flac", folder / "cache", RATE
    )
    chapters = [(0, "Opening Credits", [opening]), *book(folder, 2, 3, 1.0)]
    timeline = lay_out(chapters, Pacing(head=0, tail=0.2), RATE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(acx, "SAMPLE", (2.0, 4.0, 5.0))
        return produced(timeline, "acx", About("Book", "Writer"), Settings(workers=2), folder)[0]


def test_every_file_passes_every_limit(pack):
    names = [path.name for path in pack.files]
    assert names == [
        "00 - Opening Credits.mp3",
        "01 - Chapter the 1.mp3",
        "02 - Chapter the 2.mp3",
        "Retail Sample.mp3",
        "acx.html",
    ]
    for path in pack.files[:3]:
        failed = [(test.name, test.found) for test in check(path).tests if not test.ok]
        assert not failed, path.name


def test_levels_are_the_targets(pack):
    for path in pack.files[1:3]:
        assert check(path).heard.rms == pytest.approx(-20, abs=0.5)
        assert check(path).heard.peak_db <= -3


def test_the_report_shows_every_file_and_no_promise(pack):
    page = pack.files[-1].read_text()
    assert all(path.name in page for path in pack.files[:-1])
    assert "Passing these limits is not being accepted" in page
    assert "FAIL:" in page, "closing credits are missing, and said to be"
    assert "closing credits" in page
    assert "http" not in page


def test_heads_and_tails_are_brought_within_the_limits(tmp_path):
    lines = [piece(tmp_path, 1, index, 6.0, Pause.PARAGRAPH) for index in range(1, 5)]
    track = lay_out([(1, "One", lines)], Pacing(head=0, tail=0.2), RATE).tracks[0]
    long, short = acx.framed(track, RATE), acx.framed(replace(track, placements=track.placements[:2]), RATE)
    for framed, head, tail in ((long, 0.75, 3.0), (short, 0.6, 1.2)):
        assert framed.placements[0].speech[0] / RATE == pytest.approx(head, abs=0.01)
        assert (framed.samples - framed.placements[-1].speech[1]) / RATE == pytest.approx(tail, abs=0.03)


def test_brief_credits_reach_the_level_and_a_spoken_line_counts_as_credits(tmp_path):
    line = piece(tmp_path, 9999, 1, 2.0, Pause.CHAPTER)
    spoken = replace(line, chunk=replace(line.chunk, id="closing", source="book.yaml"))
    chapters = [*book(tmp_path, 1, 2, 1.0), (9999, "Closing Credits", [spoken])]
    timeline = lay_out(chapters, Pacing(), RATE)
    made = produced(timeline, "acx", About("Book"), Settings(workers=2), tmp_path)[0]
    rows = {row.what: row for row in made.proof.rows}
    assert rows["set: closing credits"].ok and not rows["set: opening credits"].ok
    assert rows["shop limits of 9999 - Closing Credits.mp3"].ok
    found = {test.name: test.found for test in check(made.path / "9999 - Closing Credits.mp3").tests}
    assert float(found["RMS"].split()[0].replace("−", "-")) == pytest.approx(-20, abs=0.6)


def test_the_check_fails_what_should_fail(tmp_path):
    loud = (20 * speech(3.0)).clip(-1, 1)
    path = tmp_path / "bad.mp3"
    write_stream(path, [loud], RATE, mp3_codec(64))
    failed = {test.name for test in check(path).tests if not test.ok}
    assert {"bit rate", "sample rate", "RMS", "peak", "head", "tail"} <= failed
    silent = tmp_path / "silent.mp3"
    write_stream(silent, [np.zeros(RATE * 3, np.float32)], RATE, mp3_codec(192, 44100))
    assert {"RMS", "room tone"} <= {test.name for test in check(silent).tests if not test.ok}


@pytest.mark.parametrize("text", ["9", "1 2:00-1:00", "1 0:00-9:00", "one", "1 a-b", "1 1"])
def test_a_sample_that_is_not_there(small_book, tmp_path, text):
    job = acx.Mastering(small_book, About("B"), Settings(sample=text), None, None, tmp_path, tmp_path, print)
    with pytest.raises(ManifestError, match="credits.sample"):
        acx.named_stretch(job)


def test_a_named_sample(small_book, tmp_path):
    job = acx.Mastering(
        small_book, About("B"), Settings(sample="2 0:01-0:03.5"), None, None, tmp_path, tmp_path, print
    )
    assert acx.named_stretch(job) == (small_book.tracks[1], RATE, round(3.5 * RATE))


def test_music_ducks_under_the_words_and_goes():
    words, music = speech(3.0, level=-20), (0.3 * np.sin(np.arange(RATE * 20) * 0.02)).astype(np.float32)
    mixed = clips.with_music(words, music, RATE)
    assert len(mixed) / RATE == pytest.approx(clips.LEAD + 3.0 + clips.OUT, abs=0.1)
    before, after = mixed[RATE * 5 // 4 : RATE * 3 // 2 - RATE // 5], mixed[-RATE // 20 :]
    assert rms(after) < rms(before) - 20
    assert rms(mixed[round(2.5 * RATE) : 4 * RATE]) == pytest.approx(-20, abs=2)


def test_credits_are_short_and_sound(tmp_path):
    with pytest.raises(OutputError, match="credits.opening"):
        clips.credit_chunk("opening", tmp_path / "none.wav", None, tmp_path, RATE)
    write_flac(tmp_path / "mute.flac", np.zeros(RATE, np.float32), RATE)
    with pytest.raises(OutputError, match="nothing is heard"):
        clips.credit_chunk("closing", tmp_path / "mute.flac", None, tmp_path, RATE)
    write_flac(tmp_path / "long.flac", np.zeros(8000 * 605, np.float32), 8000)
    with pytest.raises(OutputError, match="longer than 10 minutes"):
        clips.load(tmp_path / "long.flac", 8000, "credits.music")


def test_the_same_credits_are_made_once(tmp_path):
    write_flac(tmp_path / "words.flac", speech(0.5), RATE)
    one = clips.credit_chunk("opening", tmp_path / "words.flac", None, tmp_path, RATE)
    assert clips.credit_chunk("opening", tmp_path / "words.flac", None, tmp_path, RATE) == one
    assert replace(one, file=one.file) == one

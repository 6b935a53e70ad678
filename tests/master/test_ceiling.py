"""No decoded file passes its ceiling: peaks a codec raised are found and limited lower, and only they."""

from collections import Counter
from contextlib import nullcontext

import numpy as np
import pytest
from made import RATE, book, produced, speech, take_of

from dotsbook.book import Chunk, Pause
from dotsbook.manifest import Pacing
from dotsbook.master import loudness, produce
from dotsbook.master.about import About
from dotsbook.master.ceiling import kept_under, overs, softened
from dotsbook.master.hear import hear
from dotsbook.master.layout import lay_out
from dotsbook.master.limiter import Limiter
from dotsbook.master.mastering import Settings
from dotsbook.master.meter import Meter
from dotsbook.master.output_formats import FORMATS
from dotsbook.master.readalong.typeset import plain_original
from dotsbook.master.timeline import VoicedChunk


@pytest.fixture(scope="module")
def loud_book(tmp_path_factory):
    """Speech with hard, dense peaks: every codec raises some of them by more than its margin."""
    folder, dice = tmp_path_factory.mktemp("loud"), np.random.default_rng(4)
    lines = []
    for index in range(1, 5):
        samples = speech(2.0, index, level=-14)
        samples += (np.sign(samples) * (dice.random(len(samples)) < 0.0004) * 0.5).astype(np.float32)
        take = take_of(folder / f"{index}.flac", np.clip(samples, -0.98, 0.98).astype(np.float32))
        chunk = Chunk(
            f"1.{index}", 1, "b", index, index + 1, f"Line {index}.", "", "narrator", "en", Pause.SENTENCE
        )
        lines.append(VoicedChunk(chunk, take, folder / f"{index}.flac"))
    return lay_out([(1, "Loud", lines)], Pacing(), RATE)


def plain(timeline, about):
    chapters = [(t.number, t.title, [p.voiced.chunk for p in t.placements]) for t in timeline.tracks]
    return plain_original(about, chapters)


@pytest.mark.parametrize("format", ["m4b", "mp3", "mp3-book", "opus", "epub", "acx"])
def test_a_decoded_file_keeps_under_its_ceiling(loud_book, tmp_path, format):
    about = About("Loud")
    opener = lambda: nullcontext(plain(loud_book, about))  # noqa: E731
    made = produced(
        loud_book, format, about, Settings(workers=1, loudness="-14 LUFS"), tmp_path, original=opener
    )[0]
    row = next(row for row in made.proof.rows if row.what == "true peak as decoded")
    assert row.ok, f"{row.found}, not {row.expected}"
    assert float(row.found.split()[0]) > -7, "the whole was not lowered for a few peaks"


def test_every_place_over_is_found_as_the_meter_measures_it():
    samples = speech(3.0, 7, level=-20)
    meter = Meter(RATE)
    meter.push(samples)
    peak = meter.read().true_peak_db
    blocks = np.array_split(samples, 37)
    assert not list(overs(blocks, peak + 0.001))
    found = list(overs(blocks, peak - 1))
    assert max(over for _, over in found) == pytest.approx(1, abs=0.01)
    assert found == list(overs([samples], peak - 1)), "wherever the blocks are cut"
    place = max(found, key=lambda one: one[1])[0]
    assert abs(samples[place - 3 : place + 4]).max() >= 0.9 * abs(samples).max()


def test_a_zone_is_limited_lower_and_nothing_else_is():
    samples = np.full(RATE, 0.5, np.float32) * np.sin(np.arange(RATE) * 0.3).astype(np.float32)
    zones = softened((), [(24000, 2.0)], RATE, more=0.25)

    def limited(softer):
        limiter = Limiter(RATE, -6.5, softer)
        return np.concatenate(
            [*(limiter.push(part) for part in np.array_split(samples, 11)), limiter.flush()]
        )

    even, lower = limited(()), limited(zones)
    differ = np.flatnonzero(np.abs(even - lower) > 1e-6)
    assert 24000 - 1000 < differ.min() < 24000 < differ.max() < 24000 + 1000
    ratio = abs(lower[23900:24100]).max() / abs(even[23900:24100]).max()
    assert 20 * np.log10(ratio) == pytest.approx(-2.75, abs=0.05)
    assert len(lower) == len(samples)


def test_it_gives_up_after_some_rounds_and_tells():
    samples, tried = speech(0.5, 3), []

    def encode(zones):
        tried.append(zones)
        meter = Meter(RATE)
        meter.push(samples)
        return meter.read()

    heard = kept_under(-60.0, RATE, encode, lambda: iter([(samples, RATE)]))
    assert heard.true_peak_db > -60 and len(tried) == 6 and len(tried[-1]) > len(tried[1])


def test_formats_share_what_they_need_of_the_sound(tmp_path, monkeypatch):
    calls = Counter()

    def counted(module, name):
        real = getattr(module, name)

        def call(*args, **options):
            calls[name] += 1
            return real(*args, **options)

        monkeypatch.setattr(module, name, call)

    for name in ("check_takes", "find_levels", "make_bed"):
        counted(produce, name)
    counted(loudness, "trial")
    timeline, about = lay_out(book(tmp_path, 1, 2, 0.5), Pacing(), RATE), About("Book")
    formats = ["mp3", "mp3-book", "epub", "vtt", "page"]
    opener = lambda: nullcontext(plain(timeline, about))  # noqa: E731
    made = list(
        produce.produce(timeline, formats, about, Settings(workers=1), tmp_path / "o", tmp_path / "c", opener)
    )
    assert [one.format for one in made] == ["mp3", "mp3-book", "epub", "vtt", "m4b", "page"]
    assert all(one.proof.ok for one in made)
    assert calls["check_takes"] == 1 and calls["find_levels"] == 2, "once for all MP3s, once for the M4B"


def test_the_table_and_the_manifest_name_the_same_formats():
    from dotsbook.manifest import Format

    assert list(FORMATS) == list(Format.__args__)
    assert all(set(format.needs) <= set(FORMATS) for format in FORMATS.values())


def test_hearing_a_file_again_finds_what_was_found(loud_book, tmp_path):
    made = produced(loud_book, "flac", About("Loud"), Settings(workers=1), tmp_path)[0]
    assert hear(made.path).true_peak_db <= -3

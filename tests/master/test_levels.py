"""Loudness: targets, a gain for each voice, what comes out."""

from dataclasses import replace

import numpy as np
import pytest
from made import RATE, piece, speech

from dotsbook.errors import ManifestError
from dotsbook.manifest import Pacing
from dotsbook.master import loudness
from dotsbook.master.join import Sound, mastered
from dotsbook.master.layout import lay_out
from dotsbook.master.loudness import find_levels, parse_target
from dotsbook.master.meter import Meter, merged
from dotsbook.master.room_tone import make_bed
from dotsbook.measure import energies_of, loudness_of, noise_floor, rms

BED = make_bed(True, RATE)


@pytest.mark.parametrize(
    ("text", "level", "ceiling"),
    [
        ("-19 LUFS", -19, -3),
        ("−23 lufs", -23, -3),
        ("-18.5", -18.5, -3),
        ("podcast", -16, -3),
        ("ACX", -20, -3.5),
        ("off", None, None),
    ],
)
def test_targets(text, level, ceiling):
    target = parse_target(text)
    assert (target.level, target.ceiling) == (level, ceiling)
    assert target.rms == (text == "ACX")


@pytest.mark.parametrize("text", ["", "loud", "3 LUFS", "-70", "-19 dB", "nan"])
def test_what_is_no_target_gets_a_sentence(text):
    with pytest.raises(ManifestError, match="output.loudness"):
        parse_target(text)


@pytest.fixture(scope="module")
def two_voices(tmp_path_factory):
    folder = tmp_path_factory.mktemp("voices")
    pieces = [
        piece(folder, 1, i, 1.2, voice=("loud", "soft")[i % 2], level=(-18, -34)[i % 2]) for i in range(8)
    ]
    return lay_out([(1, "One", pieces)], Pacing(tail=1.0), RATE)


def heard(timeline, levels):
    meter = Meter(RATE)
    for track in timeline.tracks:
        for block in mastered(track, Sound(RATE, levels.gains, BED, levels.target.ceiling)):
            meter.push(block)
    return meter.read()


@pytest.mark.parametrize("text", ["-19 LUFS", "podcast", "-24", "acx"])
def test_targets_are_met_and_no_peak_is_over(two_voices, text):
    levels = find_levels(two_voices, parse_target(text), parse_target(text).ceiling, BED)
    found = heard(two_voices, levels)
    level = found.rms if levels.target.rms else found.loudness
    assert level == pytest.approx(levels.target.level, abs=0.5)
    assert found.true_peak_db <= levels.target.ceiling


def test_voices_sit_together(two_voices):
    levels = find_levels(two_voices, parse_target("-19 LUFS"), -3.0, BED)
    assert levels.voices["loud"] - levels.voices["soft"] == pytest.approx(16, abs=1)
    after = {voice: levels.voices[voice] + gain for voice, gain in levels.gains.items()}
    assert after["loud"] == pytest.approx(after["soft"], abs=0.1)


def test_levels_hang_on_sounds_and_not_on_their_files(two_voices, monkeypatch):
    """A take made again after a death may stand in a file of other notes: the book sounds the same."""

    def refiled(placement, number):
        take = replace(placement.voiced.take, sha256=f"{number:064}")
        return replace(placement, voiced=replace(placement.voiced, take=take))

    monkeypatch.setattr(loudness, "SAMPLE", 3)
    track = two_voices.tracks[0]
    wanted = [placement.voiced.take.key for placement in loudness.sampled(two_voices)]
    for order in (1, -1):
        placements = tuple(refiled(p, 50 + order * number) for number, p in enumerate(track.placements))
        changed = replace(two_voices, tracks=(replace(track, placements=placements),))
        assert [placement.voiced.take.key for placement in loudness.sampled(changed)] == wanted


def test_off_leaves_everything(two_voices):
    levels = find_levels(two_voices, parse_target("off"), None, BED)
    assert set(levels.gains.values()) == {0.0}
    assert heard(two_voices, levels).loudness == pytest.approx(levels.before, abs=0.5)


def test_a_slight_change_keeps_the_gains(two_voices, tmp_path):
    target = parse_target("-19")
    first = find_levels(two_voices, target, -3.0, BED, None, tmp_path)
    file = next(tmp_path.glob("gains-*.json"))
    file.write_text(f'{{"loud": {first.gains["loud"] + 0.15}, "soft": {first.gains["soft"] - 0.1}}}')
    assert find_levels(two_voices, target, -3.0, BED, None, tmp_path).gains["loud"] == pytest.approx(
        first.gains["loud"] + 0.15
    )
    file.write_text(f'{{"loud": {first.gains["loud"] + 1.0}, "soft": {first.gains["soft"]}}}')
    assert find_levels(two_voices, target, -3.0, BED, None, tmp_path).gains == first.gains
    file.write_text("{damaged")
    assert find_levels(two_voices, target, -3.0, BED, None, tmp_path).gains == first.gains


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_the_meter_in_pieces_is_the_meter_at_once(rate):
    samples = np.concatenate([speech(2.0, i, rate) for i in range(6)])
    meter = Meter(rate)
    for i in range(0, len(samples), 7919):
        meter.push(samples[i : i + 7919])
    found = meter.read()
    assert found.loudness == pytest.approx(loudness_of([energies_of(samples, rate)]), abs=0.01)
    assert found.rms == pytest.approx(rms(samples), abs=0.01)
    assert found.floor == pytest.approx(noise_floor(samples, rate), abs=0.2)
    assert found.peak == pytest.approx(np.abs(samples).max())
    assert found.true_peak >= found.peak
    assert found.samples == len(samples)
    assert merged([found, found]).samples == 2 * len(samples)


def test_an_empty_meter_reads_silence():
    found = Meter(RATE).read()
    assert (found.samples, found.peak, found.clipped) == (0, 0.0, 0)
    assert found.rms == -120

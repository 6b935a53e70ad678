"""A line's numbers are its own: alone, in company, in any order, whoever finishes first."""

import numpy as np
import pytest
from make_golden import SMALL, hum

from dotsbook.model.failures import EmptyLine
from dotsbook.model.sampling import SamplingOptions

TEXTS = (
    "One.",
    "A second, longer.",
    "三。",
    "Four words of text.",
    "Five",
    "Six, then.",
    "Sept.",
    "The eighth and last.",
)
SIZES = SMALL | {"sample_rate": 8000}  # a patch is 60 ms
NEVER = 2.0


@pytest.fixture(scope="module", params=["mf", "fm", "scm"])
def dots(request, tiny):
    from dotsbook.model.dots import Dots

    return Dots.load(tiny(request.param, **SIZES), dtype="float32")


@pytest.fixture(scope="module")
def lines(dots):
    """Eight lines of different text, length, voice and language: cloned, coloured and without a reference."""
    from dotsbook.model.dots import Utterance

    long, short = (
        dots.enroll(hum(0.5, 16000), 16000, "A long hum."),
        dots.enroll(hum(0.31, 24000), 24000, "Short."),
    )
    colour = dots.enroll(hum(0.4, 16000), 16000)
    voices = (long, short, None, colour, long, None, short, colour)
    languages = ("en", "en", "zh", None, "de", "en", "fr", "en")
    longest = 12 + long.patches
    return [
        Utterance(
            text,
            voice,
            language,
            SamplingOptions(eos_threshold=NEVER, max_patches=longest - (i % 4)),
            seed=i,
            raw=True,
        )
        for i, (text, voice, language) in enumerate(zip(TEXTS, voices, languages, strict=True))
    ]


@pytest.fixture(scope="module")
def alone(dots, lines):
    return [dict(dots.latents_batch([line]))[0] for line in lines]


def test_eight_together_are_eight_alone(dots, lines, alone):
    together = dict(dots.latents_batch(lines))
    assert sorted(together) == list(range(8))
    for index, latents in together.items():
        assert latents.shape == alone[index].shape
        assert np.abs(latents - alone[index]).max() <= 1e-4


def test_order_changes_nothing(dots, lines, alone):
    order = np.random.default_rng(1).permutation(8)
    for place, latents in dots.latents_batch([lines[i] for i in order]):
        assert np.abs(latents - alone[order[place]]).max() <= 1e-4


def test_rows_that_end_leave_the_others_alone(dots, lines, alone):
    """The stop is the model's own here, so that rows end at different patches; the kept ones go on."""
    from dataclasses import replace

    sampling = SamplingOptions(eos_threshold=0.5, max_patches=lines[0].sampling.max_patches)
    free = [replace(line, sampling=sampling) for line in lines]
    together = dict(dots.latents_batch(free))
    for index, line in enumerate(free):
        [(_, wanted)] = dots.latents_batch([line])
        assert type(together[index]) is type(wanted)
        if isinstance(wanted, np.ndarray):
            assert np.abs(together[index] - wanted).max() <= 1e-4


def test_eight_sound_together_as_alone(dots, lines):
    """Voiced side by side, ending at different patches, one of them broken on the way."""
    from dataclasses import replace

    from dotsbook.model.failures import NotFinite

    noise = np.zeros((200, dots.config.patch_size, dots.config.latent_dim), np.float32)
    noise[5] = np.nan
    broken = [replace(line, noise=noise) if i == 3 else line for i, line in enumerate(lines)]
    together = dict(dots.speak_batch(broken))
    assert isinstance(together.pop(3), NotFinite) and len(together) == 7
    assert len({len(sound) for sound in together.values()}) > 2
    for index, sound in together.items():
        [(_, wanted)] = dots.speak_batch([lines[index]])
        assert sound.shape == wanted.shape and wanted.any()
        assert np.abs(sound - wanted).max() <= 1e-4


def test_each_is_yielded_as_it_is_done(dots, lines):
    done = [index for index, _ in dots.latents_batch(lines[2:6])]
    spoken = {
        i: lines[2 + i].sampling.max_patches - (lines[2 + i].profile.patches if lines[2 + i].profile else 0)
        for i in range(4)
    }
    assert [spoken[i] for i in done] == sorted(spoken.values())


def test_one_bad_line_does_not_spoil_the_batch(dots, lines):
    from dataclasses import replace

    few = [lines[2], replace(lines[3], text=" ")]
    found = dict(dots.speak_batch(few))
    assert isinstance(found[1], EmptyLine)
    assert len(found[0]) == dots.config.patch_samples * lines[2].sampling.max_patches


def test_a_broken_row_goes_and_the_others_stay(dots, lines, alone):
    from dataclasses import replace

    from dotsbook.model.failures import NotFinite

    noise = np.full((200, dots.config.patch_size, dots.config.latent_dim), np.nan, np.float32)
    found = dict(dots.latents_batch([lines[0], replace(lines[3], noise=noise), lines[1]]))
    assert isinstance(found[1], NotFinite)
    assert np.abs(found[0] - alone[0]).max() <= 1e-4 and np.abs(found[2] - alone[1]).max() <= 1e-4


def test_more_lines_than_fit_side_by_side(dots, monkeypatch, lines, alone):
    monkeypatch.setattr("dotsbook.model.dots.TOGETHER", 3)
    for index, latents in dots.latents_batch(lines):
        assert np.abs(latents - alone[index]).max() <= 1e-4


def test_the_estimate_grows_with_what_it_should(dots, lines):
    voice = lines[0].profile
    one, two = dots.peak_bytes(voice, [50]), dots.peak_bytes(voice, [50, 50])
    assert dots.weight_bytes < one < two < dots.peak_bytes(voice, [50, 500])

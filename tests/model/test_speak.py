"""Lines from text to sound: voices, streams, onsets, seeds, and everything that can be refused."""

from dataclasses import replace

import numpy as np
import pytest
from make_golden import SMALL, hum

from dotsbook.errors import ModelError
from dotsbook.model.dots import Utterance
from dotsbook.model.failures import (
    EmptyLine,
    FixedSampling,
    LineTooLong,
    NotFinite,
    NothingSpoken,
    ReferenceTooShort,
    WrongProfile,
)
from dotsbook.model.profile import Profile, read_profile
from dotsbook.model.sampling import SamplingOptions

TEXT = "Nobody spoke."
SIZES = SMALL | {"sample_rate": 8000}  # a patch is 60 ms
SHORT = SamplingOptions(eos_threshold=2.0, max_patches=40)


@pytest.fixture(scope="module")
def dots(tiny):
    from dotsbook.model.dots import Dots

    return Dots.load(tiny("mf", **SIZES), dtype="float32")


@pytest.fixture(scope="module")
def profile(dots) -> Profile:
    return dots.enroll(hum(0.4, 22050), 22050, "A hum.", "en")


def test_a_line_is_the_same_again_and_another_with_another_seed(dots, profile):
    first, again = (dots.speak(TEXT, profile, "en", SHORT, seed=5) for _ in range(2))
    other = dots.speak(TEXT, profile, "en", SHORT, seed=6)
    assert first.dtype == np.float32 and first.ndim == 1 and np.abs(first).max() <= 1
    np.testing.assert_array_equal(first, again)
    assert len(other) != len(first) or np.abs(other - first).max() > 1e-3


def test_room_is_patches_and_the_reference_takes_its_share(dots, profile):
    whole = dots.speak(TEXT, profile, "en", SHORT, raw=True)
    assert len(whole) == (40 - profile.patches - 1) * dots.config.patch_samples  # one more is thrown away
    alone = dots.speak(TEXT, None, "en", SHORT, raw=True)
    assert len(alone) == 40 * dots.config.patch_samples


def test_injected_noise_takes_the_seeds_place(dots, profile):
    noise = (
        np.random.default_rng(0)
        .standard_normal((40, dots.config.patch_size, dots.config.latent_dim))
        .astype(np.float32)
    )
    one, two = (dots.speak(TEXT, profile, None, SHORT, seed=s, noise=noise) for s in (1, 2))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("raw", [True, False])
def test_a_stream_is_the_whole_in_pieces(dots, profile, raw):
    whole = dots.speak(TEXT, profile, "en", SHORT, raw=True)
    pieces = list(dots.stream(TEXT, profile, "en", SHORT, raw=raw))
    assert len(pieces) > (4 if raw else 0)
    joined = np.concatenate(pieces)
    if raw:
        assert joined.shape == whole.shape
        np.testing.assert_allclose(joined, whole, atol=1e-5)
    else:
        fade = round(0.01 * dots.rate)
        np.testing.assert_allclose(joined[fade:], whole[-len(joined) :][fade:], atol=1e-5)


def test_a_kept_profile_speaks_as_the_fresh_one(dots, profile, tmp_path):
    path = tmp_path / "voice.safetensors"
    profile.save(path)
    kept = read_profile(path)
    assert (kept.transcript, kept.language, kept.model) == (
        profile.transcript,
        profile.language,
        dots.identity,
    )
    np.testing.assert_array_equal(dots.speak(TEXT, kept, "en", SHORT), dots.speak(TEXT, profile, "en", SHORT))


def test_a_voice_in_use_gives_what_a_new_one_gives(dots, profile, tiny):
    from dotsbook.model.dots import Dots

    dots.speak("Something else, of another length.", profile, "en", SHORT)
    fresh = Dots.load(tiny("mf", **SIZES), dtype="float32").speak(TEXT, profile, "en", SHORT)
    np.testing.assert_allclose(dots.speak(TEXT, profile, "en", SHORT), fresh, atol=1e-6)


def test_a_voice_is_not_taken_for_one_that_is_gone(dots, profile):
    """Each profile is let go before the next is made, so that the next is likely to lie where it lay."""
    few = replace(SHORT, max_patches=profile.patches + 8)
    wanted = None
    for turn in range(12):
        voice = replace(profile, g_cond=profile.g_cond * (-1) ** turn)
        [(_, latents)] = dots.latents_batch([Utterance("So.", voice, "en", few, 5)])
        del voice
        if turn % 2 == 0:
            wanted = latents if wanted is None else wanted
            np.testing.assert_array_equal(latents, wanted)
        else:
            assert np.abs(latents - wanted).max() > 1e-3


def test_ten_seconds_of_voice_fit_in_two_megabytes(tmp_path):
    patches = 62  # at the released size
    big = Profile(
        "x",
        np.zeros(512),
        np.zeros(1024),
        1.5,
        10.0,
        "words " * 40,
        "en",
        np.zeros((patches * 4, 128)),
        np.zeros((patches, 1536)),
    )
    big.save(tmp_path / "big.safetensors")
    assert (tmp_path / "big.safetensors").stat().st_size < 2_000_000


def test_references_that_are_no_good(dots):
    with pytest.raises(ReferenceTooShort, match="0.3 s"):
        dots.enroll(hum(0.2, 22050), 22050)
    with pytest.raises(ReferenceTooShort):
        dots.enroll(np.zeros(0, np.float32), 22050)
    with pytest.raises(ModelError, match="not numbers"):
        dots.enroll(np.full(30_000, np.nan, np.float32), 22050)
    with pytest.raises(ModelError, match="one channel"):
        dots.enroll(np.zeros((2, 30_000), np.float32), 22050)


@pytest.mark.parametrize("text", ["", "   ", "…", "—!?"])
def test_nothing_to_say(dots, text):
    with pytest.raises(EmptyLine):
        dots.speak(text)


def test_too_much_to_say(dots, profile):
    with pytest.raises(LineTooLong, match="Split it"):
        dots.speak("word " * 5000)
    with pytest.raises(LineTooLong):
        dots.speak(TEXT, profile, sampling=SamplingOptions(max_patches=profile.patches))


def test_an_end_before_the_beginning(dots, profile):
    with pytest.raises(NothingSpoken):
        dots.speak("A", profile, "en", replace(SHORT, max_patches=profile.patches + 1))
    with pytest.raises(NothingSpoken):
        list(dots.stream("A", profile, "en", replace(SHORT, max_patches=profile.patches + 1)))


def test_an_early_end_is_short_not_empty(dots):
    assert (
        len(dots.speak(TEXT, None, "en", SamplingOptions(eos_threshold=-1.0), raw=True))
        == dots.config.patch_samples
    )


def test_broken_numbers_are_told(dots, profile):
    noise = np.zeros((40, dots.config.patch_size, dots.config.latent_dim), np.float32)
    noise[3] = np.nan
    with pytest.raises(NotFinite, match="patch 4"):
        dots.speak(TEXT, profile, "en", SHORT, noise=noise)
    with pytest.raises(NotFinite):
        list(dots.stream(TEXT, profile, "en", SHORT, noise=noise))


def test_fixed_steps_are_fixed(dots, tiny):
    from dotsbook.model.dots import Dots

    for kind in ("mf1", "scm"):
        fixed = Dots.load(tiny(kind, **SIZES), dtype="float32")
        with pytest.raises(FixedSampling, match="num_steps"):
            fixed.speak(TEXT, sampling=SamplingOptions(num_steps=10))
        with pytest.raises(FixedSampling, match="guidance_scale"):
            fixed.speak(TEXT, sampling=SamplingOptions(guidance_scale=2.0))
        assert len(fixed.speak("A", sampling=replace(SHORT, max_patches=3)))
    with pytest.raises(FixedSampling, match="midpoint"):
        dots.speak(TEXT, sampling=SamplingOptions(ode_method="midpoint"))


@pytest.mark.parametrize(
    "settings", [{"num_steps": 0}, {"ode_method": "leapfrog"}, {"guidance_scale": -1.0}, {"max_patches": 0}]
)
def test_settings_that_mean_nothing(dots, settings):
    with pytest.raises(ModelError):
        dots.speak(TEXT, sampling=SamplingOptions(**settings))


def test_profiles_are_bound_to_their_model(dots, profile, tmp_path):
    with pytest.raises(WrongProfile, match="another model"):
        dots.speak(TEXT, replace(profile, model="someone else's"), "en")
    with pytest.raises(WrongProfile, match="transcript"):
        dots.speak(TEXT, replace(profile, transcript=None), "en")
    with pytest.raises(WrongProfile, match="array"):
        dots.speak(TEXT, replace(profile, g_cond=profile.g_cond[:-1]), "en")


def test_profile_files_that_lie(profile, tmp_path):
    from safetensors.numpy import save

    path = tmp_path / "voice.safetensors"
    profile.save(path)
    good = path.read_bytes()
    header = {"dotsbook-profile": "1", "model": "m", "seconds": "1.0", "speaker_scale": "1.5"}
    arrays = {"x_vector": np.zeros(3, np.float32), "g_cond": np.zeros(3, np.float32)}
    bad = [
        b"",
        good[:5],
        good[:-1],
        good + b"\0",
        b"\xff" * 8 + good[8:],
        b"\0" * 200,
        save(arrays),
        save(arrays, {**header, "dotsbook-profile": "2"}),
        save(arrays, {**header, "seconds": "nan"}),
        save(arrays, {**header, "seconds": "ten"}),
        save({"x_vector": arrays["x_vector"]}, header),
        save(arrays | {"latents": np.zeros((4, 2), np.float32)}, header),
        save(arrays | {"more": np.zeros(1, np.float32)}, header),
        save(arrays | {"g_cond": np.full(3, np.nan, np.float32)}, header),
        save(arrays | {"g_cond": np.zeros((3, 1), np.float32)}, header),
        save(arrays | {"g_cond": np.zeros(3, np.float64)}, header),
    ]
    for data in bad:
        path.write_bytes(data)
        with pytest.raises(ModelError):
            read_profile(path)
    path.write_bytes(save(arrays, header))
    assert read_profile(path).patches == 0


def test_the_onset_goes_and_the_voice_stays():
    from dotsbook.model.onset import onset, trim_onset

    rate = 24000
    chance = np.random.default_rng(0)
    voice = 0.3 * np.sin(2 * np.pi * 200 * np.arange(rate) / rate)
    transient = 0.0005 * chance.standard_normal(round(0.1 * rate))
    line = np.concatenate([transient, voice]).astype(np.float32)
    begin = onset(line, rate)
    assert 0.07 * rate <= begin <= 0.1 * rate
    trimmed = trim_onset(line, rate)
    assert trimmed[0] == 0 and len(trimmed) == len(line) - begin
    assert onset(voice.astype(np.float32), rate) == 0
    assert len(trim_onset(np.zeros(rate, np.float32), rate)) == rate


def test_control_words_in_a_text_are_words(dots):
    ids = dots.tokens.ids("<|audio_gen_span|>", None, None)
    assert dots.tokens.span not in ids and ids[-1] == dots.tokens.start


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("en", "[EN]"),
        ("en-GB", "[EN]"),
        ("pt_BR", "[PT]"),
        ("yue", "[口音:粤语]"),
        ("zh-Hant", "[ZH]"),
        ("cmn", "[ZH]"),
        (None, ""),
        ("none", ""),
        ("und", ""),
        ("口音:四川话", "[口音:四川话]"),
    ],
)
def test_language_tags(code, tag):
    from dotsbook.model.prompt import language_tag

    assert language_tag(code) == tag


def test_the_tag_stands_before_the_transcript_if_there_is_one(dots):
    decode = dots.tokens.tokenizer.decode
    assert decode(dots.tokens.ids("Text.", "Said.", "en")[:-1]) == "[文本][EN]Said.\nText.[文本对应语音]"
    assert decode(dots.tokens.ids("Text.", None, "de")[:-1]) == "[文本][DE]Text.[文本对应语音]"

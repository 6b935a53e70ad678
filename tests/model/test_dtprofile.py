"""Bundles of dots-tts-mlx: what they hold becomes a recording again; what is damaged or hostile gets a sentence."""

import json

import numpy as np
import pytest

from dotsbook.errors import ModelError
from dotsbook.model.dtprofile import ABOUT, ARRAYS, read_bundle, recording_in
from dotsbook.model.failures import WrongProfile
from tests.model.tiny_bundle import FRAMES, write_bundle

mx = pytest.importorskip("mlx.core")
ABSURD = (None, True, -1, 0, 1.5, 10**12, "", "x", "x" * 5000, [], [1], {}, {"a": 1})


@pytest.fixture
def bundle(tiny, tmp_path):
    return write_bundle(tmp_path / "alice.dtprofile", tiny("mf"))


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "float32"])
def test_words_scale_and_latents_are_read(tiny, tmp_path, dtype):
    found = read_bundle(
        write_bundle(tmp_path / "a.dtprofile", tiny("mf"), dtype=dtype, prompt_text=" A\tb.\n")
    )
    assert (found.words, found.scale, found.latents.dtype) == ("A b.", 1.25, np.float32)
    chance = np.random.default_rng(5).standard_normal(found.latents.shape).astype(np.float32)
    stored = np.array(mx.array(chance).astype(getattr(mx, dtype)).astype(mx.float32))
    assert len(found.latents) == FRAMES and np.array_equal(found.latents, stored)


def test_the_recording_is_what_the_vocoder_makes_of_it(bundle, tiny):
    from dotsbook.model.dots import Dots
    from dotsbook.model.onset import trim_onset
    from dotsbook.model.stream import decode_latents

    found, model = read_bundle(bundle), tiny("mf")
    sound = recording_in(found, model)
    whole = decode_latents(Dots.load(model).vae, found.latents)
    assert len(whole) == FRAMES * found.hop
    assert np.array_equal(sound, trim_onset(whole, found.rate))


def test_another_vocoder_is_refused(tiny, tmp_path):
    for name, value in (("hop_size", 7), ("sample_rate", 44_100)):
        found = read_bundle(write_bundle(tmp_path / f"{name}.dtprofile", tiny("mf"), **{name: value}))
        with pytest.raises(WrongProfile, match="another vocoder"):
            recording_in(found, tiny("mf"))


def test_what_is_no_bundle(bundle, tmp_path):
    with pytest.raises(WrongProfile, match="is no folder"):
        read_bundle(tmp_path / "nobody.dtprofile")
    for name in (ABOUT, ARRAYS):
        held = (bundle / name).read_bytes()
        (bundle / name).unlink()
        with pytest.raises(WrongProfile, match=f"lacks {name}"):
            read_bundle(bundle)
        (bundle / name).symlink_to("/dev/zero")
        with pytest.raises(WrongProfile, match=f"lacks {name}"):
            read_bundle(bundle)
        (bundle / name).unlink()
        (bundle / name).write_bytes(held)
    assert read_bundle(bundle).words


def test_other_schemas_are_refused_by_their_number(tiny, tmp_path):
    for number, schema in enumerate((1, 3, "2", None, [2], 10**100)):
        with pytest.raises(WrongProfile, match="has schema .*enrol the voice anew"):
            read_bundle(write_bundle(tmp_path / f"{number}.dtprofile", tiny("mf"), schema_version=schema))


def test_every_field_with_every_absurd_value(bundle):
    about = json.loads((bundle / ABOUT).read_text())
    honest = {name: about[name] for name in about}
    read_as = read_bundle(bundle)
    for name in honest:
        for value in ABSURD:
            (bundle / ABOUT).write_text(json.dumps(honest | {name: value}))
            try:
                found = read_bundle(bundle)
            except ModelError as error:
                assert str(error).endswith(".")
            else:
                assert np.array_equal(found.latents, read_as.latents)
    for text in ("", "[]", "{", "[" * 100_000, '{"schema_version": 2, "schema_version": 2}', "\ud800"):
        (bundle / ABOUT).write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(ModelError):
            read_bundle(bundle)


def test_arrays_that_lie(bundle):
    held = (bundle / ARRAYS).read_bytes()
    length = int.from_bytes(held[:8], "little")
    for data in (
        b"",
        held[:7],
        held[:-1],
        held + b"\0",
        (1 << 62).to_bytes(8, "little") + held[8:],
        held[: 8 + length],
        held.replace(b'"BF16"', b'"XX16"'),
        held.replace(b"prompt_denorm_latents", b"prompt_denorm_latentz"),
    ):
        (bundle / ARRAYS).write_bytes(data)
        with pytest.raises(ModelError):
            read_bundle(bundle)
    (bundle / ARRAYS).write_bytes(held)
    assert read_bundle(bundle).latents.size


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e30])
def test_numbers_that_no_recording_gives(tiny, tmp_path, number):
    broken = np.zeros((1, FRAMES, 1), np.float32) + number
    with pytest.raises(WrongProfile, match="no recording gives"):
        read_bundle(write_bundle(tmp_path / "a.dtprofile", tiny("mf"), latents=broken))


def test_every_damaged_byte_is_read_or_refused(bundle):
    held = (bundle / ARRAYS).read_bytes()
    chance = np.random.default_rng(3)
    for _ in range(300):
        data = bytearray(held)
        for place in chance.integers(0, min(len(data), 600), 3):
            data[place] = chance.integers(0, 256)
        (bundle / ARRAYS).write_bytes(data)
        try:
            assert np.isfinite(read_bundle(bundle).latents).all()
        except ModelError as error:
            assert str(error).endswith(".")

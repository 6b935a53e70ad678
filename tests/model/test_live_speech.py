"""Speech from text that comes token by token, with a tiny model: it is what the same tokens give at once."""

import json
import shutil

import numpy as np
import pytest

from dotsbook.errors import ModelError
from dotsbook.model.checkpoint.config import StreamingConfig
from dotsbook.model.failures import LineTooLong
from dotsbook.model.interleaving import interleaved
from dotsbook.model.live_speech import LiveSpeech
from dotsbook.model.sampling import SamplingOptions

NEVER = SamplingOptions(eos_threshold=2.0, max_patches=30)
BUFFERED = {"interleave_mode": "buffered_ratio", "initial_lookahead": 3, "ta_per_tta": 2, "warmup_ta": 1}


def load(tiny, tmp_path, streaming, **sizes):
    from dotsbook.model.dots import Dots

    folder = tmp_path / "model"
    shutil.copytree(tiny("scm", lstm_layers=1, **sizes), folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"streaming": streaming}), "utf-8")
    return Dots.load(folder, dtype="float32")


def test_quotas():
    turns = StreamingConfig(lookahead=3, warmup=1, steady=2)
    assert [turns.quota(i) for i in range(8)] == [3, 1, 1, 1, 2, 1, 1, 2]
    assert [StreamingConfig().quota(i) for i in range(3)] == [1, 1, 1]
    assert interleaved([1, 2, 3, 4], [9, 9, 9, 8], 7, turns) == [1, 2, 3, 9, 4, 9, 7, 9, 8]
    assert interleaved([1, 2, 3], [9], 7, StreamingConfig()) == [1, 9, 2, 3, 7]


@pytest.mark.parametrize("sizes", [{}, {"patch_size": 2, "lookahead": 3}])
def test_pieces_joined_are_the_patches_decoded_at_once(tiny, tmp_path, sizes):
    from dotsbook.model.stream import decode_latents

    dots = load(tiny, tmp_path, BUFFERED, **sizes)
    live = LiveSpeech(dots, sampling=SamplingOptions(eos_threshold=0.45, max_patches=200), seed=3)
    text = dots.tokens.encode("The tide.")
    pieces = [live.push(token) for token in text]
    assert pieces[0] is None and pieces[1] is None
    pieces += live.finish()
    sound = np.concatenate([piece for piece in pieces if piece is not None])
    whole = decode_latents(dots.vae, np.concatenate(live.patches))
    assert len(sound) == len(live.patches) * dots.config.patch_samples
    np.testing.assert_allclose(sound, whole, atol=2e-5)
    assert live.ids.count(dots.tokens.span) == len(live.patches)


def test_two_speeches_on_one_model_do_not_meet(tiny, tmp_path):
    dots = load(tiny, tmp_path, {})
    text = dots.tokens.encode("One.")

    def alone(seed):
        live = LiveSpeech(dots, seed=seed, sampling=NEVER)
        return [live.push(token) for token in text]

    first, second = LiveSpeech(dots, seed=1, sampling=NEVER), LiveSpeech(dots, seed=2, sampling=NEVER)
    woven = [(first.push(token), second.push(token)) for token in text]
    for seed, found in ((1, [one for one, _ in woven]), (2, [other for _, other in woven])):
        for a, b in zip(alone(seed), found, strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_reference_with_its_words_is_continued(tiny, tmp_path):
    dots = load(tiny, tmp_path, BUFFERED)
    t = np.arange(16000) / 16000
    profile = dots.enroll(np.sin(900 * t).astype(np.float32) * 0.3, 16000, "A reference.")
    live = LiveSpeech(dots, profile, sampling=NEVER)
    assert not live.patches and live.room == 30 - profile.patches - 1
    assert live.ids.count(dots.tokens.span) == profile.patches + 1
    live.push(dots.tokens.encode("a")[0])
    with pytest.raises(LineTooLong):
        LiveSpeech(dots, profile, sampling=SamplingOptions(max_patches=profile.patches + 1))


def test_the_room_and_the_end_are_told(tiny, tmp_path):
    dots = load(tiny, tmp_path, {})
    live = LiveSpeech(dots, sampling=SamplingOptions(eos_threshold=2.0, max_patches=3))
    rest = live.finish()
    with pytest.raises(LineTooLong):
        list(rest)
    with pytest.raises(ModelError):
        live.push(1)
    with pytest.raises(ModelError):
        next(live.finish())

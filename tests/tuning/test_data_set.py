"""A data set's folder: read strictly, its latents kept by content."""

import json

import numpy as np
import pytest

from dotsbook.errors import SourceError
from dotsbook.tuning.data_set import Dataset


def test_lines_and_those_held_out(data_folder):
    data = Dataset.open(data_folder)
    assert [line.id for line in data.lines] == ["c0", "c1", "c2"]
    assert [line.id for line in data.held_out] == ["c3"]
    assert (data.consent, data.licence) == ("Ann Lee, 2026-03-02", "CC0")
    assert data.record()["speakers"] == ["ann"]


def edited(folder, change):
    path = folder / "lines.jsonl"
    rows = [json.loads(row) for row in path.read_text().splitlines()]
    change(rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_the_hash_tells_what_was_trained_on(data_folder):
    before = Dataset.open(data_folder).hash
    edited(data_folder, lambda rows: rows.reverse())
    assert Dataset.open(data_folder).hash == before, "the order is no matter"
    edited(data_folder, lambda rows: rows[0].update(text="Another."))
    assert Dataset.open(data_folder).hash != before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda rows: rows[0].update(audio="../../etc/passwd"), "no file in clips"),
        (lambda rows: rows[0].update(audio="clips/.."), "no file in clips"),
        (lambda rows: rows[0].update(text=" "), "line 1 has no text"),
        (lambda rows: rows[1].update(id="c0"), "names c0 twice"),
        (lambda rows: rows[1].pop("held_out"), "line 2 has no proper `held_out`"),
        (lambda rows: rows.clear(), "no lines"),
    ],
)
def test_a_wrong_line_is_a_sentence(data_folder, change, said):
    edited(data_folder, change)
    with pytest.raises(SourceError, match=said):
        Dataset.open(data_folder)


def test_a_set_without_consent_is_refused(data_folder):
    path = data_folder / "dataset.yaml"
    path.write_text(path.read_text().replace("consent: Ann Lee, 2026-03-02", "consent: ''"))
    with pytest.raises(SourceError, match="by whose leave"):
        Dataset.open(data_folder)


def test_a_folder_that_is_no_set(tmp_path):
    with pytest.raises(SourceError, match="tune prepare"):
        Dataset.open(tmp_path)


def test_latents_are_made_once_and_kept_by_content(data_folder, codec, monkeypatch):
    data = Dataset.open(data_folder)
    line = data.lines[0]
    made = data.latents(line, codec)
    config = codec.config
    assert made.mean_logstd.shape[1] == 2 * config.latent_dim
    assert len(made.mean_logstd) % config.patch_size == 0
    assert made.x_vector.shape == (config.speaker_dim,)
    with monkeypatch.context() as without:
        without.setattr(type(codec), "latents", None)
        assert np.array_equal(data.latents(line, codec).mean_logstd, made.mean_logstd)
    path = data.latents_file(line, codec)
    path.write_bytes(path.read_bytes()[:-9])  # damaged: made anew
    assert np.array_equal(data.latents(line, codec).mean_logstd, made.mean_logstd)


def test_models_that_share_their_codec_share_the_cache(tiny_fm, tmp_path):
    from dotsbook.model.checkpoint.opening import open_checkpoint
    from dotsbook.model.training.clip_codec import codec_identity
    from tests.model.tiny import write_tiny

    fm = codec_identity(open_checkpoint(tiny_fm))
    assert codec_identity(open_checkpoint(write_tiny(tmp_path / "mf", kind="mf"))) == fm
    assert codec_identity(open_checkpoint(write_tiny(tmp_path / "other", kind="fm", seed=2))) != fm


def test_a_clip_that_was_changed_is_refused(data_folder, codec):
    data = Dataset.open(data_folder)
    path = data_folder / data.lines[0].audio
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(SourceError, match="isn't the clip that was prepared"):
        data.latents(data.lines[0], codec)


def test_lines_become_examples(data_folder, tiny_fm):
    from dotsbook.model.dots import Dots
    from dotsbook.model.training.clip_codec import ClipCodec
    from dotsbook.model.training.training_ids import TrainingTokens, eos_of
    from dotsbook.tuning.training_examples import examples_of

    data, dots = Dataset.open(data_folder), Dots.load(tiny_fm)
    tokens = TrainingTokens(dots.tokens, eos_of(dots.checkpoint))
    first, *_ = examples_of(data, data.lines, ClipCodec.of(dots), tokens)
    asked = dots.tokens.ids(data.lines[0].text, None, "en")
    assert list(first.ids[: len(asked)]) == asked, "it is trained on what it is asked with"
    assert (first.ids == dots.tokens.span).sum() == first.frames // dots.config.patch_size


def test_info_tells_of_a_set(data_folder, capsys):
    from dotsbook.cli.app import run

    assert run(["tune", "info", str(data_folder)]) == 0
    assert "consent: Ann Lee, 2026-03-02" in capsys.readouterr().out
    assert run(["tune", "info", str(data_folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["held_out"] == 1

"""Sounds, a data set of them, and tiny checkpoints, for the tests of tuning."""

from dataclasses import replace

import numpy as np
import pytest
from tuning_sounds import voice

from dotsbook.audio import write_flac
from dotsbook.files import sha256_of
from dotsbook.model.blas import prefer_openblas
from dotsbook.tuning.data_set import ABOUT, LINES, ClipLine, Dataset, DatasetAbout, write_about, write_lines
from tests.model.tiny import write_tiny

prefer_openblas()  # before any test imports MLX


@pytest.fixture(scope="session")
def tiny_fm(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("tiny") / "model", kind="fm")


@pytest.fixture(scope="session")
def codec(tiny_fm):
    from dotsbook.model.training.clip_codec import ClipCodec

    return ClipCodec.load(tiny_fm)


@pytest.fixture
def data_folder(tmp_path):
    """A data set of four clips, one of them held out."""
    folder, lines = tmp_path / "set", []
    (folder / "clips").mkdir(parents=True)
    for number in range(4):
        path = folder / "clips" / f"c{number}.flac"
        write_flac(path, voice(2.0 + 0.2 * number, 24_000, number), 24_000)
        said = f"Line {number} of the tide."
        held = number == 3
        lines.append(
            ClipLine(f"c{number}", f"clips/c{number}.flac", said, "ann", "en", 1.2, held, sha256_of(path))
        )
    write_lines(folder / LINES, lines)
    write_about(
        folder / ABOUT, DatasetAbout("tide", "Ann Lee, 2026-03-02", "CC0", "en", ("a folder",), 24_000)
    )
    return folder


@pytest.fixture
def mixed_set(data_folder, codec):
    """The same by two speakers in two languages, with latents in its cache that no clip was asked for: training begins at once."""
    from dotsbook.model.training.clip_codec import ClipLatents

    dice, data, config = np.random.default_rng(0), Dataset.open(data_folder), codec.config
    lines = [
        replace(line, speaker=("ann", "bob")[i % 2], lang=("en", "de")[i // 2])
        for i, line in enumerate(data.all_lines)
    ]
    write_lines(data_folder / LINES, lines)
    for number, line in enumerate(lines):
        frames = (3 + number) * config.patch_size
        latents = dice.standard_normal((frames, 2 * config.latent_dim)) - 0.5
        made = ClipLatents(latents.astype(np.float32), dice.standard_normal(config.speaker_dim))
        made.save(data.latents_file(line, codec))
    return data_folder

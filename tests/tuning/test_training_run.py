"""A training through its door: what is wrong with what it is told is said."""

import pytest

from dotsbook.errors import ManifestError
from dotsbook.tuning.training_runs import opened_run


def test_a_wrong_key_is_named(data_folder, tmp_path):
    config = tmp_path / "tune.yaml"
    config.write_text("rnak: 8\n")
    with pytest.raises(ManifestError, match="rank"):
        opened_run(data_folder, config)


def test_a_config_that_is_not_there(data_folder, tmp_path):
    with pytest.raises(ManifestError, match="There is no config"):
        opened_run(data_folder, tmp_path / "none.yaml")

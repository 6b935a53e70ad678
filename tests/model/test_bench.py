"""The bench measures a model here and keeps what is best for it."""

import json

import pytest
from typer.testing import CliRunner

from dotsbook.cli.app import app
from dotsbook.machine import user_cache
from dotsbook.model.bench.findings import found
from dotsbook.render.calibration import known


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("dotsbook.model.bench.stages.REFERENCE", 1.0)


def test_a_bench_of_a_small_model(tiny, cache):
    told = CliRunner().invoke(app, ["model", "bench", str(tiny("mf")), "--seconds", "1", "--json"])
    assert told.exit_code == 0, told.output
    stages = {figures.pop("stage"): figures for figures in map(json.loads, told.stdout.splitlines())}
    assert list(stages) == [
        "machine",
        "first sound",
        "one line",
        "lines 1",
        "lines 4",
        "lines 8",
        "lines 16",
        "throttling",
        "line",
    ]
    measured = [value for name in ("first sound", "one line", "lines 8") for value in stages[name].values()]
    assert len(measured) > 15 and all(value >= 0 for value in measured)
    line = stages["line"]
    assert line["line"].startswith("bench 1 | ") and "throttle" in line["line"]
    assert found(line["model"]).together == line["lines together"]
    assert known(user_cache(), f"dots:{line['model']}").rate == line["times real time"]


def test_which_model_must_be_said(cache):
    told = CliRunner().invoke(app, ["model", "bench"])
    assert told.exit_code == 1 and "--random" in str(told.exception)

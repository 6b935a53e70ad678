"""A training through its door: events, an adapter, a page; stopped and gone on with to the bit; what is wrong, said."""

import pytest

from dotsbook.errors import ManifestError
from dotsbook.tuning.training_events import SamplesSpoken, Stepped, TuningEnded, Validated
from dotsbook.tuning.training_runs import opened_run

STEPS = 6


def trained(folder, base, name, stop_after=STEPS, **said):
    """The events of a run that is asked to stop after so many steps."""
    events: list = []
    run = opened_run(folder, None, name, base=str(base), steps=STEPS, **said)
    events.extend(run.train(lambda: sum(isinstance(one, Stepped) for one in events) >= stop_after))
    return events


def losses(events):
    return [(one.step, one.fm, one.eos, one.gradient) for one in events if isinstance(one, Stepped)]


def test_it_trains_and_goes_on_to_the_bit(data_folder, tiny_fm):
    whole = trained(data_folder, tiny_fm, "whole")
    end = whole[-1]
    assert isinstance(end, TuningEnded) and end.whole and end.adapter.is_file()
    assert any(isinstance(event, Validated) for event in whole)
    [page] = {event.page for event in whole if isinstance(event, SamplesSpoken)}
    assert "<audio" in page.read_text("utf-8")

    mute = {"sample_every": 0}  # lines that are spoken change nothing, and take long
    first = trained(data_folder, tiny_fm, "broken", stop_after=2, **mute)
    assert isinstance(first[-1], TuningEnded) and not first[-1].whole
    rest = trained(data_folder, tiny_fm, "broken", **mute)
    assert losses(first) + losses(rest) == losses(whole)


def test_a_wrong_key_is_named(data_folder, tmp_path):
    config = tmp_path / "tune.yaml"
    config.write_text("rnak: 8\n")
    with pytest.raises(ManifestError, match="rank"):
        opened_run(data_folder, config)


def test_a_config_that_is_not_there(data_folder, tmp_path):
    with pytest.raises(ManifestError, match="There is no config"):
        opened_run(data_folder, tmp_path / "none.yaml")

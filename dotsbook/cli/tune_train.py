"""`dotsbook tune train`: a data set taught to a model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import emit
from dotsbook.cli.interrupt import interruptible
from dotsbook.cli.show_training import ForWatchers
from dotsbook.cli.tune_info import DataSet

if TYPE_CHECKING:
    from dotsbook.tuning.training_run import TrainingRun

Config = Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="YAML: docs/tune.md.")]
Base = Annotated[str | None, typer.Option(metavar="MODEL", help="What is taught: a folder or a hub name.")]
Run = Annotated[str, typer.Option("--run", metavar="NAME", help="Where it is kept: DIR/runs/NAME.")]
Smoke = Annotated[bool, typer.Option("--smoke", help="Three steps, to see whether all of it works.")]


def train(
    folder: DataSet,
    config: Config = None,
    base: Base = None,
    run: Run = "voice",
    method: Annotated[str | None, typer.Option(help="lora, qlora or full.")] = None,
    steps: Annotated[int | None, typer.Option(min=1)] = None,
    memory: Annotated[str | None, typer.Option(metavar='"12 GB"', help="The most it may take.")] = None,
    smoke: Smoke = False,
    as_json: Json = False,
) -> None:
    """Teach a model what is in a data set. Stop it any time: the same command goes on, to the bit."""
    from dotsbook.tuning.training_runs import opened_run

    said = {"base": base, "method": method, "steps": steps, "memory": memory}
    shown(opened_run(folder, config, run, smoke, **said), as_json)


def shown(training: "TrainingRun", as_json: bool) -> None:
    """Train and show it. Raises KeyboardInterrupt after a clean stop."""
    from dotsbook.tuning.training_events import TuningEnded, record

    show = ForWatchers(quiet=as_json)
    with interruptible(show.stopping) as wished, show:
        for event in training.train(wished.is_set):
            if as_json:
                emit(record(event))
            else:
                show.hear(event)
    if isinstance(event, TuningEnded) and not event.whole:
        raise KeyboardInterrupt

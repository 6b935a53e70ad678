"""`dotsbook tune distill`: a model of flow matching taught to speak in a few steps a patch."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.tune_info import DataSet
from dotsbook.cli.tune_train import Config, Smoke, shown

Teacher = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL", help="A model of flow matching: base, soar, or one with an adapter baked in."
    ),
]


def distill(
    folder: DataSet,
    teacher: Teacher = None,
    config: Config = None,
    run: Annotated[str, typer.Option("--run", metavar="NAME", help="Where it is kept.")] = "meanflow",
    steps: Annotated[int | None, typer.Option(min=1)] = None,
    memory: Annotated[str | None, typer.Option(metavar='"12 GB"', help="The most it may take.")] = None,
    smoke: Smoke = False,
    as_json: Json = False,
) -> None:
    """Distil a tuned model to four steps a patch (MeanFlow). Dear: days, not hours. Stop it any time; it goes on to the bit."""
    from dotsbook.tuning.training_runs import opened_run

    said = {"base": teacher, "method": "meanflow", "steps": steps, "memory": memory}
    shown(opened_run(folder, config, run, smoke, **said), as_json)

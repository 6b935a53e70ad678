"""`dotsbook tune evaluate`: held-out lines by the base and by the tuned model, and whether it got better."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import complaints, console, emit, remark, table
from dotsbook.cli.interrupt import interruptible
from dotsbook.cli.tune_info import DataSet

if TYPE_CHECKING:
    from dotsbook.tuning.tuned_evaluation import TunedScore

Interval = tuple[float, float, float]


def evaluate(
    folder: DataSet,
    adapter: Annotated[Path, typer.Option(metavar="FILE", help="What was trained.")],
    model: Annotated[str, typer.Option(help="The base that it is laid over: a folder or a hub name.")],
    strength: Annotated[float, typer.Option(min=0.0, max=2.0, help="Of the adapter.")] = 1.0,
    recogniser: Annotated[
        str | None, typer.Option(help="As in `ears: {recogniser: …}`: counts word errors.")
    ] = None,
    encoder: Annotated[
        Path | None,
        typer.Option(
            help="A speaker encoder: an ONNX file, or a dots.tts model.", show_default="the model's own"
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The first held-out lines only.")] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Where results and sounds are kept.", show_default="in DIR"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Have held-out lines spoken with and without the adapter, and say whether it is better. Stop it any time."""
    from dotsbook.tuning.tuned_evaluation import TunedPlan, TunedScore, evaluate_tuned

    plan = TunedPlan(folder, adapter, model, strength, recogniser, encoder, limit, out)
    with interruptible() as wished:
        for event in evaluate_tuned(plan, wished):
            if isinstance(event, TunedScore):
                emit(event.record()) if as_json else show(event)
                return
            if not as_json:
                complaints.print(f"{event.id}: loss {event.base.fm:.3f} → {event.tuned.fm:.3f}", markup=False)
        raise KeyboardInterrupt


def show(score: "TunedScore") -> None:
    for sentence in score.remarks:
        remark(sentence)
    rows = table("mean (95 % interval)", "recordings", "base", "tuned", "change", "lines", right=[5])
    for measure in score.measures.values():
        if measure.lines:
            cells = (measure.recording, measure.base, measure.tuned, measure.change)
            rows.add_row(measure.name, *map(told, cells), str(measure.lines))
    console.print(rows)
    console.print(f"{score.verdict.answer}: {'; '.join(score.verdict.reasons)}", markup=False)
    console.print(f"What was spoken lies in {score.folder}.", markup=False)


def told(interval: Interval | None) -> str:
    return "" if interval is None else "{:.3f} ({:.3f} … {:.3f})".format(*interval)

"""`dotsbook evaluate`: engines on a list that speech synthesis is evaluated on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import complaints, console, emit, plain, table
from dotsbook.cli.interrupt import interruptible

if TYPE_CHECKING:
    from dotsbook.production.evaluating import EngineScore

EVERY = 10  # lines between two that tell of progress


def evaluate(
    file: Annotated[Path, typer.Argument(metavar="LIST", help="meta.lst, or JSONL with a `text` a line.")],
    engine: Annotated[
        list[str], typer.Option("--engine", "-e", metavar="NAME[=MODEL]", help="May be given again.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where results and sounds are kept.")] = Path(
        "evaluation"
    ),
    language: Annotated[str, typer.Option(help="What the list speaks.")] = "en",
    recogniser: Annotated[str | None, typer.Option(help="As in `ears: {recogniser: …}`.")] = None,
    encoder: Annotated[
        Path | None,
        typer.Option(help="A speaker encoder, for similarity to prompts: an ONNX file, or a dots.tts model."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="The first lines only.")] = None,
    as_json: Json = False,
) -> None:
    """Speak a list with each engine, hear it, and count errors as Seed-TTS-eval does. Stop it any time."""
    from dotsbook.production.evaluating import EngineScore, EvaluationPlan
    from dotsbook.production.evaluating import evaluate as evaluated

    plan = EvaluationPlan(file, engine, out, language, recogniser, encoder, limit)
    scores: list[EngineScore] = []
    with interruptible() as wished:
        for number, event in enumerate(evaluated(plan, wished), 1):
            if isinstance(event, EngineScore):
                scores.append(event)
            elif not as_json and number % EVERY == 0:
                complaints.print(f"{event.engine}: {event.id}", markup=False)
        if wished.is_set():
            raise KeyboardInterrupt
    if as_json:
        for score in scores:
            emit(score.record())
    else:
        show(scores)


def show(scores: "list[EngineScore]") -> None:
    rows = table("engine", "lines", "failed", "errors", "similarity", "RTF", right=[1, 2, 5])
    for score in scores:
        mean, low, high = score.rate
        errors = f"{'CER' if score.by_character else 'WER'} {mean:.2%} ({low:.2%} … {high:.2%})"
        alike = "{:.3f} ({:.3f} … {:.3f})".format(*score.similarity) if score.similarity else ""
        failed = str(score.failed) if score.failed else ""
        rows.add_row(plain(score.engine), str(score.lines), failed, errors, alike, f"{score.speed:.3f}")
    console.print(rows)

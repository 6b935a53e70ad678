"""`dotsbook tune prepare`: a data set out of recordings with their texts."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.interrupt import interruptible
from dotsbook.cli.show_prepare import PrepareShow

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="The data set's folder; made if it isn't there.")]
From = Annotated[
    list[Path],
    typer.Option(
        "--from",
        metavar="FOLDER|CSV|JSONL|PROJECT",
        help="Recordings with their texts; may be given again.",
    ),
]
Consent = Annotated[
    str,
    typer.Option(
        help="Whose voices these are, and by whose leave; it goes into everything that is made of them."
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        help="A dots.tts model: clips get its rate, and latents are made now.", show_default="48,000 Hz"
    ),
]


def prepare(
    folder: Folder,
    sources: From,
    consent: Consent,
    licence: Annotated[str, typer.Option(help="Of the recordings.")] = "",
    name: Annotated[str, typer.Option(help="What the data set is called.", show_default="DIR's")] = "",
    language: Annotated[
        str, typer.Option(help="Of clips that name none; `none`: no language tag before texts.")
    ] = "en",
    speaker: Annotated[
        str, typer.Option(help="Of clips that name none.", show_default="the data set's name")
    ] = "",
    held_out: Annotated[
        float, typer.Option(min=0.0, max=0.5, help="Share of the clips to judge by, never trained on.")
    ] = 0.05,
    model: Model = None,
    recogniser: Annotated[
        str | None, typer.Option(help="As in `ears: {recogniser: …}`: compares texts with what is heard.")
    ] = None,
    shortest: Annotated[float, typer.Option(min=0.1, help="Seconds of a clip.")] = 1.0,
    longest: Annotated[
        float, typer.Option(max=29.0, help="Seconds; what is longer is split at pauses.")
    ] = 25.0,
    as_json: Json = False,
) -> None:
    """Make a data set of recordings with their texts. Stop it any time; the same command goes on."""
    from dotsbook.tuning.clip_checks import ClipLimits
    from dotsbook.tuning.prepare_plan import PreparePlan
    from dotsbook.tuning.preparing import prepare

    plan = PreparePlan(
        folder, sources, consent, licence, name, language, speaker, held_out, model, recogniser,
        ClipLimits(shortest, longest),
    )  # fmt: skip
    with interruptible() as wished, PrepareShow(as_json) as show:
        for event in prepare(plan, wished):
            show.hear(event)
        if not show.done:
            raise KeyboardInterrupt

"""`dotsbook model convert|quantize`: one self-contained folder of a model, packed if asked."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import Json, ModelName
from dotsbook.cli.console import console, emit
from dotsbook.production import models
from dotsbook.wording import size

Out = Annotated[Path, typer.Argument(metavar="OUT", help="The new folder; it must not exist.")]
PatchEncoder = Annotated[bool, typer.Option("--patch-encoder", help="Pack the patch encoder too.")]


def convert(
    source: ModelName,
    out: Out,
    dtype: Annotated[str | None, typer.Option(help="float32 or bfloat16; without it, as stored.")] = None,
    bits: Annotated[int | None, typer.Option(help="4 or 8: pack the language model.")] = None,
    patch_encoder: PatchEncoder = False,
    as_json: Json = False,
) -> None:
    """Write a model as one self-contained folder: no pickle, nothing to rearrange, hashed."""
    made(out, models.convert(source, out, dtype, bits, patch_encoder), as_json)


def quantize(
    source: ModelName,
    out: Out,
    bits: Annotated[int, typer.Option(help="4 or 8.")] = 8,
    dtype: Annotated[str, typer.Option(help="float32 or bfloat16, for the rest.")] = "bfloat16",
    patch_encoder: PatchEncoder = False,
    as_json: Json = False,
) -> None:
    """Pack a model's language model into 4 or 8 bits. The DiT is never packed: it would derail."""
    made(out, models.convert(source, out, dtype, bits, patch_encoder), as_json)


def made(folder: Path, about: dict, as_json: bool) -> None:
    if as_json:
        emit(about)
    else:
        console.print(
            f"{folder} holds {size(about['bytes'])}, {about['precision']}{models.packing(about)}",
            markup=False,
        )

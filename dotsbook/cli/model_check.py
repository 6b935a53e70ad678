"""`dotsbook model verify|info`: whether a model is fit for use, and what it is."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import Json, ModelName
from dotsbook.cli.console import console, emit
from dotsbook.production import models


def verify(
    model: ModelName,
    speak: Annotated[bool, typer.Option("--speak/--no-speak", help="Also speak a word with it.")] = True,
    as_json: Json = False,
) -> None:
    """Prove a model fit: compare hashes, look for broken numbers, place every tensor, speak a word."""
    found = models.verify(model, speak)
    if as_json:
        emit(found)
        return
    hashed = (
        f"{found['files']} hashes agree"
        if found["hashed"]
        else "no hashes to compare (folder has no hashes.json)"
    )
    spoken = f"; it spoke {found['seconds']:.2f} s" if found["seconds"] else ""
    console.print(f"{model} is fit: {hashed}; {found['tensors']} tensors in place{spoken}", markup=False)


def info(model: ModelName, as_json: Json = False) -> None:
    """Say what a model is: layout, solver, sizes, parameters, precision, licence."""
    about = models.info(model)
    if as_json:
        emit(about)
        return
    for what, found in models.described(about):
        console.print(f"{what:<11} {found}", markup=False)

"""`dotsbook model list|pull`: the models that are known to fit, and fetching one."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit
from dotsbook.cli.fetch import may_fetch
from dotsbook.production import models
from dotsbook.production.fetching import Fetch


def list_models(as_json: Json = False) -> None:
    """Name the models that are known to fit, and say which are on this machine."""
    for known in models.known_models():
        if as_json:
            folder = known.folder and str(known.folder)
            emit({"model": known.name, "about": known.about, "folder": folder})
        else:
            here = "here" if known.folder else "    "
            console.print(f"{here}  {known.name:<33} {known.about}", markup=False)


def pull(
    model: Annotated[
        str,
        typer.Argument(
            metavar="MODEL", help="A hub name: owner/repo, owner/repo/folder, owner/repo@revision."
        ),
    ],
    bits: Annotated[
        int | None, typer.Option(min=4, max=8, help="4 or 8: convert and pack a reference model as well.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Fetch without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch a model from the hub, after showing its size and licence, and check its hashes. Resumes what was interrupted."""

    def allow(fetch: Fetch) -> bool:
        return may_fetch(fetch, yes, as_json)

    folder = models.pull_packed(model, bits, allow) if bits else models.pull(model, allow)
    if as_json:
        emit({"model": model, "folder": str(folder)})
    else:
        packed = f", packed in {bits} bits; name that folder under `model:`" if bits else ""
        console.print(f"{model} is whole, in {folder}{packed}", markup=False)

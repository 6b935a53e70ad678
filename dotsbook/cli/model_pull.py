"""`dotsbook model list|pull`: the models that are known to fit, and fetching one."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import Json
from dotsbook.cli.console import console, emit
from dotsbook.errors import ModelError
from dotsbook.production import models
from dotsbook.wording import size


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
    """Fetch a model from the hub, after showing its size, and check its hashes. Resumes what was interrupted."""

    def allow(fetch: models.Fetch) -> bool:
        if not as_json:
            whole, missing = size(fetch.bytes), size(fetch.missing)
            console.print(
                f"{fetch.model}: {fetch.files} files, {whole}, of which {missing} to fetch", markup=False
            )
        if yes or not fetch.missing:
            return True
        if as_json:
            raise ModelError(f"{fetch.model} needs {size(fetch.missing)} fetched; add --yes to allow it.")
        return typer.confirm("Fetch it?", default=True)

    folder = models.pull_packed(model, bits, allow) if bits else models.pull(model, allow)
    if as_json:
        emit({"model": model, "folder": str(folder)})
    else:
        packed = f", packed in {bits} bits; name that folder under `model:`" if bits else ""
        console.print(f"{model} is whole, in {folder}{packed}", markup=False)

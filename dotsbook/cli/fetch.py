"""Whether something may be fetched from the hub: its size and licence shown, and asked once."""

from typing import TYPE_CHECKING

import typer

from dotsbook.cli.console import console, remark
from dotsbook.errors import ModelError
from dotsbook.wording import size

if TYPE_CHECKING:
    from dotsbook.production.fetching import Fetch


def may_fetch(fetch: "Fetch", yes: bool, as_json: bool) -> bool:
    if not as_json:
        console.print(
            f"{fetch.source}: {fetch.files} files, {size(fetch.bytes)}, of which {size(fetch.missing)} to fetch. "
            f"Its licence: {fetch.licence}.",
            markup=False,
        )
        if fetch.warning:
            remark(fetch.warning)
    if yes or not fetch.missing:
        return True
    if as_json:
        raise ModelError(f"{fetch.source} needs {size(fetch.missing)} fetched; add --yes to allow it.")
    return typer.confirm("Fetch it?", default=not fetch.warning)

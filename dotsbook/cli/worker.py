"""`dotsbook worker`: this machine speaks for books that are rendered elsewhere."""

from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import Memory
from dotsbook.cli.console import console, remark
from dotsbook.cli.interrupt import interruptible


def worker(
    address: Annotated[
        str, typer.Argument(metavar="tcp://HOST:8786", help="The scheduler: `dask scheduler` there says it.")
    ],
    memory: Memory = None,
    tls: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER", help="With ca.pem, cert.pem, key.pem.", show_default="dask's own settings"
        ),
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch models that a book needs from the hub.")
    ] = False,
    name: Annotated[str, typer.Option(help="What it is called.", show_default="the machine's name")] = "",
) -> None:
    """Speak for books that are rendered with `--cluster`, until Ctrl-C."""
    from dotsbook.production.cluster_worker import serve_cluster

    with interruptible() as wished:
        console.print(f"This machine speaks for {address}. Ctrl-C ends it.", markup=False)
        serve_cluster(address, memory, tls, fetch, name, wished, remark)
    console.print("Ended.")

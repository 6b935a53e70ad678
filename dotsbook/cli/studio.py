"""`dotsbook studio`: the book in a browser, while it is cast, rendered, heard and corrected."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Cluster, Json, Memory, ProjectPath, opened
from dotsbook.cli.console import console, emit
from dotsbook.cli.interrupt import interruptible


def studio(
    project: ProjectPath = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8870,
    lan: Annotated[
        bool,
        typer.Option(
            "--lan", help="Also give a link for other machines of this network, to listen and note."
        ),
    ] = False,
    lan_writes: Annotated[
        bool, typer.Option("--lan-writes", help="With that link everything may be done.")
    ] = False,
    browse: Annotated[bool, typer.Option("--open/--no-open", help="Open it in the browser.")] = True,
    memory: Memory = None,
    cluster: Cluster = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Open the book in the browser: cast, listen, correct, sign and assemble it while it renders. Ends with Ctrl-C."""
    from dotsbook.studio.running_studio import StudioOptions, studio_running

    with opened(project, at, memory) as book:
        folder = book.project.file
    options = StudioOptions(port, lan or lan_writes, lan_writes, memory, cluster)
    with interruptible() as wished, studio_running(folder, options) as links:
        if as_json:
            emit({"event": "studio", "url": links.own, "lan": links.lan})
        else:
            console.print(links.own, markup=False, soft_wrap=True)
            for link in links.lan:
                console.print(f"for others: {link}", markup=False, soft_wrap=True)
            console.print("Ctrl-C ends it.")
        if browse and not as_json and console.is_terminal:
            typer.launch(links.own)
        wished.wait()
    if not as_json:
        console.print("Ended.")

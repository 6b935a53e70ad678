"""`dotsbook serve`: the book's voices for other programs, by OpenAI's /v1/audio/speech."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, Json, Memory, ProjectPath, opened
from dotsbook.cli.console import console, emit, remark
from dotsbook.cli.interrupt import interruptible


def serve(
    project: ProjectPath = None,
    host: Annotated[
        str, typer.Option(help="Where to listen; anything but loopback needs a token, see docs/serve.md.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0: any that is free.")] = 8880,
    memory: Memory = None,
    at: At = None,
    as_json: Json = False,
) -> None:
    """Speak for other programs, in the book's voices, until Ctrl-C."""
    from dotsbook.serve.running import serving

    with interruptible() as wished, opened(project, at, memory) as book:
        speaker = book.speaker()
        for told in speaker.ready():
            remark(told)
        with serving(book, host, port) as address:
            if as_json:
                emit({"event": "serving", "url": address, "voices": list(speaker.voices)})
            else:
                console.print(f"{address}/audio/speech speaks as {', '.join(speaker.voices)}", markup=False)
                console.print("Ctrl-C ends it.")
            wished.wait()
    if not as_json:
        console.print("Ended.")

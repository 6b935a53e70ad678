"""The arguments that several commands share, each described once."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dotsbook.production.production import Production

ProjectPath = Annotated[
    Path | None,
    typer.Argument(
        metavar="[PROJECT]", help="A project's folder or its book.yaml.", show_default="this folder"
    ),
]
At = Annotated[
    Path | None,
    typer.Option(
        "--project", "-p", metavar="PROJECT", help="The same as PROJECT.", show_default="this folder"
    ),
]
Chapters = Annotated[
    str | None, typer.Option("--chapter", "-c", metavar="3,5-7", help="Only these chapters.")
]
Json = Annotated[bool, typer.Option("--json", help="For programs: JSON, one object a line.")]
Memory = Annotated[
    float | None,
    typer.Option("--memory", min=0.5, help="GiB that engines may use.", show_default="60 % of the machine's"),
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="ADDRESS", help="On workers: tcp://HOST:8786, or local:N here."),
]
AnyDevice = Annotated[
    bool, typer.Option("--any-device", help="On a cluster, speak a voice on several kinds of device.")
]
Locked = Annotated[
    bool, typer.Option("--locked", help="Refuse if engines, models or voices differ from book.lock.yaml.")
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Leave out what `plan` is unsure of, unasked.")]
Formats = Annotated[
    str | None,
    typer.Option("--format", "-f", metavar="m4b,mp3", help="Instead of the manifest's output.formats."),
]
Lines = Annotated[
    list[str],
    typer.Argument(metavar="CHUNK…", help="Chunks by number, e.g. 3.42, or by the first 8 letters of a key."),
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who says so, for the record.")]

VoiceName = Annotated[str, typer.Argument(metavar="NAME", help="What the voice is called under `voices:`.")]
ModelName = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="A folder, or a hub name: owner/repo, owner/repo/folder, owner/repo@revision."
    ),
]


def opened(project: Path | None, at: Path | None = None, memory: float | None = None) -> "Production":
    """The project that was named, either way, or the one in this folder."""
    import dotsbook

    if project and at and project != at:
        raise typer.BadParameter(f"{project} and --project {at} are two projects; name one.")
    return dotsbook.open(project or at or Path(), memory=memory)


def names(text: str | None) -> tuple[str, ...] | None:
    """'m4b, mp3' as ("m4b", "mp3"); None for what wasn't said."""
    return None if text is None else tuple(name.strip() for name in text.split(",") if name.strip())


def chapters_of(book: "Production", text: str | None) -> set[int] | None:
    """What --chapter names."""
    from dotsbook.production.selection import chapter_numbers

    return None if text is None else chapter_numbers(text, len(book.chapters))

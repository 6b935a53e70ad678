"""`dotsbook voices`: the voices of the book, who has them, and whether they are fit to speak."""

from rich.table import Table

from dotsbook.cli.arguments import HERE, Json, ProjectPath
from dotsbook.cli.console import console, emit
from dotsbook.cli.plan import plain
from dotsbook.errors import DotsbookError
from dotsbook.production.session import Session


def voices(project: ProjectPath = HERE, as_json: Json = False) -> None:
    """List the voices with their state: who speaks in them, how many chunks, what is wrong."""
    with Session(project) as session:
        rows = [described(session, name) for name in session.project.manifest.voices]
    if as_json:
        emit(rows)
        return
    table = Table(
        "voice", "speaks", "chunks", "reference", "state", box=None, header_style="dim", pad_edge=False
    )
    for row in rows:
        table.add_row(
            plain(row["voice"]),
            plain(", ".join(row["cast"]) or "—"),
            f"{row['chunks']:,}",
            plain(row["reference"] or "—"),
            plain(row["state"]),
        )
    console.print(table)


def described(session: Session, name: str) -> dict:
    manifest = session.project.manifest
    spoken = session.narration.voices.get(name, {})
    cast = [
        character for character, voice in manifest.cast.items() if voice == name and character != "default"
    ]
    if name == manifest.default_voice:
        cast.append("everything else")
    return {
        "voice": name,
        "cast": cast,
        "chunks": sum(spoken.values()),
        "reference": manifest.voices[name].reference,
        "consent": manifest.voices[name].consent,
        "state": state(session, name, sorted(spoken)),
    }


def state(session: Session, name: str, languages: list[str]) -> str:
    """'ready', or the sentence that says why not."""
    from dotsbook.voices.catalogue import voice_of

    try:
        session.engine.check(voice_of(session.project, name), languages)
    except DotsbookError as error:
        return str(error)
    return "ready"

"""`dotsbook voice add|list|say|remove`: enrol a voice from a recording, look at them, try one, take one out."""

import os
import re
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from dotsbook.cli.arguments import HERE, Json
from dotsbook.cli.console import console, emit
from dotsbook.errors import DotsbookError, OutputError, VoiceError
from dotsbook.project import Project, open_project

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What the voice is called under `voices:`.")]
In = Annotated[
    Path,
    typer.Option(
        "--project",
        "-p",
        metavar="PROJECT",
        help="A project's folder or its book.yaml.",
        show_default="this folder",
    ),
]
NAME = re.compile(r"\w[\w .'-]{0,60}")
INLINE = 300  # characters of a transcript that still stand well in the manifest
COLOURS = {"ok": "green", "warn": "yellow", "refuse": "red"}


@app.command()
def add(
    name: Name,
    reference: Annotated[
        Path, typer.Option(metavar="FILE", help="A recording of the voice alone, best 5 to 15 s.")
    ],
    consent: Annotated[
        str, typer.Option(help='Who allowed the voice to be cloned, and when; "mine" if it is yours.')
    ],
    transcript: Annotated[str, typer.Option(metavar="TEXT|FILE", help="Exactly what is spoken in it.")] = "",
    language: Annotated[
        str | None, typer.Option(help="What the recording speaks, if not the book's language.")
    ] = None,
    cut: Annotated[
        bool, typer.Option("--cut", help="Cut a long recording, and its transcript, at a pause.")
    ] = False,
    project: In = HERE,
    as_json: Json = False,
) -> None:
    """Check a recording and enrol it as a voice of the book."""
    book = open_project(project)
    if not NAME.fullmatch(name):
        raise VoiceError(f"{name!r} can't be a voice's name; use letters, digits, spaces, - and _.")
    if name in book.manifest.voices and book.manifest.voices[name].reference:
        raise VoiceError(
            f"Voice `{name}` has a reference already; `dotsbook voice remove {name}` takes it out first."
        )
    if not consent.strip():
        raise VoiceError("--consent is empty; say who allowed this voice to be cloned, and when.")
    words = words_of(transcript)
    samples, rate, words, found = fit(reference, words, cut)
    fields = keep(book, name, samples, rate, words, names_file(transcript))
    fields |= {"consent": consent.strip()} | ({"language": language} if language else {})
    from dotsbook.production.bookfile import set_voice

    set_voice(book.file, name, fields)
    tell(name, fields, found, words if cut else "", as_json)


def names_file(transcript: str) -> bool:
    return transcript.endswith(".txt") or os.path.isfile(transcript)


def words_of(transcript: str) -> str:
    """The transcript itself, or what the file it names holds."""
    if not names_file(transcript):
        return " ".join(transcript.split())
    try:
        return " ".join(Path(transcript).read_text("utf-8-sig").split())
    except (OSError, UnicodeDecodeError) as error:
        raise VoiceError(f"The transcript {transcript} can't be read: {error}.") from error


def fit(file: Path, words: str, may_cut: bool) -> tuple:
    """(samples, rate, transcript, findings) of a recording that passed; VoiceError for one that didn't."""
    from dotsbook.voices.reference import LONG, cleaned, cut, examine, read_reference, refusal

    read = read_reference(file, words)
    refused = [finding.name for finding in read.findings if finding.verdict == "refuse"]
    end = None
    if may_cut and refused == ["speech"] and read.seconds > LONG:
        piece = cut(read, words)
        end, words = piece.end, piece.transcript
    elif unfit := refusal(file, read):
        raise unfit
    samples = cleaned(read, end)
    return samples, read.rate, words, examine(samples, read.rate, words).findings


def keep(book: Project, name: str, samples, rate: int, words: str, in_file: bool) -> dict[str, str]:
    """Write the recording, and a long transcript, into the project's voices/; the manifest's fields for them."""
    from dotsbook.audio import write_flac
    from dotsbook.files import replacing, write_whole

    stem = unused(book.folder / "voices", slug(name))
    with replacing(stem.with_suffix(".flac")) as temporary:
        write_flac(temporary, samples, rate)
    fields = {"reference": f"voices/{stem.name}.flac"}
    if words and (in_file or len(words) > INLINE):
        write_whole(stem.with_suffix(".txt"), (words + "\n").encode())
        return fields | {"transcript": f"voices/{stem.name}.txt"}
    return fields | ({"transcript": words} if words else {})


def slug(name: str) -> str:
    """A name as part of a file's."""
    return re.sub(r"[^\w-]+", "-", name).strip("-") or "voice"


def unused(folder: Path, name: str) -> Path:
    """A path without suffix that takes no other file's place."""
    for number in range(1, 1000):
        stem = folder / (name if number == 1 else f"{name}-{number}")
        if not any(stem.with_suffix(suffix).exists() for suffix in (".flac", ".txt")):
            return stem
    raise OutputError(f"{folder} holds a thousand files called {name}; clear some away.")


def tell(name: str, fields: dict, findings: tuple, cut_to: str, as_json: bool) -> None:
    if as_json:
        emit({"voice": name, **fields, "findings": [plain(finding) for finding in findings]})
        return
    console.print(checks(findings))
    if cut_to:
        console.print(
            "Cut; listen whether the recording now ends with these words, and correct the transcript if not:",
            style="yellow",
        )
        console.print(cut_to, markup=False)
    console.print(f"Voice {name} is enrolled ({fields['reference']}).", markup=False)
    console.print(f'Try it: dotsbook voice say {name} "…"', markup=False)


def plain(finding) -> dict:
    return {
        "name": finding.name,
        "figure": round(finding.figure, 4),
        "unit": finding.unit,
        "verdict": finding.verdict,
        "advice": finding.advice,
    }


def shown(figure: float) -> str:
    return (
        f"{figure:,.0f}" if abs(figure) >= 1000 else f"{figure:.2g}" if abs(figure) < 1 else f"{figure:.1f}"
    )


def checks(findings: tuple) -> Table:
    table = Table("check", "figure", "", "", box=None, header_style="dim", pad_edge=False)
    for finding in findings:
        table.add_row(
            finding.name,
            f"{shown(finding.figure)} {finding.unit}".strip(),
            f"[{COLOURS[finding.verdict]}]{finding.verdict}[/]",
            finding.advice,
        )
    return table


@app.command("list")
def list_voices(project: In = HERE, as_json: Json = False) -> None:
    """The voices of the book, their references and what is to be said of them."""
    book = open_project(project)
    rows = [described(book, name) for name in book.manifest.voices]
    if as_json:
        emit(rows)
        return
    table = Table("voice", "reference", "speech", "state", box=None, header_style="dim", pad_edge=False)
    for row in rows:
        speech = f"{row['seconds']:.1f} s" if row["seconds"] else "—"
        table.add_row(
            *(escape(cell) for cell in (row["voice"], row["reference"] or "—", speech, row["state"]))
        )
    console.print(table)


def described(book: Project, name: str) -> dict:
    """A voice as a row: its reference is heard anew."""
    from dotsbook.voices.reference import read_reference, refusal

    entry = book.manifest.voices[name]
    row = {
        "voice": name,
        "reference": entry.reference,
        "consent": entry.consent,
        "language": entry.language,
        "seconds": None,
        "findings": [],
        "state": "the engine's own voice",
    }
    if not entry.reference:
        return row
    try:
        path = book.reference(name)
        read = read_reference(path, book.transcript(name))
    except DotsbookError as error:
        return row | {"state": str(error)}
    unfit, warnings = refusal(path, read), [finding for finding in read.findings if finding.verdict == "warn"]
    state = str(unfit) if unfit else "; ".join(finding.advice for finding in warnings) or "fit"
    findings = [plain(finding) for finding in read.findings]
    return row | {"seconds": round(read.seconds, 2), "findings": findings, "state": state}


@app.command()
def say(
    name: Name,
    text: Annotated[str, typer.Argument(help="A line to speak.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Where to, as FLAC.", show_default="say-NAME.flac"),
    ] = None,
    language: Annotated[str | None, typer.Option(help="Of the text, if not the book's.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Another seed is another reading.")] = None,
    project: In = HERE,
    as_json: Json = False,
) -> None:
    """Speak a test line in a voice, to a file."""
    from dotsbook.audio import write_flac
    from dotsbook.files import replacing
    from dotsbook.production.session import SEED, Session
    from dotsbook.voices.catalogue import voice_of
    from dotsbook.voices.engine import Request

    with Session(project) as session:
        manifest = session.project.manifest
        voice = voice_of(session.project, name)
        spoken_in = language or manifest.language
        session.engine.check(voice, [spoken_in])
        chosen = seed if seed is not None else voice.settings.get("seed", SEED)
        [answer] = session.engine.speak([Request(text, voice, spoken_in, chosen)])
        if answer.error:
            raise answer.error
        target = out or Path(f"say-{slug(name)}.flac")
        with replacing(target, ".flac") as temporary:
            write_flac(temporary, answer.samples, session.engine.rate)
        seconds = len(answer.samples) / session.engine.rate
    if as_json:
        emit({"voice": name, "file": str(target), "seconds": round(seconds, 3)})
        return
    console.print(f"{target}: {seconds:.1f} s", markup=False)


@app.command()
def remove(name: Name, project: In = HERE, as_json: Json = False) -> None:
    """Take a voice out of the book. Its recording stays where it is."""
    from dotsbook.production.bookfile import drop_voice

    book = open_project(project)
    entry = book.voice(name)
    roles = [role for role, voice in book.manifest.cast.items() if voice == name]
    if roles:
        raise VoiceError(
            f"Voice `{name}` is cast as {', '.join(roles)}; give {'them' if len(roles) > 1 else 'it'} "
            f"another voice under `cast:` in {book.file} first."
        )
    if len(book.manifest.voices) == 1:
        raise VoiceError(f"`{name}` is the book's only voice; add another first.")
    drop_voice(book.file, name)
    if as_json:
        emit({"removed": name, "kept": entry.reference})
        return
    kept = f" {entry.reference} is still there." if entry.reference else ""
    console.print(f"Voice {name} is out of the book.{kept}", markup=False)

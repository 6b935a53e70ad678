"""`dotsbook voice add`: enrol a voice from a recording."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, VoiceName, opened
from dotsbook.cli.console import console, emit, table

if TYPE_CHECKING:
    from dotsbook.production.book_voices import Enrolled

COLOURS = {"ok": "green", "warn": "yellow", "refuse": "red"}


def add(
    name: VoiceName,
    reference: Annotated[
        Path, typer.Option(metavar="FILE", help="A recording of it alone, 5 to 15 s; or a .dtprofile folder.")
    ],
    consent: Annotated[
        str, typer.Option(help='Who allowed the voice to be cloned, and when; "mine" if it is yours.')
    ],
    transcript: Annotated[str, typer.Option(metavar="TEXT|FILE", help="Exactly what is spoken in it.")] = "",
    language: Annotated[str | None, typer.Option(help="Of the recording, if not the book's.")] = None,
    cut: Annotated[bool, typer.Option("--cut", help="Cut a long recording at a pause.")] = False,
    enhance: Annotated[
        bool, typer.Option("--enhance", help="Take noise out of it; it is kept as it was beside that.")
    ] = False,
    emotion: Annotated[
        str, typer.Option(metavar="sad", help="It is how this voice of the book sounds in an emotion.")
    ] = "",
    at: At = None,
    as_json: Json = False,
) -> None:
    """Check a recording and enrol it as a voice of the book."""
    with opened(at) as book:
        made = book.voices.add(
            name, reference, consent, transcript, language, may_cut=cut, enhance=enhance, emotion=emotion
        )
    if as_json:
        emit(made.record())
    else:
        show(made)


def show(made: "Enrolled") -> None:
    before = {found.name: figure(found.figure) for found in made.before}
    names = ["check", *(["before"] if before else []), "figure", "", ""]
    checks = table(*names, right=[names.index("figure"), 1])
    for found in made.findings:
        verdict = f"[{COLOURS[found.verdict]}]{found.verdict}[/]"
        was = [before.get(found.name, "")] if before else []
        checks.add_row(
            found.name, *was, f"{figure(found.figure)} {found.unit}".strip(), verdict, found.advice
        )
    console.print(checks)
    if made.original:
        console.print(
            f"As it was: {made.original}. Hear both, and name the one you prefer under `reference:`.",
            markup=False,
        )
    if made.cut_to:
        console.print(
            "Cut; listen whether the recording now ends with these words, and correct the transcript if not:",
            style="yellow",
        )
        console.print(made.cut_to, markup=False)
    console.print(f"Voice {made.name} is enrolled ({made.fields['reference']}).", markup=False)
    console.print(f'Try it: dotsbook voice say {made.name} "…"', markup=False)


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.2g}" if abs(value) < 1 else f"{value:.1f}"

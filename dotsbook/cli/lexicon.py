"""`dotsbook lexicon`: which words may need an entry, and what one sounds like."""

import re
from pathlib import Path
from typing import Annotated

import typer

from dotsbook.cli.arguments import HERE, Json, ProjectPath
from dotsbook.cli.console import complaints, console, emit
from dotsbook.cli.words import count

app = typer.Typer(no_args_is_help=True)

Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", help="The file to write.", show_default="say-WORD.flac in the project's output folder"
    ),
]


@app.command()
def find(
    project: ProjectPath = HERE,
    limit: Annotated[int, typer.Option(min=1, help="How many words to list.")] = 60,
    every: Annotated[
        bool, typer.Option("--all", help="List words that have an entry already, too, and no limit.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the names and odd words of the book, the most frequent first, with the place each stands first."""
    from dotsbook.production.session import Session
    from dotsbook.text.lexicon.lexicon_file import load_lexicon
    from dotsbook.text.lexicon.odd_words import odd_words

    with Session(project) as session:
        here = session.project
        lexicon = load_lexicon(here.lexicon) if here.lexicon else None
        found = odd_words(list(session.narration.chunks), here.manifest.language, lexicon)
    listed = found if every else [odd for odd in found if not odd.entry][:limit]
    if as_json:
        for odd in listed:
            emit(
                {
                    "word": odd.word,
                    "reason": odd.reason,
                    "count": odd.count,
                    "chunk": odd.chunk,
                    "context": odd.context,
                    "entry": odd.entry,
                }
            )
        return
    show(listed, len(found))


def show(listed: list, total: int) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not listed:
        console.print("No word stands out: nothing seems to need an entry.")
        return
    table = Table("word", "times", "why", "first", "there", box=None, header_style="dim", pad_edge=False)
    table.columns[1].justify = "right"
    for odd in listed:
        word = odd.word if odd.entry is None else f"{odd.word} → {odd.entry}"
        table.add_row(escape(word), f"{odd.count:,}", odd.reason, odd.chunk, escape(odd.context))
    console.print(table)
    if len(listed) < total:
        console.print(f"{len(listed):,} of {count(total, 'word')}; --all lists them all.", style="dim")
    console.print(
        "Hear one in its sentence: dotsbook lexicon say WORD. An entry is a line of lexicon.yaml:  Siobhan: shi-VAWN"
    )


@app.command()
def say(
    word: Annotated[str, typer.Argument(help="A word or phrase of the book.")],
    project: ProjectPath = HERE,
    respelling: Annotated[
        str | None, typer.Option("--as", help="Try this respelling before it stands in the lexicon.")
    ] = None,
    out: Out = None,
) -> None:
    """Speak a word in a sentence of the book, as the lexicon has it now or as you propose."""
    from dotsbook.errors import SourceError
    from dotsbook.production.session import Session
    from dotsbook.text.lexicon.odd_words import example_sentence, respelled

    with Session(project) as session:
        chunk = example_sentence(session.narration.chunks, word)
        if chunk is None:
            raise SourceError(
                f"{word!r} stands nowhere in what is read of this book; `dotsbook lexicon find` lists its odd words."
            )
        text = respelled(chunk, word, respelling) if respelling else chunk.spoken
        name = "-".join(re.findall(r"[^\W_]+", word)) or "it"
        target = out or session.project.out / f"say-{name}.flac"
        speak(session, chunk, text, target)
    console.print(f"{chunk.id}  {text}", markup=False)
    complaints.print(f"{target}", markup=False)


def speak(session, chunk, text: str, target: Path) -> None:
    """One line by the project's engine, in its chunk's voice, written as FLAC. No take is made or touched."""
    from dotsbook.audio import write_flac
    from dotsbook.errors import RenderError
    from dotsbook.files import replacing
    from dotsbook.voices.engine import Request

    request = Request(
        text, session.voices[chunk.voice], chunk.language, seed=session.project.manifest.sampling.seed or 42
    )
    session.engine.check(request.voice, [request.language])
    for answer in session.engine.speak([request]):
        if answer.error:
            raise answer.error
        with replacing(target) as part:
            write_flac(part, answer.samples, session.engine.rate)
        return
    raise RenderError(f"The engine said nothing for {chunk.id}; try again, or another sentence.")

"""`dotsbook lexicon`: which words may need an entry, and what one sounds like."""

from typing import TYPE_CHECKING, Annotated

import typer

from dotsbook.cli.arguments import At, Json, ProjectPath, opened
from dotsbook.cli.console import console, emit, plain, table
from dotsbook.cli.lexicon_decide import accept, respell, say
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.production.book_lexicon import OddWord

app = typer.Typer(no_args_is_help=True)
FIELDS = ("word", "reason", "count", "chunk", "context", "entry", "readings")


@app.command()
def find(
    project: ProjectPath = None,
    at: At = None,
    limit: Annotated[int, typer.Option(min=1, help="How many words to list.")] = 60,
    every: Annotated[bool, typer.Option("--all", help="Also those with an entry, and no limit.")] = False,
    as_json: Json = False,
) -> None:
    """List the names and odd words of the book, the most frequent first, with the place each stands first."""
    with opened(project, at) as book:
        found = book.lexicon.find()
    listed = found if every else [odd for odd in found if not odd.entry][:limit]
    if not as_json:
        show(listed, len(found))
        return
    for odd in listed:
        emit({name: getattr(odd, name) for name in FIELDS})


def show(listed: "list[OddWord]", total: int) -> None:
    if not listed:
        console.print("No word stands out: nothing seems to need an entry.")
        return
    listing = table("word", "times", "why", "first", "there", right=[1])
    for odd in listed:
        why = f"{odd.reason}: {' or '.join(odd.readings)}" if odd.readings else odd.reason
        listing.add_row(plain(named(odd)), f"{odd.count:,}", why, odd.chunk, plain(odd.context))
    console.print(listing)
    if len(listed) < total:
        console.print(f"{len(listed):,} of {count(total, 'word')}; --all lists them all.", style="dim")
    console.print(
        "Hear one in its sentence: dotsbook lexicon say WORD. Then dotsbook lexicon respell Siobhan shi-VAWN, or "
        "dotsbook lexicon accept Siobhan."
    )


def named(odd: "OddWord") -> str:
    if odd.entry is None:
        return odd.word
    return f"{odd.word} (accepted)" if odd.entry == odd.word else f"{odd.word} → {odd.entry}"


for decision in (say, respell, accept):
    app.command()(decision)

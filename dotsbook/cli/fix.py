"""`dotsbook fix`: a slip in a take is mended by words said anew, in the same voice."""

from typing import Annotated

import typer

from dotsbook.cli.arguments import At, By, Json, Memory, opened
from dotsbook.cli.console import console, emit, remark
from dotsbook.cli.review import Line

Say = Annotated[str | None, typer.Option(help="The line's words as they are to be said.")]
Heard = Annotated[str | None, typer.Option(help="What is said in the take, where that isn't its text.")]
ByLexicon = Annotated[bool, typer.Option("--lexicon", help="The words as the lexicon has them now.")]
Emotion = Annotated[
    str | None,
    typer.Option("--emo", metavar="angry/2", help="An emotion, in levels 1 to 3, or a few words for one."),
]
Pitch = Annotated[int | None, typer.Option(metavar="-9…9", help="Semitones higher or lower: 5, 7, 9.")]
Rate = Annotated[float | None, typer.Option(metavar="0.55…1.95", help="Faster is greater.")]
Enhance = Annotated[bool, typer.Option("--enhance", help="Without noise.")]
Written = Annotated[str | None, typer.Option(metavar="TAGS", help="An instruction in the model's own tags.")]
After = Annotated[str | None, typer.Option("--pause-after", metavar="[WORD] SECONDS", help="As in `direct`.")]
Words = Annotated[str, typer.Option("--words", hidden=True)]
Takes = Annotated[
    int | None, typer.Option(min=1, max=50, help="How many.", show_default="3; 5 for an emotion")
]
Keep = Annotated[bool, typer.Option("--keep", help="Use the take that is proposed.")]
Chosen = Annotated[
    str, typer.Option("--take", metavar="KEY", help="Use this one of them; its key's first letters.")
]
Directed = Annotated[
    bool, typer.Option("--directed", help="Takes of every line that waits for an emotion, to choose from.")
]


def fix(
    chunk: Line = "",
    at: At = None,
    say: Say = None,
    heard: Heard = None,
    lexicon: ByLexicon = False,
    emo: Emotion = None,
    pitch: Pitch = None,
    rate: Rate = None,
    enhance: Enhance = False,
    instruction: Written = None,
    after: After = None,
    words: Words = "",
    directed: Directed = False,
    takes: Takes = None,
    keep: Keep = False,
    take: Chosen = "",
    by: By = "",
    memory: Memory = None,
    as_json: Json = False,
) -> None:
    """Mend a chunk's take: the same voice says it anew, otherwise. The take that is there stays until you keep another."""
    from dotsbook.cli.direct_view import tell
    from dotsbook.cli.show_fix import told
    from dotsbook.errors import ManifestError
    from dotsbook.production.events import Remark
    from dotsbook.production.fix_wish import FixWish

    wish = FixWish(say, lexicon, emo, pitch, rate, instruction, enhance, heard)
    with opened(at, memory=memory) as book:
        if bool(chunk) == directed or directed and (wish != FixWish() or after or keep or take):
            raise ManifestError("Name one line, e.g. 3.42; or --directed, without a line or a wish for it.")
        if after is not None:
            wish.must_be_nothing()
            cost = book.direction.direct(chunk, {"pause-after": None if after == "off" else after}, words)
            emit(cost.record()) if as_json else tell(cost, False)
            return
        made = book.fix_directed(takes) if directed else book.fix(chunk, wish, takes, take or keep, by)
        for event in made:
            if isinstance(event, Remark):
                remark(event.text)
            elif as_json:
                emit(event.record())
            else:
                console.print(told(event), markup=False, highlight=False)

"""Gathers the commands, runs one, and turns whatever ends it into a sentence and an exit code.

0 done · 1 the user can fix it · 2 usage · 3 finished in part · 130 interrupted
"""

import os
import sys
import tempfile
import traceback
from typing import Annotated

import typer
from typer.main import get_command

from dotsbook.cli import (
    assemble,
    cast,
    check,
    direct,
    doctor,
    engines,
    evaluate,
    fix,
    init,
    lexicon,
    likeness,
    lines,
    make,
    model,
    notes,
    plan,
    render,
    review,
    serve,
    status,
    studio,
    sweep,
    tune,
    verify,
    voice,
    worker,
)
from dotsbook.cli.console import complaints
from dotsbook.cli.direct_words import DirectCommand
from dotsbook.errors import DotsbookError, Hung
from dotsbook.files import refused
from dotsbook.release import __version__

INTERRUPTED = 130
KEPT = "Interrupted; everything finished is kept, and the same command goes on from here."

app = typer.Typer(
    name="dotsbook",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A manuscript in, a finished audiobook out, in voices you enrolled, on your own machine.",
    epilog="A first book: dotsbook init mybook --source book.epub; dotsbook make mybook",
)
for command in (
    init.init,
    plan.plan,
    render.render,
    status.status,
    check.check,
    likeness.likeness,
    review.retake,
    review.note,
    review.approve,
    review.lock,
    review.unlock,
    lines.takes,
    lines.say,
    lines.sign,
    lines.undo,
    assemble.assemble,
    make.make,
    studio.studio,
    serve.serve,
    worker.worker,
    verify.verify,
    sweep.sweep,
    doctor.doctor,
    engines.engines,
    evaluate.evaluate,
):
    app.command()(command)
app.command("direct", cls=DirectCommand)(direct.direct)
app.command("fix", cls=DirectCommand)(fix.fix)
app.command("voices", help="The same as `voice list`.")(voice.list_voices)
app.add_typer(voice.app, name="voice", help="Enrol, fetch, try and remove voices.")
app.add_typer(model.app, name="model", help="Fetch, convert and check dots.tts models.")
app.add_typer(
    tune.app, name="tune", help="Teach dots.tts a voice or a language, and see whether it got better."
)
app.add_typer(cast.app, name="cast", help="The people of the book: who says what, in which voice.")
app.add_typer(
    notes.app, name="notes", help="What is to be corrected: out to listeners and editors, and back."
)
app.add_typer(lexicon.app, name="lexicon", help="Find names that need a pronunciation, and try one.")


def show_version(wanted: bool) -> None:
    if wanted:
        print(f"dotsbook {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


def main() -> None:
    """Run the command line; the process ends here."""
    sys.excepthook = confess
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  None: closed by the caller
        stream.reconfigure(errors="backslashreplace")  # a terminal or a file's name that isn't UTF-8
        setattr(sys, name, stream)
    code, hung = ended(sys.argv[1:])
    if hung:  # a thread that can't be stopped would hold the process up
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command; its exit code."""
    return ended(arguments)[0]


def ended(arguments: list[str]) -> tuple[int, bool]:
    """Run one command; its exit code, and whether an engine hangs that can't be stopped."""
    try:  # `app` called itself would put its own hook in the place of `confess`
        get_command(app)(arguments, prog_name="dotsbook")
    except SystemExit as end:
        if end.code == INTERRUPTED:
            tell(KEPT)
        return (end.code if isinstance(end.code, int) else int(bool(end.code))), False
    except KeyboardInterrupt:  # before or after the command itself, which makes a SystemExit of it
        tell(KEPT)
        return INTERRUPTED, False
    except DotsbookError as error:
        tell(str(error))
        return error.exit_code, isinstance(error, Hung)
    except OSError as error:
        tell(refused(error))
        return 1, False
    except MemoryError:
        tell("There isn't enough memory; close other programs or allow more, and run the same command again.")
        return 1, False
    return 0, False


def tell(sentence: str) -> None:
    complaints.print(sentence, style="bold red", markup=False)


def confess(kind: type[BaseException], error: BaseException, trace) -> None:
    """A fault of ours: the details to a file, a sentence to the person."""
    lines = traceback.format_exception(kind, error, trace)
    try:
        handle, place = tempfile.mkstemp(".txt", "dotsbook-fault-")
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.writelines(lines)
    except OSError:  # no room there, or no permission: better on the screen than nowhere
        sys.stderr.writelines(lines)
        place = "what stands above"
    what = f"{kind.__name__}: {error}"
    tell(
        f"dotsbook met something it did not foresee ({what}). Finished takes are safe. Please report it with {place}."
    )

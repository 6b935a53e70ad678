"""The command line: one short file a command, and the one place where errors become sentences and exit codes."""

import signal
import sys

from dotsbook.errors import DotsbookError
from dotsbook.machine import require_system


def main() -> None:
    """Run the command line; the process ends here. Until it runs, Ctrl-C ends it without a word: nothing has begun."""
    try:
        require_system()
    except DotsbookError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from dotsbook.cli import app

    signal.signal(signal.SIGINT, before)
    app.main()


__all__ = ["main"]

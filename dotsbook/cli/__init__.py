"""The command line: one short file a command, and the one place where errors become sentences and exit codes."""

from dotsbook.cli.app import main

__all__ = ["main"]

"""A group of commands that is itself a command: `dotsbook cast [PROJECT]` beside `dotsbook cast merge A B`."""

from typing import Any

from typer.core import TyperGroup

DEFAULT = "show"


class DefaultCommand(TyperGroup):
    """What isn't the name of a command are the arguments of `show`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = [DEFAULT, *args]
        return super().parse_args(ctx, args)

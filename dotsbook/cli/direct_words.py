"""A command whose pauses may name a word: `--pause-after WORD 0.5` beside `--pause-after 0.5`."""

import re
from typing import Any

from typer.core import TyperCommand

PAUSES = ("--pause-after", "--pause-before")
NUMBER = re.compile(r"[-+]?[\d.]+s?|off")


class DirectCommand(TyperCommand):
    """`--pause-after WORD 0.5` is `--words WORD --pause-after 0.5`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for at, word in enumerate(args[:-2]):
            if word in PAUSES and not NUMBER.fullmatch(args[at + 1]) and NUMBER.fullmatch(args[at + 2]):
                args = [*args[:at], "--words", args[at + 1], word, *args[at + 2 :]]
                break
        return super().parse_args(ctx, args)

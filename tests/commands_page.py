"""Prints docs/commands.md's list of commands and options, from the program: `python -m tests.commands_page [--write]`."""

import sys
from collections.abc import Iterator
from pathlib import Path

from typer.main import get_command

from dotsbook.cli.app import app

PAGE = Path(__file__).parents[1] / "docs" / "commands.md"
BEGIN, END = "<!-- commands -->", "<!-- end commands -->"
EVERYWHERE = {"--help", "--install-completion", "--show-completion"}


def commands(command, name: str) -> Iterator[tuple[str, object]]:
    """(the words that call it, the command) of all there are, in the order of `--help`."""
    if hasattr(command, "commands"):
        for word, inner in command.commands.items():
            yield from commands(inner, f"{name} {word}")
    else:
        yield name, command


def called(name: str, command) -> str:
    """`dotsbook voice add NAME [OPTIONS]`"""
    places = [metavar(one) for one in command.params if one.param_type_name == "argument"]
    return " ".join([name, *places])


def metavar(parameter) -> str:
    shown = (parameter.metavar or parameter.name or "").strip("[]{}").upper()
    shown = f"{shown}…" if parameter.nargs == -1 and not shown.endswith("…") else shown
    return shown if parameter.required else f"[{shown}]"


def rows(command) -> Iterator[str]:
    for one in command.params:
        if one.param_type_name == "argument" or EVERYWHERE & set(one.opts):
            continue
        words = ", ".join(f"`{word}`" for word in sorted(one.opts, key=len, reverse=True))
        value = "" if one.is_flag else f" {value_of(one)}"
        yield f"| {words}{value} | {cell(one.help or '')}{' (needed)' if one.required else ''} |"


def value_of(option) -> str:
    return cell(option.metavar or option.name.upper())


def cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("[/", "\\[/")


def listing() -> str:
    lines: list[str] = []
    for name, command in commands(get_command(app), "dotsbook"):
        lines += [f"## `{called(name, command)}`", "", " ".join((command.help or "").split()), ""]
        if found := list(rows(command)):
            lines += ["| option | |", "|---|---|", *found, ""]
    return "\n".join(lines).rstrip()


def in_page() -> str:
    text = PAGE.read_text("utf-8")
    return text[text.index(BEGIN) + len(BEGIN) : text.index(END)].strip()


if __name__ == "__main__":
    if "--write" in sys.argv:
        page = PAGE.read_text("utf-8")
        start, end = page.index(BEGIN) + len(BEGIN), page.index(END)
        PAGE.write_text(f"{page[:start]}\n\n{listing()}\n\n{page[end:]}", "utf-8")
    else:
        print(listing())

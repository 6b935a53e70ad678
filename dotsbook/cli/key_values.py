"""An engine's options on the command line: KEY=VALUE words."""

import typer


def options_of(words: list[str]) -> dict[str, object]:
    """KEY=VALUE, each value read as in a manifest."""
    from dotsbook.yaml_file import value_of

    pairs = [word.partition("=") for word in words]
    if wrong := [word for word, (key, equals, _) in zip(words, pairs, strict=True) if not (key and equals)]:
        raise typer.BadParameter(f"{wrong[0]!r} is no KEY=VALUE.")
    return {key: value_of(value) for key, _, value in pairs}

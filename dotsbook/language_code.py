"""Codes of languages as books have them, BCP 47 tags: `en`, `pt-BR`. It knows no language."""


def subtags(code: str) -> list[str]:
    """A code's parts in lower case: pt, br of `pt-BR` and of `pt_BR`."""
    return code.replace("_", "-").lower().split("-")


def primary(code: str) -> str:
    """The language itself: a code's first part, in lower case."""
    return subtags(code)[0]

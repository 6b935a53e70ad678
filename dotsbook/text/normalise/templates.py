"""Fills the templates of the data files: "{h#hour|hours} {m:f}". It knows no particular template.

{d} a cardinal · {d:f} in that gender · {d:o} an ordinal, {d:of} in a gender, {d:og} "m" in a case (see `ORDINAL`)
{h#hora|horas|f} counted with its noun · {month} a word as given.
"""

import re

FIELD = re.compile(r"\{(\w+)(?::(\w+)|#([^}]+))?\}")


def fill(template: str, language, **values) -> str:
    """The template with its fields spoken; whole numbers are spelled, words stand as given."""
    numbers = language.numbers

    def said(match: re.Match) -> str:
        value, form, noun = values[match[1]], match[2], match[3]
        if not isinstance(value, int):
            return value
        if noun:
            return numbers.counted(value, noun)
        if form and form[0] == "o":
            return numbers.ordinal(value, *form[1:])
        return numbers.cardinal(value, form or "")

    return FIELD.sub(said, template)

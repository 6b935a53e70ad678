"""Emoji and ornaments by policy: left out, or called by their Unicode names (in English). It knows no feelings."""

import re
import unicodedata

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule

PICTURE = (
    "[\U0001f000-\U0001faff\u2600-\u26ff\u2700-\u27bf\u2b1b\u2b1c"
    "\u2b50\u2b55\u231a\u231b\u23e9-\u23f3\u2042\u2190-\u21ff]"
)
EMOJI = re.compile(
    rf"{PICTURE}[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]*(?:\u200d{PICTURE}[\ufe0f]?)*|[\ufe0e\ufe0f\u20e3]"
)


def name(match: re.Match, language: Language) -> str:
    return ", ".join(unicodedata.name(char, "").lower() for char in match[0] if re.match(PICTURE, char))


def rules(policy: str) -> list[Rule]:
    return [Rule("emoji", "emoji", EMOJI, name if policy == "name" else lambda match, language: "")]

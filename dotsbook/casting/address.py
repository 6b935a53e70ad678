"""How people are addressed in what is said: by name, or by a word that many may be called by."""

import re

from dotsbook.casting import english
from dotsbook.casting.mentions import Mention

CALLED_BEFORE = re.compile(
    r"(?:^|[,;!?.“\"'‘—–-]|\b(?:oh|my|dear|dearest|well|yes|no|and|but|poor|good|ah|now|why|come|you|little|old|thank you|please))\s*$",
    re.I,
)
CALLED_AFTER = re.compile(r"\s*(?:[,;!?.”\"'’—–-]|$)")
ADDRESS = re.compile(
    r"(?:^|[,“\"'‘])\s*(?:my dear |dear |yes,? |no,? |oh,? |my )?(sir|ma'am|ma’am|madam|madame|miss|mamma|mama|mother|papa"
    r"|father|my lord|my lady|monsieur|mademoiselle|my boy|my girl|old man|old fellow|my dear fellow|gentlemen|aunt|uncle"
    r"|your honour|lad|child|doctor)\s*[,.;!?”\"'’—-]",
    re.I,
)
MALE_ADDRESS = english.words("sir papa father monsieur uncle lad") | {
    "my lord",
    "my boy",
    "old man",
    "old fellow",
    "my dear fellow",
}
FEMALE_ADDRESS = english.words("ma'am ma’am madam madame miss mamma mama mother mademoiselle aunt") | {
    "my lady",
    "my girl",
}
ALIKE = {  # words that mean one: of address, and of kin in tags
    "mamma": "mother",
    "mama": "mother",
    "papa": "father",
    "ma'am": "madam",
    "ma’am": "madam",
    "my lady": "lady",
    "my lord": "lord",
    "lad": "boy",
    "my boy": "boy",
    "my girl": "girl",
}


def is_called(text: str, mention: Mention) -> bool:
    """Whether a name inside a quotation addresses its bearer."""
    before, after = text[max(0, mention.start - 14) : mention.start], text[mention.end : mention.end + 4]
    if not CALLED_AFTER.match(after) or mention.owner:
        return False
    before = before.replace("\n", " ")
    if not CALLED_BEFORE.search(before):
        return False
    # "…, Emma." addresses; "Emma. She" at the head of a quotation does too; "it was, Emma and" doesn't
    return (
        not re.match(
            r"\s*[,;]?\s*(?:and|or|said|is|was|has)\b", after + text[mention.end + 4 : mention.end + 10]
        )
        or before[-1:] in "“\"'‘"
    )

"""Measures and money before a noun: a ten-metre passage, a five-dollar bill. English only; it knows no dictionary.

A measure stands before a noun if it is joined to a word by a hyphen, or if an article that its number can't have stands before it
("a 5 km race"), or if a word follows that is counted so ("two $5 bills").
"""

import re

ARTICLE = re.compile(
    r"(?:^|[^\w’'])(?:(an?|another|each|every|one) )(?:[a-z]+(?:ly|ed|ish)? )?$", re.IGNORECASE
)
THE = re.compile(
    r"(?:^|[^\w’'])(?:the|this|that|his|her|its|their|our|my|your|whose|[a-z]+[’']s) $", re.IGNORECASE
)
FIRST = re.compile(r"[- ](?:\([^()]{1,24}\) )?(?P<word>[a-z][a-z’'-]*)")
A_YEAR = re.compile(
    r" an? (?:year|month|week|day|night|head|hour|share) (?P<word>(?!(?:and|or|for|from|in|to|but|as|if)\b)[a-z]+)"
)
FUNCTION = frozenset(str.split("""
    a an the of in on at to from by for with and or but nor so yet than then as if when while where who whom
    which that is was are were be been being has had have do does did will would shall should may might can
    could must not per each apiece more less away ago later long wide high deep tall thick old before after
    above below under over into onto out off up down through across along around about between within
    without until till since because though although i he she it we they you him her them his its their our
    my your this these those there here every all both either too also only just now still even again almost
    nearly further farther south north east west upstream downstream inland distant square cubic worth total
    went came rose fell remained remains left gone said says
    """))  # fmt: skip
HEADS = frozenset(str.split("""
    bill bills note notes coin coins piece pieces stamp stamps ticket tickets race races run runs walk walks
    drive drives hike hikes radius limit limits fine fines prize prizes loan loans deal deals contract
    contracts house houses budget fee fees bond bonds share shares gun guns shell shells wall walls pole
    poles drop drops fence fences ladder ladders rope ropes board boards tower towers bottle bottles bag
    bags sack sacks can cans pack packs weight weights bar bars cable cables pipe pipes lens lenses engine
    engines motor motors bulb bulbs screen screens disk disks drive drives hard man woman giant boat boats
    yacht yachts ship ships plane planes scholarship scholarships donation donations investment investments
    settlement lawsuit bribe ransom advance debt mortgage project projects
    """))  # fmt: skip


def before_noun(text: str, start: int, end: int, joined: bool = False) -> bool:
    """Whether the measure at text[start:end] says what kind of thing the next word is."""
    if text[end : end + 1] in ("-", "–") and text[end + 1 : end + 2].isalpha():
        return True
    follows = FIRST.match(text, end)
    if not follows:
        return joined or inside_brackets(text, start, end)
    word = follows["word"]
    if A_YEAR.match(text, end):
        return ARTICLE.search(text[max(0, start - 40) : start]) is not None
    if joined:
        return word not in FUNCTION
    if word in FUNCTION or word.endswith("ly"):
        return False
    left = text[max(0, start - 40) : start]
    if ARTICLE.search(left):
        return True
    if THE.search(left):
        return not word.endswith("s") or word in HEADS
    return word in HEADS


def inside_brackets(text: str, start: int, end: int) -> bool:
    """a ten-metre (32ft) passage."""
    if text[end : end + 1] != ")" or text[start - 1 : start] != "(":
        return False
    follows = FIRST.match(text, end + 1)
    before = re.search(
        r"(?i:^|[^\w’'])(?i:an?|the|this|that|his|her|its|their) [^ ]{1,10}(?: [a-z]{1,3}\.?)? $",
        text[max(0, start - 30) : start - 1],
    )
    return bool(follows and before and follows["word"] not in FUNCTION)


def hyphened(number: str, noun: str) -> str:
    """ "thirty-two", "foot" → "thirty-two-foot"; "three million", "dollar" → "three-million-dollar"."""
    number = re.sub(r"\b(quarter|third|fifth|sixth|eighth|tenth|sixteenth)s$", r"\1", number)
    return f"{number.replace(' and ', ' ').replace(' ', '-')}-{noun.replace(' ', '-')}"


def after_article(text: str, start: int, said: str) -> str:
    """A $100-a-week job: a hundred-dollar, not a one-hundred-dollar."""
    return (
        said.removeprefix("one-")
        if re.search(r"(?:^|\W)[Aa] $", text[:start]) and said.startswith("one-h")
        else said
    )

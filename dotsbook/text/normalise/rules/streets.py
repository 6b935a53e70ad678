"""Whether St. and Dr. are a street and a drive, or a saint and a doctor. English only; a sentence's end is decided with it.

is_street("He lived on Main", "St", " The house") -> True: a street, and the sentence ends there
"""

import re

from dotsbook.text.normalise.language import Language
from dotsbook.text.normalise.rules.rule import Rule
from dotsbook.text.script.endings import STARTERS, table

SAID = {"St": "Street", "Dr": "Drive"}
HEAD = re.compile(r"(?:^|[^\w’'.-])(?P<head>[A-Z][\w’'-]+|\d+(?:st|nd|rd|th))$")
NEXT = re.compile(r"[\"'”’»)\]]*\s+[\"'“‘(\[]*(?P<word>[A-Z]\w*)")
SAINTS = frozenset(str.split("""
    Agnes Alban Albans Albert Alphege Ambrose Andrew Andrews Anne Ann Anselm Anthony Antony Asaph Augustine
    Austell Barbara Bartholomew Basil Bees Benedict Bernard Boniface Bride Brigid Catharine Catherine
    Cecilia Charles Christopher Clair Clare Clement Cloud Columba Crispin Croix Cuthbert Cyr David Davids
    Denis Dominic Dunstan Edmund Edmunds Edward Elmo Emilion Etienne Eustache Francis Gabriel Gall George
    Germain Giles Gregory Helen Helena Helens Helier Hilaire Hilda Honore Hubert Ignatius Ives James Jerome
    Joan John Johns Johnsbury Joseph Jude Julian Just Katharine Katherine Kilda Kitts Laurence Lawrence
    Leger Leonard Leonards Lo Louis Lucia Lucy Luke Magnus Malo Margaret Mark Marks Martin Mary Marys
    Matthew Maur Mawes Michael Michaels Michel Mirren Monica Moritz Neot Nicholas Nicolas Olaf Omer Ouen
    Pancras Patrick Paul Pauls Peter Peters Petersburg Philip Pierre Quentin Raphael Remy Roch Rita Rose
    Saviour Sebastian Sernin Simeon Simon Stanislaus Stephen Stephens Sulpice Swithin Teresa Theresa Thomas
    Tropez Tudy Ursula Valentine Victor Vincent Vitus Wilfrid
    """))  # fmt: skip
NO_STREET = frozenset(str.split("""
    Mount Mt Fort Ft Port Lake Cape Sault East West North South New Old Upper Lower Sir Lady Lord Dear Hello
    Hi Mr Mrs Ms Miss Saint Dr Via Near Visit Ask See Bury Great Little Château Chateau Point Bay Isle River
    Church Cathedral Chapel Abbey Parish Feast College Hospital Bishop Blessed Holy Good Thank Thanks Poor
    Young
    """))  # fmt: skip


def is_street(before: str, short: str, after: str) -> bool:
    """Whether `short` ("St", "Dr"), its stop standing between `before` and `after`, names a road."""
    starters = table(STARTERS, "en")
    found = HEAD.search(before.rstrip(" ")[-40:])
    if not found or not before.endswith(" ") or found["head"] in NO_STREET or found["head"] in starters:
        return False
    follows = NEXT.match(after)
    if not follows or follows["word"] in starters:
        return True
    return short == "St" and follows["word"].rstrip("s") not in SAINTS and follows["word"] not in SAINTS


def ends_there(before: str, short: str, after: str) -> bool:
    """Whether a sentence ends with this street."""
    follows = NEXT.match(after)
    return is_street(before, short, after) and (
        not after.strip(" \"'”’»)]") or (follows is not None and follows["word"] in table(STARTERS, "en"))
    )


def road(match: re.Match, language: Language) -> str | None:
    text, short = match.string, match["short"]
    before, after = text[: match.start()], text[match.end() :]
    if not is_street(before, short, after):
        return None
    return SAID[short] + ("." if match[0].endswith(".") and ends_there(before, short, after) else "")


def rules() -> list[Rule]:
    return [Rule("abbreviation", "short", re.compile(r"(?<= )(?P<short>St|Dr)(?:\.|(?!\w))"), road)]

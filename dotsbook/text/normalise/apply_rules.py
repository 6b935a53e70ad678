"""Runs the rules over a text and reports each change. It knows no language of its own.

A rule finds its spans in the text as given and claims them; the first to claim a span keeps it, so the order
in `rules.rules_for` is the order of trust. Nothing is rewritten twice, and offsets always mean the text given.
"""

import re
from bisect import bisect_left

from dotsbook.text.normalise import clean
from dotsbook.text.normalise.change import Change, apply
from dotsbook.text.normalise.language import Language, load

Edit = tuple[int, int, str, str]  # start, end, after, rule


def normalise(
    text: str, language: str, *, heading: bool = False, emoji: str = "skip"
) -> tuple[str, list[Change]]:
    """The text as it is to be spoken, and every change made, in order.

    language is BCP 47; only its base and region matter. In a language that has no rules only characters that
    can't be heard are taken out. heading: a Roman numeral may stand alone. emoji: "skip" or "name".
    """
    spoken = load(language)
    if spoken and not spoken.loud.search(text):  # nothing hidden, no digit, no symbol: the usual case
        shown, index = text, None
        edits = _claim(shown, spoken, heading, emoji)
    else:
        shown, index = clean.clean(text)
        edits = _claim(shown, spoken, heading, emoji) if spoken else []
        edits = _with_plain(shown, edits, clean.ODD, "space")
    if index is None:
        if not edits:
            return text, []
        changes = [Change(start, end, text[start:end], after, rule) for start, end, after, rule in edits]
    else:
        there = [(index[start], index[end - 1] + 1, after, rule) for start, end, after, rule in edits]
        there = _with_plain(text, there, clean.HIDDEN, "invisible")
        changes = [Change(start, end, text[start:end], after, rule) for start, end, after, rule in there]
    return apply(text, changes), changes


def _claim(text: str, spoken: Language, heading: bool, emoji: str) -> list[Edit]:
    needs = spoken.needs(text, heading)
    if not needs:
        return []
    from dotsbook.text.normalise.rules import rules_for

    edits: list[Edit] = []
    taken = bytearray(len(text) + 1)
    for rule in rules_for(spoken, heading, emoji):
        if rule.need not in needs:
            continue
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if taken.find(1, start, end) >= 0:
                continue
            found = rule.say(match, spoken)
            if found is None:
                continue
            if not isinstance(found, str):
                start, end, found = found
            if start == end or taken.find(1, start, end) >= 0:
                continue
            if not start and text[0].isupper() and found[:1].islower():
                found = found[0].upper() + found[1:]
            taken[start:end] = b"\x01" * (end - start)
            if found != text[start:end]:
                edits.append((start, end, found, rule.name))
    edits.sort()
    return edits


def _with_plain(text: str, edits: list[Edit], odd: re.Pattern, rule: str) -> list[Edit]:
    """The edits, and one more for each odd character that none of them covers."""
    if not odd.search(text):
        return edits
    starts = [edit[0] for edit in edits]
    more = []
    for match in odd.finditer(text):
        at = bisect_left(starts, match.end()) - 1
        if at < 0 or edits[at][1] <= match.start():
            more.append((match.start(), match.end(), clean.plain(match[0]), rule))
    return sorted(edits + more)

"""Runs the rules over a text and reports each change. It knows no language of its own.

A rule finds its spans in the text as given and claims them; the first to claim a span keeps it, so the order
in `rules.rules_for` is the order of trust. Nothing is rewritten twice, and offsets always mean the text given.
"""

from bisect import bisect_left

from dotsbook.text.normalise import clean
from dotsbook.text.normalise.change import Change, apply
from dotsbook.text.normalise.language import EVERYTHING, Language, load
from dotsbook.text.normalise.numbers.number_words import Unsayable
from dotsbook.text.normalise.unread import UNREAD, unread

Edit = tuple[int, int, str, str]  # start, end, after, rule


def normalise(
    text: str, language: str, *, heading: bool = False, emoji: str = "skip"
) -> tuple[str, list[Change]]:
    """The text as it is to be spoken, and every change made, in order.

    language is BCP 47; only its base and region matter. What is written in figures or signs and can't be read whole stays
    as written and is listed too, with a rule that begins with "unread" and the same text before and after.
    heading: a Roman numeral may stand alone. emoji: "skip" or "name".
    """
    spoken = load(language)
    quiet = spoken is not None and not spoken.loud.search(text)
    if quiet:  # nothing hidden, no digit, no symbol: the usual case
        shown, index = text, None
    else:
        shown, index = clean.clean(text)
    needs = spoken.needs(shown, heading, quiet=quiet) if spoken else EVERYTHING
    edits = _claim(shown, spoken, needs, heading, emoji) if spoken and needs else []
    edits, left = unread(shown, edits, needs, language) if needs else (edits, [])
    if not edits and not left and shown is text:
        return text, []
    found = sorted(edits + [(start, end, "", kind) for start, end, kind in left])
    if index is not None:
        found = [(index[start], index[end - 1] + 1, after, rule) for start, end, after, rule in found]
    changes = [
        Change(
            start,
            end,
            text[start:end],
            clean.shown(text[start:end])[0] if rule.startswith(UNREAD) else after,
            rule,
        )
        for start, end, after, rule in _with_plain(text, found)
    ]
    return apply(text, changes), changes


def _claim(text: str, spoken: Language, needs: frozenset[str], heading: bool, emoji: str) -> list[Edit]:
    from dotsbook.text.normalise.rules import rules_for

    edits: list[Edit] = []
    taken, chars = bytearray(len(text) + 1), frozenset(text)
    for rule in rules_for(spoken, heading, emoji):
        if rule.need not in needs or (rule.holds and chars.isdisjoint(rule.holds)):
            continue
        for match in rule.pattern.finditer(text):
            start, end = match.span()
            if taken.find(1, start, end) >= 0:
                continue
            try:
                found = rule.say(match, spoken)
            except Unsayable:  # as a whole, so that no later rule reads it in parts
                taken[start:end] = b"\x01" * (end - start)
                continue
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


def _with_plain(text: str, edits: list[Edit]) -> list[Edit]:
    """The edits, and one more for each run of odd characters that none of them covers."""
    if not clean.UNLIKE.search(text):
        return edits
    starts = [edit[0] for edit in edits]
    more: list[Edit] = []
    for match in clean.UNLIKE.finditer(text):
        at = bisect_left(starts, match.end()) - 1
        if at >= 0 and edits[at][1] > match.start():
            continue
        after, rule = clean.plain(match[0]), "space" if clean.ODD.match(match[0]) else "invisible"
        if more and more[-1][1] == match.start() and more[-1][3] == rule == "invisible":
            more[-1] = (more[-1][0], match.end(), more[-1][2] + after, rule)
        else:
            more.append((match.start(), match.end(), after, rule))
    return sorted(edits + more)

"""Regular expressions that a person wrote, taken only if they are sound and can't run for ever. It knows no lexicon."""

import re
import time

from dotsbook.errors import ManifestError

LONGEST_PATTERN, MOST_REPEATS, SLOWEST = 200, 3, 0.05  # characters; open-ended repeats; seconds on a probe
PROBES = ("a" * 80 + "!", "1" * 80 + "!", " " * 80 + "!", "ab " * 30 + "!", "Aa1 " * 20)


def read_pattern(word: str, say: str, case: str | None, place: str) -> re.Pattern:
    """A regular expression that is sound, matches something, and can't run for ever."""
    if len(word) > LONGEST_PATTERN:
        raise ManifestError(
            f"{place}: the pattern is over {LONGEST_PATTERN} characters; shorten it or split it."
        )
    if runaway(word):
        raise ManifestError(
            f"{place}: the pattern {word!r} repeats what itself repeats or has alternatives, "
            "which can run for ever; write it without nested repeats."
        )
    try:
        pattern = re.compile(word, re.IGNORECASE if case == "any" else 0)
        pattern.sub(say.strip(), "")
    except (re.error, IndexError, RecursionError, OverflowError) as error:
        raise ManifestError(
            f"{place}: {word[:60]!r} isn't a regular expression that works: {error}."
        ) from error
    if pattern.match(""):
        raise ManifestError(
            f"{place}: the pattern {word!r} matches nothing at all, everywhere; make it need at least one character."
        )
    for probe in PROBES:
        began = time.perf_counter()
        pattern.search(probe)
        if time.perf_counter() - began > SLOWEST:
            raise ManifestError(
                f"{place}: the pattern {word!r} takes too long to try; write it with fewer repeats."
            )
    return pattern


def runaway(pattern: str) -> bool:
    """Whether a repeat stands inside a repeated group, or too many open-ended repeats in one pattern."""
    groups: list[bool] = []  # of each open group: does it hold a repeat or an alternative
    repeats, at, closed = 0, 0, False
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            at += 2
            closed = False
            continue
        if letter == "[":
            at = class_end(pattern, at)
            closed = False
            continue
        repeat = re.compile(r"[*+]|\{\d*,\d*\}|\{\d+\}|\?").match(pattern, at) if at else None
        if repeat and pattern[at - 1 : at] != "(":
            many = repeat.group() not in ("?", "{0,1}", "{1}")
            if many and closed:
                return True
            repeats += many
            if groups:
                groups[-1] = True
            at = repeat.end()
            continue
        closed = False
        if letter == "(":
            groups.append(False)
        elif letter == ")" and groups:
            closed = groups.pop()
            if groups and closed:
                groups[-1] = True
        elif letter == "|" and groups:
            groups[-1] = True
        at += 1
    return repeats > MOST_REPEATS


def class_end(pattern: str, at: int) -> int:
    """The place after a character class that begins here."""
    at += 1
    if pattern[at : at + 1] == "^":
        at += 1
    if pattern[at : at + 1] == "]":
        at += 1
    while at < len(pattern) and pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1

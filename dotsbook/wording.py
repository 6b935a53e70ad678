"""Figures as people say them: durations, sizes, counts, the first of many."""

from collections.abc import Sequence


def duration(seconds: float | None) -> str:
    """'4 h 05 min', '12 min', '40 s'; 'unknown' for None."""
    if seconds is None:
        return "unknown"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def size(count: float) -> str:
    """'1.4 GB', '23 MB', '1.2 MB', '4 kB', '312 bytes'; `count` in bytes."""
    if count < 1e3:
        return f"{round(count)} bytes"
    if count < 999_500:
        return f"{round(count / 1e3)} kB"
    if count < 9.95e6:
        return f"{count / 1e6:.1f} MB"
    return f"{round(count / 1e6)} MB" if count < 999.5e6 else f"{count / 1e9:.1f} GB"


def count(number: int, noun: str) -> str:
    """'1 chunk', '2,300 chunks'"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def first_few(names: Sequence[str], most: int, total: int | None = None) -> str:
    """'1.2, 1.7 …': at most so many of them, and a sign where there are more. total: how many there are, None for all named."""
    more = (len(names) if total is None else total) > most
    return ", ".join(names[:most]) + (" …" if more else "")

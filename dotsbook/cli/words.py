"""Figures as people say them: durations, sizes, counts."""


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
    """'1.4 GB', '23 MB'"""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"


def count(number: int, noun: str) -> str:
    """'1 chunk', '2,300 chunks'"""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"

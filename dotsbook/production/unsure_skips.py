"""What would be left out of a book on thin evidence: named in a plan, and asked about before anything is rendered."""

from collections.abc import Iterable

from dotsbook.book import Grounds, Skip
from dotsbook.errors import ManifestError


def unsure(skipped: Iterable[Skip]) -> list[Skip]:
    return [skip for skip in skipped if skip.doubtful]


def described(skip: Skip, source_chars: int) -> str:
    """A sentence with its size and first words."""
    return (
        f"{skip.title!r} ({skip.source}) would be left out as {skip.reason}: {skip.chars:,} characters, "
        f"{100 * skip.chars / max(1, source_chars):.1f} % of the manuscript, beginning {skip.opening!r}."
    )


def require_agreed(skipped: Iterable[Skip], source_chars: int) -> None:
    """Raise ManifestError if something is to be left out that the user should have a say in."""
    asked = unsure(skipped)
    if asked:
        raise ManifestError(
            f"{' '.join(described(skip, source_chars) for skip in asked[:3])} Say in book.yaml whether that is right: "
            f"`skip: [{asked[0].title or asked[0].reason}]` or `keep: [{asked[0].title or asked[0].reason}]`; "
            "`--yes` leaves it out this once."
        )


def by_evidence(skipped: Iterable[Skip]) -> dict[str, int]:
    """{evidence: characters left out on it}, the strongest first."""
    totals = {evidence.value: 0 for evidence in Grounds}
    for skip in skipped:
        totals[skip.evidence] += skip.chars
    return {evidence: chars for evidence, chars in totals.items() if chars}

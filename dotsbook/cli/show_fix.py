"""How a fix shows itself: a line a take, and what is proposed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dotsbook.production.fixing import EditedTake, Fixed


def told(event: "EditedTake | Fixed") -> str:
    """A take, or what the fix came to, in lines."""
    from dotsbook.production.fixing import EditedTake

    return of_take(event) if isinstance(event, EditedTake) else of_fix(event)


def of_take(take: "EditedTake") -> str:
    kind = "spliced" if take.spliced else "whole"
    fault = f"  {'; '.join(take.reasons)}" if take.reasons else ""
    note = f"  ({take.note})" if take.note else ""
    key = take.take.key.removeprefix("r1:")[:8]
    return f"{key}  {kind:<7}  {take.score:.2f}  {take.take.seconds:5.1f} s  {take.file}{fault}{note}"


def of_fix(fix: "Fixed") -> str:
    lines = [f"{fix.line}  {fix.instruction}"]
    if fix.proposed is None:
        lines.append(
            "None of these takes is fit. More may be: --takes; or say the line anew: `dotsbook retake`."
        )
        return "\n".join(lines)
    key = fix.proposed.take.key.removeprefix("r1:")[:8]
    if fix.kept:
        return "\n".join([*lines, f"{key} stands for the line now; the take it had is kept until you sweep."])
    what = "only the changed words are new" if fix.proposed.spliced else "the whole line is said anew"
    return "\n".join(
        [*lines, f"Proposed: {key}, {what}. Listen to it, then --keep uses it, or --take another."]
    )

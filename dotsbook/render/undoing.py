"""Taking back the last thing that a person wanted of a line. It knows the review's tables and its history, no takes.

The history is only added to: what was taken back stays in it, followed by an `undo` that names it.
"""

import sqlite3
import time

from dotsbook.render.review import Review, ReviewChange

REVERSIBLE = frozenset(
    (
        "retake",
        "note",
        "resolve",
        "approve",
        "withdraw",
        "lock",
        "unlock",
        "choose",
        "unchoose",
        "sign",
        "unsign",
    )
)


def undo(review: Review, by: str) -> ReviewChange | None:
    """Take back the last that this person did and that stands, of however many lines; its last change, or None if there is
    none."""
    now = time.time()
    with review.ledger.transaction() as connection:
        history = review.history()
        undone = {int(change.detail) for change in history if change.what == "undo"}
        stands = [one for one in history if one.id not in undone]
        mine = [one for one in stands if one.by == by and one.what in REVERSIBLE]
        if not mine:
            return None
        last = mine[-1]
        act = [one for one in mine if (one.at, one.what) == (last.at, last.what)]
        before: dict[str, list[ReviewChange]] = {one.base: [] for one in act}
        for one in stands:
            if one.base in before and one.at < last.at:
                before[one.base].append(one)
        for one in reversed(act):
            take_back(connection, one, before[one.base], now)
        review.record(connection, [(now, by, "undo", one.base, one.key, str(one.id)) for one in act])
    return last


def take_back(
    connection: sqlite3.Connection, last: ReviewChange, before: list[ReviewChange], now: float
) -> None:
    """before: what was wanted of the same line until then."""
    match last.what:
        case "retake":
            unask(connection, last, now)
            stand_again(connection, "choices", before, "choose", {"unchoose", "retake"}, now)
            stand_again(connection, "approvals", before, "approve", {"withdraw", "retake"}, now)
        case "note":
            connection.execute(
                "UPDATE notes SET resolved_by = ?, resolved_at = ? WHERE base = ? AND text = ? AND at = ?",
                (last.by, now, last.base, last.detail, last.at),
            )
        case "resolve":
            connection.execute(
                "UPDATE notes SET resolved_by = '', resolved_at = NULL WHERE base = ? AND text = ? AND resolved_at = ?",
                (last.base, last.detail, last.at),
            )
        case "approve" | "withdraw":
            connection.execute("DELETE FROM approvals WHERE base = ?", (last.base,))
            stand_again(connection, "approvals", before, "approve", {"withdraw", "retake"}, now)
        case "choose" | "unchoose":
            connection.execute("DELETE FROM choices WHERE base = ?", (last.base,))
            stand_again(connection, "choices", before, "choose", {"unchoose", "retake"}, now)
        case "lock":
            connection.execute("DELETE FROM locks WHERE base = ?", (last.base,))
        case "unlock":
            connection.execute("INSERT OR IGNORE INTO locks VALUES (?, ?, ?)", (last.base, last.by, now))
        case "sign":
            connection.execute(
                "DELETE FROM signatures WHERE digest = ? AND pass = ?", (last.base, last.detail)
            )
        case "unsign":
            connection.execute(
                "INSERT OR REPLACE INTO signatures VALUES (?, ?, ?, ?)",
                (last.base, last.detail, last.by, now),
            )


def unask(connection: sqlite3.Connection, last: ReviewChange, now: float) -> None:
    """The retake isn't wanted any more; where it is made already, the take before it is chosen."""
    made = connection.execute(
        "SELECT retake FROM takes JOIN retakes USING (base) WHERE base = ? AND retake = number", (last.base,)
    ).fetchone()
    if made is None:
        connection.execute("UPDATE retakes SET number = number - 1 WHERE base = ?", (last.base,))
        connection.execute("DELETE FROM retakes WHERE base = ? AND number <= 0", (last.base,))
        return
    former = connection.execute(
        "SELECT key FROM takes WHERE (base = ? OR key = ?) AND retake < ? ORDER BY retake DESC, made DESC LIMIT 1",
        (last.base, last.base, made[0]),
    ).fetchone()
    if former:
        row = (last.base, former[0], last.by, now)
        connection.execute("INSERT OR REPLACE INTO choices VALUES (?, ?, ?, ?)", row)


def stand_again(
    connection: sqlite3.Connection,
    table: str,
    before: list[ReviewChange],
    what: str,
    ends: set[str],
    now: float,
) -> None:
    """Put back the choice or approval that stood before, unless something had ended it."""
    told = [one for one in before if one.what == what or one.what in ends]
    if told and told[-1].what == what:
        row = (told[-1].base, told[-1].key, told[-1].by, now)
        connection.execute(f"INSERT OR REPLACE INTO {table} VALUES (?, ?, ?, ?)", row)

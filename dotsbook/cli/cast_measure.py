"""`dotsbook cast --measure DIR`: how often casting is right on annotated novels, alone and with a local language model."""

from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.cli.console import console, emit, plain, table

if TYPE_CHECKING:
    from dotsbook.production.cast_measure import Share


def measure_cast(folder: Path, model: str | None, as_json: bool) -> None:
    from dotsbook.production.cast_measure import Share, measure_casting

    rows = table(
        "novel",
        "quotations",
        "right",
        "of the unsure",
        "with the model",
        "of the unsure",
        "minutes",
        right=[1, 2, 3, 4, 5, 6],
    )
    total = {name: [0, 0] for name in ("ours", "ours_unsure", "model", "model_unsure")}
    for one in measure_casting(folder, model):
        if as_json:
            emit(one.record())
            continue
        parts = {name: getattr(one, name) for name in total}
        for name, part in parts.items():
            total[name][0] += part.quotes if part else 0
            total[name][1] += part.right if part else 0
        rows.add_row(
            plain(one.novel), f"{one.ours.quotes:,}", *map(shown, parts.values()), f"{one.seconds / 60:.1f}"
        )
    if not as_json:
        sums = {name: Share(*counts) for name, counts in total.items()}
        rows.add_row("all", f"{sums['ours'].quotes:,}", *map(shown, sums.values()), "")
        console.print(rows)


def shown(part: "Share | None") -> str:
    return f"{part.part:.3f}" if part and part.quotes else "–"

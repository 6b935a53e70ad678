"""A plan as a person reads it: chapters, what is skipped, voices, the receipt, time and disk."""

from collections import Counter
from typing import TYPE_CHECKING

from dotsbook.cli.console import console, plain, remark, table
from dotsbook.wording import count, duration, size

if TYPE_CHECKING:
    from dotsbook.production.plan import Plan


def show_plan(plan: "Plan", whole: bool) -> None:
    """whole: it is of all chapters, so that what is skipped and the receipt belong to it."""
    for sentence in plan.unsure:
        remark(f"{sentence} `skip:` or `keep:` in book.yaml settles it; a render asks before.")
    for warning in plan.warnings:
        remark(warning)
    by = f" by {plan.author}" if plan.author else ""
    console.print(f"{plan.title}{by}, {plan.language}, engine {plan.engine}", markup=False, style="bold")
    show_chapters(plan)
    if whole:
        show_skipped(plan)
        voices = ", ".join(f"{name} ({count(number, 'chunk')})" for name, number in plan.voices.items())
        console.print(f"Voices: {voices}", markup=False)
        if plan.casting:
            console.print(plan.casting, markup=False)
        receipt = plan.receipt
        console.print(
            f"Receipt: {receipt.source_chars:,} characters in the manuscript = {receipt.spoken_chars:,} spoken + "
            f"{receipt.skipped_chars:,} skipped; {receipt.unaccounted} unaccounted for."
        )
        if strengths := ", ".join(f"{chars:,} by {name}" for name, chars in plan.skipped_by_evidence.items()):
            console.print(f"Skipped: {strengths}")
    console.print(totals(plan))


def totals(plan: "Plan") -> str:
    """The last line: length, what is left, time, disk."""
    expected, chunks = plan.estimate, sum(plan.voices.values())
    long = f"{count(chunks, 'chunk')}, about {duration(expected.audio_seconds)} long"
    if not expected.chunks:
        return f"{long}; all rendered: `dotsbook assemble`."
    time = (
        "in a time not yet measured on this machine (`dotsbook plan --measure`)"
        if expected.render_seconds is None
        else f"in about {duration(expected.render_seconds)}"
    )
    return f"{long}; {expected.chunks:,} still to render, {time}, filling about {size(expected.disk_bytes)}."


def show_chapters(plan: "Plan") -> None:
    chapters = table("", "chapter", "words", "chunks", "done", "source", right=[0, 2, 3, 4])
    for chapter in (*plan.chapters, *([plan.credits] if plan.credits.count else [])):
        chapters.add_row(
            str(chapter.number or ""),
            "  " * chapter.depth + plain(chapter.title),
            f"{chapter.words:,}",
            f"{chapter.count:,}",
            f"{chapter.count - chapter.missing:,}",
            plain(chapter.source),
        )
    console.print(chapters)


def show_skipped(plan: "Plan") -> None:
    inline: Counter[str] = Counter()
    skipped = table("skipped", "reason", "characters", right=[2])
    for skip in plan.skipped:
        if skip.inline:
            inline[skip.reason] += skip.chars
        else:
            skipped.add_row(plain(f"{skip.title} ({skip.source})"), plain(skip.reason), f"{skip.chars:,}")
    for reason, chars in inline.most_common():
        skipped.add_row("[dim]in the text[/]", plain(reason), f"{chars:,}")
    if skipped.rows:
        console.print(skipped)

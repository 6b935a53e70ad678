"""The page of a training, listen.html: fixed lines before and after, and the losses. It knows HTML only.

One file with everything in it: no script, no network, sounds as data inside the page.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 64rem; margin: 2rem auto; padding: 0 1rem; background: #fff; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #8888; }
h1, p, th, td { overflow-wrap: anywhere; }
audio { width: 12rem; max-width: 100%; }
svg { max-width: 100%; height: auto; }
@media (max-width: 48rem) {
  table, tbody, tr, th, td { display: block; }
  thead { display: none; }
  th, td { border: 0; }
  tr { border-bottom: 1px solid #8888; }
}
@media (prefers-color-scheme: dark) { body { background: #16181b; color: #eee; } }
"""
COLOURS = ("#0a6ebd", "#c2410c", "#15803d")
WIDE, HIGH, EDGE = 640, 280, 44


@dataclass(frozen=True)
class LineHeard:
    """A line, and how it sounds: (what it is, its FLAC file or why there is none) in order."""

    text: str
    sounds: Sequence[tuple[str, Path | str]]


def listening_html(title: str, about: str, lines: Sequence[LineHeard], curves: Mapping[str, Sequence]) -> str:
    rows = "\n".join(_row(line) for line in lines)
    names = list(dict.fromkeys(name for line in lines for name, _ in line.sounds))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{STYLE}</style></head><body><main>
<h1>{escape(title)}</h1>
<p>{escape(about)}</p>
{curve_svg(curves) if curves else ""}
<table><thead><tr><th scope="col">line</th>{head}</tr></thead>
<tbody>
{rows}
</tbody></table>
</main></body></html>
"""


def _row(line: LineHeard) -> str:
    cells = "".join(f"<td>{_sound(name, line.text, sound)}</td>" for name, sound in line.sounds)
    return f'<tr><th scope="row">{escape(line.text)}</th>{cells}</tr>'


def _sound(name: str, text: str, sound: Path | str) -> str:
    if isinstance(sound, str):
        return escape(sound)
    data = b64encode(sound.read_bytes()).decode()
    label = escape(f"{name}: {text}", quote=True)
    return f'<audio controls preload="none" aria-label="{label}" src="data:audio/flac;base64,{data}"></audio>'


def curve_svg(curves: Mapping[str, Sequence[tuple[int, float]]], title: str = "flow-matching loss") -> str:
    """Losses by step, a line a curve. Each curve has a point."""
    every = [point for curve in curves.values() for point in curve]
    most, last = max(y for _, y in every), max(1, *(x for x, _ in every))
    least = min(y for _, y in every)
    span = (most - least) or 1.0

    def place(x: int, y: float) -> str:
        return f"{EDGE + x / last * (WIDE - 2 * EDGE):.1f},{HIGH - EDGE - (y - least) / span * (HIGH - 2 * EDGE):.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" width="{WIDE}" role="img" font-family="sans-serif" '
        f'font-size="12" fill="currentColor"><title>{escape(title)} by step</title><text x="{EDGE}" y="16">{escape(title)}</text>'
    ]
    for (name, curve), colour, row in zip(curves.items(), COLOURS, range(len(COLOURS)), strict=False):
        points = " ".join(place(x, y) for x, y in curve)
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="2" points="{points}"/>')
        said = f"{escape(name)}: {curve[0][1]:.3f} to {curve[-1][1]:.3f}"
        parts.append(f'<text x="{WIDE - 280}" y="{36 + 18 * row}" fill="{colour}">{said}</text>')
    parts.append(
        f'<text x="2" y="{EDGE + 4}">{most:.2f}</text><text x="2" y="{HIGH - EDGE}">{least:.2f}</text>'
    )
    parts.append(f'<text x="{WIDE - EDGE - 70}" y="{HIGH - 14}">{last} steps</text></svg>')
    return "".join(parts)

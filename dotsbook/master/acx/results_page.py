"""The shop check as a page to read: each file against each limit. It measures nothing."""

from html import escape

from dotsbook.master.acx.requirements import Checked, Requirement
from dotsbook.master.proof import ProofRow

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { border: 1px solid #bbb; padding: .35rem .6rem; text-align: left; font-variant-numeric: tabular-nums; }
th { background: #f2f2f2; } .pass { background: #e7f5e9; } .fail { background: #fde3e1; font-weight: 600; }
h1, th, td, p { overflow-wrap: break-word; } .wide { overflow-x: auto; } .wide table { min-width: 62rem; }
.wide:focus-visible { outline: 3px solid #9a4a1c; outline-offset: 2px; }
@media (max-width: 48rem) {
  body { margin: 1rem auto; } th, td { overflow-wrap: anywhere; } table, tbody, tr, th, td { display: block; } thead { display: none; }
  .wide table { min-width: 0; } tr { margin-bottom: 1rem; } td, th { border-bottom-width: 0; }
  tr > :last-child { border-bottom-width: 1px; } td::before { content: attr(data-name) ": "; font-weight: 600; }
}
@media (prefers-color-scheme: dark) { body { background: #16181b; color: #eee; } th { background: #26292d; }
  .pass { background: #15331c; } .fail { background: #4a1b18; } th, td { border-color: #555; } }
"""


def page(title: str, checked: list[Checked], rows: list[ProofRow]) -> str:
    """A self-contained HTML page; rows: what is said of the whole set."""
    passed = sum(one.ok for one in checked)
    names = list(dict.fromkeys(test.name for one in checked for test in one.tests))
    limits = {test.name: test.limit for one in reversed(checked) for test in one.tests}
    head = "".join(
        f"<th scope=col role=columnheader>{escape(name)}<br><small>{escape(limits[name])}</small></th>"
        for name in names
    )
    body = "".join(line(one, names) for one in checked)
    whole = "".join(
        f"<tr role=row><th scope=row role=rowheader>{escape(row.what.removeprefix('set: '))}</th>"
        f'<td role=cell data-name="wanted">{escape(row.expected)}</td><td role=cell data-name="found" '
        f"class={'pass' if row.ok else 'fail'}>{mark(row.ok)} {escape(row.found)}</td></tr>"
        for row in rows
    )
    return f"""<!doctype html>
<html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width">
<title>Shop check: {escape(title)}</title><style>{STYLE}</style>
<main><h1>Shop check: {escape(title)}</h1>
<p><strong>{passed} of {len(checked)} files pass every limit.</strong> Each was decoded as delivered and measured: RMS
and peak over the whole file, the noise floor in its quietest half second, head and tail to the nearest 5 ms.</p>
<p>Passing these limits is not being accepted: shops listen to what they are sent, and have rules of their own about
narration by synthetic voices. Some refuse it, some take it only through programmes of their own, most want it
disclosed. Read the rules of the shop you send this to; the files' tags say that the narration is AI.</p>
<div class=wide role=region aria-label="Files and limits" tabindex=0><table role=table><caption>Files</caption>
<thead role=rowgroup><tr role=row><th scope=col role=columnheader>file</th>{head}</tr></thead>
<tbody role=rowgroup>{body}</tbody></table></div>
<table role=table><caption>The set</caption><tbody role=rowgroup>{whole}</tbody></table></main></html>
"""


def line(one: Checked, names: list[str]) -> str:
    tests = {test.name: test for test in one.tests}
    cells = "".join(cell(name, tests.get(name)) for name in names)
    return f"<tr role=row><th scope=row role=rowheader>{escape(one.file)}</th>{cells}</tr>"


def cell(name: str, test: Requirement | None) -> str:
    """One figure; on a narrow screen, where no heading stands over it, its name comes with it."""
    if test is None:
        return f'<td role=cell data-name="{escape(name)}">–</td>'
    facts = f'data-name="{escape(name)}" title="{escape(test.limit)}"'
    return f"<td role=cell {facts} class={'pass' if test.ok else 'fail'}>{mark(test.ok)} {escape(test.found)}</td>"


def mark(ok: bool) -> str:
    return "pass:" if ok else "FAIL:"

"""The shop check as a page to read: each file against each limit. It measures nothing."""

from html import escape

from dotsbook.master.acx.requirements import Checked
from dotsbook.master.proof import ProofRow

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0 2rem; }
caption { text-align: left; font-weight: 600; padding: .4rem 0; }
th, td { border: 1px solid #bbb; padding: .35rem .6rem; text-align: left; font-variant-numeric: tabular-nums; }
th { background: #f2f2f2; } .pass { background: #e7f5e9; } .fail { background: #fde3e1; font-weight: 600; }
.wide { overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { background: #16181b; color: #eee; } th { background: #26292d; }
  .pass { background: #15331c; } .fail { background: #4a1b18; } th, td { border-color: #555; } }
"""


def page(title: str, checked: list[Checked], rows: list[ProofRow]) -> str:
    """A self-contained HTML page; rows: what is said of the whole set."""
    passed = sum(one.ok for one in checked)
    names = list(dict.fromkeys(test.name for one in checked for test in one.tests))
    limits = {test.name: test.limit for one in reversed(checked) for test in one.tests}
    head = "".join(
        f"<th scope=col>{escape(name)}<br><small>{escape(limits[name])}</small></th>" for name in names
    )
    body = "".join(line(one, names) for one in checked)
    whole = "".join(
        f"<tr><th scope=row>{escape(row.what.removeprefix('set: '))}</th><td>{escape(row.expected)}</td>"
        f"<td class={'pass' if row.ok else 'fail'}>{mark(row.ok)} {escape(row.found)}</td></tr>"
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
<div class=wide><table><caption>Files</caption><thead><tr><th scope=col>file</th>{head}</tr></thead>
<tbody>{body}</tbody></table></div>
<table><caption>The set</caption><tbody>{whole}</tbody></table></main></html>
"""


def line(one: Checked, names: list[str]) -> str:
    tests = {test.name: test for test in one.tests}
    cells = "".join(cell(tests.get(name)) for name in names)
    return f"<tr><th scope=row>{escape(one.file)}</th>{cells}</tr>"


def cell(test) -> str:
    if test is None:
        return "<td>–</td>"
    title = f' title="{escape(test.limit)}"'
    return f"<td class={'pass' if test.ok else 'fail'}{title}>{mark(test.ok)} {escape(test.found)}</td>"


def mark(ok: bool) -> str:
    return "pass:" if ok else "FAIL:"

"""The page of doubtful takes, `out/report.html`: where each is, what is wrong, a player for it. It knows HTML only.

One file with everything in it: no script, no network, sounds as data inside the page.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; background: #fff; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: start; padding: .5rem 0; }
th, td { text-align: start; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #8888; }
h1, p, th, td { overflow-wrap: anywhere; }
audio { width: 16rem; max-width: 100%; }
.id { white-space: nowrap; font-variant-numeric: tabular-nums; }
ruby { ruby-position: under; }
rt { font-size: .75em; }
.heard { margin: .5rem 0 0; }
mark { background: #fd8; color: #1b1b1b; }
ul { margin: 0; padding-inline-start: 1rem; }
@media (max-width: 48rem) {
  body { margin: 1rem auto; }
  table, caption, tbody, tr, th, td { display: block; }
  thead { display: none; }
  th, td { border: 0; padding: .25rem 0; }
  tr { border-bottom: 1px solid #8888; padding: .5rem 0; }
}
@media (prefers-color-scheme: dark) { body { background: #16181b; color: #eee; } }
"""


@dataclass(frozen=True)
class HeardUnder:
    """A word of a line, and what was heard for it."""

    written: str  # "": nothing; something is heard after the line's end
    heard: str  # "": nothing
    doubted: bool


@dataclass(frozen=True)
class DoubtfulLine:
    """A take to listen to, or a chunk that has none."""

    chunk: str  # its id: "3.42"
    chapter: str  # title
    text: str  # as in the source
    reasons: Sequence[str]
    seconds: float | None = None  # where it is in its chapter; None if that isn't known
    sound: bytes | None = None  # FLAC, MP3 or WAV; None if there is no take
    media_type: str = "audio/flac"
    language: str = ""  # BCP 47 of the text
    words: Sequence[HeardUnder] = ()  # the line's, where a judge has heard them and doubts one
    at: float | None = None  # s into the take at which it begins to play, shortly before a doubtful word


def report_html(rows: Iterable[DoubtfulLine], title: str = "", asked: Sequence[str] = ()) -> str:
    """The whole page. Text of the book is escaped; nothing in it can become markup. asked: what is asked of single words."""
    rows = list(rows)
    heading = f"Takes to listen to{f': {title}' if title else ''}"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(heading)}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{escape(heading)}</h1>\n{body(rows)}{questions(asked)}</main>\n</body>\n</html>\n"
    )


def body(rows: list[DoubtfulLine]) -> str:
    if not rows:
        return "<p>None: every take passed its checks.</p>\n"
    head = "".join(
        f'<th scope="col" role="columnheader">{name}</th>'
        for name in ("Chunk", "Where", "Text", "What is wrong", "Listen")
    )
    return (
        f"<p>Ask for another with <code>dotsbook retake</code> and the chunk's number, "
        f"e.g. <code>dotsbook retake {escape(rows[0].chunk)}</code>.</p>\n"
        f'<table role="table">\n<caption>{len(rows)} of them</caption>\n<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n'
        f'<tbody role="rowgroup">\n'
        f"{''.join(line(row) for row in rows)}</tbody>\n</table>\n"
    )


def questions(asked: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(one)}</li>\n" for one in asked)
    return f"<h2>Words that are heard otherwise again and again</h2>\n<ul>\n{items}</ul>\n" if asked else ""


def line(row: DoubtfulLine) -> str:
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in row.reasons)
    place = escape(row.chapter) + (f"<br>{clock(row.seconds)}" if row.seconds is not None else "")
    language = f' lang="{escape(row.language)}"' if row.language else ""
    cells = "".join(
        f'<td role="cell"{about}>{content}</td>'
        for about, content in (
            ("", place),
            (f'{language} dir="auto"', escape(row.text) + heard(row)),
            ("", f"<ul>{reasons}</ul>"),
            ("", player(row)),
        )
    )
    head = f'<th scope="row" role="rowheader" class="id">{escape(row.chunk)}</th>'
    return f'<tr role="row" id="chunk-{escape(row.chunk)}">{head}{cells}</tr>\n'


def heard(row: DoubtfulLine) -> str:
    """The words as they are spoken, with what is heard under each that is heard otherwise."""
    if not row.words:
        return ""
    return f'<p class="heard">As it was heard: {" ".join(map(one_word, row.words))}</p>'


def one_word(word: HeardUnder) -> str:
    written = f"<mark>{escape(word.written or '+')}</mark>" if word.doubted else escape(word.written)
    if not word.doubted and plain(word.heard) == plain(word.written):
        return written
    return f"<ruby>{written}<rp> (</rp><rt>{escape(word.heard or '–')}</rt><rp>)</rp></ruby>"


def plain(word: str) -> str:
    return "".join(letter for letter in word.lower() if letter.isalnum())


def player(row: DoubtfulLine) -> str:
    if row.sound is None:
        return "no take"
    place = f"#t={row.at:.2f}" if row.at else ""
    return (
        f'<audio controls preload="none" aria-label="Chunk {escape(row.chunk)}" '
        f'src="data:{escape(row.media_type)};base64,{b64encode(row.sound).decode()}{place}"></audio>'
    )


def clock(seconds: float) -> str:
    """1:02:03.4"""
    minutes, rest = divmod(round(seconds, 1), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:04.1f}" if hours else f"{minutes}:{rest:04.1f}"

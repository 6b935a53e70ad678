"""Annotated texts as Books: PDNC, LitBank, CLiC, the German and the French set, as `attribution/unified/*.jsonl`.

A Book here has the text as one source, a paragraph for each block between blank lines (each line, where the text has
no blank lines; the whole text, where it is cut into words) and a chapter at each heading.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dotsbook.book import Book, Chapter, Kind, Paragraph, Source, visible

HEADING = re.compile(
    r"\s*(?:chapter|book|part|volume|section|canto|kapitel|chapitre|epilogue|prologue|[IVXLC]+\.?\s*$)\b.{0,80}$",
    re.I,
)


@dataclass(frozen=True)
class Gold:
    spans: tuple[tuple[int, int], ...]
    speaker: str | None
    type: str | None  # Explicit, Anaphoric, Implicit
    speech: bool = True  # said aloud, as against thought or written


@dataclass(frozen=True)
class Sample:
    corpus: str
    name: str
    book: Book
    text: str
    gold: tuple[Gold, ...]
    characters: tuple[dict, ...]  # name, aliases, gender


def blocks(text: str, cut: str) -> Iterator[tuple[int, int]]:
    """[start, end) of the paragraphs, without white space at their edges."""
    at = 0
    for found in [*re.finditer(cut, text), None]:
        end = found.start() if found else len(text)
        body = text[at:end]
        if body.strip():
            start = at + len(body) - len(body.lstrip())
            yield start, at + len(body.rstrip())
        at = found.end() if found else end


def cut_of(text: str) -> str:
    lines = text.split("\n")
    blank = sum(1 for line in lines if not line.strip())
    return r"\n[ \t]*\n\s*" if blank * 12 > len(lines) else r"\n"


def book_of(text: str, language: str, name: str, cut: str | None = None) -> Book:
    chapters: list[list[Paragraph]] = [[]]
    for start, end in blocks(text, cut or cut_of(text)):
        said = text[start:end]
        heading = len(said) < 90 and HEADING.match(said) is not None
        if heading and any(paragraph.kind is Kind.PROSE for paragraph in chapters[-1]):
            chapters.append([])
        chapters[-1].append(Paragraph(name, start, end, Kind.HEADING if heading else Kind.PROSE))
    made = tuple(Chapter(number, "", tuple(some)) for number, some in enumerate(chapters, 1))
    return Book(name, "", language, {name: Source(name, text, visible(text))}, made, ())


def samples(folder: Path, corpus: str) -> Iterator[Sample]:
    file = next(iter(sorted(folder.rglob(f"{corpus}*.jsonl"))), None)
    if file is None:
        return
    for line in file.read_text("utf-8").splitlines():
        row = json.loads(line)
        text = row.get("text")
        if text is None:
            text = (file.parent.parent / row["text_file"]).read_text("utf-8")
        cut = r"\Z" if row.get("tokenised") or corpus == "clic" else None
        gold = tuple(
            Gold(
                tuple((start, end) for start, end in quote["spans"]),
                quote.get("speaker"),
                quote.get("type"),
                quote.get("medium", "speech") == "speech",
            )
            for quote in row["quotes"]
            if quote.get("level") in (None, "1", 1)
        )
        yield Sample(
            corpus,
            row["id"],
            book_of(text, row["lang"], row["id"], cut),
            text,
            gold,
            tuple(row.get("characters") or ()),
        )

"""Measures what the reader makes of novels as plain text, and prints a table. It knows no model and no voice.

    python -m tests.benchmarks.text_novels DIR [--json]

DIR has the corpus's format: `novels/` with MANIFEST.tsv and a folder a language. For every book: how much is skipped by
which strength of evidence, outside the frame that Project Gutenberg puts around a text and in all, each skip with its first
words; whether its encoding and language are told; how many chapters are found of those that a person counted, by number
alone (`plan` shows their titles); and whether the book loses story text: a part skipped unasked on less than markup that
is over 2 % of the book. Smaller ones are listed, to be read by a person.
"""

import csv
import time
from pathlib import Path

from dotsbook.book import Book, Skip
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.formats.parts.text_encoding import decode
from dotsbook.text.reader import read_book
from tests.text.bookmaking import unaccounted
from tests.text.folder_report import run

FRAME = ("Project Gutenberg", "transcriber's note", "key to signs", "colophon")
LARGE = 0.02  # of a book's characters
STRONG = ("manifest", "markup")


def is_frame(skip: Skip) -> bool:
    return skip.reason.startswith(FRAME) and skip.evidence == "signs"


def lost(book: Book, total: int) -> list[Skip]:
    """The skips by which a book may lose story text; all are to be read by a person too."""
    return [
        skip
        for skip in book.skipped
        if not skip.inline
        and skip.evidence not in STRONG
        and not skip.doubtful
        and not is_frame(skip)
        and skip.chars > LARGE * total
    ]


CODECS = {"UTF-8 with BOM": "utf-8-sig", "ISO-8859-1": "cp1252"}  # what readers take ISO-8859-1 for


def decoded_right(path: Path, row: dict) -> bool:
    data, codec = path.read_bytes(), row.get("encoding", "utf-8")
    return decode(data, path.name).text == data.decode(CODECS.get(codec, codec), "replace")


def attempt(path: Path, row: dict) -> dict:
    """What came of one novel."""
    started = time.process_time()
    try:
        book = read_book([path], Reading())
    except SourceError as error:
        return {"file": path.name, "refused": str(error)}
    total = sum(source.chars for source in book.sources.values())
    by_evidence: dict[str, int] = {}
    for skip in book.skipped:
        by_evidence[skip.evidence] = by_evidence.get(skip.evidence, 0) + skip.chars
    return {
        "file": path.name,
        "seconds": time.process_time() - started,
        "chars": total,
        "chapters": len(book.chapters),
        "counted": int(row.get("chapters") or 0),
        "encoding": decoded_right(path, row),
        "language": book.language.split("-")[0] == row.get("language", book.language),
        "skipped": by_evidence,
        "outside_frame": sum(skip.chars for skip in book.skipped if not skip.inline and not is_frame(skip)),
        "asked": [skip.title for skip in book.skipped if skip.doubtful],
        "lost": [f"{skip.reason}: {skip.title}" for skip in lost(book, total)],
        "unaccounted": sum(map(abs, unaccounted(book).values())),
        "skips": [
            {"reason": skip.reason, "chars": skip.chars, "title": skip.title, "opening": skip.opening}
            for skip in book.skipped
            if not skip.inline
        ],
    }


def rows_of(folder: Path) -> dict[str, dict]:
    table = folder / "novels" / "MANIFEST.tsv"
    if not table.exists():
        return {}
    with open(table, encoding="utf-8") as file:
        return {Path(row["file"]).name: row for row in csv.DictReader(file, delimiter="\t")}


def measure(folder: Path) -> list[dict]:
    rows = rows_of(folder)
    return [attempt(path, rows.get(path.name, {})) for path in sorted((folder / "novels").rglob("*.txt"))]


def show(report: list[dict]) -> None:
    for book in report:
        if "refused" in book:
            print(f"{book['file']}: refused: {book['refused']}")
            continue
        skipped = ", ".join(f"{chars:,} by {name}" for name, chars in book["skipped"].items()) or "nothing"
        print(
            f"{book['file']}: {book['chapters']} chapters (counted {book['counted']}); of {book['chars']:,} characters skipped {skipped}; "
            f"outside the frame {100 * book['outside_frame'] / max(1, book['chars']):.2f} %"
        )
        for skip in book["skips"]:
            words = " ".join((skip["opening"] or skip["title"]).split())
            print(f"    {skip['chars']:>7,}  {skip['reason']:40} {words[:70]}")
        for title in book["asked"]:
            print(f"    asked about: {title}")
        for loss in book["lost"]:
            print(f"    LOST: {loss}")
    read = [book for book in report if "refused" not in book]
    print(
        f"\nbooks {len(report)}, refused {len(report) - len(read)}, that lose story text "
        f"{sum(bool(book['lost']) for book in read)}, asked about {sum(bool(book['asked']) for book in read)}, "
        f"unaccounted {sum(book['unaccounted'] for book in read)}"
    )
    print(
        f"encoding right {sum(book['encoding'] for book in read)}, language right "
        f"{sum(book['language'] for book in read)}, chapters found "
        f"{sum(min(book['chapters'], book['counted']) for book in read)} of {sum(book['counted'] for book in read)}, "
        f"more than counted {sum(max(0, book['chapters'] - book['counted']) for book in read)}"
    )


if __name__ == "__main__":
    run(__doc__, measure, show)

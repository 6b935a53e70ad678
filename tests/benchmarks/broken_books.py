"""Every EPUB below a folder through `init` and `plan`, each in a process of its own: read or refused, and how.

    python tests/benchmarks/broken_books.py DIR [--limit 60]

A refusal is exit 1 and a sentence. Ends with 1 if any book ended otherwise, left a traceback, took more than the
limit (seconds of processor time), or had anything written outside its project.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "attack"))

from ground import a_sentence, dotsbook, tree  # noqa: E402


def tried(book: Path, ground: Path, limit: float) -> tuple[float, str]:
    """(processor seconds of the slower command, what came of it); AssertionError or TimeoutError if it fell."""
    project, seconds = ground / "book", 0.0
    for words in (("init", project, "--source", book), ("plan", project)):
        ended = dotsbook(*words, limit=limit)
        said, seconds = a_sentence(ended), max(seconds, ended.seconds)
        assert {path.split("/")[0] for path in tree(ground)} <= {"book"}, "wrote outside its project"
        if ended.code:
            return seconds, "refused: " + " ".join(said.replace(str(book), book.name).split())
    found = re.search(r"[\d,]+ of [\d,]+ characters|[\d,]+ (?:chapters?|lines?)[^\n]*", said)
    return seconds, f"read: {found.group() if found else said[:80]}"


def main(folder: Path, limit: float) -> int:
    books, fell = sorted(folder.rglob("*.epub")), 0
    slowest = 0.0
    for book in books:
        with tempfile.TemporaryDirectory() as name:
            try:
                seconds, what = tried(book, Path(name), limit)
            except (AssertionError, TimeoutError) as error:
                seconds, what, fell = limit, f"FELL: {error}", fell + 1
        slowest = max(slowest, seconds)
        print(f"{seconds:6.1f} s  {str(book.relative_to(folder))[:60]:60}  {what[:200]}", flush=True)
    print(f"{len(books)} books, {fell} fell, slowest {slowest:.1f} s")
    return 1 if fell else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=float, default=60)
    options = parser.parse_args()
    sys.exit(main(options.folder, options.limit))

"""Whether casting leaves a book's text, offsets and receipt as they are: every book of a folder, read with casting off and on.

    python -m tests.benchmarks.casting_books DIR [--only PART] [--threshold 0.5]

DIR holds books in any format that dotsbook reads. Each is planned twice; compared are the receipt, what is skipped,
and for each source all that its chunks hold and where, without white space. Prints a line a book and the count.
"""

import argparse
import hashlib
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import yaml

import dotsbook
from dotsbook.book import Chunk
from dotsbook.errors import DotsbookError
from dotsbook.production.production import Production
from dotsbook.text.formats.table import all_formats

SUFFIXES = {suffix for one in all_formats() for suffix in one.suffixes}


def held(chunks: Iterable[Chunk]) -> dict[str, str]:
    """{source: a hash of every character that is spoken, with its offset}."""
    found: dict[str, hashlib._Hash] = {}
    for chunk in chunks:
        digest = found.setdefault(chunk.source, hashlib.sha256())
        for offset, sign in enumerate(chunk.text, chunk.start):
            if not sign.isspace():
                digest.update(f"{offset}{sign}".encode("utf-8", "surrogatepass"))
    return {source: digest.hexdigest() for source, digest in found.items()}


def facts(book: Production) -> tuple:
    plan = book.plan(chunks=False)
    return plan.receipt, plan.skipped, held(book.chunks())


def compare(file: Path, threshold: float) -> tuple[str, int]:
    """(what came of it, lines in a voice of their own)."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / "book.yaml"
        said = {"source": str(file.resolve()), "engine": "draft"}
        said |= {"title": "T", "author": "A", "language": language_of(file)}
        manifest.write_text(yaml.safe_dump(said | {"voices": {"narrator": {}}}))
        (Path(folder) / ".dotsbook").mkdir()
        with dotsbook.open(folder) as book:
            before = facts(book)
            book.cast.write()
        text = manifest.read_text()
        manifest.write_text(f"{text}casting: {{threshold: {threshold}}}\n")
        with dotsbook.open(folder) as book:
            after = facts(book)
            voiced = sum(bool(chunk.speaker) for chunk in book.chunks())
    return ("unchanged" if before == after else "CHANGED"), voiced


def language_of(file: Path) -> str:
    stem = file.stem.rpartition("_")[2].split("-")[0]
    return next((name for name in (file.parent.name, stem) if len(name) == 2 and name.isalpha()), "en")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--only", default="")
    options.add_argument("--threshold", type=float, default=0.5)
    said = options.parse_args()
    count = changed = 0
    for file in sorted(said.folder.rglob("*")):
        if not file.is_file() or file.suffix.lower() not in SUFFIXES or said.only not in str(file):
            continue
        begun = time.process_time()
        try:
            result, voiced = compare(file, said.threshold)
        except DotsbookError as error:
            print(f"{file.name}: not read ({str(error)[:90]})", flush=True)
            continue
        count += 1
        changed += result != "unchanged"
        print(
            f"{file.name}: {result}, {voiced:,} chunks in voices, {time.process_time() - begun:.1f} s",
            flush=True,
        )
    print(f"{count} books, {changed} changed")


if __name__ == "__main__":
    main()

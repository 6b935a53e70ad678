"""Counts plain sentences that normalisation changes: `python -m tests.benchmarks.text_harm DIR [--json]`.

DIR holds epubs/*.epub. Their narrated paragraphs are split into sentences, each normalised in its own language. A
sentence is *plain* if it has no digit, no abbreviation, no Roman numeral and no symbol: there every change is harm.
Told by the text alone, not by the rules: an abbreviation is a word with a full stop that isn't the sentence's last
mark, a single letter or "etc." (usw., ecc.) with one, or a word of two to four consonants (Mr, Dr, St); a Roman
numeral is a word of I, V, X, L, C, D, M (ii, iii, iv, vii, viii, ix in small letters); a symbol is a character of
Unicode's symbol classes, one of & % § @ # *, or the slash that opens a file's path. Taking out characters that
can't be heard (rules "invisible" and "space") is no change, nor is what is listed as unread. Every changed sentence is
printed; so are changes in sentences with neither digit nor abbreviation that do hold a Roman numeral or a symbol: these are meant.
"""

import argparse
import json
import re
import sys
import unicodedata
from pathlib import Path

from dotsbook.errors import DotsbookError

INNER_STOP = re.compile(r"[^\W\d_]\.(?=[^\s\"'”’»)\]]|[\"'”’»)\]]*\s+[\"'“‘«(]*\S)")
VOWELLESS = re.compile(r"\b[^\Waeiouyäöüáéíóúàèìòùâêîôûœæ\d_]{2,4}\b", re.IGNORECASE)
CLOSING = re.compile(r"\b(?:etc|usw|usf|ecc|cetera|&c|[^\W\d_])\.", re.IGNORECASE)
ROMAN = re.compile(r"\b[IVXLCDM]{2,}\b|\b[VXLCDM]\b|\bI(?=[.:;,)—]|$)|\b(?:ii|iii|iv|vii|viii|ix)\b")
PATH = re.compile(r"(?<![^\s(])/\w|\w@\w|\\\\")


SPACES = re.compile("[\u00a0\u2000-\u200a\u202f]")


def ascii_letters(sentence: str) -> bool:
    """Whether its letters are plain ones, whatever its quotation marks are."""
    return all(char.isascii() for char in sentence if char.isalpha())


def kind(sentence: str) -> str:
    """plain, digit, abbreviation, or written: a Roman numeral or a symbol."""
    sentence = SPACES.sub(" ", sentence)
    if any(char.isdigit() for char in sentence):
        return "digit"
    if (
        INNER_STOP.search(sentence)
        or CLOSING.search(sentence)
        or (ascii_letters(sentence) and VOWELLESS.search(sentence))
    ):
        return "abbreviation"
    if (
        ROMAN.search(sentence)
        or PATH.search(sentence)
        or any(
            char in "&%§@#*" or unicodedata.category(char)[0] == "S" or unicodedata.category(char) == "No"
            for char in sentence
        )
    ):
        return "written"
    return "plain"


def sentences_of(path: Path):
    """(language, heading, sentence) of every narrated paragraph of a book."""
    from dotsbook.text.reader import read_book
    from dotsbook.text.script.sentences import sentences

    book = read_book([path])
    for chapter in book.chapters:
        for paragraph in chapter.paragraphs:
            text = book.sources[paragraph.source].text[paragraph.start : paragraph.end]
            language = paragraph.language or book.language
            for start, end in sentences(text, language):
                yield language, paragraph.kind == "heading", text[start:end]


def measure(folder: Path) -> dict:
    from dotsbook.text.normalise import normalise

    counts = {name: {"sentences": 0, "changed": 0} for name in ("plain", "written", "abbreviation", "digit")}
    examples: dict[str, list] = {"plain": [], "written": []}
    refused = []
    for path in sorted((folder / "epubs").glob("*.epub")):
        try:
            found = list(sentences_of(path))
        except DotsbookError as error:
            refused.append(f"{path.name}: {error}")
            continue
        for language, heading, sentence in found:
            name = (
                "written" if heading and kind(sentence) == "plain" and len(sentence) < 8 else kind(sentence)
            )
            counts[name]["sentences"] += 1
            changes = [
                change
                for change in normalise(sentence, language, heading=heading)[1]
                if change.rule not in ("invisible", "space") and not change.rule.startswith("unread")
            ]
            if changes:
                counts[name]["changed"] += 1
                if name in examples:
                    examples[name].append(
                        {
                            "book": path.name,
                            "language": language,
                            "sentence": sentence,
                            "changes": [[c.before, c.after, c.rule] for c in changes],
                        }
                    )
    plain = counts["plain"]
    rate = plain["changed"] / plain["sentences"] if plain["sentences"] else 0.0
    return {
        "counts": counts,
        "rate": rate,
        "per_10000": rate * 10_000,
        "examples": examples,
        "refused": refused,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results = measure(options.folder)
    if options.json:
        print(json.dumps(results, ensure_ascii=False))
        return 0
    for name in ("written", "plain"):
        print(f"-- {name}")
        for example in results["examples"][name]:
            changes = "; ".join(
                f"{before!r} → {after!r} ({rule})" for before, after, rule in example["changes"]
            )
            print(f"{example['book']} [{example['language']}] {changes}   in: {example['sentence'][:120]!r}")
    for line in results["refused"]:
        print(f"refused: {line}")
    print("\nsentences      all  changed")
    for name, row in results["counts"].items():
        print(f"{name:12} {row['sentences']:6} {row['changed']:8}")
    print(f"harm: {results['per_10000']:.2f} in 10,000 plain sentences")
    return 0


if __name__ == "__main__":
    sys.exit(main())

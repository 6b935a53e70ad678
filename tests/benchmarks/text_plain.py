"""Harm on ordinary sentences, and what stays unread of those with figures: `python -m tests.benchmarks.text_plain DIR`.

DIR holds plain/LANG.jsonl ({text}: sentences without digit, symbol, abbreviation or Roman numeral, of which nothing is
to be changed) and numbers/LANG.jsonl ({text}: sentences with digits, Roman numerals, money, per cent, units,
abbreviations, of which nothing is to stay unread). Counted:
  harm    sentences of plain/ that a rule changes, in 10,000 (taking out what can't be heard is no change);
  unread  sentences of numbers/ in which a digit, a sign (money, % ‰ °) or a unit after a number is left in what is said;
  roman   words of two and more of I, V, X, L, C, D, M that are numerals below 100, left in what is said;
  told    how many of these sentences `plan --changes` lists something unread of.
Seen in what comes out, not by the rules. --show LANG prints them, --speech LANG prints every sentence and what is said.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

LEFT = re.compile(r"[\d$€£¥₹₽₩₺₴₫฿¢%‰°℃]")
UNIT = r"(?:[kcmµ]?m[²³23]?|[kmµ]?g|[mcdh]?l|k[Ww]h?|[kMG]?Hz|[KMGT]B|km/h|m/s|mph|lbs?|ft|oz|ha)(?![\w'’.-]|\s?[A-Z])"
NUMBER_UNIT = re.compile(rf"\d[\d.,]*[ \u00a0\u202f]?(?P<unit>{UNIT})")
NUMERAL = re.compile(r"(?<![\w.'’-])(?=[IVXLC]{2})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})(?![\w'’-])")


def texts(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """(language, its sentences) of every file."""
    for path in sorted(folder.glob("*.jsonl")):
        yield path.stem, [json.loads(line)["text"] for line in path.open(encoding="utf-8")]


def harm(folder: Path) -> dict:
    from dotsbook.text.normalise import normalise

    rows = {}
    for language, sentences in texts(folder / "plain"):
        changed = []
        for text in sentences:
            made = [
                [change.before, change.after, change.rule]
                for change in normalise(text, language)[1]
                if change.rule not in ("invisible", "space") and change.before != change.after
            ]
            if made:
                changed.append({"text": text, "changes": made})
        rows[language] = {"sentences": len(sentences), "changed": changed}
    return rows


def units_of(text: str, said: str) -> list[str]:
    """Units right after a figure as written that still stand in what is said."""
    return [
        match["unit"]
        for match in NUMBER_UNIT.finditer(text)
        if re.search(rf"(?<=[^\W_]) {re.escape(match['unit'])}(?![\w'’])", said)
    ]


def unread(folder: Path) -> dict:
    from dotsbook.text.normalise import normalise

    rows = {}
    for language, sentences in texts(folder / "numbers"):
        row: dict = {"sentences": len(sentences), "unread": [], "roman": [], "told": 0}
        for text in sentences:
            said, changes = normalise(text, language)
            figures = LEFT.findall(said) + units_of(text, said)
            numerals = [match[0] for match in NUMERAL.finditer(said)]
            if figures:
                row["unread"].append({"text": text, "said": said, "left": figures})
            if numerals:
                row["roman"].append({"text": text, "said": said, "left": numerals})
            if figures or numerals:
                row["told"] += any(change.rule.startswith("unread") for change in changes)
        rows[language] = row
    return rows


def speech(folder: Path, language: str) -> None:
    from dotsbook.text.normalise import normalise

    for name, sentences in texts(folder / "numbers"):
        if name == language:
            for text in sentences:
                print(f"{text}\n   {normalise(text, language)[0]}")


def show(plain: dict, numbers: dict, languages: list[str]) -> None:
    print("language  plain changed  in 10,000 | numbers unread   roman  left   told")
    for language in sorted({*plain, *numbers}):
        first = plain.get(language, {"sentences": 0, "changed": []})
        second = numbers.get(language, {"sentences": 0, "unread": [], "roman": [], "told": 0})
        changed, rate = len(first["changed"]), 10_000 * len(first["changed"]) / max(1, first["sentences"])
        print(
            f"{language:8} {first['sentences']:6} {changed:7} {rate:10.1f} |{second['sentences']:8} "
            f"{len(second['unread']):6} {len(second['roman']):7} "
            f"{len(second['unread']) + len(second['roman']):5} {second['told']:6}"
        )
        if language in languages or "all" in languages:
            for row in first["changed"]:
                changes = "; ".join(f"{a!r} → {b!r} ({rule})" for a, b, rule in row["changes"])
                print(f"   changed: {changes}   in: {row['text'][:160]!r}")
            for kind in ("unread", "roman"):
                for row in second[kind]:
                    print(
                        f"   {kind}: {row['left']}  in: {row['text'][:300]!r}\n      said: {row['said'][:300]!r}"
                    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--show", metavar="LANGUAGE", action="append", default=[], help='print them; "all": of all'
    )
    parser.add_argument(
        "--speech", metavar="LANGUAGE", help="print the sentences of numbers/ and what is said"
    )
    options = parser.parse_args()
    if options.speech:
        speech(options.folder, options.speech)
        return 0
    plain, numbers = harm(options.folder), unread(options.folder)
    if options.json:
        print(json.dumps({"plain": plain, "numbers": numbers}, ensure_ascii=False))
        return 0
    show(plain, numbers, options.show)
    sentences, changed = (
        sum(len(r[k]) if k == "changed" else r[k] for r in plain.values()) for k in ("sentences", "changed")
    )
    print(
        f"harm: {changed} of {sentences} plain sentences, {10_000 * changed / max(1, sentences):.2f} in 10,000"
    )
    of = sum(row["sentences"] for row in numbers.values())
    left = sum(len(row["unread"]) for row in numbers.values())
    roman = sum(len(item["left"]) for row in numbers.values() for item in row["roman"])
    told = sum(row["told"] for row in numbers.values())
    print(
        f"unread: {left} of {of} sentences, {100 * left / max(1, of):.2f} %; Roman numerals left: {roman}; {told} sentences told of"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

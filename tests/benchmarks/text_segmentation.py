"""How well sentences are found, against golden cases and treebanks. It knows the format of the sets, not the rules.

    python -m tests.benchmarks.text_segmentation DIR [--json] [--wrong]

DIR holds `segmentation/golden.json` ({language: [{text, sentences, alternatives?}]}: a case is right when every
sentence is) and `segmentation/ud.json` (the same, in paragraphs: F1 of the boundaries inside them, each
language's own, then their mean). White space doesn't count.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from dotsbook.text.script.sentences import sentences


def bare(text: str) -> str:
    return "".join(text.split())


def found(text: str, language: str) -> list[str]:
    return [bare(text[start:end]) for start, end in sentences(text, language)]


def answers(case: dict) -> Iterable[list[str]]:
    yield [bare(sentence) for sentence in case["sentences"]]
    for other in case.get("alternatives") or ():
        yield [bare(sentence) for sentence in (other["sentences"] if isinstance(other, dict) else other)]


def ends(parts: list[str]) -> set[int]:
    """Where the inner boundaries stand, in characters that aren't white space."""
    places, at = set(), 0
    for part in parts[:-1]:
        at += len(part)
        places.add(at)
    return places


def golden(cases: dict, wrong: list) -> dict:
    rows = {}
    for language, items in cases.items():
        right = 0
        for case in items:
            mine = found(case["text"], language)
            if mine in list(answers(case)):
                right += 1
            else:
                wrong.append((language, case, mine))
        rows[language] = {"right": right, "cases": len(items)}
    return rows


def treebank(cases: dict, wrong: list) -> dict:
    rows = {}
    for language, items in cases.items():
        hit = mine_total = true_total = 0
        for case in items:
            mine, true = found(case["text"], language), next(iter(answers(case)))
            here, there = ends(mine), ends(true)
            hit += len(here & there)
            mine_total += len(here)
            true_total += len(there)
            if here != there:
                wrong.append((language, case, mine))
        precision, recall = hit / max(mine_total, 1), hit / max(true_total, 1)
        rows[language] = {
            "paragraphs": len(items),
            "precision": precision,
            "recall": recall,
            "f1": 2 * precision * recall / max(precision + recall, 1e-9),
        }
    return rows


def measure(folder: Path, wrong: list) -> dict:
    place = folder / "segmentation" if (folder / "segmentation").is_dir() else folder
    began = time.perf_counter()
    result: dict = {}
    if (place / "golden.json").is_file():
        rows = golden(json.loads((place / "golden.json").read_text("utf-8")), wrong)
        right, cases = sum(row["right"] for row in rows.values()), sum(row["cases"] for row in rows.values())
        result["golden"] = {"languages": rows, "right": right, "cases": cases, "share": right / max(cases, 1)}
    if (place / "ud.json").is_file():
        rows = treebank(json.loads((place / "ud.json").read_text("utf-8")), wrong)
        result["ud"] = {
            "languages": rows,
            "mean_f1": sum(row["f1"] for row in rows.values()) / max(len(rows), 1),
        }
    result["seconds"] = time.perf_counter() - began
    return result


def show(result: dict) -> None:
    if "golden" in result:
        print("golden    right / cases")
        for language, row in sorted(result["golden"]["languages"].items()):
            print(f"  {language:5} {row['right']:6} / {row['cases']}")
        print(
            f"  all   {result['golden']['right']:6} / {result['golden']['cases']}  = {result['golden']['share']:.3f}"
        )
    if "ud" in result:
        print("treebanks paragraphs precision recall     F1")
        for language, row in sorted(result["ud"]["languages"].items()):
            print(
                f"  {language:5} {row['paragraphs']:11} {row['precision']:10.4f} {row['recall']:6.4f} {row['f1']:6.4f}"
            )
        print(f"  mean F1 {result['ud']['mean_f1']:.4f}")
    print(f"{result['seconds']:.1f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--wrong", action="store_true", help="print every case that isn't right")
    asked = parser.parse_args()
    wrong: list = []
    result = measure(asked.folder, wrong)
    if asked.json:
        print(json.dumps(result))
    else:
        show(result)
    if asked.wrong:
        for language, case, mine in wrong:
            print(f"\n{language} {case['text'][:1500]!r}\n  want {case['sentences']}\n  have {mine}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

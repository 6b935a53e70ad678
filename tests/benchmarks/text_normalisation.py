"""Measures normalisation against written → spoken pairs: `python -m tests.benchmarks.text_normalisation DIR [--json]`.

DIR holds normalization/pairs.json: {language: {class: [{written, spoken, alternatives?}]}}. Classes named num_* are
bare numbers, whose reading (year, ordinal, money) nothing shows; they are printed but not counted.

Two columns. *strict*: the same text but for case and runs of white space, or one of the alternatives. *heard*: the
same letters and digits in the same order, so that hyphens, spaces and punctuation don't count, and these pairs of
readings, of which schools prefer one or the other, count as one:
  en  "hundred and five" = "hundred five" (and so after thousand, million, dollars, pounds …);
      "the fifth of May" = "May fifth"; "minus" = "negative"; "zero" = "oh";
  zh  二 = 两 before 百, 千, 万, 亿 (the sets use both);
  ar  with or without vowel signs;
  it  tre = tré (the sets spell ventitré and its like without the accent);
  ja  零 = 〇;
  ru  е = ё (spelling leaves the dots out at will);
  vi  linh = lẻ.
The figures of merit are micro-averages over the classes of a language, and the mean of them over ten languages.
"""

import argparse
import json
import re
import sys
import unicodedata
from pathlib import Path

TEN = ("de", "es", "fr", "it", "pt", "ru", "ja", "zh", "hi", "ar")
MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
UNITS_AND = r"\b(hundred|thousand|million|billion|trillion|dollars?|pounds?|euros?) and (?=\w)"


def collapsed(text: str) -> str:
    return " ".join(text.casefold().split())


def heard(text: str, language: str) -> str:
    """Letters, marks and digits only, with the equal readings of the docstring made one."""
    text = collapsed(text)
    if language == "en":
        text = re.sub(rf"\bthe (\w+(?:[ -]\w+)?) of ({MONTHS})\b", r"\2 \1", text)
        text = re.sub(UNITS_AND, r"\1 ", text)
        text = re.sub(r"\bnegative\b", "minus", re.sub(r"\boh\b", "zero", text))
    elif language == "it":
        text = text.replace("tré", "tre")
    elif language == "ja":
        text = text.replace("零", "〇")
    elif language == "zh":
        text = re.sub("两(?=[百千万亿])", "二", text)
    elif language == "ru":
        text = text.replace("ё", "е")
    elif language == "vi":
        text = re.sub(r"\blẻ\b", "linh", text)
    elif language == "ar":
        text = "".join(
            char for char in unicodedata.normalize("NFD", text) if unicodedata.category(char) != "Mn"
        )
    return "".join(
        char
        for char in unicodedata.normalize("NFC", text)
        if char.isalnum() or unicodedata.category(char)[0] == "M"
    )


def judge(language: str, pair: dict) -> tuple[bool, bool, str]:
    """Whether the reading is right strictly and to the ear, and the reading."""
    from dotsbook.text.normalise import normalise

    said, _ = normalise(pair["written"], language)
    right = [pair["spoken"], *pair.get("alternatives", ())]
    strict = collapsed(said) in [collapsed(text) for text in right]
    return strict, strict or heard(said, language) in [heard(text, language) for text in right], said


def measure(pairs: dict) -> dict:
    """{language: {class: {total, strict, heard, wrong}}} of every language that the pairs have."""
    out: dict = {}
    for language, classes in sorted(pairs.items()):
        for name, rows in sorted(classes.items()):
            cell = out.setdefault(language, {}).setdefault(
                name, {"total": 0, "strict": 0, "heard": 0, "wrong": []}
            )
            for pair in rows:
                strict, ear, said = judge(language, pair)
                cell["total"] += 1
                cell["strict"] += strict
                cell["heard"] += ear
                if not ear:
                    cell["wrong"].append({"written": pair["written"], "spoken": pair["spoken"], "said": said})
    return out


def totals(classes: dict) -> dict:
    """Sums over the classes that count."""
    cells = [cell for name, cell in classes.items() if not name.startswith("num_")]
    return {key: sum(cell[key] for cell in cells) for key in ("total", "strict", "heard")}


def summary(results: dict) -> dict:
    rates = {}
    for language, classes in results.items():
        row = totals(classes)
        if row["total"]:
            rates[language] = {key: round(row[key] / row["total"], 4) for key in ("strict", "heard")}
    ten = [rates[language] for language in TEN if language in rates]
    mean = (
        {key: round(sum(row[key] for row in ten) / len(ten), 4) for key in ("strict", "heard")} if ten else {}
    )
    return {"by_language": rates, "en": rates.get("en"), "mean_of_ten": mean}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--wrong", metavar="LANGUAGE", help="also print every miss of a language")
    options = parser.parse_args()
    results = measure(json.loads((options.folder / "normalization" / "pairs.json").read_text("utf-8")))
    if options.json:
        print(json.dumps({"results": results, "summary": summary(results)}, ensure_ascii=False))
        return 0
    for language, classes in results.items():
        for name, cell in classes.items():
            print(f"{language:6} {name:24} {cell['strict']:4} {cell['heard']:4} / {cell['total']}")
            if options.wrong == language:
                for miss in cell["wrong"]:
                    print(f"         {miss['written']!r} → {miss['said']!r}, not {miss['spoken']!r}")
    rates = summary(results)
    print("\nlanguage  strict  heard   (classes other than num_*)")
    for language, row in rates["by_language"].items():
        print(f"{language:8} {row['strict']:7.3f} {row['heard']:6.3f}")
    if rates["mean_of_ten"]:
        print(
            f"mean of {', '.join(TEN)}: {rates['mean_of_ten']['strict']:.3f} {rates['mean_of_ten']['heard']:.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())

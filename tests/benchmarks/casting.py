"""Who speaks, as found against annotated texts. It knows the format of the sets, not the rules.

    python -m tests.benchmarks.casting DIR [--corpora pdnc,litbank,…] [--threshold 0.7] [--json]

DIR holds `unified/*.jsonl`. For PDNC, each novel and all together: quotes right with the roster found automatically
(each cluster counts as the character it mostly is: "merged"; each character keeps only the biggest cluster: "one voice")
and with the roster given; by type of tag; precision by words covered; seconds of wrong voice an hour at the threshold
of book, of them major for major and man for woman; words lost and words given in error. For all sets:
quotation spans found exactly, without the marks, dashes and white space at their edges.
"""

import argparse
import json
import resource
import time
from collections import Counter
from pathlib import Path

from dotsbook.casting.annotated import Gold, Sample, samples
from dotsbook.casting.cast_of import Casting, read_cast
from dotsbook.casting.scoring import answers, by_type, clusters, covered, found_spans, heard, roster_of

EDGE = " \n\t\r“”\"„«»‘’'‚‹›「」『』—–―-,"


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


def exact(sample: Sample, cast: Casting) -> dict[str, int]:
    mine = {trimmed(sample.text, start, end) for start, end, _ in found_spans(sample, cast)}
    gold = {
        trimmed(sample.text, *span)
        for one in sample.gold
        if one.speech and marked(sample, one)
        for span in one.spans
    }
    spoken = bytearray(len(sample.text))
    for start, end, index in found_spans(sample, cast):
        if not cast.lines[index].quotation.cited:
            spoken[start:end] = b"\1" * (end - start)
    words = lost = 0
    for one in sample.gold:
        if one.speech and marked(sample, one):
            for start, end in one.spans:
                at = start
                for word in sample.text[start:end].split(" "):
                    if any(sign.isalnum() for sign in word):
                        words += 1
                        lost += not any(spoken[at : at + len(word)])
                    at += len(word) + 1
    for one in sample.gold:
        for start, end in one.spans:
            spoken[start:end] = bytes(end - start)
    kept = "".join(sign if said else " " for sign, said in zip(sample.text, spoken, strict=True))
    given = sum(any(sign.isalnum() for sign in word) for word in kept.split())
    return {"right": len(gold & mine), "spans": len(gold), "words": words, "lost": lost, "given": given}


def marked(sample: Sample, gold: Gold) -> bool:
    """Whether a mark or a dash opens it or stands right before it: German texts have speech without any."""
    if sample.corpus != "redewiedergabe_de":
        return True
    start = gold.spans[0][0]
    return any(sign in '»„“«"›‚–—' for sign in sample.text[max(0, start - 1) : start + 1])


def of_novel(sample: Sample, threshold: float) -> dict:
    begun = time.process_time()
    automatic = read_cast(sample.book)
    seconds = time.process_time() - begun
    roster, meant = roster_of(sample)
    found = answers(sample, automatic, meant)
    merged, single = clusters(found)
    given = answers(sample, read_cast(sample.book, roster), meant)
    names = {member.name: member.name for member in roster.members}
    return {
        "novel": sample.name,
        "quotes": len(found),
        "automatic": by_type(found, merged),
        "one voice": by_type(found, single)["all"],
        "given": by_type(given, names),
        "covered": {str(of): covered(found, merged, of) for of in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)},
        "given covered": {str(of): covered(given, names, of) for of in (0.5, 0.8, 0.9)},
        "heard": heard(sample, found, merged, threshold),
        "one voice heard": heard(sample, found, single, threshold),
        "spans": exact(sample, automatic),
        "words": len(sample.text.split()),
        "seconds": round(seconds, 2),
    }


def mean(rows: list[dict], *path: str) -> float:
    """The mean over novels, each weighing its quotes."""
    total = weight = 0.0
    for row in rows:
        value = row
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        if value is not None:
            total += value * row["quotes"]
            weight += row["quotes"]
    return round(total / max(1, weight), 4)


def line_of(row: dict) -> str:
    kinds = row["given"]
    return (
        f"{row['novel'][:26]:26} auto {row['automatic']['all']:.3f} one {row['one voice']:.3f} | given {kinds['all']:.3f} "
        f"exp {kinds.get('Explicit', 0):.3f} ana {kinds.get('Anaphoric', 0):.3f} imp {kinds.get('Implicit', 0):.3f} | "
        f"80 % {row['covered']['0.8']:.3f} | wrong {row['heard']['wrong']:.0f} major {row['heard']['major']:.0f} "
        f"m/f {row['heard']['gender']:.0f} narr {row['heard']['narrator']:.0f} cost {row['heard']['cost']:.3f} | {row['seconds']:.1f} s"
    )


def pooled(novels: list[dict]) -> dict:
    """All novels together; quotes by type weigh by their count through the novels' own shares."""
    return {
        "novel": "all",
        "quotes": sum(row["quotes"] for row in novels),
        "automatic": {
            kind: mean(novels, "automatic", kind) for kind in ("all", "Explicit", "Anaphoric", "Implicit")
        },
        "one voice": mean(novels, "one voice"),
        "given": {kind: mean(novels, "given", kind) for kind in ("all", "Explicit", "Anaphoric", "Implicit")},
        "covered": {of: mean(novels, "covered", of) for of in ("0.5", "0.6", "0.7", "0.8", "0.9", "1.0")},
        "heard": {
            name: mean(novels, "heard", name)
            for name in ("wrong", "major", "gender", "narrator", "right", "cost")
        },
        "seconds": sum(row["seconds"] for row in novels),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--corpora", default="pdnc,litbank,clic,redewiedergabe_de,aads_fr")
    options.add_argument("--threshold", type=float, default=0.7)
    options.add_argument("--json", action="store_true")
    said = options.parse_args()
    report: dict = {}
    for corpus in said.corpora.split(","):
        rows, spans = [], Counter()
        for sample in samples(said.folder, corpus):
            if corpus == "pdnc":
                row = of_novel(sample, said.threshold)
                rows.append(row)
                spans.update(row["spans"])
                if not said.json:
                    print(line_of(row), flush=True)
            else:
                spans.update(exact(sample, read_cast(sample.book)))
        report[corpus] = {"novels": rows, "spans": dict(spans)}
        if rows:
            report[corpus]["all"] = pooled(rows)
            if not said.json:
                print(line_of(report[corpus]["all"]))
                print("precision by words covered:", report[corpus]["all"]["covered"])
        if spans["spans"] and not said.json:
            lost = spans["lost"] / max(1, spans["words"])
            print(
                f"{corpus}: spans exact {spans['right'] / spans['spans']:.4f} of {spans['spans']}; speech words lost {lost:.5f}; "
                f"words found spoken that the annotation hasn't: {spans['given']} beside {spans['words']} it has"
            )
    report["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(report, indent=1) if said.json else f"peak {report['peak MB']} MB")


if __name__ == "__main__":
    main()

"""Who speaks, as found against annotated texts. It knows the format of the sets, not the rules.

    python -m tests.benchmarks.casting DIR [--corpora pdnc,litbank,…] [--threshold 0.7] [--json]

DIR holds `unified/*.jsonl`. For PDNC, each novel and all together: quotes right with the roster found automatically
(each cluster counts as the character it mostly is: "merged"; each character keeps only the biggest cluster: "one voice")
and with the roster given; by type of tag; precision by words covered; seconds of wrong voice an hour at the threshold
(155 words a minute), of them major for major and man for woman; words lost and words given in error. For all sets:
quotation spans found exactly, without the marks, dashes and white space at their edges.
"""

import argparse
import json
import resource
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

from dotsbook.casting.cast_of import Casting, read_cast
from dotsbook.casting.people import spelled
from dotsbook.casting.roster import Member, Roster
from tests.training.casting.annotated import Gold, Sample, samples

EDGE = " \n\t\r“”\"„«»‘’'‚‹›「」『』—–―-,"
MINUTE = 155  # words read in one
GENDER = {"M": "m", "F": "f"}
NOT_PEOPLE = ("_group", "_unknowable", "_unknown")


@dataclass
class Answer:
    gold: Gold
    words: int
    name: str | None  # ours
    chance: float
    kind: str = ""


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return start, end


def found_spans(sample: Sample, cast: Casting) -> list[tuple[int, int, int]]:
    """[(start, end in the text, index of the line)]."""
    chapters = {chapter.number: chapter for chapter in sample.book.chapters}
    spans = []
    for index, line in enumerate(cast.lines):
        begin = chapters[line.quotation.chapter].paragraphs[line.quotation.paragraph].start
        spans.extend((begin + start, begin + end, index) for start, end in line.quotation.spans)
    return sorted(spans)


def answers(sample: Sample, cast: Casting, meant: dict[str, str]) -> list[Answer]:
    """Each gold quotation with what we say of the line that overlaps it most. meant: names that mean one character."""
    spans = found_spans(sample, cast)
    starts = [start for start, _, _ in spans]
    out = []
    for one in sample.gold:
        gold = replace(one, speaker=meant.get(one.speaker, one.speaker)) if one.speaker else one
        overlap: Counter[int] = Counter()
        words = sum(len(sample.text[start:end].split()) for start, end in gold.spans)
        for start, end in gold.spans:
            k = max(0, bisect_right(starts, start) - 1)
            while k < len(spans) and spans[k][0] < end:
                if (shared := min(end, spans[k][1]) - max(start, spans[k][0])) > 0:
                    overlap[spans[k][2]] += shared
                k += 1
        if not overlap:
            out.append(Answer(gold, words, None, 0.0, "lost"))
            continue
        line = cast.lines[overlap.most_common(1)[0][0]]
        out.append(Answer(gold, words, line.name, line.probability, "cited" if line.quotation.cited else ""))
    return out


def roster_of(sample: Sample) -> tuple[Roster, dict[str, str]]:
    """The characters as given, doubles made one: a roster, and {name in the annotation: member}.

    PDNC lists some people twice, the second time under a bare name that never speaks ("Bounderby"), and a person of two
    levels of a story as two ("Christopher Robin - Story"): those are one here.
    """
    spoken = Counter(gold.speaker for gold in sample.gold if gold.speaker)
    people = sorted(sample.characters, key=lambda one: -spoken[one["name"]])
    members: list[dict] = []
    meant: dict[str, str] = {}
    for one in people:
        if one["name"] in NOT_PEOPLE:
            continue
        bare = one["name"].split(" - ")[0]
        names = {bare, *(alias.split(" - ")[0] for alias in one["aliases"])}
        twin = next((member for member in members if bare == member["name"]), None)
        if twin is None and not spoken[one["name"]]:
            alike = [member for member in members if names & member["names"] or same_words(bare, member)]
            twin = alike[0] if alike else None  # whoever speaks most
        if twin is None:
            twin = {"name": bare, "names": set(), "gender": GENDER.get(one["gender"], "")}
            members.append(twin)
        twin["names"] |= names
        meant[one["name"]] = twin["name"]
    for member in members:
        for name in member["names"]:
            meant.setdefault(name, member["name"])
            meant.setdefault(spelled(name), member["name"])
    made = tuple(
        Member(
            member["name"],
            tuple(sorted(member["names"] - {member["name"]})),
            member["gender"],
            is_narrator=is_narrator(sample, member["name"]),
        )
        for member in members
    )
    return Roster(made, closed=True), meant


def same_words(bare: str, member: dict) -> bool:
    """Whether a single word is a speaking member's last or first name."""
    return " " not in bare and any(
        bare in (name.split()[0], name.split()[-1]) for name in member["names"] if " " in name
    )


NARRATORS = {
    "TheMysteriousAffairAtStyles": "Hastings",
    "TheGambler": "Alexis",
}  # one roster line: who says "I"


def is_narrator(sample: Sample, name: str) -> bool:
    told = NARRATORS.get(sample.name, "")
    return bool(told) and told.lower() in name.lower()


def clusters(found: list[Answer]) -> tuple[dict[str, str], dict[str, str]]:
    """Our names → the character each mostly is; and the same with each character's biggest cluster alone."""
    by_name: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for answer in found:
        if answer.name is not None and answer.gold.speaker:
            by_name[answer.name][answer.gold.speaker] += 1
    merged = {name: counts.most_common(1)[0][0] for name, counts in by_name.items()}
    biggest: dict[str, tuple[int, str]] = {}
    for name, counts in by_name.items():
        speaker, lines = counts.most_common(1)[0]
        if lines > biggest.get(speaker, (0, ""))[0]:
            biggest[speaker] = (lines, name)
    single = {name: speaker for speaker, (_, name) in biggest.items()}
    return merged, single


def share(rows: list[tuple[bool, int]]) -> float:
    return sum(right for right, _ in rows) / len(rows) if rows else 0.0


def by_type(found: list[Answer], meant: dict[str, str]) -> dict[str, float]:
    rows = defaultdict(list)
    for answer in found:
        if not answer.gold.speaker:
            continue
        right = answer.name is not None and meant.get(answer.name) == answer.gold.speaker
        rows["all"].append((right, answer.words))
        rows[answer.gold.type or "?"].append((right, answer.words))
    return {kind: round(share(some), 4) for kind, some in rows.items()}


def covered(found: list[Answer], meant: dict[str, str], of: float) -> float:
    """Precision among the surest lines that hold a share of the words."""
    total = sum(answer.words for answer in found if answer.gold.speaker)
    right = seen = 0
    for answer in sorted(found, key=lambda one: -one.chance):
        if not answer.gold.speaker:
            continue
        if seen >= of * total:
            break
        seen += answer.words
        right += answer.words * (answer.name is not None and meant.get(answer.name) == answer.gold.speaker)
    return round(right / max(1, seen), 4)


def heard(sample: Sample, found: list[Answer], meant: dict[str, str], threshold: float) -> dict[str, float]:
    """What is heard at a threshold, in seconds an hour of book."""
    spoken: Counter[str] = Counter()
    for answer in found:
        if answer.gold.speaker:
            spoken[answer.gold.speaker] += answer.words
    total = sum(spoken.values())
    gender = {one["name"]: one["gender"] for one in sample.characters}
    count: Counter[str] = Counter()
    for answer in found:
        if not answer.gold.speaker:
            continue
        mine = meant.get(answer.name) if answer.name is not None else None
        if answer.name is None or answer.chance < threshold:
            count["narrator"] += answer.words
        elif mine == answer.gold.speaker:
            count["right"] += answer.words
        else:
            count["wrong"] += answer.words
            major = mine and min(spoken[mine], spoken[answer.gold.speaker]) >= 0.05 * total
            count["major"] += answer.words * bool(major)
            count["gender"] += answer.words * (
                {gender.get(mine or ""), gender.get(answer.gold.speaker)} == {"M", "F"}
            )
    book = len(sample.text.split())
    out = {name: round(3600 * count[name] / book, 1) for name in ("wrong", "major", "gender", "narrator")}
    cost = 3 * count["major"] + 2 * (count["wrong"] - count["major"]) + count["narrator"]
    return out | {"right": round(count["right"] / max(1, total), 4), "cost": round(cost / max(1, total), 4)}


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

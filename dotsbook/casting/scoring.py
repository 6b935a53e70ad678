"""Who speaks, as found against an annotated text: right or wrong, by type of tag, by words covered, and as it is heard."""

from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from dotsbook.casting.annotated import Gold, Sample
from dotsbook.casting.cast_of import Casting
from dotsbook.casting.people import spelled
from dotsbook.casting.quotation import Place
from dotsbook.casting.roster import Member, Roster

GENDER = {"M": "m", "F": "f"}
NOT_PEOPLE = ("_group", "_unknowable", "_unknown")


@dataclass
class Scored:
    gold: Gold
    words: int
    name: str | None  # ours
    chance: float  # ours, that it is
    kind: str = ""  # "lost": no line of ours is there; "cited": it is none that is spoken
    place: Place | None = None  # of the line of ours that overlaps it most


def found_spans(sample: Sample, cast: Casting) -> list[tuple[int, int, int]]:
    """[(start, end in the text, index of the line)]."""
    chapters = {chapter.number: chapter for chapter in sample.book.chapters}
    spans: list[tuple[int, int, int]] = []
    for index, line in enumerate(cast.lines):
        begin = chapters[line.quotation.chapter].paragraphs[line.quotation.paragraph].start
        spans.extend((begin + start, begin + end, index) for start, end in line.quotation.spans)
    return sorted(spans)


def answers(sample: Sample, cast: Casting, meant: dict[str, str]) -> list[Scored]:
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
            out.append(Scored(gold, words, None, 0.0, "lost"))
            continue
        line = cast.lines[overlap.most_common(1)[0][0]]
        kind = "cited" if line.quotation.cited else ""
        out.append(Scored(gold, words, line.name, line.probability, kind, line.quotation.place))
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


def clusters(found: list[Scored]) -> tuple[dict[str, str], dict[str, str]]:
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


def by_type(found: list[Scored], meant: dict[str, str]) -> dict[str, float]:
    rows = defaultdict(list)
    for answer in found:
        if not answer.gold.speaker:
            continue
        right = answer.name is not None and meant.get(answer.name) == answer.gold.speaker
        rows["all"].append((right, answer.words))
        rows[answer.gold.type or "?"].append((right, answer.words))
    return {kind: round(share(some), 4) for kind, some in rows.items()}


def covered(found: list[Scored], meant: dict[str, str], of: float) -> float:
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


def heard(sample: Sample, found: list[Scored], meant: dict[str, str], threshold: float) -> dict[str, float]:
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

"""All that a book says about who speaks, in numbers: its people, and for each utterance its tags, beats and forms of address.

An utterance is what one speaker says in one paragraph. It reads English.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from dotsbook.casting import english
from dotsbook.casting.address import ADDRESS, ALIKE, FEMALE_ADDRESS, MALE_ADDRESS, is_called
from dotsbook.casting.coreference import acting
from dotsbook.casting.dialogue import Line
from dotsbook.casting.first_names import first_names
from dotsbook.casting.mentions import PLACES, Mention, mentions, vocabulary
from dotsbook.casting.nominals import Nominals, head_of
from dotsbook.casting.people import People, parse, people_of
from dotsbook.casting.roster import Roster
from dotsbook.casting.speech_finder import Slice
from dotsbook.casting.speech_tags import Tag, led_in, subjects, tags
from dotsbook.casting.subject import Sort, Subject

FIRST_PERSON = 0.008  # share of "I" among narrated words above which the narrator is somebody in the book
NARRATED_WORD = re.compile(r"[A-Za-z]+")


@dataclass(slots=True)
class SpokenLine:
    line: int  # index among all the book's lines
    number: int  # which of its line
    spans: tuple[Slice, ...]
    words: int
    tag: Tag | None = None  # the strongest
    who: int | None = None  # the person the tag names
    gender: str = ""  # of the tag's pronoun or noun
    tag_score: int = 0  # 0 none, 1 beat, 2 by place, 3 verb of saying
    beats: tuple[int, ...] = ()  # people who act in its paragraph, nearest first
    called: tuple[int, ...] = ()  # people it addresses by name
    called_gender: str = ""  # "sir", "madam"
    called_as: str = ""  # "sir", "mother": a word that many may be called by
    spoken_of: tuple[int, ...] = ()  # people it names without addressing them
    follows: bool = False  # goes on with the speech of the paragraph before
    cited: bool = False
    text: str = ""
    decided: int | None = None  # by markup or a person: an index in people, -1 = nobody


@dataclass(slots=True)
class SpeechEvidence:
    lines: list[Line]
    people: People
    utterances: list[SpokenLine]
    narrated: list[tuple[int, ...]]  # per line, the people its narration names, in order
    owners: list[frozenset[int]]  # per line, those it names as owners: "Emma's eyes"
    starts: list[bool]  # whether a line begins a chapter
    first_person: bool = False
    pronouns: list[tuple[int, int]] = field(default_factory=list)  # per line: how many he/him/his, she/her
    acting: list[tuple[tuple[int, int], ...]] = field(
        default_factory=list
    )  # per line, the people who act in its narration: (where, who)


def signs(
    lines: Sequence[Line], named: Sequence[Sequence[Mention]], found: Sequence[Sequence[Tag]]
) -> set[str]:
    """The names that stand for people: titled, speaking, addressed, or a known first name that is no place."""
    speaks: Counter[str] = Counter()
    called: Counter[str] = Counter()
    placed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for line, names, some in zip(lines, named, found, strict=True):
        for tag in some:
            if tag.subject.sort is Sort.NAME and (tag.verb or tag.strength > 1):
                speaks[tag.subject.name] += 2 if tag.strength == 3 else 1
        for mention in names:
            total[mention.name] += 1
            if mention.spoken and is_called(line.text, mention):
                called[mention.name] += 1
            if PLACES.search(line.text[max(0, mention.start - 14) : mention.start]):
                placed[mention.name] += 1
    people = set()
    for name, count in total.items():
        parsed = parse(name)
        given = bool(parsed.core) and parsed.core[0].lower() in first_names()
        mostly_place = placed[name] * 2 > count and speaks[name] < 4 and called[name] < 2
        if (
            parsed.title
            or speaks[name] >= 2
            or (called[name] >= 2 and not mostly_place)
            or (given and (count >= 2 or len(parsed.core) > 1) and not mostly_place)
            or (len(parsed.core) > 1 and any(part in speaks for part in parsed.core))
        ):
            people.add(name)
    return people


def genders(people: People, lines: Sequence[Line], named: Sequence[Sequence[Mention]]) -> None:
    """Votes of the pronouns that follow a name, for those whose names don't tell."""
    votes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for line, names in zip(lines, named, strict=True):
        own = [mention for mention in names if not mention.spoken and mention.name in people.of]
        for at, mention in enumerate(own):
            end = own[at + 1].start if at + 1 < len(own) else mention.end + 120
            after = line.narrated[mention.end : min(end, mention.end + 120)]
            if found := re.search(r"\b(he|him|his|himself|she|her|herself)\b", after):
                votes[people.of[mention.name]][
                    "m" if found.group(1)[0] == "h" and found.group(1) not in ("her", "herself") else "f"
                ] += 1
    for index, count in votes.items():
        person = people.people[index]
        (best, most), total = count.most_common(1)[0], sum(count.values())
        titled = sum(count for name, count in person.names.items() if parse(name).gender)
        sure = total >= 10 and most > 0.7 * total and titled * 10 <= person.count
        open_to_votes = not person.gender or (sure and not person.fixed)
        if open_to_votes and most * 3 >= total * 2:
            person.gender = best


def gather_evidence(chapters: Sequence[Sequence[Line]], roster: Roster | None = None) -> SpeechEvidence:
    lines = [line for chapter in chapters for line in chapter]
    starts = [index == 0 for chapter in chapters for index in range(len(chapter))]
    words = vocabulary(lines)
    named = [mentions(line, words) for line in lines]
    subject = [subjects(line, names) for line, names in zip(lines, named, strict=True)]
    found = [tags(line, who) if line.spans else [] for line, who in zip(lines, subject, strict=True)]
    if more := own_nouns(found, roster):
        for at, line in enumerate(lines):
            if not more.isdisjoint(NARRATED_WORD.findall(line.narrated.lower())):
                subject[at] = subjects(line, named[at], more)
                found[at] = tags(line, subject[at]) if line.spans else []
    for at in range(1, len(lines)):
        if (
            lines[at].opens
            and lines[at].spans
            and not starts[at]
            and (tag := led_in(lines[at - 1], subject[at - 1]))
        ):
            found[at].append(tag)
    persons = signs(lines, named, found)
    counts: Counter[str] = Counter(mention.name for names in named for mention in names)
    told: Counter[str] = Counter(mention.name for names in named for mention in names if not mention.spoken)
    people = people_of(counts, persons, roster, told)
    genders(people, lines, named)
    first = first_person(lines)
    if first and people.narrator is None and not (roster and roster.closed):
        people.narrator = people.add("I", narrator=True)
    nominal = nominal_speakers(found, people, roster)
    narrated, owners, acts = [], [], []
    for line, names, who in zip(lines, named, subject, strict=True):
        own = {
            mention.start: people.of.get(mention.name)
            for mention in names
            if mention.owner and not mention.spoken
        }
        act = {s.start: reference(s, people, nominal) for s in who}
        acts.append(acting(line.narrated, [(s, act[s.start]) for s in who]))
        order = sorted((own | act).items())
        narrated.append(tuple(index for _, index in order if index is not None))
        owners.append(frozenset(index for index in own.values() if index is not None))
    utterances: list[SpokenLine] = []
    for index, line in enumerate(lines):
        if line.spans:
            utterances.extend(utter(index, line, found[index], named[index], people, nominal))
    pronouns = [
        (
            len(re.findall(r"\b[Hh](?:e|im|is|imself)\b", line.narrated)),
            len(re.findall(r"\b(?:[Ss]he|[Hh]er|[Hh]erself)\b", line.narrated)),
        )
        for line in lines
    ]
    return SpeechEvidence(lines, people, utterances, narrated, owners, starts, first, pronouns, acts)


def nominal_speakers(found: Sequence[Sequence[Tag]], people: People, roster: Roster | None) -> Nominals:
    """The roster's people known by what they are, and, where others may speak, those of the tags."""
    nominal = Nominals(people, roster)
    if not (roster and roster.closed):
        for tag in (tag for some in found for tag in some):
            if tag.subject.sort is Sort.NOUN and tag.verb and tag.strength == 3:
                nominal.put(tag.subject.name, people.nominal(tag.subject.name))
    return nominal


def own_nouns(found: Sequence[Sequence[Tag]], roster: Roster | None) -> frozenset[str]:
    """Nouns that this book's people are known by, besides the usual ones: of its tags and its roster."""
    tagged = Counter(tag.subject.name for some in found for tag in some if tag.subject.sort is Sort.NOUN)
    heads = {head_of(name) for one in roster.members for name in (one.name, *one.also)} if roster else set()
    return (
        frozenset(noun for noun, count in tagged.items() if count > 1 and noun.isalpha()) | heads - {""}
    ) - english.PEOPLE_NOUNS


def first_person(lines: Sequence[Line]) -> bool:
    own = total = 0
    for line in lines:
        words = NARRATED_WORD.findall(line.narrated)
        total += len(words)
        own += words.count("I")
    return total > 0 and own > FIRST_PERSON * total


def reference(subject: Subject, people: People, nominal: Nominals) -> int | None:
    """The person a subject means, where that is one."""
    if subject.sort is Sort.NAME:
        return people.of.get(subject.name)
    if subject.sort is Sort.NOUN or subject.name in english.GENERIC:
        return nominal.find(subject.name, subject.phrase)
    if subject.sort is Sort.FIRST:
        return people.narrator
    return None


def utter(
    index: int,
    line: Line,
    found: Sequence[Tag],
    named: Sequence[Mention],
    people: People,
    nominal: Nominals,
) -> list[SpokenLine]:
    """The utterances of a line: one, or several where its tags name different people; cited words apart."""
    cited = [at for at in range(len(line.spans)) if is_cited(line, at, found)]
    groups = split(line, found, people, nominal, cited)
    out = []
    for number, group in enumerate(groups):
        spans = tuple(line.spans[at] for at in group)
        text = " ".join(line.text[start:end] for start, end in spans)
        made = SpokenLine(index, number, spans, len(text.split()), text=text)
        mine = [tag for tag in found if tag.span in group]
        read_tags(made, mine, people, nominal)
        called: list[int] = []
        of: list[int] = []
        for mention in named:
            who = people.of.get(mention.name)
            if (
                mention.spoken
                and who is not None
                and any(start <= mention.start < end for start, end in spans)
            ):
                (called if is_called(line.text, mention) else of).append(who)
        made.called, made.spoken_of = tuple(dict.fromkeys(called)), tuple(dict.fromkeys(of))
        if address := ADDRESS.search(text):
            low = address.group(1).lower()
            made.called_as = ALIKE.get(low, low)
            made.called_gender = "m" if low in MALE_ADDRESS else "f" if low in FEMALE_ADDRESS else ""
        made.follows = line.follows and number == 0
        made.cited = group[0] in cited
        out.append(made)
    return out


def is_cited(line: Line, at: int, found: Sequence[Tag]) -> bool:
    """Whether a quotation is a title, a cited word or scare quotes: short, inside a sentence, with no mark of its own."""
    start, end = line.spans[at]
    inside = line.text[start:end].strip("“”\"'‘’„«»‹›_ \n")
    if len(inside.split()) > 4 or inside[-1:] in ".,!?—-…;:–":
        return False
    before, after = line.text[:start].rstrip(), line.text[end : end + 1]
    if not before or not (before[-1].isalnum() or before[-1] in "'’") or before[-1] in ",:;.!?—-":
        return False
    if any(tag.span == at and tag.strength == 3 for tag in found):
        return False
    return after != "" and not (
        inside[0].isupper() and before.endswith(("said", "cried", "says", "exclaimed", "saying", "answered"))
    )


def split(
    line: Line, found: Sequence[Tag], people: People, nominal: Nominals, cited: Sequence[int] = ()
) -> list[list[int]]:
    """The line's quotations by speaker: indices of spans, grouped; each cited one by itself."""
    whose: dict[int, Whose] = {}
    for tag in found:
        if tag.verb and (tag.strength == 3 or (tag.strength == 2 and not tag.after)):
            who = whose_is(tag.subject, people, nominal)
            if (
                tag.subject.sort is Sort.PRONOUN
                and (named := lately_named(tag, found, people, nominal)) is not None
            ):
                who = replace(who, who=named)
            if tag.span not in whose or (tag.after and tag.strength == 3):
                whose[tag.span] = who
    spoken = [at for at in range(len(line.spans)) if at not in cited]
    groups: list[list[int]] = []
    current: Whose | None = None
    for at in spoken:
        said_by = whose.get(at, current)
        if groups and (current is None or said_by is None or not apart(current, said_by)):
            groups[-1].append(at)
        else:
            groups.append([at])
        if said_by is not None and (said_by.who is not None or current is None or apart(current, said_by)):
            current = said_by
    return sorted([*groups, *([at] for at in cited)])


def lately_named(tag: Tag, found: Sequence[Tag], people: People, nominal: Nominals) -> int | None:
    """Whom "she" means in a tag: who acts in the sentence right before the quotation, if that is a woman."""
    for other in found:
        if other.span == tag.span and not other.after and other.subject.sort is Sort.NAME:
            who = reference(other.subject, people, nominal)
            if who is not None and people.people[who].gender in ("", tag.subject.gender):
                return who
    return None


@dataclass(frozen=True, slots=True)
class Whose:
    """What a tag tells of its speaker."""

    who: int | None
    gender: str
    kin: str = ""  # "her mother": whoever that is, it isn't she
    crowd: bool = False


def whose_is(subject: Subject, people: People, nominal: Nominals) -> Whose:
    who = reference(subject, people, nominal)
    gender = people.people[who].gender if who is not None else subject.gender
    kin = subject.name if subject.owned and subject.name in english.KIN else ""
    return Whose(who, gender, kin, subject.sort is Sort.CROWD)


def apart(one: Whose, other: Whose) -> bool:
    """Whether two tags can't be of one speaker."""
    if one.who is not None and other.who is not None:
        return one.who != other.who
    if one.gender and other.gender and one.gender != other.gender:
        return True
    return one.kin != other.kin or one.crowd != other.crowd


def read_tags(made: SpokenLine, mine: Sequence[Tag], people: People, nominal: Nominals) -> None:
    rank = {Sort.NAME: 4, Sort.FIRST: 4, Sort.NOUN: 3, Sort.PRONOUN: 3, Sort.KIN: 3, Sort.CROWD: 2}

    def value(tag: Tag) -> tuple:
        named = reference(tag.subject, people, nominal) is not None
        plain = tag.verb not in english.WEAK
        return (
            tag.strength,
            bool(tag.verb) and plain,
            bool(tag.verb),
            named,
            rank[tag.subject.sort],
            tag.after,
            -tag.span,
        )

    ordered = sorted(mine, key=value, reverse=True)
    if ordered:
        best = ordered[0]
        made.tag, made.tag_score = best, best.strength
        made.who = reference(best.subject, people, nominal)
        made.gender = best.subject.gender
    made.beats = tuple(
        dict.fromkeys(who for tag in ordered if (who := reference(tag.subject, people, nominal)) is not None)
    )

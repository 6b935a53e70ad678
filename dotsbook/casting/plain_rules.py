"""Who speaks, by rules alone: named tags, pronouns, turns. For the languages that have a list of verbs of saying.

Chances are what such rules reached on the sets at hand, not what was fitted to them. English has more: speech_evidence.py.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dotsbook.casting.dialogue import Line
from dotsbook.casting.pair_features import NOBODY
from dotsbook.casting.people import People
from dotsbook.casting.roster import Roster
from dotsbook.casting.saying import verbs
from dotsbook.casting.speech_evidence import SpeechEvidence, SpokenLine

NAMED, PRONOUN, BOTH_TURNS, ONE_TURN, NEAREST = 0.93, 0.6, 0.75, 0.55, 0.25
SMALL = 3  # times that a word stands in small letters, above which it is no name
REACH = 8  # lines back in which a pronoun's person is looked for

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")
PRONOUNS = {
    "de": {"er": "m", "sie": "f"},
    "fr": {"il": "m", "elle": "f", "lui": "m"},
    "es": {"él": "m", "ella": "f"},
    "pt": {"ele": "m", "ela": "f"},
    "it": {"egli": "m", "lui": "m", "ella": "f", "lei": "f"},
    "pl": {"on": "m", "ona": "f"},
    "ru": {"он": "m", "она": "f"},
}
FIRST = {"de": "ich", "fr": "je", "es": "yo", "pt": "eu", "it": "io", "pl": "ja", "ru": "я"}
ARTICLES = {
    "de": {"der": "m", "die": "f", "das": ""},
    "fr": {"le": "m", "la": "f", "l": ""},
    "es": {"el": "m", "la": "f"},
    "pt": {"o": "m", "a": "f"},
    "it": {"il": "m", "la": "f", "lo": "m", "l": ""},
}
TITLES = {
    "de": {"herr": "m", "frau": "f", "fräulein": "f", "graf": "m", "gräfin": "f", "baron": "m"},
    "fr": {"m.": "m", "monsieur": "m", "mme": "f", "madame": "f", "mlle": "f", "mademoiselle": "f"},
    "es": {"don": "m", "doña": "f", "señor": "m", "señora": "f", "señorita": "f"},
    "pt": {"dom": "m", "dona": "f", "senhor": "m", "senhora": "f"},
    "it": {"don": "m", "donna": "f", "signor": "m", "signora": "f", "signorina": "f"},
    "pl": {"pan": "m", "pani": "f", "panna": "f"},
    "ru": {"господин": "m", "госпожа": "f"},
}
CLITICS = re.compile(r"^(?:[smtl]['’])|(?:-t)?-(?P<who>il|elle|je|on|ils|elles)$")
BETWEEN = re.compile(
    r"^(?:sich|nun|da|dann|se|me|le|te|lui|gli|si|alors|enfin|lo|la|ему|ей|тихо|się|\w+ment|\w+mente)$"
)


@dataclass(slots=True)
class Said:
    """A tag: whose, as far as it tells."""

    name: str = ""
    gender: str = ""
    first: bool = False  # "I"
    text: str = ""


def plain_cast(
    chapters: Sequence[Sequence[Line]], language: str, roster: Roster | None
) -> tuple[SpeechEvidence, list[dict[int, float]]]:
    """The utterances, people, and chances of a book in a language that has verbs of saying."""
    people = People()
    for member in roster.members if roster else ():
        index = people.add(member.name, gender=member.gender, fixed=True, narrator=member.is_narrator)
        for name in member.also:
            people.put(name, index)
        people.narrator = index if member.is_narrator else people.narrator
    lines = [line for chapter in chapters for line in chapter]
    starts = [index == 0 for chapter in chapters for index in range(len(chapter))]
    small = Counter(word for line in lines for word in line.text.split() if word.islower())
    utterances: list[SpokenLine] = []
    for index, line in enumerate(lines):
        if not line.spans:
            continue
        text = " ".join(line.text[start:end] for start, end in line.spans)
        made = SpokenLine(index, 0, line.spans, len(text.split()), text=text, follows=line.follows)
        tag = tag_of(line, language)
        if tag is not None and small[tag.name.lower()] > SMALL:
            tag.name = ""  # "Dann", "Und" at the head of a sentence
        if tag is not None:
            made.gender, made.tag_score = tag.gender, 3
            if tag.name and not (roster and roster.closed and known(people, tag.name) is None):
                made.who = person(people, tag)
            elif tag.first:
                made.who = people.narrator = (
                    people.narrator if people.narrator is not None else people.add("I", narrator=True)
                )
        utterances.append(made)
    for one in people.people:
        one.names[one.name] += 0
    named = [tuple(mentioned(line, people)) for line in lines]
    evidence = SpeechEvidence(lines, people, utterances, named, [frozenset()] * len(lines), starts)
    return evidence, list(guesses(evidence, starts))


def tag_of(line: Line, language: str) -> Said | None:
    """The first tag in a line: after a quotation, or before it and ending in a colon or comma."""
    text = line.narrated
    ends = [end for _, end in line.spans]
    begins = [start for start, _ in line.spans]
    for k, end in enumerate(ends):
        stop = begins[k + 1] if k + 1 < len(begins) else len(text)
        if (said := after(text[end:stop], language)) is not None:
            return said
    head = text[: begins[0]]
    return before(head, language) if head.rstrip()[-1:] in (":", ",") else None


def after(gap: str, language: str) -> Said | None:
    """`, sagte Emma`, `dit-elle`, `, — сказал он`: the verb within the first words, its subject after it (or before)."""
    words = [word for word in WORD.finditer(gap)][:7]
    said = verbs(language)
    for k, word in enumerate(words[:3]):
        low = word.group().lower().rstrip(".")
        clitic = CLITICS.search(low)
        who = clitic.group("who") if clitic else None
        bare = CLITICS.sub("", CLITICS.sub("", low))
        if bare not in said and low not in said:
            if re.search(r"[.!?;:]", gap[: word.start()]) and k:
                return None
            continue
        if who:
            return Said(gender={"il": "m", "elle": "f"}.get(who, ""), first=who == "je")
        found = subject(gap, words[k + 1 :], language) or (subject(gap, words[:k], language) if k else None)
        found = found or Said()
        found.gender = found.gender or ending(bare, language)
        return found
    return None


def before(head: str, language: str) -> Said | None:
    last = re.split(r"[.!?;]\s", head)[-1]
    words = list(WORD.finditer(last))
    said = verbs(language)
    for k in range(len(words) - 1, -1, -1):
        if words[k].group().lower().rstrip(".") in said:
            found = (
                subject(last, words[k + 1 : k + 4], language) or subject(last, words[:k], language) or Said()
            )
            found.gender = found.gender or ending(words[k].group().lower(), language)
            return found
    return None


def ending(verb: str, language: str) -> str:
    """The gender that a past tense tells: сказала, powiedziała."""
    if language == "ru":
        return "f" if verb.endswith(("ла", "лась")) else "m" if verb.endswith(("л", "лся", "с")) else ""
    if language == "pl":
        return "f" if verb.endswith("ła") else "m" if verb.endswith(("ł", "kł")) else ""
    return ""


def subject(text: str, words: Sequence[re.Match], language: str) -> Said | None:
    """The person that the first of some words name: a pronoun, a name with its title, an article and a noun."""
    for k, word in enumerate(words[:4]):
        low = word.group().lower()
        if re.search(r"[,.;:!?]", text[words[0].start() : word.start()].replace("M.", "M")):
            return None
        if low.rstrip(".") in PRONOUNS.get(language, {}):
            return Said(gender=PRONOUNS[language][low.rstrip(".")])
        if low == FIRST.get(language):
            return Said(first=True)
        titles, articles = TITLES.get(language, {}), ARTICLES.get(language, {})
        article = articles.get(low.split("’")[0].split("'")[0])
        if low in titles or low.rstrip(".") in titles or (word.group()[0].isupper() and low not in articles):
            return name(text, words[k:], titles)
        if article is not None:
            nouns = [w.group().rstrip(".") for w in words[k + 1 : k + 3]]
            noun = next((w for w in nouns if w[0].isupper()), nouns[0] if nouns else "")
            if language != "de" and noun[:1].isupper():
                return Said(name=noun, gender=article)
            return Said(name=f"{low} {noun}", gender=article) if noun else None
        if not BETWEEN.match(low):
            return None
    return None


def name(text: str, words: Sequence[re.Match], titles: dict[str, str]) -> Said:
    parts: list[str] = []
    gender = ""
    for k, word in enumerate(words[:4]):
        raw = word.group()
        low = raw.lower()
        if k and text[words[k - 1].end() : word.start()].strip():
            break
        if low in titles or low.rstrip(".") in titles:
            gender = gender or titles.get(low, titles.get(low.rstrip("."), ""))
        elif not raw[0].isupper() and not (low in ("von", "de", "van", "zu", "da", "di") and parts):
            break
        parts.append(raw.rstrip(".") if low not in titles else raw)
        if raw.endswith(".") and low not in titles:
            break
    while parts and parts[-1].lower() in ("von", "de", "van", "zu", "da", "di"):
        parts.pop()
    return Said(name=" ".join(parts), gender=gender)


def known(people: People, name: str) -> int | None:
    if name in people.of:
        return people.of[name]
    last = name.split()[-1]
    same = {index for other, index in people.of.items() if other.split()[-1] == last and last[0].isupper()}
    return same.pop() if len(same) == 1 else None


def person(people: People, tag: Said) -> int:
    index = known(people, tag.name)
    if index is None or (tag.gender and people.people[index].gender not in ("", tag.gender)):
        index = people.add(tag.name) if tag.name not in people.of else people.of[tag.name]
    people.put(tag.name, index)
    one = people.people[index]
    one.names[tag.name] += 1
    one.gender = one.gender or tag.gender
    one.nominal = one.nominal or not tag.name[:1].isupper()
    return index


def mentioned(line: Line, people: People) -> Iterator[int]:
    """The people a line's narration names, in order."""
    for word in WORD.finditer(line.narrated):
        if word.group()[0].isupper():
            index = people.of.get(word.group().rstrip("."))
            if index is None and people.by_word.get(word.group()):
                owners = {people.of[other] for other in people.by_word[word.group()]}
                index = owners.pop() if len(owners) == 1 else None
            if index is not None:
                yield index


def guesses(evidence: SpeechEvidence, starts: list[bool]) -> Iterator[dict[int, float]]:
    """Chances for each utterance, one after another: its tag, else whose turn it is, else who spoke last."""
    turns: list[int | None] = []
    near: list[int | None] = []  # speakers of the exchange so far
    last_line = -9
    for at, here in enumerate(evidence.utterances):
        apart = here.line - last_line > 1 or any(
            starts[last_line + 1 : here.line + 1] if last_line >= 0 else []
        )
        near = [] if apart else near
        last_line = here.line
        chance: dict[int, float] = {}
        if here.follows and turns and turns[-1] is not None:
            chance = {turns[-1]: NAMED}
        elif here.who is not None:
            chance = {here.who: NAMED}
        elif here.gender:
            who = fitting(evidence, here, near)
            chance = {who: PRONOUN} if who is not None else {}
        elif len(near) >= 2 and near[-2] is not None and near[-2] != near[-1]:
            ahead = next_tagged(evidence, at)
            agrees = ahead is not None and (ahead[0] == near[-2]) == (ahead[1] % 2 == 0)
            chance = {near[-2]: BOTH_TURNS if agrees else ONE_TURN}
        else:
            recent = [
                who
                for who, _ in Counter(
                    who for who in turns[-8:] if who is not None and who not in near[-1:]
                ).most_common(1)
            ]
            chance = dict.fromkeys(recent, NEAREST)
        best = max(chance, key=lambda who: chance[who], default=None)
        turns.append(best)
        if not here.follows:
            near.append(best)
        chance[NOBODY] = 1 - sum(chance.values())
        yield chance


def fitting(evidence: SpeechEvidence, here: SpokenLine, near: Sequence[int | None]) -> int | None:
    """The person of the tag's gender who was named last, but for the one who spoke just before."""
    for line in range(here.line, max(-1, here.line - REACH), -1):
        for who in reversed(evidence.narrated[line]):
            if evidence.people.people[who].gender in ("", here.gender) and who not in near[-1:]:
                return who
    fits = [
        who for who in reversed(near) if who is not None and evidence.people.people[who].gender == here.gender
    ]
    return fits[0] if fits else None


def next_tagged(evidence: SpeechEvidence, at: int) -> tuple[int, int] | None:
    """The next utterance of the exchange whose tag names somebody: (person, turns from here)."""
    for k in range(at + 1, min(len(evidence.utterances), at + 8)):
        one, before_it = evidence.utterances[k], evidence.utterances[k - 1]
        if one.line - before_it.line > 1:
            return None
        if one.who is not None:
            return one.who, k - at
    return None

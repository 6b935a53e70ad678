"""Who speaks in a book: quotations, characters, and for each quotation the likeliest speaker. It changes nothing.

Languages without rules of their own have their quotation marks found and nobody cast; `Casting.told` says so.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from dotsbook.book import Book
from dotsbook.casting.attribution import Attributed
from dotsbook.casting.character import Character
from dotsbook.casting.dialogue import Line, dialogue
from dotsbook.casting.opinion import chances
from dotsbook.casting.pair_features import NOBODY
from dotsbook.casting.people import Person
from dotsbook.casting.plain_rules import plain_cast
from dotsbook.casting.quotation import Place, Quotation
from dotsbook.casting.roster import Roster
from dotsbook.casting.saying import verbs
from dotsbook.casting.speech_evidence import SpeechEvidence, SpokenLine, gather_evidence
from dotsbook.casting.subject import Sort
from dotsbook.language_code import primary

VERSION = 10  # raised whenever the same book may be cast otherwise: part of what cached answers are known by
CHOICES = 5  # named with each line
SUREST = 0.97  # no answer of ours is surer: of lines with a named tag, 96 to 97 in 100 are right
CROWD = 0.5  # chance of an answer beside a tag such as "they cried"


@dataclass(frozen=True, slots=True)
class Casting:
    """What `read_cast` found. Quotations stand in the order of the book."""

    language: str  # the book's, BCP 47
    characters: tuple[Character, ...]  # by words spoken, most first
    lines: tuple[Attributed, ...]
    told: tuple[str, ...] = ()  # sentences for the user: no rules for this language, no quotations …


def read_cast(
    book: Book, roster: Roster | None = None, decided: Mapping[Place, str] | None = None
) -> Casting:
    """The characters of a book and who says each of its quotations.

    decided: places whose speaker a person has settled; they get probability 1 and help their neighbours. A name
    there that nobody has becomes a character. "" is the narrator's: nobody speaks.
    """
    return CastReading(book, roster).cast(decided or {})


class CastReading:
    """A book read for its cast: its quotations first, by which decisions find their lines, then once who says them."""

    def __init__(self, book: Book, roster: Roster | None = None):
        self.language = book.language
        language = primary(book.language)
        _, chapters = dialogue(book)
        self.told: tuple[str, ...] = ()
        self.unasked: list[Attributed] = []  # the lines, where nobody is looked for
        self.evidence: SpeechEvidence | None = None
        self.opinions: list[dict[int, float]] | None = None  # None: the trees' are still to be asked for
        if not any(line.spans for chapter in chapters for line in chapter):
            self.told = ("No quotation was found, so there is nobody to cast.",)
        elif language == "en":
            self.evidence = gather_evidence(chapters, roster)
        elif verbs(language):
            self.evidence, self.opinions = plain_cast(chapters, language, roster)
        else:
            self.unasked = unattributed(chapters)
            self.told = (
                f"Quotations are found, but there are no rules yet for who speaks in `{book.language}`: nobody is cast.",
            )

    @cached_property
    def quotations(self) -> list[Quotation]:
        """In the order of the book; whose they are doesn't change them."""
        if self.evidence is None:
            return [line.quotation for line in self.unasked]
        found: list[Quotation] = []
        turn, chapter = 0, None
        for utterance in self.evidence.utterances:
            line = self.evidence.lines[utterance.line]
            turn = 0 if line.chapter != chapter else turn
            chapter = line.chapter
            turn += not utterance.follows
            found.append(
                Quotation(
                    line.chapter, line.paragraph, utterance.number, utterance.spans, turn, utterance.cited
                )
            )
        return found

    def cast(self, decided: Mapping[Place, str]) -> Casting:
        """Who says each quotation, beside what a person decided."""
        if self.evidence is None:
            return Casting(self.language, (), tuple(self.unasked), self.told)
        names = settle_names(self.evidence)
        settle_decisions(self.evidence, names, decided)
        spoken = self.evidence.utterances
        opinions = self.opinions
        if opinions is None:
            spoken = [utterance for utterance in spoken if not utterance.cited]
            opinions = chances(self.evidence, spoken)
        opinion = {id(utterance): chance for utterance, chance in zip(spoken, opinions, strict=True)}
        lines = tuple(
            answer(self.evidence, names, utterance, quotation, opinion.get(id(utterance), {}))
            for utterance, quotation in zip(self.evidence.utterances, self.quotations, strict=True)
        )
        return Casting(self.language, characters(self.evidence, names, lines), lines)


def unattributed(chapters: list[list[Line]]) -> list[Attributed]:
    found, turn = [], 0
    for chapter in chapters:
        for line in chapter:
            if line.spans:
                turn += not line.follows
                quotation = Quotation(line.chapter, line.paragraph, 0, line.spans, turn)
                found.append(
                    Attributed(
                        quotation,
                        line.speaker,
                        1.0 if line.speaker else 0.0,
                        "markup" if line.speaker else "no rules",
                    )
                )
    return found


def settle_names(evidence: SpeechEvidence) -> list[str]:
    """The name each person is listed under: no two alike."""
    names: list[str] = []
    seen: Counter[str] = Counter()
    for person in evidence.people.people:
        seen[person.name] += 1
        names.append(person.name if seen[person.name] == 1 else f"{person.name} ({seen[person.name]})")
    return names


def settle_decisions(evidence: SpeechEvidence, names: list[str], decided: Mapping[Place, str]) -> None:
    """What the manuscript's markup or a person says stands before all else."""
    people = evidence.people

    def person(name: str) -> int:
        if not name:
            return NOBODY
        if name in names:
            return names.index(name)
        if name not in people.of:
            people.add(name)
            names.append(name)
        return people.of[name]

    for utterance in evidence.utterances:
        line = evidence.lines[utterance.line]
        place = (line.chapter, line.paragraph, utterance.number)
        if line.speaker is not None:
            utterance.decided = person(line.speaker)
        elif place in decided:
            utterance.decided = person(decided[place])


def answer(
    evidence: SpeechEvidence,
    names: list[str],
    utterance: SpokenLine,
    quotation: Quotation,
    chance: dict[int, float],
) -> Attributed:
    line = evidence.lines[utterance.line]
    if utterance.decided is not None:
        name = names[utterance.decided] if utterance.decided != NOBODY else None
        reason = "markup" if line.speaker is not None else "decided by hand"
        return Attributed(quotation, name, 1.0, reason, ((name, 1.0),) if name else ())
    if utterance.cited:
        return Attributed(quotation, None, 1.0, "cited words, a title or scare quotes")
    ranked = sorted(
        ((who, value) for who, value in chance.items() if who != NOBODY), key=lambda pair: -pair[1]
    )
    crowd = (
        utterance.tag is not None and utterance.tag.subject.sort is Sort.CROWD and utterance.tag_score == 3
    )
    scale = CROWD if crowd else 1.0
    choices = tuple((names[who], round(min(value, SUREST) * scale, 4)) for who, value in ranked[:CHOICES])
    if not choices:
        return Attributed(quotation, None, 0.0, "nobody is near")
    return Attributed(quotation, choices[0][0], choices[0][1], why(line, utterance, ranked[0][0]), choices)


def why(line: Line, utterance: SpokenLine, who: int) -> str:
    """The reason in a few words."""
    tag = utterance.tag
    if tag is not None and utterance.tag_score >= 2:
        words = "in the paragraph before"
        if not tag.ahead:
            words = " ".join(line.text[tag.start : tag.end].split()[:7])
        if utterance.who == who:
            return f"tag: {words}"
        if tag.subject.sort in (Sort.PRONOUN, Sort.KIN) and tag.verb:
            return f"tag without a name: {words}"
    if utterance.follows:
        return "goes on from the paragraph before"
    if who in utterance.beats:
        return "acts in this paragraph"
    return "turn and who is near"


def characters(
    evidence: SpeechEvidence, names: list[str], lines: tuple[Attributed, ...]
) -> tuple[Character, ...]:
    count: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for line, utterance in zip(lines, evidence.utterances, strict=True):
        if line.name is not None:
            count[line.name] += 1
            words[line.name] += utterance.words
    found = [
        Character(
            name,
            tuple(alias for alias, _ in person.names.most_common() if alias != name),
            person.gender,
            count[name],
            words[name],
            index == evidence.people.narrator,
            person.nominal,
        )
        for index, (name, person) in enumerate(zip(names, evidence.people.people, strict=True))
        if count[name] or keeps(person)
    ]
    return tuple(sorted(found, key=lambda one: (-one.words, one.name)))


def keeps(person: Person) -> bool:
    """Whether somebody who says nothing is listed all the same: a member of the roster."""
    return person.fixed

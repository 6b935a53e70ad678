"""Training data without labelling: novels with some of their named tags hidden, the speakers known from the tags.

`"Yes," said Emma.` says who speaks in 96 cases of 100. With the tag cut out (`"Yes."`) or its name made a pronoun
(`said she`), the same line must be attributed by all else there is. Tags are hidden in whole stretches, so that
neighbours go without theirs too.
"""

import random
import re
from dataclasses import dataclass, replace

from dotsbook.book import Book, Source, visible
from dotsbook.casting.annotated import book_of
from dotsbook.casting.dialogue import dialogue
from dotsbook.casting.speech_evidence import SpeechEvidence, SpokenLine, gather_evidence
from dotsbook.casting.subject import Sort

STRETCH = 9  # lines of speech, on average, that are treated alike
PRONOUN = {"m": "he", "f": "she"}


@dataclass(frozen=True)
class Hidden:
    """A novel with tags hidden, and whose its lines are."""

    book: Book
    labels: dict[
        tuple[int, int], tuple[str, bool]
    ]  # (line, start of the quotation in the new line) → (a name, whether hidden)


def known(utterance: SpokenLine) -> bool:
    tag = utterance.tag
    return bool(
        tag
        and tag.verb
        and tag.strength == 3
        and tag.subject.sort in (Sort.NAME, Sort.NOUN)
        and utterance.who is not None
    )


def usual_name(evidence: SpeechEvidence, who: int) -> str:
    names = evidence.people.people[who].names
    return names.most_common(1)[0][0] if names else evidence.people.people[who].name


def hide(book: Book, seed: int) -> Hidden:
    """The book anew, as one text with a blank line between paragraphs."""
    _, chapters = dialogue(book)
    evidence = gather_evidence(chapters)
    chance = random.Random(seed)
    texts = [line.text for line in evidence.lines]
    shift: dict[int, tuple[int, int]] = {}  # line → (where text was cut, by how much)
    labels: dict[tuple[int, int], tuple[str, str]] = {}
    left, drop, swap = 0, 0.0, 0.0
    by_line: dict[int, int] = {}
    for utterance in evidence.utterances:
        by_line[utterance.line] = by_line.get(utterance.line, 0) + 1
    for utterance in evidence.utterances:
        if left <= 0:
            left = chance.randint(2, 2 * STRETCH)
            drop, swap = chance.choice([(0.0, 0.1), (0.9, 0.1), (0.7, 0.3), (0.4, 0.3)])
        left -= 1
        if not known(utterance) or by_line[utterance.line] > 1:
            continue
        name = usual_name(evidence, utterance.who)
        how = "seen"
        draw = chance.random()
        plain = (
            utterance.tag.subject.sort is Sort.NOUN
        )  # "the doctor" may be somebody with a name: never hidden
        if not plain and draw < drop and (cut := without_tag(evidence, utterance)) is not None:
            texts[utterance.line], shift[utterance.line] = cut
            how = "cut"
        elif not plain and draw < drop + swap and (changed := with_pronoun(evidence, utterance)) is not None:
            texts[utterance.line] = changed
            how = "pronoun"
        place = utterance.spans[0][0]
        at, by = shift.get(utterance.line, (0, 0))
        labels[utterance.line, place - by if place >= at else place] = (name, how)
    return Hidden(rebuilt(book, texts), labels)


def rebuilt(book: Book, texts: list[str]) -> Book:
    """The book with other texts in its paragraphs, in the same chapters."""
    parts, places, at = [], [], 0
    for text in texts:
        places.append((at, at + len(text)))
        parts.append(text)
        at += len(text) + 2
    whole = "\n\n".join(parts)
    index = 0
    chapters = []
    name = next(iter(book.sources))
    for chapter in book.chapters:
        made = []
        for paragraph in chapter.paragraphs:
            start, end = places[index]
            made.append(replace(paragraph, start=start, end=end, source=name))
            index += 1
        chapters.append(replace(chapter, paragraphs=tuple(made)))
    return replace(book, sources={name: Source(name, whole, visible(whole))}, chapters=tuple(chapters))


def without_tag(evidence: SpeechEvidence, utterance: SpokenLine) -> tuple[str, tuple[int, int]] | None:
    """The line without its tag, where the tag is a clause by itself; and (where, by how much) what follows moves."""
    tag, line = utterance.tag, evidence.lines[utterance.line]
    text = line.text
    end_of_span = line.spans[tag.span][1]
    if not tag.after:
        begin = line.spans[tag.span - 1][1] if tag.span else 0
        lead = text[begin : line.spans[tag.span][0]]
        if len(lead.split()) > 5 or begin:
            return None
        return text[len(lead) :], (0, len(lead))
    after = text[end_of_span:]
    found = re.match(r"\s*([^.,;:!?“”\"]*(?:\b(?:Mr|Mrs|Dr|St|Ms)\.[^.,;:!?“”\"]*)?)([.,;:!?—-]*\s*)", after)
    if not found or len(found.group(1).split()) > 5:
        return None
    rest = after[found.end() :]
    if rest and rest[0] not in "“\"‘'":
        return None
    inside = text[utterance.spans[0][0] : end_of_span]
    closing = re.sub(r",([”\"’']?)$", r".\1", inside) if not rest else inside
    new = text[: utterance.spans[0][0]] + closing + (" " + rest if rest else "")
    return new, (end_of_span, len(text) - len(new))


def with_pronoun(evidence: SpeechEvidence, utterance: SpokenLine) -> str | None:
    """The line with "he" or "she" for the speaker's name in its tag."""
    gender = evidence.people.people[utterance.who].gender
    if not gender:
        return None
    subject = utterance.tag.subject
    text = evidence.lines[utterance.line].text
    word = PRONOUN[gender]
    if text[: subject.start].rstrip()[-1:] in ("", ".", "!", "?") or not subject.start:
        word = word.capitalize()
    return text[: subject.start] + word + text[subject.end :]


def novel(text: str, name: str) -> Book:
    """A Project Gutenberg text as a Book, without what stands around the novel."""
    begin = re.search(r"\*\*\* ?START OF[^\n]*\n", text)
    end = re.search(r"\*\*\* ?END OF|End of (?:the )?Project Gutenberg", text)
    body = text[begin.end() if begin else 0 : end.start() if end else len(text)]
    return book_of(body.replace("\r\n", "\n"), "en", name)

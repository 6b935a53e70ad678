"""The words of takes as ears heard them, brought from the text as spoken to the text as written, for finished files."""

from collections.abc import Collection, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from dotsbook.ears.evidence import TextWord
    from dotsbook.master.timeline import TimedWord
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger
    from dotsbook.render.opinions import SpokenWord


class WordInText(Protocol):
    """A word that stands in a text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


Said = TypeVar("Said", bound=WordInText)


def heard_words(ledger: "Ledger", jobs: "Collection[Job]") -> "Mapping[str, tuple[TimedWord, ...]]":
    """{key: a take's words} of those that a judge of words has heard: its last opinion counts."""
    from dotsbook.ears.words_judge import WordsJudge
    from dotsbook.render.opinions import latest

    said = latest(ledger, [job.key for job in jobs], WordsJudge.name)
    return {
        job.key: timed_words(job.chunk.text, job.chunk.spoken, opinion.words)
        for job in jobs
        if (opinion := said.get(job.key)) and opinion.words
    }


def timed_words(text: str, spoken: str, words: "Sequence[SpokenWord]") -> "tuple[TimedWord, ...]":
    """Words at their places in the text as written. What is written otherwise than spoken ("6:30") is one with all that is
    spoken for it."""
    from dotsbook.ears.words_judge import LIMIT
    from dotsbook.master.timeline import TimedWord

    found = []
    for written, said in runs(text, spoken, [word for word in words if word.end > word.start]):
        if written and said:
            doubted = [word for word in said if word.doubt > LIMIT]
            heard = " ".join(word.heard for word in said if word.heard)
            place = written[0].start, written[-1].end, said[0].begins, said[-1].ends
            found.append(TimedWord(*place, heard, bool(doubted)))
    after = [word for word in words if word.end == word.start]
    return (
        *found,
        *(TimedWord(len(text), len(text), one.begins, one.ends, one.heard, True) for one in after),
    )


def runs(
    text: str, spoken: str, words: "Sequence[Said]"
) -> "list[tuple[Sequence[TextWord], Sequence[Said]]]":
    """(words as written, what is spoken for them): one each where they are the same, else as few together as can be told
    apart."""
    from dotsbook.ears.evidence import bare, words_of

    written = words_of(text)
    ours = [word.bare.lower() for word in written]
    theirs = [bare(spoken[word.start : word.end]).lower() for word in words]
    found: list[tuple[Sequence[TextWord], Sequence[Said]]] = []
    for kind, first, last, begin, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal" or last - first == end - begin:
            found += [([written[first + at]], [words[begin + at]]) for at in range(last - first)]
        elif kind == "insert" and found:  # spoken for the word before it, as far as can be told
            found[-1] = (found[-1][0], [*found[-1][1], *words[begin:end]])
        else:
            found.append((written[first:last], words[begin:end]))
    return found

"""What was heard over a whole book, weighed together: a word that is usually heard as something else doubts no single take,
and is asked about once; one that is usually heard right is doubted where it isn't. Nothing is heard again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.wording import count, first_few

if TYPE_CHECKING:
    from dotsbook.ears.usual_hearing import TakeWords
    from dotsbook.render.jobs import Job
    from dotsbook.render.ledger import Ledger
    from dotsbook.render.opinions import KeptOpinion

TOGETHER = " beside others"  # behind the version of an opinion that was weighed again
PLACES, FORMS = 5, 3  # that are named of a word


@dataclass(frozen=True, slots=True)
class HeardBefore:
    """A take that the judge of words has heard."""

    chunk: str  # its id
    words: "TakeWords"
    own: "KeptOpinion"  # of the take by itself
    last: "KeptOpinion"  # that counts now


def weigh_together(jobs: "Iterable[Job]", ledger: "Ledger") -> list[str]:
    """Keep what each take is thought of in the light of all others; sentences about what that changed.

    jobs: all of the book's, gone through twice. The caller holds the lock.
    """
    from dotsbook.ears.usual_hearing import SUSPECT, UsualHearing
    from dotsbook.ears.words_judge import WordsJudge
    from dotsbook.render.opinions import KeptOpinion, keep

    suspects = [
        one
        for one in heard_before(jobs, ledger)
        if any(word.doubt > SUSPECT for word in one.words.opinion.words)
    ]
    usual = UsualHearing(one.words for one in suspects)
    for one in heard_before(jobs, ledger) if suspects else ():
        usual.add(one.words)
    asked: dict[str, list[tuple[str, str]]] = defaultdict(list)  # {word: [(chunk, heard for it)]}
    strange, anew = [], []
    for one in suspects:
        opinion, freed = usual.weighed(one.words)
        for word in freed:
            asked[one.words.written(word)].append((one.chunk, word.heard))
        if opinion.score < WordsJudge.threshold <= one.words.opinion.score:
            strange.append(one.chunk)
        if opinion != one.last.opinion:
            own = one.own
            anew.append(KeptOpinion(own.key, own.judge, own.version + TOGETHER, opinion))
    if anew:
        keep(ledger, anew)
    told = [question(word, places) for word, places in asked.items()]
    if strange:
        told.append(
            f"{count(len(strange), 'take')} ({first_few(strange, PLACES)}) doubted for a word that is heard right in other takes"
        )
    return told


def heard_before(jobs: "Iterable[Job]", ledger: "Ledger") -> Iterator[HeardBefore]:
    """The takes among these jobs' whose words a judge has heard."""
    from dotsbook.ears.usual_hearing import TakeWords
    from dotsbook.ears.words_judge import WordsJudge
    from dotsbook.render.ledger import batches
    from dotsbook.render.opinions import kept

    for batch in batches(jobs):
        said: dict[str, list[KeptOpinion]] = defaultdict(list)
        for one in kept(ledger, [job.key for job in batch]):
            if one.judge == WordsJudge.name and one.opinion:
                said[one.key].append(one)
        for job in batch:
            alone = [one for one in said[job.key] if not one.version.endswith(TOGETHER)]
            if alone and (opinion := alone[-1].opinion):
                words = TakeWords(job.key, job.voice.name, job.chunk.language, job.chunk.spoken, opinion)
                yield HeardBefore(job.chunk.id, words, alone[-1], said[job.key][-1])


def question(word: str, places: list[tuple[str, str]]) -> str:
    forms = ", ".join(f"“{heard}”" for heard, _ in Counter(heard for _, heard in places).most_common(FORMS))
    chunks = list(dict.fromkeys(chunk for chunk, _ in places))
    return (
        f"“{word}” is heard as {forms} in {count(len(chunks), 'take')} ({first_few(chunks, PLACES)}), "
        "and they aren't doubted for it: listen to one; if it is spoken wrongly, respell the word in the lexicon."
    )

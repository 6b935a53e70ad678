"""A very large book whose takes are all there, made in a minute: some are really rendered, the others' rows name their files.

python tests/benchmarks/large_book.py FOLDER [CHUNKS]        100,000 chunks
"""

import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import dotsbook
from dotsbook.production.session import Session
from dotsbook.render import opinions
from dotsbook.render.opinions import KeptOpinion, Opinion, SpokenWord
from dotsbook.render.take_rows import Facts
from tests.vocabulary import WORDS

MANIFEST = "title: Large\nauthor: A. Writer\nlanguage: en\nsource: book.md\nengine: syllables\nvoices: {narrator: {}, mara: {}}\n"
A_CHAPTER = 500  # lines
DOUBTED = 200  # one line in so many
UNHEARD = 10  # one line in so many that no ears have heard


def manuscript(chunks: int) -> str:
    """Paragraphs of four lines, each line of eleven words and its number, so that no two are alike."""
    chance, parts, paragraph = random.Random(1), ["# Large\n"], []
    for number in range(chunks):
        if number % A_CHAPTER == 0:
            parts.append(f"## Chapter {number // A_CHAPTER + 1}\n")
        paragraph.append(f"{' '.join(chance.choices(WORDS, k=11)).capitalize()} {number}.")
        if len(paragraph) == 4:
            parts.append(" ".join(paragraph) + "\n")
            paragraph = []
    return "\n".join(parts)


def large_book(folder: Path, chunks: int) -> Path:
    """The project's folder."""
    folder.mkdir(parents=True)
    (folder / "book.md").write_text(manuscript(chunks))
    (folder / "book.yaml").write_text(MANIFEST)
    with dotsbook.open(folder) as book:
        list(book.render(chapters=[1], limit=60))
    with Session(folder) as session, session.writing() as ledger:
        real = list(ledger.finished().values())
        rows, heard = [], []
        for number, job in enumerate(session.jobs(ledger)):
            like = real[number % len(real)]
            facts = Facts(
                1,
                True,
                like.health,
                job.engine,
                job.voice.name,
                job.chunk.language,
                job.chunk.spoken,
                job.base,
            )
            rows.append((replace(like, key=job.key), facts))
            if number % UNHEARD:
                heard.append(
                    KeptOpinion(
                        job.key, "words", "1", opinion(job.chunk.spoken, like.seconds, number % DOUBTED == 1)
                    )
                )
        ledger.add(rows)
        opinions.keep(ledger, heard)
    return folder


def opinion(text: str, seconds: float, doubted: bool) -> Opinion:
    """As ears that hear words have it."""
    words, at, each = [], 0, seconds / (len(text.split()) + 1)
    for number, word in enumerate(text.split()):
        begin = text.index(word, at)
        at = begin + len(word)
        wrong = doubted and number == 3
        words.append(
            SpokenWord(begin, at, each * number, each * (number + 1), "quite" if wrong else word, 0.9 * wrong)
        )
    return Opinion(
        0.1 if doubted else 0.95, ("a word is heard otherwise",) if doubted else (), {}, (), tuple(words)
    )


if __name__ == "__main__":
    begun = time.monotonic()
    large_book(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
    print(f"{time.monotonic() - begun:.0f} s")

"""What a word of a book sounds like, as it is said or as it might be."""

import re
from dataclasses import dataclass
from pathlib import Path

from dotsbook.direction import delivered
from dotsbook.errors import SourceError
from dotsbook.production.session import Session


@dataclass(frozen=True)
class SaidWord:
    chunk: str  # the id of the sentence it was spoken in
    text: str  # what was spoken
    path: Path
    seconds: float


def say_word(session: Session, word: str, respelling: str | None = None, out: Path | None = None) -> SaidWord:
    """Speak a word in a sentence of the book, as the lexicon has it or as `respelling` proposes, as FLAC in `out`.

    It sounds as the sentence's next take would: same voice, same seed. No take is made or touched.
    """
    from dotsbook.text.lexicon.odd_words import example_sentence, respelled

    chunk = example_sentence(iter(session.narration), word)
    if chunk is None:
        raise SourceError(
            f"{word!r} stands nowhere in what is read of this book; `dotsbook lexicon find` lists its odd words."
        )
    text = respelled(chunk, word, respelling) if respelling else chunk.spoken
    name = "-".join(re.findall(r"[^\W_]+", word)) or "it"
    target = out or session.project.out / f"say-{name}.flac"
    key = None
    if text == chunk.spoken:
        with session.reading() as ledger:
            key = next(job.key for job in session.jobs(ledger) if job.chunk.id == chunk.id)
    seconds = session.audition(text, delivered(chunk.voice, chunk.delivery), chunk.language, target, key=key)
    return SaidWord(chunk.id, text, target, seconds)

"""What a direction has made of a line, at its places in the text as written: for whoever shows it there."""

from dotsbook.book import Chunk
from dotsbook.direction import read


def directed_record(chunk: Chunk) -> dict:
    """As other programs read it: how the line is spoken, and the silences asked for, each at an offset of its text."""
    told: dict = {}
    if chunk.delivery:
        told["delivery"] = read(chunk.delivery)
    if chunk.pauses:
        told["pauses"] = [[place_in_text(chunk, at), seconds] for at, seconds in chunk.pauses]
    return told


def place_in_text(chunk: Chunk, at: int) -> int:
    """The offset in a line's text of one in what is spoken: behind the same word, as far as the two can be laid side by side."""
    from dotsbook.ears.evidence import words_of
    from dotsbook.production.heard_words import runs

    if at <= 0:
        return 0
    if at >= len(chunk.spoken):
        return len(chunk.text)
    if chunk.text == chunk.spoken:
        return at
    before = [
        written[-1].end
        for written, said in runs(chunk.text, chunk.spoken, words_of(chunk.spoken))
        if written and said and said[-1].start < at
    ]
    return max(before, default=0)

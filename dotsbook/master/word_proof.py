"""The proof of words beside a finished book, `Title.words.json`: each word, when it is heard, and whether it was.

Times are seconds of the book's one file; a chapter's own file begins at the chapter's `start`.
"""

import json
from collections import Counter

from dotsbook.files import write_whole
from dotsbook.master.cues import line
from dotsbook.master.mastering import Made, Mastering, OutputFormat
from dotsbook.master.naming import book_name
from dotsbook.master.proof import Proof, equal
from dotsbook.master.timeline import Placement, TimedWord, Timeline, Track
from dotsbook.master.word_marks import placed_words


def make_word_proof(mastering: Mastering) -> list[Made]:
    """Write it, read it again, and count its words."""
    path = mastering.out / f"{book_name(mastering.about)}.words.json"
    said = {"title": mastering.about.title} | word_times(mastering.timeline)
    write_whole(path, laid_out(said).encode())
    found = json.loads(path.read_bytes())
    words = sum(
        len(placed.voiced.words) for track in mastering.timeline.tracks for placed in track.placements
    )
    counted = sum(len(line["words"]) for chapter in found["chapters"] for line in chapter["lines"])
    proof = Proof(path.name, (equal("words", words, counted),))
    proof.check()
    return [Made(path, proof, format=WORDS.name)]


def word_times(timeline: Timeline) -> dict:
    chapters = [of_chapter(track, timeline.rate) for track in timeline.tracks]
    lines = [line for chapter in chapters for line in chapter["lines"]]
    states = Counter(word["state"] for line in lines for word in line["words"])
    return {
        "seconds": timeline.samples / timeline.rate,
        "words": {state: states[state] for state in ("heard", "doubted", "not heard", "added")},
        "lines": {"heard": sum(bool(line["words"]) for line in lines), "all": len(lines)},
        "chapters": chapters,
    }


def of_chapter(track: Track, rate: int) -> dict:
    return {
        "number": track.number,
        "title": line(track.title),
        "start": track.start / rate,
        "seconds": track.samples / rate,
        "lines": [of_line(placed, track.start, rate) for placed in track.placements],
    }


def of_line(placed: Placement, start: int, rate: int) -> dict:
    """A line that no ears have heard has its own time and no words."""
    chunk, (begin, end) = placed.voiced.chunk, placed.speech
    words = [
        {
            "text": line(chunk.text[one.word.start : one.word.end]),
            "start": round((start + one.begin) / rate, 3),
            "end": round((start + one.end) / rate, 3),
            "state": state_of(one.word),
        }
        | ({"heard": one.word.heard} if one.word.doubted and one.word.heard else {})
        for one in placed_words(placed)
    ]
    return {
        "chunk": chunk.id,
        "start": round((start + begin) / rate, 3),
        "end": round((start + end) / rate, 3),
        "words": words,
    }


def state_of(word: TimedWord) -> str:
    if not word.doubted:
        return "heard"
    if word.end == word.start:
        return "added"
    return "doubted" if word.heard else "not heard"


def laid_out(said: dict) -> str:
    """JSON with a line for each line of the book."""
    lines = {
        chapter["number"]: ",\n".join(json.dumps(line, ensure_ascii=False) for line in chapter["lines"])
        for chapter in said["chapters"]
    }
    chapters = ",\n".join(
        json.dumps({**chapter, "lines": []}, ensure_ascii=False)[:-2] + f"\n{lines[chapter['number']]}\n]}}"
        for chapter in said["chapters"]
    )
    return json.dumps({**said, "chapters": []}, ensure_ascii=False)[:-2] + f"\n{chapters}\n]}}\n"


WORDS = OutputFormat("words", make_word_proof, encoded=False)

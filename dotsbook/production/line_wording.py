"""What a line says: words of its own in spoken.yaml, by the line's own words, in place of what the book has written."""

import yaml

from dotsbook.book import Chunk
from dotsbook.errors import ManifestError
from dotsbook.files import write_through
from dotsbook.production.session import Session
from dotsbook.production.spoken_edits import SpokenEdit, load_edits, single

HEAD = "# What is spoken in place of what is written: by the line and the one before it. `dotsbook say` writes it too.\n"
LONGEST = 2000  # characters of what is spoken


def say_instead(session: Session, name: str, say: str | None) -> Chunk:
    """Have a line spoken as `say`, or as the book has it where that is None; the line as it was.

    Raises ManifestError for a line that isn't there and for nothing to say. The book must be opened again to see it.
    """
    before, chunk = neighbours(session, name)
    words = single(say or "")
    if say is not None and not any(mark.isalnum() for mark in words):
        raise ManifestError(
            f"There is nothing to say for {name}; leave the words out to have it as the book has it."
        )
    if len(words) > LONGEST:
        raise ManifestError(
            f"What {name} says has {len(words):,} characters; a line has at most {LONGEST:,}."
        )
    file = session.project.spoken_file
    line, after = single(chunk.text), single(before.text) if before else ""
    others = [edit for edit in load_edits(file) if (edit.line, edit.after) != (line, after)]
    edits = [*others, SpokenEdit(line, words, after)] if words else others
    entries = [{"line": edit.line, "after": edit.after, "say": edit.say} for edit in edits]
    text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=10_000) if entries else ""
    write_through(file, (HEAD + text).encode())
    return chunk


def neighbours(session: Session, name: str) -> tuple[Chunk | None, Chunk]:
    """(the line before, the line). Raises ManifestError."""
    before = None
    chapter = name.partition(".")[0]
    for chunk in session.narration.of([int(chapter)] if chapter.isdecimal() and len(chapter) < 9 else None):
        if chunk.id == name:
            break
        before = chunk
    else:
        raise ManifestError(f"There is no chunk {name[:40]}; `dotsbook plan --text` shows them all.")
    if before is None and (first := session.narration.places()[chunk.chapter][0]):
        [before] = session.narration.stretch(first - 1, 1)
    return before, chunk

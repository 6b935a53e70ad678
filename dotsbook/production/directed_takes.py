"""Takes with the emotions that direction asks for and the book's voices can't speak, by an engine that edits: several of a line
to choose from. None is ever chosen by itself.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dotsbook.book import Chunk
from dotsbook.direction import emotion_of
from dotsbook.errors import LedgerError, ManifestError, RenderError, VoiceError
from dotsbook.production.book_direction import BookDirection, within
from dotsbook.production.deliveries import Deliveries
from dotsbook.production.events import Remark
from dotsbook.production.fix_wish import FixWish
from dotsbook.production.fixing import EditedTake, Fixed, LineFix, check_count, open_editing
from dotsbook.production.mendable import mendable_take
from dotsbook.production.selection import jobs_named

if TYPE_CHECKING:
    from dotsbook.voices.edits import Editing


@dataclass(frozen=True)
class UnfeltLine:
    """A line that is to be spoken with an emotion which only an edit of its take can give it."""

    line: str  # the chunk's id
    emotion: str  # "sad/2"
    over: str  # the words of it that are meant; "": all
    left: tuple[
        str, ...
    ] = ()  # what else is asked of it, which the same edit can't give: "angry/2 of all of it"

    def __str__(self) -> str:
        return f"{self.emotion} of {f'“{self.over}”' if self.over else 'all of it'}"


def unfelt_lines(direction: BookDirection) -> list[UnfeltLine]:
    """All there are, in the book's order. Of two emotions in one line that of the fewer words: an edit knows one."""
    deliveries, chunks = Deliveries(direction.session.project), direction.chunks()
    found: dict[str, UnfeltLine] = {}
    for one in sorted(direction.placed()[0], key=lambda one: one.place.start - one.place.end):
        emotion = one.wanted.get("emo", "")
        for chunk in chunks[one.place.chapter, one.place.paragraph] if emotion else ():
            if within(one.place, chunk) and deliveries.by_edit(chunk.voice, emotion):
                name, level = emotion_of(emotion)
                before = found.get(chunk.id)
                left = (*before.left, str(before)) if before else ()
                over = part_of(chunk, one.words)
                found[chunk.id] = UnfeltLine(chunk.id, f"{name}/{level or 2}", over, left)
    return [found[chunk.id] for here in chunks.values() for chunk in here if chunk.id in found]


def part_of(chunk: Chunk, words: str) -> str:
    """Directed words, where they are a part of what a line says, and stand in it once; "" for all of it."""
    rest = chunk.spoken.replace(words, "")
    return words if chunk.spoken.count(words) == 1 and any(letter.isalnum() for letter in rest) else ""


def make_directed(direction: BookDirection, takes: int | None) -> Iterator[EditedTake | Remark | Fixed]:
    """Takes of every such line, each as it is done; after a line's own comes its Fixed. Holds the project's write lock.

    What is there isn't made again. A line that is locked, or has a take that was chosen, is told and let be.
    """
    check_count(takes)
    session = direction.session
    lines = unfelt_lines(direction)
    if not lines:
        yield Remark(
            "No line waits for an emotion that its voice can't speak and the engine under `edits:` can."
        )
        return
    jobs = jobs_named(session, [one.line for one in lines])
    with session.writing() as ledger, ExitStack() as engines:
        editors: dict[str, Editing | VoiceError] = {}  # {language: what edits it, or why nothing does}
        locked, chosen = ledger.kept_as_they_are()[0], ledger.choices()
        for one, job in zip(lines, jobs, strict=True):
            if job.base in locked or job.base in chosen:
                why = "is locked" if job.base in locked else "has a take that was chosen"
                yield Remark(f"{one.line} {why}: no take of it with `emo={one.emotion}` is made.")
                continue
            if one.left:
                yield Remark(
                    f"{one.line} is asked for {' and for '.join((str(one), *one.left))}: an edit gives a line one emotion, "
                    "and its takes have the first. Make two sentences of it to have both."
                )
            wish, language = FixWish(emotion=one.emotion, over=one.over), job.chunk.language
            if language not in editors:
                try:
                    editors[language] = engines.enter_context(open_editing(session, language))
                except VoiceError as error:
                    editors[language] = error
            editor = editors[language]
            if isinstance(editor, VoiceError):
                yield Remark(f"{one.line}: {editor}")
                continue
            try:
                source = mendable_take(session, ledger, job, former=False)
                instruction = wish.instruction_for(source.text, job.chunk.spoken)
                fix = LineFix(session, ledger, job, source, instruction, editor)
                yield from fix.make(takes or wish.usual)
            except (ManifestError, LedgerError, RenderError) as error:
                yield Remark(f"{one.line}: {error}")
                continue
            yield from map(Remark, fix.judges.complaints())
            yield fix.fixed()
    hindered = [editor for editor in editors.values() if isinstance(editor, VoiceError)]
    if hindered and len(hindered) == len(editors):
        raise hindered[0]

"""How a book's lines are to be spoken, where a person or the manuscript says so: listed, decided, and what that costs."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.book import Book, Chunk
from dotsbook.direction import KEYS, PAUSES, checked, delivered, unknown_emotion
from dotsbook.errors import ManifestError
from dotsbook.production.book_roster import cast_manifest
from dotsbook.production.deliveries import Deliveries
from dotsbook.production.direct_step import DirectStep, directed, emotions_of, places_of
from dotsbook.production.direction_file import (
    DirectedWords,
    LostWords,
    load_direction,
    with_wanted,
    write_direction,
)
from dotsbook.production.narration_copy import book_of, comfortable
from dotsbook.production.selection import jobs_between
from dotsbook.production.session import Session
from dotsbook.production.steps import STEPS
from dotsbook.word_anchor import BookWords, WordAnchor, WordPlace, runs, texts_of, tokens_of

if TYPE_CHECKING:
    from dotsbook.production.direction_abilities import DirectionAbilities

MANUSCRIPT = "manuscript"
Wanted = Mapping[str, str | float | None]


@dataclass(frozen=True)
class DirectedLine:
    """Some words with what is wanted of them."""

    chunk: str  # the id of the line they begin in; "" where they aren't found
    words: str
    wanted: dict[str, str]  # by kind: docs/direction.md
    place: str  # "direction.yaml line 3", or "manuscript"
    told: tuple[str, ...] = ()  # sentences: what of it isn't heard, or why the words aren't found

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "chunk": self.chunk or None,
            "words": self.words,
            "wanted": self.wanted,
            "place": self.place,
            "told": list(self.told),
        }


@dataclass(frozen=True)
class PlacedDirection:
    """What is wanted of some words, where they stand."""

    place: WordPlace
    words: str
    wanted: dict[str, str]
    where: str  # it was said


@dataclass(frozen=True)
class DirectionCost:
    """What a change of direction takes."""

    lines: tuple[str, ...]  # as spoken, those that need a new take
    told: tuple[str, ...] = ()  # what of it isn't heard

    def record(self) -> dict:
        return {"takes": len(self.lines), "lines": list(self.lines), "told": list(self.told)}


@dataclass(frozen=True)
class ChangedDirection:
    """A change that is wished for, worked out."""

    before: list[DirectedWords]  # the file's entries
    after: list[DirectedWords]
    cost: DirectionCost
    chunks: list[Chunk]  # the chapter with it
    place: WordPlace  # the first words it is about


class BookDirection:
    """How lines are spoken. What is written takes effect when the book is opened again."""

    def __init__(self, session: Session):
        self.session = session

    @cached_property
    def _book(self) -> Book:
        """The manuscript as the step finds it."""
        project = self.session.project
        book = book_of(project)
        for step in STEPS:
            if isinstance(step, DirectStep):
                break
            book = step.apply(book, project)
        return book

    @cached_property
    def _words(self) -> BookWords:
        return BookWords(self._book)

    def lines(self) -> list[DirectedLine]:
        """All direction there is, in the book's order; last what isn't found."""
        found, lost = self.placed()
        chunks = self.chunks()
        listed = []
        for one in found:
            here = chunks[one.place.chapter, one.place.paragraph]
            chunk = next((chunk for chunk in here if one.place.start < chunk.end), None)
            told = self._unheard(chunk.voice, one.wanted) if chunk else ()
            listed.append(DirectedLine(chunk.id if chunk else "", one.words, one.wanted, one.where, told))
        return listed + [
            DirectedLine(
                "",
                one.entry.anchor.words,
                dict(one.entry.wanted),
                f"direction.yaml line {one.entry.line}",
                (one.why,),
            )
            for one in lost
        ]

    def placed(self) -> tuple[list[PlacedDirection], list[LostWords]]:
        """(all direction whose words are found, in the book's order; the entries whose words aren't)."""
        placed, lost = places_of(self._entries(), self._words)
        found = [
            PlacedDirection(
                one.place,
                one.entry.anchor.words,
                dict(one.entry.wanted),
                f"direction.yaml line {one.entry.line}",
            )
            for one in placed
        ]
        found += [
            PlacedDirection(place, self._text(place), wanted, MANUSCRIPT) for place, wanted in self._marked()
        ]
        return sorted(found, key=lambda one: one.place), lost

    def direct(self, line: str, wanted: Wanted, words: str = "", nth: int | None = None) -> DirectionCost:
        """Say how a line, or some words of it, are to be spoken, in direction.yaml; what that costs.

        line: an id or the beginning of a key, or a stretch: "3.42-3.45" · wanted: by kind, None takes it back; a pause stands at
        the stretch's ends only · nth: which of words that stand in the line more than once. Raises ManifestError.
        """
        change = self._changed(line, wanted, words, nth)
        write_direction(self.session.project.direction_file, change.before, change.after)
        return change.cost

    def cost(self, line: str, wanted: Wanted, words: str = "", nth: int | None = None) -> DirectionCost:
        """What `direct` would cost; nothing is written."""
        return self._changed(line, wanted, words, nth).cost

    def say(
        self, line: str, wanted: Wanted, out: str | Path, words: str = "", nth: int | None = None
    ) -> float:
        """Speak a line, or words of it, as `direct` would have them, as FLAC in `out`; its seconds. Nothing is written.

        Of several lines the first is spoken. A pause alone is heard in the finished book only.
        """
        change = self._changed(line, wanted, words, nth)
        said = next((one for one in change.chunks if within(change.place, one)), None)
        if said is None:
            raise ManifestError(f"Nothing of {line} is spoken.")
        voice = delivered(said.voice, said.delivery)
        return self.session.audition(said.spoken, voice, said.language, Path(out))

    def abilities(self, line: str) -> "DirectionAbilities":
        """What the engine of a line's voice can do of a direction, and why not the rest."""
        from dotsbook.production.direction_abilities import abilities_of

        return abilities_of(self.session, self._named(line)[0])

    def words_at(self, line: str, start: int, end: int) -> tuple[str, int]:
        """(the words of a line between two offsets of its text, which of such words they are), as `direct` names them."""
        text = self._named(line)[0].text
        tokens = tokens_of(text)
        inside = [at for at, token in enumerate(tokens) if token.end > start and token.start < end]
        if not inside:
            raise ManifestError(f"There are no words between characters {start} and {end} of {line}.")
        every, first, last = [token.text for token in tokens], inside[0], inside[-1] + 1
        nth = 1 + sum(at < first for at in runs(every[first:last], every))
        return text[tokens[first].start : tokens[last - 1].end], nth

    def clear(self, line: str) -> int:
        """Take back all that direction.yaml says of a line's words; how many entries. Raises ManifestError where it says
        nothing."""
        chunks = self._named(line)
        entries = self._entries()
        placed, _ = places_of(entries, self._words)
        gone = {id(one.entry) for one in placed if any(within(one.place, chunk) for chunk in chunks)}
        if not gone:
            marked = any(within(place, chunk) for place, _ in self._marked() for chunk in chunks)
            raise ManifestError(
                f"direction.yaml says nothing of {line}"
                + ("; what is marked there stands in the manuscript, change it there." if marked else ".")
            )
        kept = [entry for entry in entries if id(entry) not in gone]
        write_direction(self.session.project.direction_file, entries, kept)
        return len(gone)

    def _entries(self) -> list[DirectedWords]:
        return load_direction(self.session.project.direction_file)

    def _named(self, line: str) -> list[Chunk]:
        return [job.chunk for job in jobs_between(self.session, line)]

    def _changed(self, line: str, wanted: Wanted, words: str, nth: int | None) -> "ChangedDirection":
        chunks = self._named(line)
        if words and len(chunks) > 1:
            raise ManifestError(f"Words are named of one line, and {line} is several.")
        asked = self._checked(wanted)
        before = after = self._entries()
        told: list[str] = []
        anchors = []
        for chunk in chunks:
            here = at_its_place(asked, chunk is chunks[0], chunk is chunks[-1])
            if not here:
                continue
            anchors.append(self._known(after, self._anchor(chunk, words, nth)))
            after = with_wanted(after, anchors[-1], here)
            told += self._unheard(
                chunk.voice, {key: value for key, value in here.items() if value is not None}
            )
        new = self._script(chunks[0].chapter, after)
        lines = Counter(map(sound_of_line, self._script(chunks[0].chapter, before)))
        changed = []
        for one in new:
            if lines[sound_of_line(one)]:
                lines[sound_of_line(one)] -= 1
            else:
                changed.append(one)
        place, _ = self._words.place(anchors[0])
        assert place is not None, "an anchor that isn't found is refused"
        cost = DirectionCost(tuple(self._without_take(changed)), tuple(dict.fromkeys(told)))
        return ChangedDirection(before, after, cost, new, place)

    def _unheard(self, voice: str, wanted: Mapping[str, str]) -> tuple[str, ...]:
        """A sentence for each thing wanted that a voice's engine can't do, or nobody knows."""
        known = dict(wanted)
        wrong = unknown_emotion(known.get("emo", "calm"), emotions_of(self.session.project))
        if wrong:
            known.pop("emo")
        _, undone = Deliveries(self.session.project).worked_out(voice, tuple(known.items()))
        return (
            *([wrong] if wrong else []),
            *(f"`{one.key}={one.value}` isn't heard: {one.why}" for one in undone),
        )

    def _known(self, entries: Sequence[DirectedWords], anchor: WordAnchor) -> WordAnchor:
        """The anchor of an entry that is about the same words, or this one."""
        place, why = self._words.place(anchor)
        if place is None:
            raise ManifestError(f"These words can't be directed: {why}. Name more of them.")
        same = [one.entry.anchor for one in places_of(entries, self._words)[0] if one.place == place]
        return same[-1] if same else anchor

    def _checked(self, wanted: Mapping[str, str | float | None]) -> dict[str, str | None]:
        if not wanted:
            raise ManifestError(f"Say what is wanted: one of {', '.join(KEYS)}.")
        found: dict[str, str | None] = {}
        for key, value in wanted.items():
            try:
                found[key] = None if value is None and key in KEYS else checked(key, value)
            except ValueError as error:
                raise ManifestError(f"{error}.") from error
        if wrong := unknown_emotion(found.get("emo") or "calm", emotions_of(self.session.project)):
            raise ManifestError(f"{wrong}.")
        return found

    def _anchor(self, chunk: Chunk, words: str, nth: int | None) -> WordAnchor:
        """An anchor for a line's words, or for some of them. Raises ManifestError."""
        if chunk.source not in self._book.sources:
            raise ManifestError(f"{chunk.id} stands in no chapter; direct lines of the book itself.")
        start, end = chunk.start, chunk.end
        if words:
            tokens, wanted = tokens_of(chunk.text), texts_of(words)
            starts = list(runs(wanted, [token.text for token in tokens])) if wanted else []
            if not starts:
                raise ManifestError(f"{words[:60]!r} doesn't stand in {chunk.id}: {chunk.text[:80]!r}.")
            if nth is None and len(starts) > 1:
                raise ManifestError(
                    f"{words[:60]!r} stands {len(starts)} times in {chunk.id}; write more of it, or say which (--nth 2)."
                )
            if nth is not None and not 1 <= nth <= len(starts):
                raise ManifestError(f"{words[:60]!r} stands only {len(starts)} times in {chunk.id}.")
            first = starts[(nth or 1) - 1]
            start, end = (
                chunk.start + tokens[first].start,
                chunk.start + tokens[first + len(wanted) - 1].end,
            )
        return self._words.anchor(chunk.chapter, chunk.paragraph, start, end)

    def _script(self, chapter: int, entries: Sequence[DirectedWords]) -> list[Chunk]:
        """A chapter's chunks with these entries."""
        from dotsbook.text.lexicon.lexicon_file import load_lexicon
        from dotsbook.text.script.script_writer import make_script

        project = self.session.project
        manifest = cast_manifest(project)
        book, _ = directed(self._book, entries, self._words)
        return make_script(
            book,
            manifest,
            load_lexicon(project.lexicon, manifest.voices) if project.lexicon else None,
            chapters={chapter},
            comfortable=comfortable(project),
            deliver=Deliveries(project).deliver,
        ).chunks

    def _without_take(self, chunks: Iterable[Chunk]) -> list[str]:
        """What the lines say that no take is there for."""
        from dotsbook.render.jobs import sound_of, take_key

        keys = []
        for chunk in chunks:
            voice = self.session.voice(delivered(chunk.voice, chunk.delivery))
            engine = self.session.identity_of(voice) or ""
            seed = voice.settings.get("seed", self.session.seed)
            sound = sound_of(voice)
            keys.append(
                (
                    take_key(
                        text=chunk.spoken, voice=sound, engine=engine, language=chunk.language, seed=seed
                    ),
                    chunk,
                )
            )
        with self.session.reading() as ledger:
            there = ledger.finished([key for key, _ in keys])
        return [chunk.spoken for key, chunk in keys if key not in there]

    def _marked(self) -> list[tuple[WordPlace, dict[str, str]]]:
        """(words, what is wanted of them) of the manuscript's own marks."""
        found: dict[WordPlace, dict[str, str]] = defaultdict(dict)
        for chapter in self._book.chapters:
            for index, paragraph in enumerate(chapter.paragraphs):
                for mark in paragraph.marks:
                    if mark.kind in KEYS:
                        found[WordPlace(chapter.number, index, mark.start, mark.end)][mark.kind] = mark.value
        return merged(found)

    def _text(self, place: WordPlace) -> str:
        """The words of a place, out to whole ones."""
        paragraph = self._book.chapters[place.chapter - 1].paragraphs[place.paragraph]
        text = self._book.sources[paragraph.source].text
        start, end = place.start, place.end
        while start > paragraph.start and not text[start - 1].isspace():
            start -= 1
        while end < paragraph.end and not text[end].isspace():
            end += 1
        return text[start:end]

    def chunks(self) -> dict[tuple[int, int], list[Chunk]]:
        """{(chapter, paragraph): its lines}."""
        found: dict[tuple[int, int], list[Chunk]] = defaultdict(list)
        for chunk in self.session.narration:
            found[chunk.chapter, chunk.paragraph].append(chunk)
        return found


def merged(found: Mapping[WordPlace, dict[str, str]]) -> list[tuple[WordPlace, dict[str, str]]]:
    """The same, a pause with the words at whose edge it stands where more is wanted of them."""
    wide = {place: dict(wanted) for place, wanted in found.items() if not wanted.keys() <= set(PAUSES)}
    for place, wanted in found.items():
        if place in wide:
            continue
        for key, value in wanted.items():
            edge = 3 if key == "pause-after" else 2  # of WordPlace: its end, its start
            holder = next((one for one in wide if one[:2] == place[:2] and one[edge] == place[edge]), place)
            wide.setdefault(holder, {})[key] = value
    return list(wide.items())


def at_its_place(wanted: Mapping[str, str | None], first: bool, last: bool) -> dict[str, str | None]:
    """What of a wish for several lines is one line's: a pause only where they begin or end."""
    elsewhere = {"pause-before": not first, "pause-after": not last}
    return {key: value for key, value in wanted.items() if not elsewhere.get(key)}


def within(place: WordPlace, chunk: Chunk) -> bool:
    """Whether words share letters with a line."""
    here = (place.chapter, place.paragraph) == (chunk.chapter, chunk.paragraph)
    return here and place.start < chunk.end and chunk.start < place.end


def sound_of_line(chunk: Chunk) -> tuple[str, str, str]:
    """What a line's take is made of, as far as its words go."""
    return chunk.spoken, delivered(chunk.voice, chunk.delivery), chunk.language

"""What is to be corrected in a book: doubtful words and listeners' notes with their places in the finished file, out and in.

A listener's sheet, an Audacity label track or Reaper's markers go out; what was written into them comes back as notes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError, SourceError
from dotsbook.production import marker_files
from dotsbook.production.marker_files import FORMS, Marker
from dotsbook.production.notes_taking import NotesRead, NoteTaker
from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.master.timeline import Placement, Timeline, Track
    from dotsbook.render.opinions import Opinion
    from dotsbook.render.review import ReviewNote


@dataclass(frozen=True)
class Correction:
    """Something to listen to again."""

    chunk: str
    chapter: int
    title: str  # of the chapter
    second: float  # in the chapter
    chapter_start: float  # s in the book's one file
    written: str  # the doubtful word, or the line
    heard: str  # what was heard for it, "" for nothing known
    why: str  # what speaks against it, or a note's category
    note: str  # a listener's; "" for a doubt
    by: str = ""

    @property
    def label(self) -> str:
        """All of it in a line, as editors show it."""
        said = self.note or (
            f"“{self.written}” ← “{self.heard}”" if self.heard else f"“{self.written}”: {self.why}"
        )
        return f"[{self.chunk}] {said}"

    def row(self) -> tuple[str, ...]:
        clock = marker_files.clock
        times = clock(self.second), clock(self.chapter_start + self.second)
        return (
            *(str(self.chapter), self.title, *times, self.chunk),
            *(self.written, self.heard, self.why, self.note, self.by),
        )

    def record(self) -> dict:
        """As other programs read it: docs/json.md."""
        return {
            "chunk": self.chunk,
            "chapter": self.chapter,
            "second": round(self.second, 3),
            "book_second": round(self.chapter_start + self.second, 3),
            "written": self.written,
            "heard": self.heard,
            "why": self.why,
            "note": self.note,
            "by": self.by,
        }


def corrections(session: Session, chapters: Iterable[int] | None = None) -> list[Correction]:
    """Doubtful words and lines, and open notes, in the order of the book. Lines without a take aren't among them."""
    from dotsbook.production.assembly import timeline_of
    from dotsbook.production.doubts import HeldAgainst
    from dotsbook.render.review import Review

    wanted = None if chapters is None else set(chapters)
    doubted: dict[str, list[Opinion]] = {}
    notes: dict[str, list[ReviewNote]] = {}
    with session.reading() as ledger:
        held, review = HeldAgainst(session, ledger), Review(ledger)
        by_base: dict[str, list[ReviewNote]] = {}
        for note in review.notes(open_only=True):
            by_base.setdefault(note.base, []).append(note)
        for job, brief in ledger.briefed(session.jobs(ledger)):
            if held.score(job, brief) is not None:
                doubted[job.chunk.id] = held.opinions(job.key)
            if job.base in by_base:
                notes[job.chunk.id] = by_base[job.base]
    timeline, *_ = timeline_of(session, None, True, doubted)
    found: list[Correction] = []
    for track, placed in placements(timeline, wanted):
        chunk = placed.voiced.chunk.id
        if chunk in doubted:
            found += doubts_of(timeline, track, placed, doubted[chunk])
        found += [noted(timeline, track, placed, note) for note in notes.get(chunk, ())]
    return sorted(found, key=lambda one: one.chapter_start + one.second)


def placements(timeline: "Timeline", chapters: set[int] | None) -> "Iterator[tuple[Track, Placement]]":
    for track in timeline.tracks:
        if chapters is None or track.number in chapters:
            yield from ((track, placed) for placed in track.placements)


def doubts_of(
    timeline: "Timeline", track: "Track", placed: "Placement", opinions: "list[Opinion]"
) -> Iterator[Correction]:
    """Each doubtful word of a line, or the line where no word of it is."""
    from dotsbook.master.word_marks import placed_words

    text, rate = placed.voiced.chunk.text, timeline.rate
    why = (
        "; ".join(reason for opinion in opinions for reason in opinion.reasons)
        or "it failed a check of its sound"
    )
    words = [one for one in placed_words(placed) if one.word.doubted]
    places = [(one.begin, text[one.word.start : one.word.end], one.word.heard) for one in words]
    for begin, written, heard in places or [(placed.speech[0], text, "")]:
        yield correction(timeline, track, placed, begin / rate, written, heard, why, "")


def noted(timeline: "Timeline", track: "Track", placed: "Placement", note: "ReviewNote") -> Correction:
    here = note.second is not None and note.key == placed.voiced.take.key
    begin = placed.at(note.second or 0.0) if here else placed.speech[0]
    text = placed.voiced.chunk.text
    return correction(
        timeline, track, placed, begin / timeline.rate, text, "", note.category, note.text, note.by
    )


def correction(
    timeline: "Timeline", track: "Track", placed: "Placement", second: float, *said: str
) -> Correction:
    from dotsbook.master.cues import line

    start = track.start / timeline.rate
    return Correction(
        placed.voiced.chunk.id, track.number, line(track.title), max(0.0, second), start, *map(line, said)
    )


def write_corrections(
    session: Session, path: Path, form: str | None = None, chapter: int | None = None
) -> int:
    """Write them for a listener or an editor; how many. chapter: only its own, with the times of its own file."""
    from dotsbook.files import write_whole

    form = form or ("audacity" if path.suffix.lower() == ".txt" else "csv")
    if form not in FORMS:
        raise ManifestError(f"There is no form {form!r}; there are {', '.join(FORMS)}.")
    found = corrections(session, None if chapter is None else [chapter])
    if form == "csv":
        text = marker_files.sheet(one.row() for one in found)
    else:
        markers = [
            Marker(one.second + (0.0 if chapter is not None else one.chapter_start), one.label)
            for one in found
        ]
        text = marker_files.labels(markers) if form == "audacity" else marker_files.reaper(markers)
    write_whole(path, text.encode())
    return len(found)


def read_rows(session: Session, text: str, chapter: int | None, by: str) -> NotesRead:
    """Make notes of what a sheet, a label track or markers say. chapter: times are those of its own file, not the book's.

    Nothing is added twice: the same may be read again. Raises SourceError for what is none of FORMS.
    """
    from dotsbook.production.assembly import timeline_of
    from dotsbook.production.line_review import reviewing

    timeline, *_ = timeline_of(session, None, True, ())
    ours = {one.label for one in corrections(session)}
    with session.reading() as ledger:
        bases = {job.chunk.id: job.base for job in session.jobs(ledger)}
    with reviewing(session) as review:
        taker = NoteTaker(review)
        for row in wanted_of(text, chapter, ours):
            if row is None:
                taker.known += 1
            elif place := place_of(row, timeline):
                placed, second = place
                base, key = bases[placed.voiced.chunk.id], placed.voiced.take.key
                who = row.get("by") or by
                taker.take(base, key, row["note"], row.get("why", ""), second, who, anybodys=True)
            else:
                taker.lost.append(f"“{row['note'][:60]}” has no place in the book: {where(row)}")
    return taker.read()


def text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} isn't text in UTF-8 ({error.reason}); save it as CSV UTF-8.") from error
    except OSError as error:
        raise SourceError(f"{path} can't be read: {error.strerror}.") from error


def wanted_of(text: str, chapter: int | None, ours: set[str]) -> Iterator[dict[str, str] | None]:
    """A file's notes as rows of a sheet; None for one that is what was sent out. Rows without a note are passed over."""
    form = marker_files.form_of(text)
    if form == "csv":
        for row in marker_files.rows_of(text):
            if row.get("note"):
                yield row | (
                    {"chapter": str(chapter)} if chapter is not None and not row.get("chapter") else {}
                )
        return
    for marker in marker_files.markers_of(text, form):
        if marker.label in ours:
            yield None
        elif marker.label and marker.second is not None:
            yield {"note": marker.label, "time": f"{marker.second:.3f}", "chapter": str(chapter or "")}


def place_of(row: dict[str, str], timeline: "Timeline") -> "tuple[Placement, float | None] | None":
    """(the line a row is about, the second in its take): by its time, or by its chunk where it has no good one."""
    tracks = {str(track.number): track for track in timeline.tracks}
    second = marker_files.seconds_of(row.get("time", ""))
    chapter = row.get("chapter", "").strip()
    named = next(
        (placed for _, placed in placements(timeline, None) if placed.voiced.chunk.id == row.get("chunk")),
        None,
    )
    if second is not None:
        start = tracks[chapter].start if chapter in tracks else 0 if not chapter else None
        if start is not None:
            found = at_sample(timeline, start + round(second * timeline.rate))
            if found and named in (None, found[0]):
                return found
    return (named, None) if named else None


def at_sample(timeline: "Timeline", sample: int) -> "tuple[Placement, float] | None":
    """The line that is heard at a sample of the book, or last before it; the second in its take."""
    for track in timeline.tracks:
        if track.start <= sample < track.end:
            here = [placed for placed in track.placements if placed.start <= sample - track.start]
            placed = here[-1] if here else track.placements[0]
            return placed, placed.second_at(sample - track.start)
    return None


def where(row: dict[str, str]) -> str:
    return (
        ", ".join(f"{name} {row[name]}" for name in ("chapter", "time", "chunk") if row.get(name))
        or "none is given"
    )

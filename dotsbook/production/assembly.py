"""Takes to finished, proven files: the timeline, what the tags say, each format in turn."""

from collections.abc import Callable, Collection, Container, Iterator, Sequence
from typing import TYPE_CHECKING

from dotsbook.errors import ManifestError, SourceError, Unfinished
from dotsbook.manifest import Format
from dotsbook.production.cover import cover_of
from dotsbook.production.credits import credit_chapters
from dotsbook.production.formats import OnProgress, make_formats
from dotsbook.production.heard_words import heard_words
from dotsbook.production.pauses_inside import with_pauses
from dotsbook.production.session import Session
from dotsbook.wording import count

if TYPE_CHECKING:
    from dotsbook.master.about import About
    from dotsbook.master.mastering import Made
    from dotsbook.master.timeline import Timeline

WORDS = "words"
KNOWN: tuple[str, ...] = Format.__args__  # type: ignore[attr-defined]  # a Literal's values


def formats_of(session: Session, formats: Sequence[str] | None) -> tuple[str, ...]:
    """The formats asked for, or the manifest's. Raises ManifestError for one that doesn't exist."""
    if formats is None:
        return session.project.manifest.output.formats
    unknown = [name for name in formats if name not in KNOWN]
    if unknown or not formats:
        lacking = ", ".join(unknown) or "format in an empty list"
        raise ManifestError(f"Formats: there is no {lacking}; there are {', '.join(KNOWN)}.")
    return tuple(formats)


def assemble_book(
    session: Session,
    formats: Sequence[str] | None = None,
    chapters: Collection[int] | None = None,
    partial: bool = False,
    on_progress: OnProgress | None = None,
    on_remark: Callable[[str], None] | None = None,
) -> Iterator["Made"]:
    """Make each format and give each file as it is proven, with what it takes the place of removed.

    Raises Unfinished on a hole: before anything is made, or with `partial` after all is made and marked as incomplete.
    """
    from dotsbook.master.former_titles import former_titles
    from dotsbook.master.incomplete import drop_incomplete

    wanted = formats_of(session, formats)
    timeline, holes, told = timeline_of(session, chapters, partial)
    incomplete = bool(holes) or chapters is not None
    if WORDS not in wanted and any(one.voiced.words for track in timeline.tracks for one in track.placements):
        wanted = (*wanted, WORDS)  # the proof of what ears have heard
    about, remark = about_of(session, incomplete)
    tell = on_remark or (lambda sentence: None)
    for sentence in filter(None, (remark, *told)):
        tell(sentence)
    for made in make_formats(session, timeline, wanted, about, on_progress or (lambda *what: None)):
        yield made
        if not incomplete:
            for path in drop_incomplete(made.path, about, session.project.out):
                tell(f"removed {path}, which was assembled before the book was whole")
    if not incomplete:
        for path in former_titles(about, session.project.out):
            tell(f"{path} lies there from when the book was called otherwise; remove it if you don't want it")
    if holes:
        named = f"{', '.join(holes[:12])}{' …' if len(holes) > 12 else ''}"
        raise Unfinished(
            f"{count(len(holes), 'chunk')} without a take: {named}; what was written says (incomplete). "
            "`dotsbook render` makes them."
        )


def timeline_of(
    session: Session,
    chapters: Collection[int] | None,
    partial: bool,
    worded: Container[str] | None = None,
) -> tuple["Timeline", list[str], list[str]]:
    """(the timeline, ids of chunks without a take, remarks). Raises Unfinished on a hole unless `partial`.

    worded: the ids of the chunks whose words are wanted; None: of all.
    """
    from dotsbook.master.layout import lay_out
    from dotsbook.master.timeline import VoicedChunk

    with session.reading() as ledger:
        jobs = list(session.jobs(ledger).of(chapters))
        takes = ledger.finished([job.key for job in jobs])
        words = heard_words(ledger, [job for job in jobs if worded is None or job.chunk.id in worded])
    if not jobs:
        raise SourceError("There is nothing to assemble: these chapters have no text; see `dotsbook plan`.")
    holes = [job.chunk.id for job in jobs if job.key not in takes]
    if holes and (not partial or len(holes) == len(jobs)):
        have = "has" if len(holes) == 1 else "have"
        raise Unfinished(
            f"{count(len(holes), 'chunk')} of {len(jobs):,} {have} no take, {holes[0]} first; "
            "`dotsbook render` makes them, or --partial goes on without."
        )
    folder = session.project.takes
    lines, told = with_pauses(
        session,
        [
            VoicedChunk(job.chunk, take, folder / take.file, words.get(job.key, ()))
            for job in jobs
            if (take := takes.get(job.key))
        ],
    )
    voiced: dict[int, list[VoicedChunk]] = {}
    for line in lines:
        voiced.setdefault(line.chunk.chapter, []).append(line)
    laid = [
        (listed.number, listed.title, voiced[listed.number])
        for listed in session.narration.chapters
        if listed.number in voiced
    ]
    manifest = session.project.manifest
    if chapters is None:
        around = credit_chapters(session.project, takes, jobs, manifest.output.rate)
        laid = [entry for entry in (around.get("opening"), *laid, around.get("closing")) if entry]
    return lay_out(laid, manifest.pacing, manifest.output.rate), holes, told


def about_of(session: Session, incomplete: bool) -> tuple["About", str | None]:
    """(what the tags say of the book: the manifest first, then the source's own word; a remark on its cover)."""
    from dotsbook.master.about import About

    manifest, details = session.project.manifest, session.narration.details
    cover, remark = cover_of(session.project)

    def said(key: str) -> str | None:
        return getattr(manifest, key) or details.get(key) or None

    drafted = all(key == "draft" for key in session.engine_keys.values())
    about = About(
        title=manifest.title,
        author=manifest.author,
        language=manifest.language,
        genre=manifest.genre,
        narrator=manifest.narrator or ("Draft voice" if drafted else ", ".join(session.narration.names[:4])),
        subtitle=said("subtitle"),
        series=said("series"),
        part=said("part"),
        publisher=said("publisher"),
        date=said("date"),
        isbn=said("isbn"),
        description=said("description"),
        copyright=said("copyright"),
        licence="; ".join(f"{licence} ({engine})" for licence, engine in session.licences.items()),
        cover=cover,
        partial=incomplete,
    )
    return about, remark

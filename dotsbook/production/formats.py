"""Each format's maker, with the manifest's wishes: what is encoded by master/, what is written from times alone, the page."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from dotsbook.files import write_whole
from dotsbook.production.session import Session

ENCODED = ("m4b", "mp3", "mp3-book", "flac", "opus", "acx")


@dataclass(frozen=True)
class Written:
    """A file that needs no proof: it is text, made from the timeline."""

    path: Path
    proof: None = None
    files: tuple[Path, ...] = ()


def make_format(
    session: Session,
    timeline,
    format_: str,
    about,
    done: dict[str, list],
    on_progress: Callable[[str, float], None],
) -> list:
    """The finished files of one format; `done` holds those of the formats it is made from."""
    out = session.project.out
    if format_ in ENCODED:
        from dotsbook.master.produce import produce

        return produce(
            timeline, format_, about, settings_of(session), out, session.project.cache, on_progress
        )
    if format_ == "epub":
        return make_epub(session, timeline, about, on_progress)
    if format_ == "abs":
        from dotsbook.master.shelf import shelve

        return [shelve(timeline, about, done["m4b"][0].path, out)]
    if format_ == "page":
        return [make_page(timeline, about, done["m4b"][0].path)]
    return [make_cues(timeline, format_, about, out)]


def make_epub(session: Session, timeline, about, on_progress: Callable[[str, float], None]) -> list:
    """The read-along, of the source's own EPUB where there is one."""
    from dotsbook.master.readalong.read_along import produce_epub
    from dotsbook.production.original import original_of

    with original_of(session, about) as original:
        return produce_epub(
            timeline,
            about,
            settings_of(session),
            session.project.out,
            session.project.cache,
            original,
            on_progress,
        )


def settings_of(session: Session):
    from dotsbook.master.mastering import Settings

    project, output = session.project, session.project.manifest.output
    tone = output.room_tone
    return Settings(
        loudness=output.loudness,
        bitrate=output.bitrate,
        room_tone=tone if isinstance(tone, bool) else project.path(tone),
        sample=project.manifest.credits.sample,
    )


def make_cues(timeline, format_: str, about, out: Path) -> Written:
    """WebVTT, SRT, LRC or JSON of the whole book."""
    import json

    from dotsbook.master.cues import WRITERS, book_cues, timings
    from dotsbook.master.naming import book_name

    text = (
        json.dumps(timings(timeline), ensure_ascii=False, indent=1)
        if format_ == "json"
        else WRITERS[format_](book_cues(timeline))
    )
    path = out / f"{book_name(about)}.{format_}"
    write_whole(path, text.encode())
    return Written(path)


def make_page(timeline, about, book: Path) -> Written:
    """index.html beside the M4B it plays."""
    from dotsbook.master.page import ChapterAudio, page

    audio = {
        track.number: ChapterAudio(quote(book.name), track.start / timeline.rate) for track in timeline.tracks
    }
    byline = ", ".join(
        part for part in (about.author, f"narrated by {about.narrator}" if about.narrator else "") if part
    )
    path = book.with_name("index.html")
    write_whole(
        path,
        page(
            timeline, audio, title=about.full_title, byline=byline, language=about.language, cover=about.cover
        ).encode(),
    )
    return Written(path)

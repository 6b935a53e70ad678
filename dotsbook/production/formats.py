"""The manifest's wishes as mastering takes them, and the one call that makes every format of a book."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from dotsbook.production.session import Session

if TYPE_CHECKING:
    from dotsbook.master.about import About
    from dotsbook.master.mastering import Made, Settings
    from dotsbook.master.timeline import Timeline

OnProgress = Callable[[str, str, float], None]  # (format, what is going on, 0…1)


def make_formats(
    session: Session,
    timeline: "Timeline",
    formats: Sequence[str],
    about: "About",
    on_progress: OnProgress = lambda format_, what, share: None,
) -> Iterator["Made"]:
    """Each finished file of the formats, and of those they are made from, as soon as it is proven."""
    from dotsbook.master.produce import produce
    from dotsbook.production.original import original_of

    return produce(
        timeline,
        formats,
        about,
        settings_of(session),
        session.project.out,
        session.project.cache,
        lambda: original_of(session, about),
        on_progress,
    )


def settings_of(session: Session) -> "Settings":
    from dotsbook.master.mastering import Settings

    project, output = session.project, session.project.manifest.output
    tone = output.room_tone
    return Settings(
        loudness=output.loudness,
        bitrate=output.bitrate,
        room_tone=tone if isinstance(tone, bool) else project.path(tone),
        sample=project.manifest.credits.sample,
        words=output.highlight == "word",
    )

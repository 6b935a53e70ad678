"""A book's cover: the manifest's, or the manuscript's own where players can show it."""

from pathlib import Path

from dotsbook.book import Cover
from dotsbook.errors import ManifestError, OutputError
from dotsbook.project import Project

LARGEST = 64_000_000  # bytes


def cover_of(project: Project) -> tuple[Cover | None, str | None]:
    """(the manifest's cover or the source's own, None without either; why the source's own is left out, if it is)."""
    from dotsbook.text.reader import read_details

    named = named_cover(project)
    return (named, None) if named else own_cover(read_details(project.sources[0]).cover, project.cache)


def named_cover(project: Project) -> Cover | None:
    """The manifest's cover as players show it. What can't be shown is a ManifestError."""
    from dotsbook.master.cover_picture import shown

    named = project.manifest.output.cover
    if not named:
        return None
    path, wrong = project.path(named), f"{project.file}: the cover {named!r}"
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            most = f"{LARGEST // 10**6} MB"
            raise ManifestError(f"{wrong} isn't a picture of {most} or less; correct `output.cover`.")
        return shown(Cover(path.read_bytes(), ""), project.cache)
    except OSError as error:
        raise ManifestError(f"{wrong} can't be read ({error.strerror}); correct `output.cover`.") from error
    except OutputError as error:
        raise ManifestError(f"{wrong} can't be used. {error}") from error


def own_cover(cover: Cover | None, cache: Path | None = None) -> tuple[Cover | None, str | None]:
    """(a manuscript's own cover as players show it, why there is none). A book without is better than no book."""
    from dotsbook.master.cover_picture import shown

    try:
        return (shown(cover, cache) if cover else None), None
    except OutputError as error:
        return None, f"the source's own cover is left out. {error}"

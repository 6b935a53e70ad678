"""A book's cover: the manifest's, or the manuscript's own where players can show it."""

from dotsbook.book import Cover
from dotsbook.cli.console import complaints
from dotsbook.errors import ManifestError, OutputError
from dotsbook.project import Project

LARGEST = 64_000_000  # bytes


def cover_of(project: Project) -> Cover | None:
    """The manifest's cover, or the source's own; None if there is neither."""
    from dotsbook.text.reader import read_details

    return named_cover(project) or own_cover(read_details(project.sources[0]).cover)


def named_cover(project: Project) -> Cover | None:
    """The manifest's cover. What no player shows is a ManifestError."""
    from dotsbook.master.about import check_cover

    named = project.manifest.output.cover
    if not named:
        return None
    path = project.path(named)
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise ManifestError(
                f"{project.file}: the cover {named!r} isn't a picture of {LARGEST // 10**6} MB or less; correct `output.cover`."
            )
        data = path.read_bytes()
    except OSError as error:
        raise ManifestError(
            f"{project.file}: the cover {named!r} can't be read ({error.strerror}); correct `output.cover`."
        ) from error
    cover = Cover(data, "image/png" if data.startswith(b"\x89PNG") else "image/jpeg")
    try:
        check_cover(cover)
    except OutputError as error:
        raise ManifestError(f"{project.file}: the cover {named!r} can't be used. {error}") from error
    return cover


def own_cover(cover: Cover | None) -> Cover | None:
    """A manuscript's own cover if players show it; says why not. The user didn't choose it: a book without is better than no book."""
    from dotsbook.master.about import check_cover

    try:
        return cover if cover and check_cover(cover) else None
    except OutputError as error:
        complaints.print(f"note: the source's own cover is left out. {error}", style="yellow", markup=False)
        return None

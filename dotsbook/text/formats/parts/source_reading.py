"""What is wished of reading, together with what is said of the one source that is read: its encoding, its language."""

from dotsbook.manifest import Reading


class SourceReading(Reading):
    """The manifest's `reading:`, for one source."""

    encoding: str | None = None  # as the manifest says
    language: str | None = None


def of_source(reading: Reading, encoding: str | None, language: str | None) -> SourceReading:
    return SourceReading(**reading.model_dump(), encoding=encoding, language=language)


def told_of(reading: Reading) -> tuple[str | None, str | None]:
    """(encoding, language) that a source is said to have."""
    return (reading.encoding, reading.language) if isinstance(reading, SourceReading) else (None, None)

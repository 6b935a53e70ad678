"""The user's opening and closing credits: a line to speak in the book's default voice, or a recording of their own."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from dotsbook.book import Chunk, Pause, Take
from dotsbook.project import Project

NUMBERS = {"opening": 0, "closing": 9999}  # chapter numbers that no chapter of a book has
TITLES = {0: "Opening Credits", 9999: "Closing Credits"}
RECORDINGS = (".wav", ".flac", ".mp3", ".m4a", ".aif", ".aiff", ".ogg", ".opus")


def wished(project: Project) -> dict[str, str]:
    """{"opening" or "closing": what the manifest says}."""
    credits = project.manifest.credits
    return {kind: said for kind in NUMBERS if (said := getattr(credits, kind))}


def recording(project: Project, said: str) -> Path | None:
    """The recording that credits name, or None for a line to be spoken."""
    return project.path(said) if said.lower().endswith(RECORDINGS) else None


def credit_lines(project: Project, lexicon) -> Iterator[tuple[Chunk, tuple]]:
    """(chunk, changes) of each line among the credits, normalised and with the lexicon applied like the book's own lines."""
    from dotsbook.text.script.spoken import spoken_line

    manifest = project.manifest
    voice, language = manifest.default_voice, manifest.language
    for kind, said in wished(project).items():
        if recording(project, said) is None:
            spoken, changes = spoken_line(said, manifest, lexicon, chunk=kind, source=project.file.name)
            place = (kind, NUMBERS[kind], project.file.name, 0, len(said), said, spoken)
            yield Chunk(*place, voice, language, Pause.CHAPTER), changes


def credit_chapters(project: Project, takes: Mapping[str, Take], jobs: list, rate: int) -> dict[str, tuple]:
    """{kind: (number, title, [what is heard])} of the credits; `takes` by key. A line without a take is left out."""
    from dotsbook.master.clips import credit_chunk
    from dotsbook.master.timeline import VoicedChunk

    lines = {job.chunk.chapter: job for job in jobs}
    music = project.manifest.credits.music
    made = {}
    for kind, said in wished(project).items():
        number, words = NUMBERS[kind], recording(project, said)
        backing = project.path(music) if music and kind == "opening" else None
        job = lines.get(number)
        take = takes.get(job.key) if job else None
        if words:
            file = words
        elif take:
            file = project.takes / take.file
        else:
            continue
        if job is None or take is None or words or backing:
            voiced = credit_chunk(kind, file, backing, project.cache, rate, number)
        else:
            voiced = VoicedChunk(job.chunk, take, file)
        made[kind] = (number, TITLES[number], [voiced])
    return made

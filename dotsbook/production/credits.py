"""The user's opening and closing credits: a line to speak in the book's default voice, or a recording of their own."""

from pathlib import Path

from dotsbook.book import Chunk, Pause
from dotsbook.project import Project

CHAPTERS = {"opening": 0, "closing": 9999}  # numbers that no chapter of a book has
TITLES = {"opening": "Opening Credits", "closing": "Closing Credits"}
RECORDINGS = (".wav", ".flac", ".mp3", ".m4a", ".aif", ".aiff", ".ogg", ".opus")


def wished(project: Project) -> dict[str, str]:
    """{"opening" or "closing": what the manifest says}."""
    credits = project.manifest.credits
    return {kind: said for kind in CHAPTERS if (said := getattr(credits, kind))}


def recording(project: Project, said: str) -> Path | None:
    """The recording that credits name, or None for a line to be spoken."""
    return project.path(said) if said.lower().endswith(RECORDINGS) else None


def spoken_chunks(project: Project) -> list[Chunk]:
    """The lines among the credits, as chunks to be rendered beside the book's own."""
    manifest = project.manifest
    return [
        Chunk(
            f"{kind}",
            CHAPTERS[kind],
            "book.yaml",
            0,
            len(said),
            said,
            said,
            manifest.default_voice,
            manifest.language,
            Pause.CHAPTER,
        )
        for kind, said in wished(project).items()
        if recording(project, said) is None
    ]


def chapters(project: Project, takes: dict, jobs: list, rate: int) -> dict[str, tuple]:
    """{kind: (number, title, [piece])} of the credits; `takes` by key. A line without a take is left out."""
    from dotsbook.master.clips import credit_chunk
    from dotsbook.master.timeline import VoicedChunk

    lines = {job.chunk.chapter: job for job in jobs}
    music = project.manifest.credits.music
    made = {}
    for kind, said in wished(project).items():
        number, words = CHAPTERS[kind], recording(project, said)
        backing = project.path(music) if music and kind == "opening" else None
        job = lines.get(number)
        if words is None and (job is None or job.key not in takes):
            continue
        file = words or project.takes / takes[job.key].file
        if words or backing:
            piece = credit_chunk(kind, file, backing, project.cache, rate, number)
        else:
            piece = VoicedChunk(job.chunk, takes[job.key], file)
        made[kind] = (number, TITLES[kind], [piece])
    return made

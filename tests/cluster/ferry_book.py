"""A small book, and clusters to render it on: within this process where processes don't matter."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dotsbook

STORY = """# The Ferry

## One

The boat left at 6:30. Nobody waved. It rained.

**Mara:** "Not tonight."

The river was high that week. Nothing crossed it but birds.

## Two

Nobody moved. Run! Run! They ran over the bridge to the mill.
"""
MANIFEST = """title: The Ferry
author: A. Writer
language: en
source: story.md
engine: {engine}
voices: {{narrator: {{}}, mara: {{tempo: 1.1}}}}
cast: {{Mara: mara, default: narrator}}
"""


def make(folder: Path, engine: str = "syllables", story: str = STORY) -> Path:
    folder.mkdir(parents=True)
    (folder / "story.md").write_text(story, "utf-8")
    (folder / "book.yaml").write_text(MANIFEST.format(engine=engine), "utf-8")
    return folder


@contextmanager
def within(workers: int, **options) -> Iterator[object]:
    """A dask cluster in this process."""
    import dask
    from distributed import LocalCluster

    with (
        dask.config.set({"logging.distributed": "critical"}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=False,
            dashboard_address=None,
            silence_logs=False,
            **({"resources": {"VOICE": 1}} | options),
        ) as cluster,
    ):
        yield cluster


def rendered(folder: Path, cluster: str | None = None, **options) -> list:
    """Render a book; what was told."""
    with dotsbook.open(folder) as book:
        return list(book.render(cluster=cluster, **options))


def takes(folder: Path) -> dict[str, tuple]:
    """{key: all of a take but who made it}, its samples as they are on disk."""
    import soundfile

    from dotsbook.render import ledger

    place = folder / ".dotsbook"
    with ledger.reader(place / "ledger.db", place / "takes") as rows:
        return {
            key: (
                soundfile.read(place / "takes" / take.file, dtype="int16")[0].tobytes(),
                take.samples,
                take.rate,
                take.first,
                take.last,
                take.peak,
                take.energies,
                take.attempts,
                take.healthy,
            )
            for key, take in rows.finished().items()
        }

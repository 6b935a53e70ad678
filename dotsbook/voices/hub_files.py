"""Voices' files on the hub: which they are, and where they lie once fetched. It knows no engine and fetches nothing."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class HubFiles:
    repo: str
    names: tuple[str, ...]  # inside the repo, the most needed first


def cached_files(wanted: HubFiles, cache: Path | None = None) -> list[Path] | None:
    """The files in the hub's cache, in order, if all are there; asks no network."""
    from huggingface_hub import try_to_load_from_cache

    found = [try_to_load_from_cache(wanted.repo, name, cache_dir=cache) for name in wanted.names]
    paths = [Path(path) for path in found if isinstance(path, str)]
    return paths if len(paths) == len(wanted.names) and all(path.is_file() for path in paths) else None

"""Voices' files on the hub: which they are, fetching them, and where they lie then. It knows no engine."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError

if TYPE_CHECKING:
    from dotsbook.model.checkpoint.hub import PullPlan


@dataclass(frozen=True)
class HubFiles:
    repo: str
    names: tuple[str, ...]  # inside the repo, the most needed first
    card: str | None = None  # the one of them that says the licence; None: the repo's own card does
    warning: str = ""  # what whoever fetches them should know first


def cached_files(wanted: HubFiles, cache: Path | None = None) -> list[Path] | None:
    """The files in the hub's cache, in order, if all are there; asks no network."""
    from huggingface_hub import try_to_load_from_cache

    found = [try_to_load_from_cache(wanted.repo, name, cache_dir=cache) for name in wanted.names]
    paths = [Path(path) for path in found if isinstance(path, str)]
    return paths if len(paths) == len(wanted.names) and all(path.is_file() for path in paths) else None


def fetch_files(
    wanted: HubFiles,
    announce: "Callable[[PullPlan], bool]",
    cache: Path | None = None,
    endpoint: str | None = None,
) -> list[Path]:
    """Fetch the files, or what of them is missing, and prove them by the hub's hashes; `announce` is asked first, and told
    the licence that their card names. Interrupted, it is resumed by calling it again. ModelError."""
    from dotsbook.model.checkpoint import hub

    source = hub.parse_hub_name(wanted.repo)
    listed = hub.plan(source, cache=cache, endpoint=endpoint, names=wanted.names)
    if wanted.card:
        card = hub.plan(source, cache=cache, endpoint=endpoint, names=[wanted.card])
        licence = licence_in(hub.brought(card, lambda plan: True, cache, endpoint) / wanted.card)
        listed = replace(listed, licence=licence or listed.licence)
    snapshot = hub.brought(listed, announce, cache, endpoint)
    return [snapshot / name for name in wanted.names]


def licence_in(card: Path) -> str:
    """The licence that a model card names in a line `* License: …`."""
    try:
        lines = card.read_text("utf-8", errors="replace").splitlines()
    except OSError as error:
        raise ModelError(f"{card} can't be read: {error.strerror or error}.") from error
    for line in lines:
        what, _, said = line.strip(" *-#").partition(":")
        if what.strip().lower() in ("license", "licence"):
            return said.strip()
    return ""

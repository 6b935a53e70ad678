"""Fetches one large file into the hub's cache, resuming an earlier try. It knows bytes and hashes.

The hub's own client starts a file again when its process ended halfway, and these files have gigabytes. Here the part
stays beside its place in the cache, under a lock that the kernel frees when the process dies, until its SHA-256 is right.
"""

import fcntl
import os
from pathlib import Path

from dotsbook import files
from dotsbook.errors import ModelError
from dotsbook.files import sha256_of


def download(url: str, place: Path, sha256: str, size: int) -> None:
    """Fetch `url` to `place` unless it is there already. ModelError if it arrives damaged or another process is fetching it."""
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(f"{place.name}.part")
    with open(part, "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ModelError(f"Another process is fetching {url}: wait for it to end.") from error
        files.step("part opened")
        _append(url, file, size)
        files.step("fetched")
        if os.fstat(file.fileno()).st_size != size or sha256_of(part) != sha256:
            part.unlink()
            raise ModelError(f"{url} arrived damaged: its hash is not the hub's. It was removed; pull again.")
        files.sync(file.fileno())
        files.step("synced")
        files.rename(part, place)
        files.step("renamed")
        files.sync_folder(place.parent)
        files.step("folder synced")


def _append(url: str, file, size: int) -> None:
    """The rest of the file, from its present length on; a part that is too long is begun again."""
    from huggingface_hub import file_download
    from huggingface_hub.utils import build_hf_headers

    have = file.seek(0, os.SEEK_END)
    if have > size:
        file.truncate(0)
        have = 0
    file_download.http_get(url, file, resume_size=have, headers=build_hf_headers(), expected_size=size)
    file.flush()

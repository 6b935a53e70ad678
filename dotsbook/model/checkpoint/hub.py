"""Fetches a model folder from the Hugging Face hub, or finds it in the hub's cache. It knows file names, not contents.

A name is `owner/repo`, `owner/repo/folder`, either with `@revision`. What is whole in the cache is used as it is, with
no network; `pull` always asks the hub, resumes what was begun, and checks every hash the hub gives.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from dotsbook.errors import ModelError
from dotsbook.files import sha256_of
from dotsbook.model.checkpoint import layouts
from dotsbook.model.checkpoint.download import download

if TYPE_CHECKING:
    from huggingface_hub.hf_api import ModelInfo, RepoSibling

# Models that are known to work here, and what their makers say of them.
KNOWN = (
    ("shraey/dots-tts-mlx/mf-int4", "MLX, MeanFlow, language model in 4 bits: the smallest and quickest"),
    ("shraey/dots-tts-mlx/mf-int8", "MLX, MeanFlow, language model in 8 bits"),
    ("shraey/dots-tts-mlx/int4", "MLX, flow matching (ten steps with guidance), language model in 4 bits"),
    ("shraey/dots-tts-mlx/int8", "MLX, flow matching, language model in 8 bits"),
    ("dots-studio/dots.tts-mf", "reference weights, MeanFlow: four steps a patch"),
    ("dots-studio/dots.tts-mf-2steps", "reference weights, sCM: two steps a patch, fixed"),
    ("dots-studio/dots.tts-mf-1step", "reference weights, one step a patch, fixed"),
    ("dots-studio/dots.tts-soar", "reference weights, flow matching: closest to the voice it is given"),
    ("dots-studio/dots.tts-base", "reference weights, flow matching, as pretrained"),
    (
        "dots-studio/dots.tts.edit",
        "reference weights: mends finished takes, in English and Mandarin (`dotsbook fix`)",
    ),
)
NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}")
PATTERNS = (
    "*.safetensors",
    "*.json",
    "latent_stats.*",
    "tokenizer*",
    "vocab.*",
    "merges.txt",
    "LICENSE*",
    "NOTICE*",
    "tokenizer/*",
)


@dataclass(frozen=True)
class HubName:
    """A model on the hub, as `parse_hub_name` reads it."""

    repo: str
    folder: str  # inside the repo; "" for its top
    revision: str

    def __str__(self) -> str:
        place = f"{self.repo}/{self.folder}" if self.folder else self.repo
        return place if self.revision == "main" else f"{place}@{self.revision}"


@dataclass(frozen=True)
class RemoteFile:
    name: str  # inside the repo
    size: int  # bytes
    sha256: str | None  # for large files
    blob: str | None  # git's own hash, for the others


@dataclass(frozen=True)
class PullPlan:
    """What a pull would bring."""

    source: HubName
    files: tuple[RemoteFile, ...]
    missing: int  # bytes that are not in the cache yet
    licence: str = ""  # of the repo, as its card says; "" if it doesn't

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def parse_hub_name(text: str) -> HubName:
    """`owner/repo[/folder][@revision]`; ModelError says what a name looks like."""
    place, _, revision = text.partition("@")
    parts = place.split("/")
    sound = len(parts) >= 2 and all(NAME.fullmatch(p) and ".." not in p for p in parts)
    if not sound or ("@" in text and not re.fullmatch(r"[\w./-]{1,200}", revision)) or ".." in revision:
        raise ModelError(
            f"{text!r} is neither a folder nor a hub name; write owner/repo, owner/repo/folder or owner/repo@revision."
        )
    return HubName("/".join(parts[:2]), "/".join(parts[2:]), revision or "main")


def cached(source: HubName, cache: Path | None = None) -> Path | None:
    """The folder in the hub's cache if all of it is there; asks no network."""
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        snapshot = snapshot_download(
            source.repo,
            revision=source.revision,
            cache_dir=cache,
            local_files_only=True,
            allow_patterns=_patterns(source),
        )
    except (LocalEntryNotFoundError, HFValidationError):
        return None
    folder = Path(snapshot) / source.folder
    return folder if folder.is_dir() and layouts.is_whole(folder) else None


def plan(
    source: HubName,
    *,
    cache: Path | None = None,
    endpoint: str | None = None,
    names: Sequence[str] | None = None,
) -> PullPlan:
    """What the hub holds under the name: files, bytes, hashes; of `names` only, if given. ModelError if it can't be asked
    or lacks one of them."""
    from huggingface_hub import HfApi

    with asking(source):
        found = HfApi(endpoint=endpoint).model_info(
            source.repo, revision=source.revision, files_metadata=True
        )
    files = tuple(
        _remote(entry)
        for entry in found.siblings or ()
        if (_wanted(source, entry.rfilename) if names is None else entry.rfilename in names)
    )
    if names is not None and (lacking := set(names) - {file.name for file in files}):
        raise ModelError(f"{source} has no {sorted(lacking)[0]}: check the name.")
    if not files:
        raise ModelError(f"{source} holds no model files. `dotsbook model list` names some that do.")

    folder = blobs(source, cache)
    return PullPlan(source, files, sum(missing(file, folder) for file in files), licence_of(found))


def licence_of(found: "ModelInfo") -> str:
    """The licence that a repo's card names: its tag, or what its makers call it, and where it stands; "" if it doesn't."""
    card = found.card_data
    own = (card.license_name, card.license_link) if card else (None, None)
    tags = [tag[8:] for tag in found.tags or () if tag.startswith("license:")]
    if any(own) and tags in ([], ["other"]):
        return ", ".join(word for word in own if isinstance(word, str) and word)
    return tags[0] if tags else ""


def blobs(source: HubName, cache: Path | None) -> Path:
    """Where the hub's cache keeps the repo's files, each under its hash."""
    from huggingface_hub import constants

    return (
        Path(cache or constants.HF_HUB_CACHE).expanduser()
        / f"models--{source.repo.replace('/', '--')}"
        / "blobs"
    )


def missing(file: RemoteFile, folder: Path) -> int:
    """Bytes of the file that aren't in the cache."""
    place = folder / (file.sha256 or file.blob or "-")
    part = place.with_name(f"{place.name}.part")
    if place.exists():
        return 0
    return max(0, file.size - part.stat().st_size) if part.exists() else file.size


def pull(
    text: str, *, announce: Callable[[PullPlan], bool], cache: Path | None = None, endpoint: str | None = None
) -> Path:
    """Fetch the model, or what of it is missing, and prove it by the hub's hashes. Returns its folder in the cache.

    `announce(plan)` is called before a byte is fetched; False ends it with a ModelError. Interrupted, it is resumed by
    calling it again.
    """
    source = parse_hub_name(text)
    listed = plan(source, cache=cache, endpoint=endpoint)
    folder = brought(listed, announce, cache, endpoint) / source.folder
    if not layouts.is_whole(folder):
        raise ModelError(f"{source} is not a whole model. `dotsbook model list` names some that are.")
    return folder


def brought(
    listed: PullPlan,
    announce: Callable[[PullPlan], bool],
    cache: Path | None = None,
    endpoint: str | None = None,
) -> Path:
    """Fetch what a plan lists and prove it by the hub's hashes, as `pull` does; the snapshot's folder."""
    from huggingface_hub import snapshot_download

    source = listed.source
    if not announce(listed):
        raise ModelError(f"{source} was not fetched.")
    with asking(source):
        _fetch_large(listed, cache, endpoint)
        snapshot = Path(
            snapshot_download(
                source.repo,
                revision=source.revision,
                cache_dir=cache,
                endpoint=endpoint,
                allow_patterns=[file.name for file in listed.files],
            )
        )
    for file in listed.files:
        check_file(snapshot / file.name, file)
    return snapshot


def _fetch_large(listed: PullPlan, cache: Path | None, endpoint: str | None) -> None:
    """Fetch the large files to where the hub's client looks for them: among the cache's blobs."""
    from huggingface_hub import hf_hub_url

    source, folder = listed.source, blobs(listed.source, cache)
    for file in listed.files:
        if file.sha256:
            url = hf_hub_url(source.repo, file.name, revision=source.revision, endpoint=endpoint)
            download(url, folder / file.sha256, file.sha256, file.size)


def fetch(text: str, announce: Callable[[PullPlan], bool] | None = None, cache: Path | None = None) -> Path:
    """The model's folder: from the cache with no network, else pulled if `announce` is given, else a ModelError."""
    source = parse_hub_name(text)
    folder = cached(source, cache)
    if folder is not None:
        return folder
    if announce is None:
        raise ModelError(
            f"The model {source} is not on this machine: run `dotsbook model pull {source}` first."
        )
    return pull(text, announce=announce, cache=cache)


def check_file(path: Path, file: RemoteFile) -> None:
    """ModelError unless size and hash are the hub's; a file that differs is removed from the cache."""
    try:
        size = path.stat().st_size
        sound = size == file.size and hash_of(path, file) == (file.sha256 or file.blob)
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror or error}.") from error
    if not sound:
        path.resolve().unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        raise ModelError(
            f"{file.name} arrived damaged: its hash is not the hub's. It was removed; pull again."
        )


def hash_of(path: Path, file: RemoteFile) -> str | None:
    """SHA-256 where the hub gives one, else git's blob hash, else nothing to compare."""
    if file.sha256:
        return sha256_of(path)
    return git_blob(path.read_bytes()) if file.blob else None


def git_blob(data: bytes) -> str:
    """The name git gives to a file of this content."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _remote(entry: "RepoSibling") -> RemoteFile:
    lfs = entry.lfs
    sha256 = (lfs.get("sha256") if isinstance(lfs, dict) else lfs.sha256) if lfs else None
    return RemoteFile(entry.rfilename, entry.size or 0, sha256, None if sha256 else entry.blob_id)


def _patterns(source: HubName) -> list[str]:
    return [f"{source.folder}/{p}" if source.folder else p for p in PATTERNS]


def _wanted(source: HubName, name: str) -> bool:
    """The file lies in the source's folder itself, or in its tokenizer/, and is of a kind a model has."""
    path = PurePosixPath(name)
    if source.folder and not path.is_relative_to(source.folder):
        return False
    inside = path.relative_to(source.folder) if source.folder else path
    if len(inside.parts) > 1 and inside.parts[:-1] != ("tokenizer",):
        return False
    return any(inside.match(pattern) for pattern in PATTERNS)


@contextmanager
def asking(source: HubName) -> Iterator[None]:
    """Around a call to the hub: its errors become ModelErrors with a sentence."""
    from huggingface_hub import errors

    # {0}: the name; {1}: the error's first line. The first kind that fits is taken, so subclasses come before their bases.
    sentences: tuple[tuple[type[BaseException], str], ...] = (
        (errors.GatedRepoError, "{0} needs its terms accepted on huggingface.co, and `hf auth login`."),
        (
            errors.RepositoryNotFoundError,
            "The hub has no {0}: check the name; `dotsbook model list` shows some.",
        ),
        (errors.RevisionNotFoundError, "{0} has no such revision."),
        (errors.HFValidationError, "{0} is not a name the hub could have."),
        (
            errors.LocalEntryNotFoundError,
            "{0} is not in the cache, and the hub can't be reached: connect first.",
        ),
        (
            errors.OfflineModeIsEnabled,
            "{0} is not in the cache, and HF_HUB_OFFLINE forbids asking the hub.",
        ),
        (errors.HfHubHTTPError, "The hub refused {0}: {1}. Try again later."),
        (errors.HTTPError, "The hub can't be reached for {0}: {1}. Check the connection and pull again."),
        (OSError, "{0} could not be stored or fetched: {1}. Check room and connection, and pull again."),
    )
    try:
        yield
    except tuple(kind for kind, _ in sentences) as error:
        sentence = next(words for kind, words in sentences if isinstance(error, kind))
        raise ModelError(sentence.format(source, str(error).strip().split("\n")[0][:160])) from error
